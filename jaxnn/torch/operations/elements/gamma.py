"""The gamma function's family."""

import functools
import math

import jax
import jax.numpy as jnp
from jax.scipy import special

from jaxnn.torch import dtypes
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.derivatives import with_slopes
from jaxnn.torch.operations.definition.elementwise import EITHER, OUT, binary, elementwise, unary
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.precision import InDouble
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, FLOAT, HALF, INTEGER, SAME
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _psi(x: Array) -> Array:
    return jnp.where(x == 0, jnp.copysign(jnp.inf, -x).astype(x.dtype), special.digamma(x))


def _log_of_gamma(x: Array) -> Array:
    """Exactly 0 where the gamma function is 1."""
    return jnp.where((x == 1) | (x == 2), 0, special.gammaln(x))


def _zeta_above(x: Array, q: Array) -> Array:
    """Hurwitz's zeta function for q >= 0; of large x nothing but the first term counts."""
    return jnp.where(x > 1000, q**-x, special.zeta(jnp.minimum(x, 1000), q))


def _zeta(x: Array, q: Array) -> Array:
    """Hurwitz's zeta function, where q < 0 too: there x must be whole.

    The terms of the sum whose base is negative are, but for their sign, the first ones of another.
    """
    least = q + jnp.ceil(-q)  # the first base that is not negative
    above = _zeta_above(x, jnp.where(q < 0, least, q))
    below = _zeta_above(x, 1 - least) - _zeta_above(x, 1 - q)
    sign = jnp.where(x % 2 == 0, 1, -1)
    whole = jnp.where(x == jnp.trunc(x), above + sign * below, jnp.nan)
    value = jnp.where(q < 0, whole, above)
    pole = (q <= 0) & (q == jnp.trunc(q))
    return jnp.where(x > 1, jnp.where(pole, jnp.inf, value), special.zeta(x, jnp.ones_like(q)))


def _psi_1(x: Array) -> Array:
    """By reflection where x is small: ψ'(x) + ψ'(1 - x) = π² / sin²(πx)."""
    reflected = x < 0.5
    above = special.zeta(jnp.asarray(2, x.dtype), jnp.where(reflected, 1 - x, x))
    sine = jnp.sin(math.pi * jnp.where(reflected, x, 0.5))
    value = jnp.where(reflected, math.pi**2 / (sine * sine) - above, above)
    return jnp.where(x == jnp.inf, 0, value)


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _polygamma(x: Array, order: int) -> Array:
    factor = (-1.0) ** (order + 1) * jnp.exp(special.gammaln(jnp.asarray(order + 1.0, x.dtype)))
    return factor * _zeta(jnp.full_like(x, order + 1), x)


@_polygamma.defjvp
def _polygamma_jvp(
    order: int, primals: tuple[Array], tangents: tuple[Array]
) -> tuple[Array, Array]:
    return _polygamma(primals[0], order), tangents[0] * _polygamma(primals[0], order + 1)


_trigamma = with_slopes(_psi_1, lambda _, x: _polygamma(x, 2))
_digamma = with_slopes(_psi, lambda _, x: _trigamma(x))
_log_gamma = with_slopes(_log_of_gamma, lambda _, x: _digamma(x))
_exact_polygamma = InDouble(_polygamma)


def _prepare_polygamma(input: Tensor, n: int) -> Call:
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    if n < 2:
        function, kernel = ((_digamma, "digamma"), (_trigamma, "trigamma"))[n]
        return elementwise(function, (input,), FLOAT.refusing(kernel, COMPLEX))
    return elementwise(
        _exact_polygamma, (input,), FLOAT.refusing("polygamma", COMPLEX), (("order", n),)
    )


def _lower_part(a: Array, x: Array) -> Array:
    """All of it where the function has its pole."""
    return jnp.where((a == 0) & (x > 0), 1, special.gammainc(a, x))


def _upper_part(a: Array, x: Array) -> Array:
    return jnp.where((a == 0) & (x > 0), 0, special.gammaincc(a, x))


def _log_multivariate(x: Array, order: int) -> Array:
    total = sum(special.gammaln(x - j / 2) for j in range(order))
    return total + order * (order - 1) / 4 * math.log(math.pi)


def _prepare_mvlgamma(input: Tensor, p: int) -> Call:
    if input.dtype is dtypes.bool:
        raise RuntimeError("The input tensor may not be a boolean tensor.")
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    rule = FLOAT.refusing("arange_cpu", COMPLEX)
    return elementwise(_log_multivariate, (input,), rule, (("order", p),))


_REAL = (BOOL, INTEGER, COMPLEX)

lgamma = unary(
    "lgamma",
    InDouble(_log_gamma),
    FLOAT.refusing("lgamma_vml_cpu", COMPLEX),
    "log |gamma(x)| of each element.",
)
digamma = unary(
    "digamma",
    _digamma,
    FLOAT.refusing("digamma", COMPLEX),
    "The derivative of lgamma at each element.",
)
polygamma = define(
    Operation(
        "polygamma",
        _prepare_polygamma,
        "The ``n``-th derivative of digamma at each element.",
        twin=True,
        signatures=(f"int n, Tensor input, {OUT}",),
    )
)
mvlgamma = define(
    Operation(
        "mvlgamma",
        _prepare_mvlgamma,
        "The logarithm of the gamma function of ``p`` dimensions at each element.",
        twin=True,
        signatures=(f"Tensor input, int p, {OUT}",),
    )
)
igamma = binary(
    "igamma",
    _lower_part,
    SAME.refusing("igamma_cpu", *_REAL),
    "The lower part of the gamma function of ``input``, up to ``other``, as a share of it.",
)
igammac = binary(
    "igammac",
    _upper_part,
    SAME.refusing("igammac_cpu", *_REAL),
    "The upper part of the gamma function of ``input``, from ``other``, as a share of it.",
)


def _slope_of_zeta(_: Array, x: Array, q: Array) -> Array:
    """In the exponent, of which torch has no derivative: JAX's."""
    return jax.jvp(lambda x: _zeta(x, q), (x,), (jnp.ones_like(x),))[1]


_sloped_zeta = with_slopes(_zeta, _slope_of_zeta, lambda _, x, q: -x * _zeta(x + 1, q))
zeta = binary(
    "special_zeta",
    InDouble(_sloped_zeta),
    FLOAT.refusing("zeta_cpu", COMPLEX, HALF),
    "Hurwitz's zeta function: the sum of 1 / (k + other)^input over k = 0, 1, ....",
    forms=EITHER,
    twin=False,
    method=False,
)
