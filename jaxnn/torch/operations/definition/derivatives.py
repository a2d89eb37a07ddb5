"""Derivatives by torch's own formulas, where others end in another number at an edge."""

import functools
import operator
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.custom_derivatives import SymbolicZero

from jaxnn.torch.storage import Array

Slope = Callable[..., Any]


def with_slopes(function: Callable[..., Array], *slopes: Slope) -> Callable[..., Array]:
    """A function of real arrays, element by element, that is differentiated by formulas.

    Args:
        function: the function, of arrays of one shape.
        slopes: for each argument a function of the result and all arguments: the derivative of the
            result in that argument.

    Source: torch's ``derivatives.yaml`` has the formulas.

    >>> import jax.numpy as jnp
    >>> absolute = with_slopes(jnp.abs, lambda result, x: jnp.sign(x))
    >>> print(jax.grad(absolute)(0.0))
    0.0
    """

    def apply(*arrays: Array) -> Array:
        return function(*arrays)  # whose other parameters are none of the derivative's

    apply.__name__ = function.__name__
    sloped = jax.custom_jvp(apply)

    def jvp(primals: tuple[Array, ...], tangents: tuple[Any, ...]) -> tuple[Array, Any]:
        result = sloped(*primals)
        parts = zip(slopes, tangents, strict=True)
        # What is constant has no part, where a slope that is infinite would make it nan.
        moving = [(slope, t) for slope, t in parts if not isinstance(t, SymbolicZero)]
        changes = [slope(result, *primals) * tangent for slope, tangent in moving]
        change = functools.reduce(operator.add, changes or [jnp.zeros_like(result)])
        return result, change.astype(result.dtype)

    sloped.defjvp(jvp, symbolic_zeros=True)
    return sloped


def where_not_0(function: Callable[[Array], Array], x: Array, at_0: float) -> Array:
    """A function that has no derivative at 0, with the derivative 0 there, which torch chose."""
    return jnp.where(x == 0, at_0, function(jnp.where(x == 0, 1, x)))


@functools.partial(jax.custom_jvp, nondiff_argnums=(3,))
def picked(values: Array, x: Array, places: Array, axis: int) -> Array:
    """``values``, which are those of ``x`` at places along an axis, and whose derivatives are.

    Of equal elements the one at the place counts, as for torch, and not a share of each.
    """
    return values


@picked.defjvp
def _picked_jvp(
    axis: int, primals: tuple[Array, ...], tangents: tuple[Any, ...]
) -> tuple[Array, Array]:
    return picked(*primals, axis), jnp.take_along_axis(tangents[1], primals[2], axis)


@jax.custom_jvp
def shared(value: Array, x: Array) -> Array:
    """``value``, which is among the elements of ``x``: those equal to it share its derivative."""
    return value


@shared.defjvp
def _shared_jvp(primals: tuple[Array, Array], tangents: tuple[Array, Array]) -> tuple[Array, Array]:
    value, x = primals
    alike = ((x == value) | (x != x) & (value != value)).astype(x.dtype)
    return shared(value, x), jnp.sum(tangents[1] * alike) / jnp.sum(alike)
