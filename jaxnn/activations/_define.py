"""What activations share: the check, the working precision, where needed the derivative."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import as_floating
from jaxnn._precision import is_half, widen

Options = ParamSpec("Options")


def activation(
    function: Callable[Concatenate[Array, Options], Array],
) -> Callable[Concatenate[ArrayLike, Options], Array]:
    """Make a formula an activation: floating point only, and half precision rounded only once.

    float16 and bfloat16 are computed in float32 and rounded at the end, as torch does.
    """

    @functools.wraps(function)
    def checked(x: ArrayLike, *args: Options.args, **kwargs: Options.kwargs) -> Array:
        x = as_floating(function.__name__, "x", x)
        if not is_half(x):
            return function(x, *args, **kwargs)
        args, kwargs = jax.tree.map(_widen_option, (args, kwargs))
        return function(widen(x), *args, **kwargs).astype(x.dtype)

    checked.__module__ = "jaxnn.activations"
    return checked


def _widen_option(option: Any) -> Any:
    return widen(option) if hasattr(option, "dtype") else option


def with_derivative(
    derivative: Callable[[Array], Array],
) -> Callable[[Callable[[Array], Array]], Callable[[Array], Array]]:
    """Give a function of one array the derivative that autodiff would lose to rounding or inf."""

    def decorate(value: Callable[[Array], Array]) -> Callable[[Array], Array]:
        function = jax.custom_jvp(value)
        function.defjvps(lambda tangent, _, x: tangent * derivative(x))
        return function

    return decorate


def finite(x: Array) -> Array:
    """``x`` with ±inf replaced by the largest numbers, so that 0 · x is 0 and not nan."""
    return jnp.clip(x, jnp.finfo(x.dtype).min, jnp.finfo(x.dtype).max)
