"""Norms, and how near vectors are to each other."""

import math

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import as_floating, check_axis, complaint, describe
from jaxnn._kinks import absolute, at_least
from jaxnn._precision import widen


def _norm(x: Array, p: float, axis: int, *, keepdims: bool = False) -> Array:
    """The p-norm along an axis; the derivative of one that is 0 is 0."""
    size = absolute(x)
    if p == 0:
        return (x != 0).sum(axis, keepdims=keepdims, dtype=x.dtype)
    if p == 1:
        return size.sum(axis, keepdims=keepdims)
    if math.isinf(p):
        return (size.max if p > 0 else size.min)(axis, keepdims=keepdims)
    zero = size == 0
    if p == 2:
        total = (x * x).sum(axis, keepdims=keepdims)
    else:
        absent = 0 if p > 0 else jnp.inf
        powers = jnp.where(zero, absent, jnp.where(zero, 1, size) ** p)
        total = powers.sum(axis, keepdims=keepdims)
    edge = (total == 0) | (jnp.isinf(total) & (p < 0))
    inner = jnp.where(edge, 1, total)
    root = jnp.sqrt(inner) if p == 2 else inner ** (1 / p)
    return jnp.where(edge, 0, root)


def _pair(
    function: str, first: str, x: ArrayLike, second: str, y: ArrayLike
) -> tuple[Array, Array]:
    x, y = as_floating(function, first, x), as_floating(function, second, y)
    if x.shape != y.shape:
        must, came = f"{first} and {second} must have one shape", f"{describe(x)} and {describe(y)}"
        raise ValueError(
            complaint(function, must, came, "broadcast them with jnp.broadcast_arrays")
        )
    return x, y


def normalize(x: ArrayLike, *, p: float = 2.0, axis: int = 1, eps: float = 1e-12) -> Array:
    """Vectors of norm 1: x / max(|x|, eps), in the p-norm along an axis.

    Args:
        x: Floating point.
        p: Of the norm.
        axis: Along which a vector lies.
        eps: What is divided by at least, so that 0 stays 0.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``x`` lacks the axis.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.normalize(jnp.array([[3.0, 4.0], [0.0, 0.0]]))
        Array([[0.6, 0.8],
               [0. , 0. ]], dtype=float32)

    Source: torch.nn.functional.normalize (its ``dim`` is ``axis``).
    """
    x = as_floating("normalize", "x", x)
    check_axis("normalize", x, axis)
    wide = widen(x)
    length = _norm(wide, p, axis, keepdims=True)
    return (wide / jnp.where(length < eps, eps, length)).astype(x.dtype)


def cosine_similarity(x: ArrayLike, y: ArrayLike, *, axis: int = 1, eps: float = 1e-8) -> Array:
    """Cosine of the angle between vectors: x · y / (max(|x|, eps) · max(|y|, eps)).

    Args:
        x: Floating point.
        y: The shape of ``x``.
        axis: Along which a vector lies.
        eps: What each length is at least.

    Returns:
        In [-1, 1], the shape of ``x`` without the axis, in its dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or lack the axis.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.cosine_similarity(jnp.array([[1.0, 0.0]]), jnp.array([[3.0, 4.0]]))
        Array([0.6], dtype=float32)

    Source: torch.nn.functional.cosine_similarity (its ``dim`` is ``axis``).
    """
    x, y = _pair("cosine_similarity", "x", x, "y", y)
    check_axis("cosine_similarity", x, axis)
    units = [v / at_least(_norm(v, 2.0, axis, keepdims=True), eps) for v in map(widen, (x, y))]
    return (units[0] * units[1]).sum(axis).astype(x.dtype)


def pairwise_distance(
    x: ArrayLike, y: ArrayLike, *, p: float = 2.0, eps: ArrayLike = 1e-6, keepdims: bool = False
) -> Array:
    """Distance of each vector of x from that of y: |x - y + eps|, in the p-norm.

    Args:
        x: Floating point (…, D).
        y: The shape of ``x``.
        p: Of the norm.
        eps: What is added to each difference, so that no distance is 0.
        keepdims: Whether the last axis stays, with length 1.

    Returns:
        The shape of ``x`` without its last axis, in its dtype.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes differ, or have no axis.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.pairwise_distance(jnp.array([[3.0, 4.0]]), jnp.zeros((1, 2)), eps=0.0)
        Array([5.], dtype=float32)

    Source: torch.nn.functional.pairwise_distance.
    """
    x, y = _pair("pairwise_distance", "x", x, "y", y)
    check_axis("pairwise_distance", x, -1)
    distance = _norm(widen(x) - widen(y) + eps, p, -1, keepdims=keepdims)
    return distance.astype(x.dtype)


def pdist(x: ArrayLike, *, p: float = 2.0) -> Array:
    """Distance of every pair of rows, in the p-norm: of 0 and 1, 0 and 2, …, 1 and 2, ….

    The derivative of a distance that is 0 is 0.

    Args:
        x: Floating point (N, D).
        p: Of the norm, at least 0.

    Returns:
        (N · (N - 1) / 2,), in the dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``x`` has not two axes.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.pdist(jnp.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
        Array([5.       , 1.       , 4.2426405], dtype=float32)

    Source: torch.nn.functional.pdist.
    """
    x = as_floating("pdist", "x", x)
    if x.ndim != 2:
        must, instead = "x must have two axes", "give it the shape (N, D)"
        raise ValueError(complaint("pdist", must, describe(x), instead))
    rows, columns = jnp.triu_indices(x.shape[0], 1)
    wide = widen(x)
    if not x.shape[1]:
        return jnp.zeros(rows.shape, x.dtype)
    return _norm(wide[rows] - wide[columns], p, -1).astype(x.dtype)
