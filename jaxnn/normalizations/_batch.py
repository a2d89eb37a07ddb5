"""Normalization over the batch, with statistics that are remembered for later."""

from typing import NamedTuple, overload

import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike

from jaxnn._checks import as_floating, complaint, describe
from jaxnn._precision import sqrt, widen
from jaxnn.normalizations._define import channels_of, moments, transformed


class Statistics(NamedTuple):
    """What `batch_norm` remembers of the batches it has seen, one number for each channel.

    Attributes:
        mean: (channels,), 0 at first.
        var: (channels,), 1 at first.
    """

    mean: Array
    var: Array


@overload
def batch_norm(
    x: ArrayLike, statistics: Statistics, *, weight: ArrayLike | None = None,
    bias: ArrayLike | None = None, training: bool = False, momentum: ArrayLike = 0.1,
    eps: ArrayLike = 1e-5,
) -> tuple[Array, Statistics]: ...  # fmt: skip


@overload
def batch_norm(
    x: ArrayLike, statistics: None = None, *, weight: ArrayLike | None = None,
    bias: ArrayLike | None = None, training: bool, momentum: ArrayLike = 0.1,
    eps: ArrayLike = 1e-5,
) -> tuple[Array, None]: ...  # fmt: skip


def batch_norm(
    x: ArrayLike,
    statistics: Statistics | None = None,
    *,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    training: bool = False,
    momentum: ArrayLike = 0.1,
    eps: ArrayLike = 1e-5,
) -> tuple[Array, Statistics | None]:
    """Batch normalization: (x - mean) / √(var + eps) · weight + bias, channel by channel.

    In training mean and variance are the batch's, and the statistics move towards them:
    (1 - momentum) · old + momentum · new, where the new variance is Σ (x - mean)² / (n - 1).

    Args:
        x: Floating point (N, C, …): the channels are on axis 1.
        statistics: What is remembered; None to take the batch's always.
        weight: Factors (C,).
        bias: Summands (C,).
        training: Whether to normalize by the batch's mean and variance.
        momentum: The share of the batch in the new statistics.
        eps: What is added to the variance.

    Returns:
        The result, of the shape and dtype of ``x``, and the statistics to use next: new ones in
        training, else those that were given.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together, there is nothing to normalize by, or in
            training only one number for each channel.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> first = jaxnn.Statistics(mean=jnp.zeros(1), var=jnp.ones(1))
        >>> y, then = jaxnn.batch_norm(jnp.array([[1.0], [3.0]]), first, training=True, eps=0.0)
        >>> print(y.T, then.mean, then.var)
        [[-1.  1.]] [0.2] [1.1]

    Source: torch.nn.functional.batch_norm; https://arxiv.org/abs/1502.03167.
    """
    function = "batch_norm"
    x = as_floating(function, "x", x)
    channels = channels_of(function, x)
    if statistics is None and not training:
        must, instead = "statistics must be given where training is False", "use training=True"
        raise ValueError(complaint(function, must, "None", instead))
    wide = widen(x)
    axes = (0, *range(2, x.ndim))
    if training:
        count = x.size // max(channels, 1)
        if count == 1:
            must = "there must be more than one number for each channel in training"
            instead = "leave such a batch out, as with drop_last=True"
            raise ValueError(complaint(function, must, describe(x), instead))
        mean, var = moments(wide, axes)
        if statistics is not None and count:  # of nothing there is nothing to remember
            statistics = _moved(statistics, mean, var, count, momentum)
    else:
        assert statistics is not None
        mean, var = (_per_channel(function, name, s, x) for name, s in statistics._asdict().items())
    scale = 1 / sqrt(var + eps)
    if training:
        y = transformed(function, (wide - mean) * scale, (channels,), 1, weight, bias)
    else:  # one product and one sum an element, whose bits are torch's
        scale = transformed(function, scale, (channels,), 1, weight, None)
        y = wide * scale + transformed(function, -mean * scale, (channels,), 1, None, bias)
    return y.astype(x.dtype), statistics


def _moved(
    statistics: Statistics, mean: Array, var: Array, count: int, momentum: ArrayLike
) -> Statistics:
    now = Statistics(mean, var * (count / (count - 1)))
    share = jnp.asarray(momentum, var.dtype)

    def moved(old: ArrayLike, new: Array) -> Array:
        old = jnp.asarray(old)
        wide = (1 - share) * widen(old) + share * new.reshape(old.shape)
        return wide.astype(old.dtype)

    return Statistics(moved(statistics.mean, now.mean), moved(statistics.var, now.var))


def _per_channel(function: str, name: str, given: ArrayLike, x: Array) -> Array:
    given = as_floating(function, name, given)
    if given.shape != x.shape[1:2]:
        must = f"{name} must have one number for each of the {x.shape[1]} channels"
        instead = f"give it the shape {x.shape[1:2]}"
        raise ValueError(complaint(function, must, describe(given), instead))
    return lax.broadcast_in_dim(widen(given), (1, x.shape[1], *(1,) * (x.ndim - 2)), (1,))


for _name in (Statistics, batch_norm):
    _name.__module__ = "jaxnn.normalizations"
