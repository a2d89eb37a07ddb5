"""Where elements are finite, infinite, nan, real or negative."""

from collections.abc import Callable

import jax.numpy as jnp

from jaxnn.torch.operations.definition.elementwise import ONE, unary
from jaxnn.torch.operations.definition.rules import COMPLEX, TRUTH, Rule
from jaxnn.torch.storage import Array

_NEW = ("Tensor input",)


def _of_inexact(function: Callable[[Array], Array], answer: bool) -> Callable[[Array], Array]:
    """``function`` on real and complex numbers; ``answer`` for integers and bools."""

    def test(x: Array) -> Array:
        inexact = jnp.issubdtype(x.dtype, jnp.inexact)
        return function(x) if inexact else jnp.full(x.shape, answer)

    test.__name__ = function.__name__
    return test


def _is_real(x: Array) -> Array:
    return jnp.imag(x) == 0


def _is_negative(x: Array) -> Array:
    return jnp.signbit(x) if jnp.issubdtype(x.dtype, jnp.floating) else x < jnp.zeros_like(x)


def _real_only(name: str) -> Rule:
    return TRUTH.raising(RuntimeError, f"{name} does not support complex inputs.", COMPLEX)


isnan = unary(
    "isnan",
    _of_inexact(jnp.isnan, False),
    TRUTH,
    "Where elements are nan.",
    twin=False,
    signatures=_NEW,
)
isinf = unary(
    "isinf",
    _of_inexact(jnp.isinf, False),
    TRUTH,
    "Where elements are infinite.",
    twin=False,
    signatures=_NEW,
)
isfinite = unary(
    "isfinite",
    _of_inexact(jnp.isfinite, True),
    TRUTH,
    "Where elements are neither infinite nor nan.",
    twin=False,
    signatures=_NEW,
)
isreal = unary(
    "isreal",
    _of_inexact(_is_real, True),
    TRUTH,
    "Where elements have no imaginary part.",
    twin=False,
    signatures=_NEW,
)
isposinf = unary(
    "isposinf",
    _of_inexact(jnp.isposinf, False),
    _real_only("isposinf"),
    "Where elements are inf.",
    twin=False,
)
isneginf = unary(
    "isneginf",
    _of_inexact(jnp.isneginf, False),
    _real_only("isneginf"),
    "Where elements are -inf.",
    twin=False,
)
signbit = unary(
    "signbit",
    _is_negative,
    TRUTH.raising(NotImplementedError, "signbit is not implemented for complex tensors.", COMPLEX),
    "Where elements are negative, -0.0 among them.",
    twin=False,
    signatures=ONE,
)
