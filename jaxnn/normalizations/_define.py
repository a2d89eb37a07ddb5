"""What normalizations share: the working precision, the moments, the affine map at the end."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike

from jaxnn._checks import as_floating, complaint, describe
from jaxnn._precision import sqrt, widen

Options = ParamSpec("Options")


def normalization(
    function: Callable[Concatenate[Array, Options], Array],
) -> Callable[Concatenate[ArrayLike, Options], Array]:
    """Make a formula a normalization: floating point only, half precision rounded only once."""

    @functools.wraps(function)
    def checked(x: ArrayLike, *args: Options.args, **kwargs: Options.kwargs) -> Array:
        x = as_floating(function.__name__, "x", x)
        return function(widen(x), *args, **kwargs).astype(x.dtype)

    checked.__module__ = "jaxnn.normalizations"
    return checked


def moments(x: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
    """Mean and variance over some axes, which stay with length 1."""
    mean = x.mean(axes, keepdims=True)
    return mean, jnp.square(x - mean).mean(axes, keepdims=True)


def standardized(x: Array, axes: tuple[int, ...], eps: ArrayLike) -> Array:
    """``x`` with mean 0 and variance 1 over some axes."""
    mean, var = moments(x, axes)
    return (x - mean) * (1 / sqrt(var + eps))


def transformed(
    function: str,
    x: Array,
    shape: tuple[int, ...],
    last: int,
    weight: ArrayLike | None,
    bias: ArrayLike | None,
) -> Array:
    """``x`` times weight plus bias, which have this shape and end at the axis ``last``."""
    axes = tuple(range(last + 1 - len(shape), last + 1))
    for name, given in (("weight", weight), ("bias", bias)):
        if given is None:
            continue
        param = as_floating(function, name, given)
        if param.shape != shape:
            must, instead = f"{name} must have shape {shape}", f"use {name}=None for none"
            raise ValueError(complaint(function, must, describe(param), instead))
        param = lax.broadcast_in_dim(widen(param), x.shape, axes)
        x = x * param if name == "weight" else x + param
    return x


def channels_of(function: str, x: Array) -> int:
    """How many channels ``x`` has, on axis 1."""
    if x.ndim < 2:
        must, instead = "x must be (N, C, …)", "use x[None] for one sample"
        raise ValueError(complaint(function, must, describe(x), instead))
    return x.shape[1]
