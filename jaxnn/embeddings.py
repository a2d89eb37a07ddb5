"""Integers as vectors: rows of a table, or one-hot."""

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike, DTypeLike

from jaxnn._checks import as_array, as_floating, complaint, describe


def embedding(
    indices: ArrayLike,
    table: ArrayLike,
    *,
    padding_idx: int | None = None,
    scale_grad_by_freq: bool = False,
) -> Array:
    """Rows of a table: table[indices].

    Args:
        indices: Integers in [0, rows), any shape. Others give nan: a traced program cannot raise.
        table: Floating point (rows, features).
        padding_idx: A row to which no derivative flows; negative ones count from the end.
        scale_grad_by_freq: Whether each row's derivative is divided by how often it was asked for.

    Returns:
        (*indices.shape, features), in the dtype of ``table``.

    Raises:
        TypeError: ``indices`` are not integer, or ``table`` is not floating point.
        ValueError: ``table`` has not two axes, or no such row.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.embedding(jnp.array([2, 0]), jnp.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
        Array([[4., 5.],
               [0., 1.]], dtype=float32)

    Source: torch.nn.functional.embedding.
    """
    index = _integers("embedding", indices)
    table = as_floating("embedding", "table", table)
    if table.ndim != 2:
        must, instead = "table must have two axes", "give it the shape (rows, features)"
        raise ValueError(complaint("embedding", must, describe(table), instead))
    count = table.shape[0]
    known = (index >= 0) & (index < count)
    rows = jnp.take(table, jnp.where(known, index, 0).astype(jnp.int32), axis=0)
    share = jnp.ones(index.shape, rows.dtype)
    if scale_grad_by_freq:
        share = 1 / _frequencies(index).astype(rows.dtype)
    if padding_idx is not None:
        share = jnp.where(index == _row("embedding", padding_idx, count), 0, share)
    if scale_grad_by_freq or padding_idx is not None:
        rows = _scaled_derivative(rows, lax.broadcast_in_dim(share, rows.shape, range(share.ndim)))
    return jnp.where(known[..., None], rows, jnp.nan)


def _frequencies(index: Array) -> Array:
    """How often each of the indices occurs among them."""
    ordered = jnp.sort(index.reshape(-1))
    until = jnp.searchsorted(ordered, index, side="right")
    return until - jnp.searchsorted(ordered, index, side="left")


def _row(function: str, row: int, count: int) -> int:
    if not -count <= row < count:
        must = f"padding_idx must be one of the {count} rows"
        raise ValueError(complaint(function, must, str(row), "use padding_idx=0"))
    return row % count


@jax.custom_jvp
def _scaled_derivative(x: Array, factor: Array) -> Array:
    """``x``, whose derivative is multiplied by a factor on its way back."""
    return x


@_scaled_derivative.defjvp
def _scaled_derivative_jvp(
    primals: tuple[Array, Array], tangents: tuple[Array, Array]
) -> tuple[Array, Array]:
    return primals[0], tangents[0] * primals[1]


def one_hot(indices: ArrayLike, num_classes: int, *, dtype: DTypeLike = jnp.int32) -> Array:
    """Rows of zeros with a 1 at each index.

    Args:
        indices: Integers in [0, num_classes), any shape. Others give a row of zeros.
        num_classes: The length of a row.
        dtype: Of the result.

    Returns:
        (*indices.shape, num_classes).

    Raises:
        TypeError: ``indices`` are not integer.
        ValueError: ``num_classes`` is negative.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.one_hot(jnp.array([2, 0]), 3)
        Array([[0, 0, 1],
               [1, 0, 0]], dtype=int32)

    Source: torch.nn.functional.one_hot.
    """
    index = _integers("one_hot", indices)
    if num_classes < 0:
        must, instead = "num_classes must be at least 0", "use num_classes=indices.max() + 1"
        raise ValueError(complaint("one_hot", must, str(num_classes), instead))
    classes = lax.broadcasted_iota(index.dtype, (*index.shape, num_classes), index.ndim)
    return (index[..., None] == classes).astype(dtype)


def _integers(function: str, indices: ArrayLike) -> Array:
    index = as_array(function, "indices", indices)
    if not jnp.issubdtype(index.dtype, jnp.integer):
        must, instead = "indices must be integer", "use indices.astype(jnp.int32)"
        raise TypeError(complaint(function, must, describe(index), instead))
    return index
