"""Losses that are 0 once a score is better than another by a margin."""

import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike

from jaxnn._checks import as_array, as_floating, complaint, describe
from jaxnn._kinks import above_zero, over_zero
from jaxnn._precision import widen
from jaxnn.losses._classification import class_weight, labels_of
from jaxnn.losses._define import alike, loss, reduce


@loss
def hinge_embedding_loss(
    distances: ArrayLike, targets: ArrayLike, *, margin: ArrayLike = 1.0, reduction: str = "mean"
) -> Array:
    """Distance x of pairs that belong together (1), max(0, margin - x) of those that do not (-1).

    For any other target it is the sum of both. The derivative at the margin is -1.

    Args:
        distances: Floating point, any shape.
        targets: 1 or -1, floating point, the shape of ``distances``.
        margin: How far apart pairs have to be that do not belong together.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``distances``, in their dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> distances, targets = jnp.array([0.25, 0.25, 2.0]), jnp.array([1.0, -1.0, -1.0])
        >>> jaxnn.hinge_embedding_loss(distances, targets, reduction="none")
        Array([0.25, 0.75, 0.  ], dtype=float32)

    Source: torch.nn.functional.hinge_embedding_loss.
    """
    x, y = alike("hinge_embedding_loss", distances=distances, targets=targets)
    apart = jnp.where(y == 1, 0, above_zero(-x + margin))
    return reduce(apart + jnp.where(y == -1, 0, x), reduction)


@loss
def margin_ranking_loss(
    first: ArrayLike,
    second: ArrayLike,
    targets: ArrayLike,
    *,
    margin: ArrayLike = 0.0,
    reduction: str = "mean",
) -> Array:
    """max(0, margin - t · (first - second)): the first is to be the larger where t is 1.

    The derivative at the margin is that of the loss beyond it.

    Args:
        first: Scores, floating point, any shape.
        second: Scores, the shape of ``first``.
        targets: 1 or -1, floating point, the shape of ``first``.
        margin: By how much.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" the shape of ``first``, in its dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> first, second, targets = jnp.full(2, 3.0), jnp.ones(2), jnp.array([1.0, -1.0])
        >>> jaxnn.margin_ranking_loss(first, second, targets, margin=0.5, reduction="none")
        Array([0. , 2.5], dtype=float32)

    Source: torch.nn.functional.margin_ranking_loss.
    """
    a, b, y = alike("margin_ranking_loss", first=first, second=second, targets=targets)
    return reduce(above_zero(-y * (a - b) + margin), reduction)


@loss
def multi_margin_loss(
    scores: ArrayLike,
    targets: ArrayLike,
    *,
    p: int = 1,
    margin: ArrayLike = 1.0,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Σ max(0, margin - x[t] + x[i])^p / C over the wrong classes i, t being the right one.

    The derivative where a wrong class is just so far behind is 0. An index outside [0, C) makes its
    sample nan.

    Args:
        scores: Floating point (C,) or (N, C).
        targets: Indices of the right classes, shaped as ``scores`` without the classes.
        p: 1 or 2.
        margin: By how much the right class is to lead.
        weight: One factor for each right class (C,).
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" one loss a sample, in the dtype of ``scores``.

    Raises:
        TypeError: ``scores`` are not floating point, or ``targets`` not integer.
        ValueError: The shapes do not belong together, or an option is out of range.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.multi_margin_loss(jnp.array([[0.0, 0.5, 2.0]]), jnp.array([1]))
        Array(1., dtype=float32)

    Source: torch.nn.functional.multi_margin_loss.
    """
    function = "multi_margin_loss"
    if p not in (1, 2):
        raise ValueError(complaint(function, "p must be 1 or 2", str(p), "use p=1"))
    scores = as_floating(function, "scores", scores)
    _check_samples(function, scores)
    x = widen(scores)
    classes = x.shape[-1]
    labels = labels_of(function, "targets", targets, scores, "scores")
    known = (labels >= 0) & (labels < classes)
    index = jnp.where(known, labels, 0).astype(jnp.int32)[..., None]
    behind = over_zero(x - jnp.take_along_axis(x, index, -1) + margin) ** p
    behind = jnp.where(lax.broadcasted_iota(jnp.int32, x.shape, x.ndim - 1) == index, 0, behind)
    if weight is not None:
        behind *= class_weight(function, weight, classes)[index]
    return reduce(jnp.where(known, behind.sum(-1) / classes, jnp.nan), reduction)


def _check_samples(function: str, scores: Array) -> None:
    if scores.ndim not in (1, 2):
        must, instead = "scores must be (C,) or (N, C)", "move other axes to the first"
        raise ValueError(complaint(function, must, describe(scores), instead))


@loss
def multilabel_margin_loss(
    scores: ArrayLike, targets: ArrayLike, *, reduction: str = "mean"
) -> Array:
    """Σ max(0, 1 - x[t] + x[i]) / C over the right classes t and the wrong classes i.

    The derivative where a wrong class is just so far behind is 0.

    Args:
        scores: Floating point (C,) or (N, C).
        targets: Indices of the right classes, the shape of ``scores``: what follows a first -1
            counts for nothing.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" one loss a sample, in the dtype of ``scores``.

    Raises:
        TypeError: ``scores`` are not floating point, or ``targets`` not integer.
        ValueError: The shapes differ, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> scores, targets = jnp.array([[0.1, 0.2, 0.4, 0.8]]), jnp.array([[3, 0, -1, 1]])
        >>> jaxnn.multilabel_margin_loss(scores, targets)
        Array(0.85, dtype=float32)

    Source: torch.nn.functional.multilabel_margin_loss.
    """
    function = "multilabel_margin_loss"
    scores = as_floating(function, "scores", scores)
    _check_samples(function, scores)
    labels = _label_lists(function, targets, scores)
    x, classes = widen(scores), scores.shape[-1]
    listed = jnp.cumsum(labels < 0, -1) == 0
    index = jnp.where(listed, labels, 0).astype(jnp.int32)
    each = lax.broadcasted_iota(jnp.int32, (*x.shape, classes), x.ndim)
    right = ((each == index[..., None]) & listed[..., None]).any(-2)
    behind = over_zero(1 - jnp.take_along_axis(x, index, -1)[..., None] + x[..., None, :])
    counted = listed[..., None] & ~right[..., None, :]
    return reduce(jnp.where(counted, behind, 0).sum((-2, -1)) / classes, reduction)


def _label_lists(function: str, targets: ArrayLike, scores: Array) -> Array:
    labels = as_array(function, "targets", targets)
    came = f"scores {describe(scores)} and targets {describe(labels)}"
    if not jnp.issubdtype(labels.dtype, jnp.signedinteger):
        must, instead = "targets must be signed integers", "use targets.astype(jnp.int32)"
        raise TypeError(complaint(function, must, came, instead))
    if labels.shape != scores.shape:
        must, instead = "targets must have the shape of scores", "fill the lists up with -1"
        raise ValueError(complaint(function, must, came, instead))
    return labels
