"""Losses of numbers: how far a prediction is from its target."""

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import check_range
from jaxnn._kinks import absolute
from jaxnn.losses._define import alike, check_positive, loss, reduce


def _reduced(
    function: str, errors: Array, predictions: ArrayLike, weight: ArrayLike | None, reduction: str
) -> Array:
    """The errors times their weights; a mean divides by the sum of the weights."""
    if weight is None:
        return reduce(errors, reduction)
    _, weight = alike(function, predictions=predictions, weight=weight)
    return reduce(errors * weight, reduction, weight.sum())


@loss
def mse_loss(
    predictions: ArrayLike,
    targets: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Squared error: (prediction - target)², averaged, summed or as it is.

    Args:
        predictions: Floating point, any shape.
        targets: Floating point, the shape of ``predictions``.
        weight: One factor for each error, the shape of ``predictions``; their sum is then what
            the mean divides by.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``predictions``, in their dtype. The mean of nothing,
        or of weights that sum to 0, is nan.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.mse_loss(jnp.array([1.0, 2.0]), jnp.array([3.0, 5.0]))
        Array(6.5, dtype=float32)

    Source: torch.nn.functional.mse_loss.
    """
    x, y = alike("mse_loss", predictions=predictions, targets=targets)
    return _reduced("mse_loss", (x - y) ** 2, predictions, weight, reduction)


@loss
def l1_loss(
    predictions: ArrayLike,
    targets: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Absolute error: |prediction - target|, averaged, summed or as it is.

    The derivative where the two are equal is 0.

    Args:
        predictions: Floating point, any shape.
        targets: Floating point, the shape of ``predictions``.
        weight: One factor for each error, the shape of ``predictions``; their sum is then what
            the mean divides by.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``predictions``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.l1_loss(jnp.array([1.0, 2.0]), jnp.array([3.0, 5.0]))
        Array(2.5, dtype=float32)

    Source: torch.nn.functional.l1_loss.
    """
    x, y = alike("l1_loss", predictions=predictions, targets=targets)
    return _reduced("l1_loss", absolute(x - y), predictions, weight, reduction)


@loss
def smooth_l1_loss(
    predictions: ArrayLike,
    targets: ArrayLike,
    *,
    beta: ArrayLike = 1.0,
    reduction: str = "mean",
) -> Array:
    """Absolute error e = |p - t| with a parabola at 0: e² / (2 · beta) up to beta, e - beta / 2 on.

    With beta 0 it is `l1_loss`, whose derivative where the two are equal is 0.

    Args:
        predictions: Floating point, any shape.
        targets: Floating point, the shape of ``predictions``.
        beta: From which error on the loss is straight, at least 0.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``predictions``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or an option is out of range.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.smooth_l1_loss(jnp.array([1.0, 2.0]), jnp.array([1.5, 5.0]), reduction="none")
        Array([0.125, 2.5  ], dtype=float32)

    Source: torch.nn.functional.smooth_l1_loss; https://arxiv.org/abs/1504.08083.
    """
    check_range("smooth_l1_loss", "beta", beta, 0.0, float("inf"))
    x, y = alike("smooth_l1_loss", predictions=predictions, targets=targets)
    error = absolute(x - y)
    bent = error < beta
    inner = jnp.where(bent, error, 0)  # must not overflow where the parabola is not taken
    losses = jnp.where(bent, inner * inner / jnp.where(bent, beta, 1) / 2, error - beta / 2)
    return reduce(losses, reduction)


@loss
def huber_loss(
    predictions: ArrayLike,
    targets: ArrayLike,
    *,
    delta: ArrayLike = 1.0,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Squared error e = |p - t| with straight arms: e² / 2 up to delta, delta · (e - delta / 2) on.

    Args:
        predictions: Floating point, any shape.
        targets: Floating point, the shape of ``predictions``.
        delta: From which error on the loss is straight, above 0; may be ``inf``.
        weight: One factor for each error, the shape of ``predictions``; their sum is then what
            the mean divides by.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``predictions``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or an option is out of range.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.huber_loss(jnp.array([1.0, 2.0]), jnp.array([1.5, 5.0]), reduction="none")
        Array([0.125, 2.5  ], dtype=float32)

    Source: torch.nn.functional.huber_loss; https://doi.org/10.1214/aoms/1177703732.
    """
    check_positive("huber_loss", "delta", delta)
    x, y = alike("huber_loss", predictions=predictions, targets=targets)
    error = absolute(x - y)
    bent = error <= delta
    inner = jnp.where(bent, error, 0)  # must not overflow where the parabola is not taken
    slope = jnp.where(bent, 1, delta)  # which may be infinite, and then there are no arms
    losses = jnp.where(bent, inner * inner / 2, slope * (error - slope / 2))
    return _reduced("huber_loss", losses, predictions, weight, reduction)
