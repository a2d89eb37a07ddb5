"""Losses of pairs and triplets of vectors: what belongs together is to be near."""

from collections.abc import Callable

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import as_floating, complaint, describe
from jaxnn._kinks import above_zero
from jaxnn._precision import sqrt, widen
from jaxnn.distances import pairwise_distance
from jaxnn.losses._define import alike, check_positive, loss, reduce

_LEAST_SQUARE = 1e-12  # what torch adds to each sum of squares here


@loss
def cosine_embedding_loss(
    first: ArrayLike,
    second: ArrayLike,
    targets: ArrayLike,
    *,
    margin: ArrayLike = 0.0,
    reduction: str = "mean",
) -> Array:
    """1 - cos of vectors that belong together (1), max(0, cos - margin) of those that do not (-1).

    For any other target it is 0. The derivative at the margin is 1.

    Args:
        first: Floating point (N, D) or (D,).
        second: The shape of ``first``.
        targets: 1 or -1, floating point, (N,) or ().
        margin: How large the cosine may be of vectors that do not belong together.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" one loss a pair, in the dtype of ``first``.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together, or there is no such reduction.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> first, second = jnp.array([[1.0, 0.0], [1.0, 0.0]]), jnp.array([[0.0, 2.0], [3.0, 3.0]])
        >>> jaxnn.cosine_embedding_loss(first, second, jnp.array([1.0, -1.0]), reduction="none")
        Array([1.       , 0.7071068], dtype=float32)

    Source: torch.nn.functional.cosine_embedding_loss.
    """
    function = "cosine_embedding_loss"
    a, b = alike(function, first=first, second=second)
    y = widen(as_floating(function, "targets", targets))
    if not a.ndim or y.shape != a.shape[:-1]:
        must = "targets must have the shape of first without its last axis"
        came = f"first {describe(a)} and targets {describe(y)}"
        raise ValueError(complaint(function, must, came, "give each pair one target"))
    squares = ((a * a).sum(-1) + _LEAST_SQUARE) * ((b * b).sum(-1) + _LEAST_SQUARE)
    cosine = (a * b).sum(-1) / sqrt(squares)
    apart = jnp.where(y == -1, above_zero(cosine - margin), 0)
    return reduce(jnp.where(y == 1, 1 - cosine, apart), reduction)


@loss
def triplet_margin_loss(
    anchor: ArrayLike,
    positive: ArrayLike,
    negative: ArrayLike,
    *,
    margin: ArrayLike = 1.0,
    p: float = 2.0,
    eps: ArrayLike = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Array:
    """max(0, margin + |anchor - positive| - |anchor - negative|), in the p-norm.

    The derivative at the margin is that of the loss beyond it.

    Args:
        anchor: Floating point (…, D).
        positive: What is to be near, the shape of ``anchor``.
        negative: What is to be farther by the margin, the shape of ``anchor``.
        margin: By how much, above 0.
        p: Of the norm.
        eps: What `pairwise_distance` adds to each difference.
        swap: Whether the negative's distance is that from the positive where this is less.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" one loss a triplet, in the dtype of ``anchor``.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or an option is out of range.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> anchor, near, far = jnp.zeros((1, 2)), jnp.array([[3.0, 4.0]]), jnp.array([[0.0, 2.0]])
        >>> jaxnn.triplet_margin_loss(anchor, near, far, eps=0.0)
        Array(4., dtype=float32)

    Source: torch.nn.functional.triplet_margin_loss.
    """
    function = "triplet_margin_loss"
    check_positive(function, "margin", margin)
    a, near, far = alike(function, anchor=anchor, positive=positive, negative=negative)

    def distance(x: Array, y: Array) -> Array:
        return pairwise_distance(x, y, p=p, eps=eps)

    return _triplet(a, near, far, distance, margin, swap, reduction)


@loss
def triplet_margin_with_distance_loss(
    anchor: ArrayLike,
    positive: ArrayLike,
    negative: ArrayLike,
    *,
    distance_function: Callable[[Array, Array], Array] = pairwise_distance,
    margin: ArrayLike = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Array:
    """max(0, margin + d(anchor, positive) - d(anchor, negative)) with any distance d.

    Args:
        anchor: Floating point, any shape.
        positive: What is to be near, the shape of ``anchor``.
        negative: What is to be farther by the margin, the shape of ``anchor``.
        distance_function: Of two arrays; returns one number each triplet.
        margin: By how much, above 0.
        swap: Whether the negative's distance is that from the positive where this is less.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or with "none" one loss a triplet, in the dtype of ``anchor``.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or an option is out of range.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> anchor, near, far = jnp.zeros((1, 2)), jnp.array([[3.0, 4.0]]), jnp.array([[0.0, 2.0]])
        >>> l1 = lambda x, y: jnp.abs(x - y).sum(-1)
        >>> jaxnn.triplet_margin_with_distance_loss(anchor, near, far, distance_function=l1)
        Array(6., dtype=float32)

    Source: torch.nn.functional.triplet_margin_with_distance_loss.
    """
    function = "triplet_margin_with_distance_loss"
    check_positive(function, "margin", margin)
    a, near, far = alike(function, anchor=anchor, positive=positive, negative=negative)
    return _triplet(a, near, far, distance_function, margin, swap, reduction)


def _triplet(
    anchor: Array,
    positive: Array,
    negative: Array,
    distance: Callable[[Array, Array], Array],
    margin: ArrayLike,
    swap: bool,
    reduction: str,
) -> Array:
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = jnp.minimum(far, distance(positive, negative))
    return reduce(above_zero(near - far + margin), reduction)
