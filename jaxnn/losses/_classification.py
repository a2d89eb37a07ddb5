"""Losses of one right class among several, and the accuracy."""

import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike

from jaxnn._checks import as_array, as_floating, check_range, complaint, describe
from jaxnn._precision import widen
from jaxnn.activations import log_softmax
from jaxnn.losses._define import loss, reduce

_IGNORED = -100


@loss
def cross_entropy(
    logits: ArrayLike,
    targets: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    ignore_index: int = _IGNORED,
    reduction: str = "mean",
    label_smoothing: float | Array = 0.0,
) -> Array:
    """Cross entropy of softmax(logits) and the targets: -Σ target · log_softmax(logits).

    Targets are the indices of the right classes (integer), or every class's probability (floating
    point). A mean over indices divides by the sum of the weights of their classes, a mean over
    probabilities by the number of samples.

    Args:
        logits: Floating point (C,), (N, C) or (N, C, d1, …): the classes are on axis 1.
        targets: Indices shaped as ``logits`` without the classes, or probabilities shaped as
            ``logits``.
        weight: One factor for each class (C,).
        ignore_index: Samples with this index count for nothing; of probabilities there are none.
        reduction: "mean", "sum" or "none".
        label_smoothing: How much of each target goes to all classes evenly, from 0 to 1.

    Returns:
        A scalar, or with "none" one loss a sample, in the dtype of ``logits``. The mean of nothing
        (no samples, or all ignored) is nan, its derivative 0. An index outside [0, C) that is
        not ``ignore_index`` makes its sample nan, and so the mean and the sum: a traced program
        cannot raise.

    Raises:
        TypeError: ``logits`` are not floating point, or ``targets`` neither that nor integer.
        ValueError: The shapes do not belong together, or an option is out of range.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> logits = jnp.array([[0.0, 0.0], [0.0, 100.0]])
        >>> jaxnn.cross_entropy(logits, jnp.array([0, 0]), reduction="none")
        Array([  0.6931472, 100.       ], dtype=float32)

    Source: torch.nn.functional.cross_entropy.
    """
    function = "cross_entropy"
    check_range(function, "label_smoothing", label_smoothing, 0.0, 1.0)
    logits = as_floating(function, "logits", logits)
    log_probs = log_softmax(widen(_classes_last(function, logits)))
    if weight is not None:
        weight = class_weight(function, weight, log_probs.shape[-1])
    targets = as_array(function, "targets", targets)
    if jnp.issubdtype(targets.dtype, jnp.floating):
        _check_not_ignored(ignore_index)
        probabilities = _classes_last(function, _probabilities(targets, logits))
        losses = _soft_losses(log_probs, widen(probabilities), weight, label_smoothing)
        total = losses.size
    else:
        labels = labels_of(function, "targets", targets, logits)
        losses, total = _hard_losses(log_probs, labels, weight, ignore_index, label_smoothing)
    return reduce(losses, reduction, total)


@loss
def nll_loss(
    log_probs: ArrayLike,
    targets: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    ignore_index: int = _IGNORED,
    reduction: str = "mean",
) -> Array:
    """Surprise at the right classes: -log_probs[target].

    `cross_entropy` is this after `log_softmax`. A mean divides by the sum of the weights of the
    right classes.

    Args:
        log_probs: Logarithms of probabilities, floating point (C,), (N, C) or (N, C, d1, …): the
            classes are on axis 1.
        targets: Indices shaped as ``log_probs`` without the classes.
        weight: One factor for each class (C,).
        ignore_index: Samples with this index count for nothing.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" one loss a sample, in the dtype of ``log_probs``. The mean of
        nothing is nan. An index outside [0, C) that is not ``ignore_index`` makes its sample nan.

    Raises:
        TypeError: ``log_probs`` are not floating point, or ``targets`` not integer.
        ValueError: The shapes do not belong together, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.nll_loss(jnp.log(jnp.array([[0.5, 0.5], [0.25, 0.75]])), jnp.array([0, 0]))
        Array(1.0397208, dtype=float32)

    Source: torch.nn.functional.nll_loss.
    """
    function = "nll_loss"
    log_probs = as_floating(function, "log_probs", log_probs)
    last = widen(_classes_last(function, log_probs, "log_probs"))
    if weight is not None:
        weight = class_weight(function, weight, last.shape[-1])
    labels = labels_of(function, "targets", targets, log_probs, "log_probs")
    losses, total = _hard_losses(last, labels, weight, ignore_index, 0.0)
    return reduce(losses, reduction, total)


