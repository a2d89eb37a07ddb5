"""Orthogonal polynomials of a degree that each element has for itself: a recurrence each."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.elementwise import OUT, elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import COMPLEX, FLOAT, HALF
from jaxnn.torch.storage import Array

_FORMS = tuple(
    f"{x} x, {n} n, {OUT}"
    for x, n in (("Tensor", "Tensor"), ("Number", "Tensor"), ("Tensor", "Number"))
)

Step = Callable[[Array, Array, Array, Array], Array]
"""The polynomial of degree k + 1, from k, x and those of degrees k - 1 and k."""


def _doubling(k: Array, x: Array, before: Array, here: Array) -> Array:
    return 2 * x * here - before


def _hermite(k: Array, x: Array, before: Array, here: Array) -> Array:
    return 2 * (x * here - k * before)


def _hermite_of_probability(k: Array, x: Array, before: Array, here: Array) -> Array:
    return x * here - k * before


def _laguerre(k: Array, x: Array, before: Array, here: Array) -> Array:
    return ((2 * k + 1 - x) * here - k * before) / (k + 1)


def _legendre(k: Array, x: Array, before: Array, here: Array) -> Array:
    return ((2 * k + 1) * x * here - k * before) / (k + 1)


def _polynomial(
    name: str, first: Callable[[Array], Array], step: Step, doc: str, *, shifted: bool = False
) -> Callable[..., Any]:
    """Define a polynomial by that of degree 1 and its recurrence; that of degree 0 is 1."""

    def evaluate(x: Array, n: Array) -> Array:
        x = 2 * x - 1 if shifted else x
        degree = jnp.trunc(n)

        def advance(k: Array, pair: tuple[Array, Array]) -> tuple[Array, Array]:
            before, here = pair
            after = step(k.astype(x.dtype), x, before, here)
            wanted = k < degree
            return jnp.where(wanted, here, before), jnp.where(wanted, after, here)

        most = jnp.max(degree, initial=1).astype(int)
        _, value = lax.fori_loop(1, most, advance, (jnp.ones_like(x), first(x)))
        return jnp.where(degree > 0, value, (degree == 0).astype(x.dtype))

    def prepare(x: Any, n: Any) -> Call:
        return elementwise(evaluate, (x, n), FLOAT.refusing(f"{name}_cpu", COMPLEX, HALF))

    return define(Operation(f"special_{name}", prepare, doc, method=False, signatures=_FORMS))


_CHEBYSHEV = {
    "t": (lambda x: x, "first"),
    "u": (lambda x: 2 * x, "second"),
    "v": (lambda x: 2 * x - 1, "third"),
    "w": (lambda x: 2 * x + 1, "fourth"),
}


def _chebyshev(letter: str, *, shifted: bool = False) -> Callable[..., Any]:
    first, kind = _CHEBYSHEV[letter]
    name = f"{'shifted_' * shifted}chebyshev_polynomial_{letter}"
    doc = f"Chebyshev's polynomial of the {kind} kind{', of 2x - 1' * shifted}."
    return _polynomial(name, first, _doubling, doc, shifted=shifted)


chebyshev_polynomial_t = _chebyshev("t")
chebyshev_polynomial_u = _chebyshev("u")
chebyshev_polynomial_v = _chebyshev("v")
chebyshev_polynomial_w = _chebyshev("w")
shifted_chebyshev_polynomial_t = _chebyshev("t", shifted=True)
shifted_chebyshev_polynomial_u = _chebyshev("u", shifted=True)
shifted_chebyshev_polynomial_v = _chebyshev("v", shifted=True)
shifted_chebyshev_polynomial_w = _chebyshev("w", shifted=True)
hermite_polynomial_h = _polynomial(
    "hermite_polynomial_h", lambda x: 2 * x, _hermite, "Hermite's polynomial, as in physics."
)
hermite_polynomial_he = _polynomial(
    "hermite_polynomial_he",
    lambda x: x,
    _hermite_of_probability,
    "Hermite's polynomial, as in probability.",
)
laguerre_polynomial_l = _polynomial(
    "laguerre_polynomial_l", lambda x: 1 - x, _laguerre, "Laguerre's polynomial."
)
legendre_polynomial_p = _polynomial(
    "legendre_polynomial_p", lambda x: x, _legendre, "Legendre's polynomial."
)
