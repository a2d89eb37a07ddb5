"""Bessel's and Airy's functions."""

import math
from collections.abc import Callable

import jax.numpy as jnp
from jax.scipy import special

from jaxnn.torch.operations.definition.derivatives import where_not_0, with_slopes
from jaxnn.torch.operations.definition.elementwise import unary
from jaxnn.torch.operations.definition.rules import COMPLEX, FLOAT, HALF, Rule
from jaxnn.torch.operations.elements.series import chebyshev
from jaxnn.torch.storage import Array

_AIRY_PHASE = 16 / 3  # of x = 4, where the series of Airy's function change


def _near(name: str, order: int, x: Array) -> Array:
    """A series in x² for x up to 8, times x as often as the order says."""
    x = jnp.minimum(x, 8)
    return chebyshev(f"{name}{order}", x * x / 32 - 1) * x**order


def _waves(order: int, x: Array) -> tuple[Array, Array]:
    """The first and second function of an order for x from 8 on: waves that fade out."""
    x = jnp.maximum(x, 8)
    t = 2 * (8 / x) ** 2 - 1
    cosine, sine = chebyshev(f"cosine{order}", t), chebyshev(f"sine{order}", t) * 8 / x
    angle, size = x - (order * math.pi / 2 + math.pi / 4), jnp.sqrt(2 / math.pi / x)
    first = size * (cosine * jnp.cos(angle) - sine * jnp.sin(angle))
    return first, size * (cosine * jnp.sin(angle) + sine * jnp.cos(angle))


def _first_kind(order: int) -> Callable[[Array], Array]:
    def bessel_j(x: Array) -> Array:
        size = jnp.abs(x)
        value = jnp.where(size <= 8, _near("j", order, size), _waves(order, size)[0])
        return jnp.where(jnp.signbit(x), -value, value) if order else value

    return bessel_j


def _second_kind(order: int) -> Callable[[Array], Array]:
    def bessel_y(x: Array) -> Array:
        pole = 2 / (math.pi * x) if order else 0.0
        wave = 2 / math.pi * jnp.log(x) * _near("j", order, x) - pole
        value = jnp.where(x <= 8, _near("y", order, x) + wave, _waves(order, x)[1])
        return jnp.where(x == 0, -jnp.inf, jnp.where(x < 0, jnp.nan, value))

    return bessel_y


def _third_kind(order: int, scaled: bool) -> Callable[[Array], Array]:
    growing = (special.i0, special.i1)[order]

    def bessel_k(x: Array) -> Array:
        small, large = jnp.minimum(x, 2), jnp.maximum(x, 2)
        pole = 1 / x if order else 0.0
        logarithm = (-1) ** (order + 1) * jnp.log(small / 2) * growing(small)
        near = chebyshev(f"k{order}", small * small / 2 - 1) * small**order + logarithm + pole
        far = chebyshev(f"far_k{order}", 4 / large - 1) / jnp.sqrt(large)
        if scaled:
            near *= jnp.exp(small)
        else:
            far *= jnp.exp(-large)
        value = jnp.where(x <= 2, near, far)
        return jnp.where(x == 0, jnp.inf, jnp.where(x < 0, jnp.nan, value))

    return bessel_k