def _hard_losses(
    log_probs: Array,
    labels: Array,
    weight: Array | None,
    ignore_index: int,
    label_smoothing: float | Array,
) -> tuple[Array, Array]:
    """The samples' losses, and the sum of the weights of the samples that count."""
    kept = labels != ignore_index
    known = (labels >= 0) & (labels < log_probs.shape[-1])
    index = jnp.where(known, labels, 0).astype(jnp.int32)
    one = jnp.ones((), log_probs.dtype)
    share = jnp.where(known, one if weight is None else weight[index], jnp.nan)
    share = jnp.where(kept, share, 0)
    surprise = -jnp.take_along_axis(log_probs, index[..., None], -1)[..., 0]
    # What is ignored is left out before it is multiplied: 0 · inf would be nan.
    losses = share * jnp.where(kept, surprise, 0)
    if isinstance(label_smoothing, Array) or label_smoothing:
        everywhere = jnp.where(kept, -_weighted(log_probs, weight).mean(-1), 0)
        losses = (1 - label_smoothing) * losses + label_smoothing * everywhere
    return losses, share.sum()


def _soft_losses(
    log_probs: Array, probabilities: Array, weight: Array | None, label_smoothing: float | Array
) -> Array:
    even = label_smoothing / log_probs.shape[-1]
    smooth = (1 - label_smoothing) * probabilities + even
    return -(smooth * _weighted(log_probs, weight)).sum(-1)


def _weighted(log_probs: Array, weight: Array | None) -> Array:
    if weight is None:
        return log_probs
    return log_probs * lax.broadcast_to_rank(weight, log_probs.ndim)


def class_weight(function: str, weight: ArrayLike, classes: int) -> Array:
    """One number for each class, in the working precision."""
    weight = as_floating(function, "weight", weight)
    if weight.shape != (classes,):
        must = f"weight must have one number for each of the {classes} classes"
        instead = f"give it the shape {(classes,)}"
        raise ValueError(complaint(function, must, describe(weight), instead))
    return widen(weight)


def _check_not_ignored(ignore_index: int) -> None:
    if ignore_index >= 0:  # as torch: a negative one is no class, so that it means nothing
        must = "ignore_index must be left out where targets are probabilities"
        instead = "give the samples to ignore probabilities of 0 and use reduction='sum'"
        came = f"ignore_index={ignore_index}"
        raise ValueError(complaint("cross_entropy", must, came, instead))


def _probabilities(targets: Array, logits: Array) -> Array:
    if targets.shape != logits.shape:
        must = "probabilities must have the shape of logits"
        came = f"logits {describe(logits)} and targets {describe(targets)}"
        instead = "indices of classes must be integer, as in targets.astype(jnp.int32)"
        raise ValueError(complaint("cross_entropy", must, came, instead))
    return targets


def accuracy(logits: ArrayLike, labels: ArrayLike, *, ignore_index: int = _IGNORED) -> Array:
    """The share of samples whose largest logit is that of their label.

    Args:
        logits: Floating point (C,), (N, C) or (N, C, d1, …): the classes are on axis 1.
        labels: Indices of the right classes, shaped as ``logits`` without the classes.
        ignore_index: Samples with this index count for nothing.

    Returns:
        A float32 scalar in [0, 1], nan where no sample counts. Of equal logits the first is the
        largest, and nan is larger than any number.

    Raises:
        TypeError: ``logits`` are not floating point, or ``labels`` not integer.
        ValueError: The shapes do not belong together.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.accuracy(jnp.array([[0.1, 0.9], [0.8, 0.2]]), jnp.array([1, 1]))
        Array(0.5, dtype=float32)
    """
    logits = as_floating("accuracy", "logits", logits)
    labels = labels_of("accuracy", "labels", labels, logits)
    predicted = _classes_last("accuracy", logits).argmax(-1).astype(labels.dtype)
    kept = labels != ignore_index
    right = kept & (predicted == labels)
    return right.sum(dtype=jnp.float32) / kept.sum(dtype=jnp.float32)


def _class_axis(logits: Array) -> int:
    return min(1, logits.ndim - 1)


def _classes_last(function: str, logits: Array, name: str = "logits") -> Array:
    if logits.ndim == 0 or logits.shape[_class_axis(logits)] == 0:
        instead = "give them shape (C,), (N, C) or (N, C, d1, …)"
        must = f"{name} must have classes"
        raise ValueError(complaint(function, must, describe(logits), instead))
    return jnp.moveaxis(logits, _class_axis(logits), -1)


def labels_of(
    function: str, name: str, labels: ArrayLike, logits: Array, of: str = "logits"
) -> Array:
    """Indices of classes, shaped as ``logits`` without them."""
    labels = as_array(function, name, labels)
    came = f"{of} {describe(logits)} and {name} {describe(labels)}"
    if not jnp.issubdtype(labels.dtype, jnp.integer):
        instead = f"use {name}.astype(jnp.int32)"
        raise TypeError(complaint(function, f"{name} must be integer", came, instead))
    axis = _class_axis(logits)
    if labels.shape != logits.shape[:axis] + logits.shape[axis + 1 :]:
        must = f"{name} must have the shape of {of} without the classes on axis {axis}"
        instead = f"turn one-hot rows into indices with {name}.argmax({axis})"
        raise ValueError(complaint(function, must, came, instead))
    # Narrow integers cannot hold every ignore_index.
    return labels if labels.dtype.itemsize >= 4 else labels.astype(jnp.int32)


accuracy.__module__ = "jaxnn.losses"
