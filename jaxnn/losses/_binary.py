"""Losses of yes and no: one question, or one for each class."""

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn.activations._sigmoidal import softplus_unit
from jaxnn.losses._define import alike, loss, reduce, stretched

_LEAST_LOG = -100.0  # torch's stand-in for the logarithm of 0
_LEAST_VARIANCE = 1e-12  # what torch's derivative divides by at least


def _log_of_rest(p: Array) -> Array:
    """log(1 - p) to the last digits, which XLA's log1p loses in float64."""
    rest = 1 - p
    return jnp.where(rest == 1, -p, jnp.log(rest) * p / (1 - rest))


@jax.custom_jvp
def _surprise(p: Array, y: Array) -> Array:
    unlikely, likely = jnp.maximum(_log_of_rest(p), _LEAST_LOG), jnp.maximum(jnp.log(p), _LEAST_LOG)
    return (y - 1) * unlikely - y * likely


@_surprise.defjvp
def _surprise_jvp(primals: tuple[Array, ...], tangents: tuple[Array, ...]) -> tuple[Array, Array]:
    (p, y), (dp, dy) = primals, tangents
    slope = (p - y) / jnp.maximum((1 - p) * p, _LEAST_VARIANCE)
    unlikely, likely = jnp.maximum(_log_of_rest(p), _LEAST_LOG), jnp.maximum(jnp.log(p), _LEAST_LOG)
    return _surprise(p, y), dp * slope + dy * (unlikely - likely)


@loss
def binary_cross_entropy(
    predictions: ArrayLike,
    targets: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Cross entropy of probabilities: -(t · log p + (1 - t) · log(1 - p)).

    Logarithms are at least -100, so that the loss is finite at 0 and 1; there the derivative is
    (p - t) / 1e-12. `binary_cross_entropy_with_logits` needs neither.

    Args:
        predictions: Probabilities in [0, 1], floating point, any shape. Outside the loss is nan.
        targets: Probabilities too, the shape of ``predictions``.
        weight: Factors of the losses, which broadcast to ``predictions``.
        reduction: "mean", "sum" or "none". The mean divides by the number of losses.

    Returns:
        A scalar, or with "none" the shape of ``predictions``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> predictions, targets = jnp.array([0.5, 1.0]), jnp.array([1.0, 0.0])
        >>> jaxnn.binary_cross_entropy(predictions, targets, reduction="none")
        Array([  0.6931472, 100.       ], dtype=float32)

    Source: torch.nn.functional.binary_cross_entropy.
    """
    p, y = alike("binary_cross_entropy", predictions=predictions, targets=targets)
    losses = _surprise(p, y)
    if weight is not None:
        losses *= stretched("binary_cross_entropy", "weight", weight, p.shape)
    return reduce(losses, reduction)


@loss
def binary_cross_entropy_with_logits(
    logits: ArrayLike,
    targets: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    pos_weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Cross entropy of sigmoid(logits): -(t · log σ(x) + (1 - t) · log(1 - σ(x))).

    It neither overflows nor loses digits, however large the logits.

    Args:
        logits: Floating point, any shape.
        targets: Probabilities in [0, 1], the shape of ``logits``.
        weight: Factors of the losses, which broadcast to ``logits``.
        pos_weight: Factors of the first term, which broadcast to ``logits``: above 1 they favour
            recall, below 1 precision.
        reduction: "mean", "sum" or "none". The mean divides by the number of losses.

    Returns:
        A scalar, or with "none" the shape of ``logits``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> logits, targets = jnp.array([0.0, 1000.0]), jnp.array([1.0, 0.0])
        >>> jaxnn.binary_cross_entropy_with_logits(logits, targets, reduction="none")
        Array([6.931472e-01, 1.000000e+03], dtype=float32)

    Source: torch.nn.functional.binary_cross_entropy_with_logits.
    """
    function = "binary_cross_entropy_with_logits"
    x, y = alike(function, logits=logits, targets=targets)
    factor: ArrayLike = 1.0
    if pos_weight is not None:
        factor = (stretched(function, "pos_weight", pos_weight, x.shape) - 1) * y + 1
    losses = (1 - y) * x + factor * softplus_unit(-x)
    if weight is not None:
        losses *= stretched(function, "weight", weight, x.shape)
    return reduce(losses, reduction)


@loss
def soft_margin_loss(
    predictions: ArrayLike, targets: ArrayLike, *, reduction: str = "mean"
) -> Array:
    """Logistic loss of signs: log(1 + exp(-t · x)).

    It does not overflow (torch's does).

    Args:
        predictions: Floating point, any shape.
        targets: 1 or -1, floating point, the shape of ``predictions``.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``predictions``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> predictions, targets = jnp.array([0.0, 1000.0]), jnp.array([1.0, -1.0])
        >>> jaxnn.soft_margin_loss(predictions, targets, reduction="none")
        Array([6.931472e-01, 1.000000e+03], dtype=float32)

    Source: torch.nn.functional.soft_margin_loss.
    """
    x, y = alike("soft_margin_loss", predictions=predictions, targets=targets)
    return reduce(softplus_unit(-y * x), reduction)


@loss
def multilabel_soft_margin_loss(
    logits: ArrayLike,
    targets: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Mean over the classes of -(t · log σ(x) + (1 - t) · log(1 - σ(x))).

    Args:
        logits: Floating point (…, C): the classes are on the last axis.
        targets: Probabilities in [0, 1], the shape of ``logits``.
        weight: Factors of the classes, which broadcast to ``logits``.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" one loss a sample, in the dtype of ``logits``.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.multilabel_soft_margin_loss(jnp.zeros((1, 3)), jnp.array([[1.0, 0.0, 1.0]]))
        Array(0.6931472, dtype=float32)

    Source: torch.nn.functional.multilabel_soft_margin_loss.
    """
    function = "multilabel_soft_margin_loss"
    x, y = alike(function, logits=logits, targets=targets)
    losses = y * softplus_unit(-x) + (1 - y) * softplus_unit(x)
    if weight is not None:
        losses *= stretched(function, "weight", weight, x.shape)
    return reduce(losses.mean(-1), reduction)
