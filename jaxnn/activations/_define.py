"""What activations share: the check, the working precision, where needed the derivative."""

import functools
from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
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
        wide = widen(x)
        args, kwargs = jax.tree.map(partial(_as_dtype, wide.dtype), (args, kwargs))
        result = function(wide, *args, **kwargs)
        return result.astype(x.dtype) if is_half(x) else result

    checked.__module__ = "jaxnn.activations"
    return checked


def _as_dtype(dtype: np.dtype, option: Any) -> Any:
    """An option that has a floating dtype of its own in that of ``x``, so that none widens it."""
    floating = hasattr(option, "dtype") and jnp.issubdtype(option.dtype, jnp.floating)
    return option.astype(dtype) if floating else option


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


def flat_at_nan(x: Array) -> Array:
    """``x`` with the derivative 0 at nan."""
    return jnp.where(jnp.isnan(x), lax.stop_gradient(x), x)
