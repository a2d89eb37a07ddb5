"""What losses share: the checks of their arguments, the working precision, the reduction."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.core import Tracer
from jax.typing import ArrayLike

from jaxnn._checks import as_floating, check_choice, complaint, describe
from jaxnn._precision import widen

Arguments = ParamSpec("Arguments")

REDUCTIONS = ("mean", "sum", "none")


def loss(function: Callable[Arguments, Array]) -> Callable[Arguments, Array]:
    """Make a formula a loss: a known reduction, and a result in the dtype of its first argument.

    float16 and bfloat16 are computed in float32 and rounded at the end, as torch does.
    """
    name = function.__name__
    parameters = inspect.signature(function).parameters
    first = next(iter(parameters))
    choices = ("batchmean", *REDUCTIONS) if name == "kl_div" else REDUCTIONS

    @functools.wraps(function)
    def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Array:
        chosen = kwargs.get("reduction", parameters["reduction"].default)
        check_choice(name, "reduction", str(chosen), choices)
        result = function(*args, **kwargs)
        return result.astype(jnp.result_type(args[0] if args else kwargs[first]))

    checked.__module__ = "jaxnn.losses"
    return checked


def alike(function: str, **arrays: ArrayLike) -> tuple[Array, ...]:
    """Floating arrays of the shape of the first, in the working precision."""
    first, *others = arrays
    x = as_floating(function, first, arrays[first])
    rest = [_like(function, first, x, name, arrays[name]) for name in others]
    return widen(x), *map(widen, rest)


def _like(function: str, first: str, x: Array, name: str, given: ArrayLike) -> Array:
    y = as_floating(function, name, given)
    if y.shape != x.shape:
        came = f"{first} {describe(x)} and {name} {describe(y)}"
        instead = f"use {name}.reshape({first}.shape)"
        must = f"{name} must have the shape of {first}"
        raise ValueError(complaint(function, must, came, instead))
    return y


def stretched(function: str, name: str, x: ArrayLike, shape: tuple[int, ...]) -> Array:
    """Floating ``x`` broadcast to a shape, in the working precision."""
    x = as_floating(function, name, x)
    if x.ndim > len(shape) or any(
        n not in (1, m) for n, m in zip(x.shape[::-1], shape[::-1], strict=False)
    ):
        must, instead = f"{name} must broadcast to {shape}", f"give {name} that shape"
        raise ValueError(complaint(function, must, describe(x), instead))
    return jnp.broadcast_to(widen(x), shape)


def check_positive(function: str, name: str, value: Any) -> None:
    """Refuse a number that is not above 0, with a ValueError. Traced numbers pass."""
    if not isinstance(value, Tracer) and not np.all(np.asarray(value) > 0):
        must = f"{name} must be above 0"
        raise ValueError(complaint(function, must, str(value), f"use {name}=1.0"))


def reduce(losses: Array, reduction: str, total: ArrayLike | None = None) -> Array:
    """The mean, the sum, or all of them; ``total`` is what the mean divides by if not the size."""
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    return losses.sum() / (losses.size if total is None else total)
