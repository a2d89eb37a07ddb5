"""Normalization over channels: in groups, one by one, or with their neighbours."""

import math

import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike

from jaxnn._checks import complaint, describe
from jaxnn.normalizations._define import channels_of, normalization, standardized, transformed


@normalization
def group_norm(
    x: Array,
    num_groups: int,
    *,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: ArrayLike = 1e-5,
) -> Array:
    """Group normalization: (x - mean) / √(var + eps) · weight + bias, over groups of channels.

    Args:
        x: Floating point (N, C, …): the channels are on axis 1.
        num_groups: How many groups the channels are divided into, in order.
        weight: Factors (C,).
        bias: Summands (C,).
        eps: What is added to the variance.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together, or the channels cannot be divided so.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.group_norm(jnp.array([[1.0, 3.0, 5.0, 9.0]]), 2, eps=0.0)
        Array([[-1.,  1., -1.,  1.]], dtype=float32)

    Source: torch.nn.functional.group_norm; https://arxiv.org/abs/1803.08494.
    """
    channels = channels_of("group_norm", x)
    if num_groups < 1 or channels % num_groups:
        must = f"num_groups must divide the {channels} channels"
        raise ValueError(complaint("group_norm", must, str(num_groups), "use num_groups=1"))
    grouped = x.reshape(x.shape[0], num_groups, -1 if x.size else 0)
    normal = standardized(grouped, (2,), eps).reshape(x.shape)
    return transformed("group_norm", normal, (channels,), 1, weight, bias)


@normalization
def instance_norm(
    x: Array,
    *,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: ArrayLike = 1e-5,
) -> Array:
    """Instance normalization: (x - mean) / √(var + eps) · weight + bias, one channel of one sample.

    Args:
        x: Floating point (N, C, …): the channels are on axis 1.
        weight: Factors (C,).
        bias: Summands (C,).
        eps: What is added to the variance.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together, or a channel is a single number.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.instance_norm(jnp.array([[[1.0, 3.0], [5.0, 9.0]]]), eps=0.0)
        Array([[[-1.,  1.],
                [-1.,  1.]]], dtype=float32)

    Source: torch.nn.functional.instance_norm; https://arxiv.org/abs/1607.08022.
    """
    channels = channels_of("instance_norm", x)
    if math.prod(x.shape[2:]) == 1:
        must = "x must have more than one number for each channel of a sample"
        instead = "use layer_norm(x, x.shape[1:]) to normalize over the channels"
        raise ValueError(complaint("instance_norm", must, describe(x), instead))
    normal = standardized(x, tuple(range(2, x.ndim)), eps)
    return transformed("instance_norm", normal, (channels,), 1, weight, bias)


@normalization
def local_response_norm(
    x: Array,
    size: int,
    *,
    alpha: ArrayLike = 1e-4,
    beta: ArrayLike = 0.75,
    k: ArrayLike = 1.0,
) -> Array:
    """Local response normalization: x / (k + alpha · mean(x²))^beta, over neighbouring channels.

    Args:
        x: Floating point (N, C, …): the channels are on axis 1.
        size: How many channels a mean is over, each in the middle of its own; beyond the first and
            the last they count as 0.
        alpha: The factor of the mean.
        beta: The exponent.
        k: The summand.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``x`` has no channels.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.local_response_norm(jnp.array([[[1.0], [2.0]]]), 1, alpha=1.0, beta=1.0, k=0.0)
        Array([[[1. ],
                [0.5]]], dtype=float32)

    Source: torch.nn.functional.local_response_norm; Krizhevsky et al. 2012.
    """
    channels = channels_of("local_response_norm", x)
    around = [(0, 0)] * x.ndim
    around[1] = (size // 2, (size - 1) // 2)
    squares = jnp.pad(x * x, around)
    total = sum(lax.slice_in_dim(squares, i, i + channels, axis=1) for i in range(size))
    return x / (total / size * alpha + k) ** beta
