"""Losses of distributions: how badly a predicted one explains its target."""

import math

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import as_floating
from jaxnn._kinks import at_least
from jaxnn.losses._define import alike, loss, reduce, stretched


@loss
def kl_div(
    log_probs: ArrayLike,
    targets: ArrayLike,
    *,
    log_target: bool = False,
    reduction: str = "mean",
) -> Array:
    """Kullback-Leibler divergence: t · (log t - x), with 0 where t is 0 and x finite.

    The derivative in a target of 0 is that of -t · x alone.

    Args:
        log_probs: Logarithms of the predicted probabilities, floating point, any shape.
        targets: Probabilities, or (``log_target``) their logarithms, the shape of ``log_probs``.
        log_target: Whether ``targets`` are logarithms.
        reduction: "mean", "sum", "none", or "batchmean", the sum divided by the length of the first
            axis, which is the divergence a sample.

    Returns:
        A scalar, or with "none" the shape of ``log_probs``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> log_probs, targets = jnp.log(jnp.array([[0.5, 0.5]])), jnp.array([[1.0, 0.0]])
        >>> jaxnn.kl_div(log_probs, targets, reduction="batchmean")
        Array(0.6931472, dtype=float32)

    Source: torch.nn.functional.kl_div.
    """
    x, y = alike("kl_div", log_probs=log_probs, targets=targets)
    losses = jnp.exp(y) * (y - x) if log_target else _entropy(y) - y * x
    if reduction == "batchmean":
        return reduce(losses, "mean", x.shape[0] if x.ndim else 1)
    return reduce(losses, reduction)


def _entropy(y: Array) -> Array:
    """Y · log y, 0 at 0."""
    return y * jnp.log(jnp.where(y == 0, 1, y))


@loss
def poisson_nll_loss(
    predictions: ArrayLike,
    targets: ArrayLike,
    *,
    log_input: bool = True,
    full: bool = False,
    eps: ArrayLike = 1e-8,
    reduction: str = "mean",
) -> Array:
    """Surprise at counts: rate - t · log(rate), the rate being exp(x), or x itself.

    Args:
        predictions: Logarithms of the rates, or (not ``log_input``) the rates, any shape.
        targets: Counts, floating point, the shape of ``predictions``.
        log_input: Whether ``predictions`` are logarithms.
        full: Whether to add Stirling's t · log t - t + log(2π t) / 2 for counts above 1.
        eps: What is added to a rate before its logarithm.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``predictions``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.poisson_nll_loss(jnp.array([0.0, 0.0]), jnp.array([2.0, 3.0]), reduction="none")
        Array([1., 1.], dtype=float32)

    Source: torch.nn.functional.poisson_nll_loss.
    """
    x, y = alike("poisson_nll_loss", predictions=predictions, targets=targets)
    losses = jnp.exp(x) - y * x if log_input else x - y * jnp.log(x + eps)
    if full:
        count = jnp.where(y > 1, y, 1)
        stirling = count * jnp.log(count) - count + jnp.log(2 * math.pi * count) / 2
        losses += jnp.where(y > 1, stirling, 0)
    return reduce(losses, reduction)


@loss
def gaussian_nll_loss(
    predictions: ArrayLike,
    targets: ArrayLike,
    var: ArrayLike,
    *,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Array:
    """Surprise at numbers: (log var + (x - t)² / var) / 2.

    Args:
        predictions: The expected numbers, floating point, any shape.
        targets: Floating point, the shape of ``predictions``.
        var: Variances that broadcast to ``predictions``, or one for each row, without its axis.
        full: Whether to add log(2π) / 2.
        eps: The least variance. The derivative in a smaller one is that at ``eps``.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``predictions``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> expected, targets, var = jnp.zeros(2), jnp.array([0.0, 2.0]), jnp.array([1.0, 4.0])
        >>> jaxnn.gaussian_nll_loss(expected, targets, var)
        Array(0.5965736, dtype=float32)

    Source: torch.nn.functional.gaussian_nll_loss.
    """
    function = "gaussian_nll_loss"
    x, y = alike(function, predictions=predictions, targets=targets)
    var = as_floating(function, "var", var)
    if x.ndim and var.shape == x.shape[:-1]:
        var = var[..., None]
    wide = at_least(stretched(function, "var", var, x.shape), eps)
    losses = (jnp.log(wide) + (x - y) ** 2 / wide) / 2
    return reduce(losses + math.log(2 * math.pi) / 2 if full else losses, reduction)
