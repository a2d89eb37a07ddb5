"""Dropout: functions that zero numbers at random, one by one or in whole channels."""

import functools
import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.core import Tracer
from jax.typing import ArrayLike

from jaxnn._checks import as_floating, check_range, complaint, describe
from jaxnn._rng import Rng
from jaxnn.random import Generator, bernoulli
from jaxnn.random.dropout import dropout_mask
from jaxnn.random.exact_math import rounded_product

# To what selu takes large negative numbers, with the sign turned: its scale times its alpha.
SELU_FLOOR = 1.7580993408473766


def dropout(rng: Rng | None, x: ArrayLike, rate: float) -> Array:
    """Dropout: each element becomes 0 with probability ``rate``, the rest grows by 1 / (1 - rate).

    A Generator drops what ``torch.nn.functional.dropout(x, rate)`` would drop, with its bits. What
    is dropped is multiplied by 0, as in torch: a dropped inf is nan. Nothing is drawn at rates 0,
    where the result is ``x``, and 1, where it is ``x`` times 0.

    Args:
        rng: A JAX key, or a Generator, which is advanced; None to drop nothing, as in evaluation.
        x: Floating point, any shape.
        rate: A Python number from 0 to 1.

    Returns:
        Of the shape and dtype of ``x``, with its expected value.

    Raises:
        TypeError: ``x`` is not floating point, or ``rng`` neither a key nor a Generator.
        ValueError: ``rate`` is outside [0, 1].

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.dropout(generator, jnp.ones(6), 0.5)
        Array([0., 0., 2., 0., 0., 0.], dtype=float32)

    Source: torch.nn.functional.dropout; https://jmlr.org/papers/v15/srivastava14a.html.
    """
    x, rate = _checked("dropout", x, rate)
    if rng is None or rate in (0, 1):
        return x * 0 if rng is not None and rate == 1 else x
    keep = dropout_mask(rng, rate, x.shape, x.dtype)
    on_gpu = isinstance(rng, Generator) and rng.profile is not None
    with jax.enable_x64(True):  # x may be of 64 bits
        return _scaled(x, keep, _growth(x.dtype, rate, on_gpu))


def feature_dropout(rng: Rng | None, x: ArrayLike, rate: float) -> Array:
    """Dropout of whole channels: all of x[n, c] becomes 0, or grows by 1 / (1 - rate).

    A Generator drops what torch's ``dropout1d``, ``dropout2d`` and ``dropout3d`` drop from a batch,
    with their bits. Otherwise as `dropout`.

    Args:
        rng: A JAX key, or a Generator, which is advanced; None to drop nothing, as in evaluation.
        x: Floating point, (batch, channels, …): in torch's order, not with the channels last.
        rate: A Python number from 0 to 1.

    Returns:
        Of the shape and dtype of ``x``, with its expected value.

    Raises:
        TypeError: ``x`` is not floating point, or ``rng`` neither a key nor a Generator.
        ValueError: ``x`` has fewer than two axes, or ``rate`` is outside [0, 1].

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.feature_dropout(generator, jnp.ones((1, 3, 2)), 0.5)
        Array([[[0., 0.],
                [0., 0.],
                [2., 2.]]], dtype=float32)

    Source: torch.feature_dropout; https://arxiv.org/abs/1411.4280.
    """
    x, rate = _checked("feature_dropout", x, rate, axes=2)
    if rng is None or rate in (0, 1):
        return x * 0 if rng is not None and rate == 1 else x
    with jax.enable_x64(True):  # x may be of 64 bits
        return _scaled(x, bernoulli(rng, 1 - rate, _channels(x)), _growth(x.dtype, rate))


def alpha_dropout(rng: Rng | None, x: ArrayLike, rate: float) -> Array:
    """Dropout to go with selu: keeps the mean 0 and the variance 1 of what it gets.

    Each element becomes selu's floor -α' with probability ``rate``, and all are then scaled and
    shifted: a · x + b, where a = ((1 - rate) (1 + rate α'²))^-½ and b = a rate α'.

    A Generator drops what ``torch.nn.functional.alpha_dropout(x, rate)`` would drop, with its bits.
    Nothing is drawn at rates 0, where the result is ``x``, and 1, where it is ``x`` times 0.

    Args:
        rng: A JAX key, or a Generator, which is advanced; None to drop nothing, as in evaluation.
        x: Floating point, any shape.
        rate: A Python number from 0 to 1.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point, or ``rng`` neither a key nor a Generator.
        ValueError: ``rate`` is outside [0, 1].

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> print(jaxnn.alpha_dropout(generator, jnp.zeros(3), 0.5))
        [-0.77919394 -0.77919394  0.77919394]

    Source: torch.nn.functional.alpha_dropout; https://arxiv.org/abs/1706.02515.
    """
    x, rate = _checked("alpha_dropout", x, rate)
    if rng is None or rate in (0, 1):
        return x * 0 if rng is not None and rate == 1 else x
    with jax.enable_x64(True):
        return _floored(x, bernoulli(rng, 1 - rate, x.shape), *_selu_constants(x.dtype, rate))