def _modified(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """An odd function without the sign of -0.0, which torch loses."""

    def bessel_i(x: Array) -> Array:
        return jnp.where(x == 0, 0, function(x))

    return bessel_i


def _slope_of_i0e(scaled: Array, x: Array) -> Array:
    return _i1e(x) - jnp.sign(x) * scaled


def _slope_of_i1(result: Array, x: Array) -> Array:
    return where_not_0(lambda x: _i0(x) - result / x, x, 0.5)


def _slope_of_i1e(scaled: Array, x: Array) -> Array:
    return where_not_0(lambda x: _i0e(x) - scaled * (jnp.sign(x) + 1 / x), x, 0.5)


_i0 = with_slopes(special.i0, lambda _, x: _i1(x))
_i1 = with_slopes(_modified(special.i1), _slope_of_i1)
_i0e = with_slopes(special.i0e, _slope_of_i0e)
_i1e = with_slopes(_modified(special.i1e), _slope_of_i1e)


def _spherical(x: Array) -> Array:
    kept = jnp.where(x == 0, 1, x)
    return jnp.where(x == 0, 1, jnp.where(jnp.isinf(x), 0, jnp.sin(kept) / kept))


def _airy(x: Array) -> Array:
    size = jnp.maximum(jnp.abs(x), 4)
    root = jnp.sqrt(jnp.sqrt(size))
    phase = 2 / 3 * size * jnp.sqrt(size)
    share = _AIRY_PHASE / phase
    angle = phase + math.pi / 4
    t = 2 * share * share - 1
    sine, cosine = chebyshev("airy_sine", t), chebyshev("airy_cosine", t) * share
    wave = (sine * jnp.sin(angle) + cosine * jnp.cos(angle)) / (math.sqrt(math.pi) * root)
    decay = chebyshev("airy_decay", 2 * share - 1) * jnp.exp(-phase) / root
    near = chebyshev("airy", jnp.clip(x, -4, 4) / 4)
    value = jnp.where(x > 4, decay, jnp.where(x < -4, wave, near))
    return jnp.where(jnp.isinf(x), jnp.nan, value)


def _real(kernel: str) -> Rule:
    return FLOAT.refusing(kernel, COMPLEX)


def _special(name: str, function: Callable[[Array], Array], doc: str) -> Callable[..., Array]:
    """Define a function of ``torch.special`` alone, for types of 32 and 64 bits."""
    rule = FLOAT.refusing(f"{name}_cpu", COMPLEX, HALF)
    return unary(f"special_{name}", function, rule, doc, twin=False, method=False)


i0 = unary("i0", _i0, _real("i0_vml_cpu"), "The modified Bessel function I of order 0.")
i0e = unary(
    "special_i0e",
    _i0e,
    _real("i0e_cpu"),
    "exp(-|x|) `i0` of each element.",
    twin=False,
    method=False,
)
i1 = unary(
    "special_i1",
    _i1,
    _real("i1_cpu"),
    "The modified Bessel function I of order 1.",
    twin=False,
    method=False,
)
i1e = unary(
    "special_i1e",
    _i1e,
    _real("i1e_cpu"),
    "exp(-|x|) `i1` of each element.",
    twin=False,
    method=False,
)
bessel_j0 = _special("bessel_j0", _first_kind(0), "The Bessel function J of order 0.")
bessel_j1 = _special("bessel_j1", _first_kind(1), "The Bessel function J of order 1.")
bessel_y0 = _special("bessel_y0", _second_kind(0), "The Bessel function Y of order 0.")
bessel_y1 = _special("bessel_y1", _second_kind(1), "The Bessel function Y of order 1.")
modified_bessel_i0 = _special("modified_bessel_i0", special.i0, "As `i0`.")
modified_bessel_i1 = _special("modified_bessel_i1", _i1, "As `i1`.")
modified_bessel_k0 = _special(
    "modified_bessel_k0", _third_kind(0, scaled=False), "The modified Bessel function K of order 0."
)
modified_bessel_k1 = _special(
    "modified_bessel_k1", _third_kind(1, scaled=False), "The modified Bessel function K of order 1."
)
scaled_modified_bessel_k0 = _special(
    "scaled_modified_bessel_k0", _third_kind(0, scaled=True), "exp(x) `modified_bessel_k0`."
)
scaled_modified_bessel_k1 = _special(
    "scaled_modified_bessel_k1", _third_kind(1, scaled=True), "exp(x) `modified_bessel_k1`."
)
spherical_bessel_j0 = _special("spherical_bessel_j0", _spherical, "sin(x) / x of each element.")
airy_ai = _special("airy_ai", _airy, "Airy's function Ai.")
