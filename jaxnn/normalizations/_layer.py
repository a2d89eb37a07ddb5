"""Normalization over the last axes, sample by sample."""

from collections.abc import Sequence

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import complaint, describe
from jaxnn._precision import sqrt
from jaxnn.normalizations._define import normalization, standardized, transformed


@normalization
def layer_norm(
    x: Array,
    normalized_shape: Sequence[int],
    *,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: ArrayLike = 1e-5,
) -> Array:
    """Layer normalization: (x - mean) / √(var + eps) · weight + bias, over the last axes.

    Args:
        x: Floating point (…, *normalized_shape).
        normalized_shape: The shape of what is normalized together.
        weight: Factors, of that shape.
        bias: Summands, of that shape.
        eps: What is added to the variance.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.layer_norm(jnp.array([[1.0, 3.0], [5.0, 9.0]]), (2,), eps=0.0)
        Array([[-1.,  1.],
               [-1.,  1.]], dtype=float32)

    Source: torch.nn.functional.layer_norm; https://arxiv.org/abs/1607.06450.
    """
    axes = _last_axes("layer_norm", x, tuple(normalized_shape))
    normal = standardized(x, axes, eps)
    return transformed("layer_norm", normal, tuple(normalized_shape), x.ndim - 1, weight, bias)


@normalization
def rms_norm(
    x: Array,
    normalized_shape: Sequence[int],
    *,
    weight: ArrayLike | None = None,
    eps: ArrayLike | None = None,
) -> Array:
    """Root-mean-square normalization: x / √(mean(x²) + eps) · weight, over the last axes.

    Args:
        x: Floating point (…, *normalized_shape).
        normalized_shape: The shape of what is normalized together.
        weight: Factors, of that shape.
        eps: What is added to the mean square; None for the machine epsilon of the dtype.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.rms_norm(jnp.array([[1.0, 7.0]]), (2,), eps=0.0)
        Array([[0.2, 1.4]], dtype=float32)

    Source: torch.nn.functional.rms_norm; https://arxiv.org/abs/1910.07467.
    """
    axes = _last_axes("rms_norm", x, tuple(normalized_shape))
    least = jnp.finfo(x.dtype).eps if eps is None else eps
    normal = x * (1 / sqrt((x * x).mean(axes, keepdims=True) + least))
    return transformed("rms_norm", normal, tuple(normalized_shape), x.ndim - 1, weight, None)


def _last_axes(function: str, x: Array, shape: tuple[int, ...]) -> tuple[int, ...]:
    if not shape or x.shape[-len(shape) :] != shape:
        must = f"x must have the shape (…, {', '.join(map(str, shape))})"
        instead = "let normalized_shape be x.shape[-1:]"
        raise ValueError(complaint(function, must, describe(x), instead))
    return tuple(range(x.ndim - len(shape), x.ndim))