def feature_alpha_dropout(rng: Rng | None, x: ArrayLike, rate: float) -> Array:
    """`alpha_dropout` of whole channels: all of x[n, c], or none of it, becomes the floor.

    A Generator drops what ``torch.nn.functional.feature_alpha_dropout(x, rate)`` would drop, with
    its bits.

    Args:
        rng: A JAX key, or a Generator, which is advanced; None to drop nothing, as in evaluation.
        x: Floating point, (batch, channels, …): in torch's order, not with the channels last.
        rate: A Python number from 0 to 1.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point, or ``rng`` neither a key nor a Generator.
        ValueError: ``x`` has fewer than two axes, or ``rate`` is outside [0, 1].

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> print(jaxnn.feature_alpha_dropout(generator, jnp.zeros((1, 3, 1)), 0.5)[0, :, 0])
        [-0.77919394 -0.77919394  0.77919394]

    Source: torch.nn.functional.feature_alpha_dropout.
    """
    x, rate = _checked("feature_alpha_dropout", x, rate, axes=2)
    if rng is None or rate in (0, 1):
        return x * 0 if rng is not None and rate == 1 else x
    with jax.enable_x64(True):
        return _floored(x, bernoulli(rng, 1 - rate, _channels(x)), *_selu_constants(x.dtype, rate))


def _checked(function: str, x: ArrayLike, rate: float, axes: int = 0) -> tuple[Array, float]:
    """Return x as an array and the rate as a Python number: an array would draw other bits."""
    x = as_floating(function, "x", x)
    if isinstance(rate, Tracer) or not isinstance(rate, int | float | np.number):
        must = "rate must be a number that is known when the program is traced"
        came = describe(rate) if isinstance(rate, Tracer) else repr(rate)
        raise TypeError(complaint(function, must, came, "pass a Python float"))
    check_range(function, "rate", rate, 0.0, 1.0)
    if x.ndim < axes:
        must, instead = "x must have a batch axis and a channel axis", "give x the shape (1, c, …)"
        raise ValueError(complaint(function, must, describe(x), instead))
    return x, float(rate)


def _channels(x: Array) -> tuple[int, ...]:
    """Return the shape of a mask with one element for each channel."""
    return (*x.shape[:2], *[1] * (x.ndim - 2))


def _wide(dtype: np.dtype) -> type:
    """Return the type in which torch computes with numbers of a dtype."""
    return np.float32 if dtype.itemsize == 2 else dtype.type


@functools.cache
def _growth(dtype: np.dtype, rate: float, on_gpu: bool = False) -> np.floating:
    """Return 1 / (1 - rate): torch rounds it to the dtype on a CPU, not on a GPU."""
    wide = _wide(dtype)
    growth = wide(1) / wide(1 - rate)
    with np.errstate(over="ignore"):  # inf where float16 cannot hold it, as in torch
        return growth if on_gpu else wide(growth.astype(dtype))


@jax.jit
def _scaled(x: Array, keep: Array, growth: Array) -> Array:
    factor = jnp.broadcast_to(jnp.where(keep, growth, jnp.zeros_like(growth)), x.shape)
    return rounded_product(x.astype(growth.dtype), factor).astype(x.dtype)


@functools.cache
def _selu_constants(dtype: np.dtype, rate: float) -> tuple[np.generic, np.generic, np.generic]:
    """Return the factor of what is kept, and the sums for kept and dropped, in torch's steps."""
    factor = 1 / math.sqrt((SELU_FLOOR * SELU_FLOOR * rate + 1) * (1 - rate))
    own, wide = dtype.type, _wide(dtype)
    kept, floor = own(SELU_FLOOR * factor * rate), own(-SELU_FLOOR * factor)
    return own(factor), kept, own(wide(floor) + wide(kept))


@jax.jit
def _floored(x: Array, keep: Array, factor: Array, kept: Array, dropped: Array) -> Array:
    keep = jnp.broadcast_to(keep, x.shape)
    return jnp.where(keep, rounded_product(x, jnp.full_like(x, factor)) + kept, x * 0 + dropped)
