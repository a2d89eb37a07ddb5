"""What stands between square brackets: sorted into steps of views, and index tensors."""

import operator
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import numpy as np

from jaxnn.torch import dtypes, pieces, views
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations.conversion import tensor
from jaxnn.torch.tensor import Tensor, is_traced, of_array, scalar, values


class Indexed(NamedTuple):
    """An index taken apart.

    Attributes:
        layout: of the view that ints, slices, None and the ellipsis select.
        tensors: for each of its dimensions an index tensor, or None for all of it.
    """

    layout: Layout
    tensors: tuple[Tensor | None, ...]
    masked: bool = False
    """Whether the index is a single mask."""


def parse(layout: Layout, index: Any) -> Indexed:
    """Take an index apart.

    Raises:
        IndexError: it has too many parts, one that is no index, or one out of bounds.
    """
    parts = list(index) if isinstance(index, tuple) else [index]
    parts = [_as_part(part) for part in parts]
    named = sum(map(_dims_of, parts))
    if named > layout.ndim:
        raise IndexError(f"too many indices for tensor of dimension {layout.ndim}")
    tensors: list[Tensor | None] = []
    spread = False
    for part in parts:
        dim = len(tensors)
        if part is Ellipsis:
            rest = 0 if spread else layout.ndim - dim - _remaining(parts, part)
            tensors += [None] * rest
            spread = True
        elif part is None:
            layout = views.unsqueeze(layout, dim)
            tensors.append(None)
        elif isinstance(part, slice):
            layout = _sliced(layout, dim, part)
            tensors.append(None)
        elif isinstance(part, int) and not isinstance(part, bool):
            layout = _selected(layout, dim, part)
        else:
            layout, found = _advanced(layout, dim, part, len(parts))
            tensors += found
    tensors += [None] * (layout.ndim - len(tensors))
    masked = len(parts) == 1 and isinstance(parts[0], Tensor) and parts[0].dtype is dtypes.bool
    return Indexed(layout, tuple(tensors), masked)


def _remaining(parts: Sequence[Any], ellipsis: Any) -> int:
    """How many dimensions the parts after the first ellipsis take."""
    after = next(i for i, part in enumerate(parts) if part is ellipsis)
    return sum(map(_dims_of, parts[after + 1 :]))


def _dims_of(part: Any) -> int:
    if part is None or part is Ellipsis or isinstance(part, bool):
        return 0
    if isinstance(part, Tensor) and part.dtype in (dtypes.bool, dtypes.uint8):
        return part.ndim
    return 1


def _as_part(part: Any) -> Any:
    if part is None or part is Ellipsis or isinstance(part, bool | slice):
        return part
    if isinstance(part, Tensor):
        return _as_number(part)
    if isinstance(part, np.ndarray | jax.Array | np.bool_):
        return _as_number(of_array(np.asarray(part) if isinstance(part, np.bool_) else part))
    if isinstance(part, str):
        raise TypeError("new(): invalid data type 'str'")
    if isinstance(part, Sequence):
        return tensor(part) if len(part) else tensor(part, dtype=dtypes.int64)
    try:
        return operator.index(part)
    except TypeError:
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are "
            f"valid indices (got {type(part).__name__})"
        ) from None


def _as_number(part: Tensor) -> Any:
    """An integer tensor of no dimensions is an int, where it can be read."""
    if part.ndim == 0 and part.dtype.numpy.kind in "iu" and part.dtype is not dtypes.uint8:
        return part if is_traced(part) else scalar(part)
    return part


def _sliced(layout: Layout, dim: int, part: slice) -> Layout:
    start, stop, step = (_bound(bound) for bound in (part.start, part.stop, part.step))
    if (start, stop, step) in ((None, None, None), (0, None, None)):
        return layout
    return pieces.slice_dim(layout, dim, start, stop, 1 if step is None else step)


def _bound(bound: Any) -> int | None:
    try:
        return None if bound is None else operator.index(bound)
    except TypeError:
        raise TypeError(
            "slice indices must be integers or None or have an __index__ method"
        ) from None


def _selected(layout: Layout, dim: int, index: int) -> Layout:
    size = layout.shape[dim]
    if not -size <= index < size:
        raise IndexError(f"index {index} is out of bounds for dimension {dim} with size {size}")
    return pieces.select(layout, dim, index)


def _advanced(
    layout: Layout, dim: int, part: Any, parts: int
) -> tuple[Layout, list[Tensor | None]]:
    if isinstance(part, bool):
        part = tensor(part)
    if part.dtype in (dtypes.bool, dtypes.uint8):
        if part.dtype is dtypes.uint8:
            warnings.warn(
                "indexing with dtype torch.uint8 is now deprecated, "
                "please use a dtype torch.bool instead.",
                stacklevel=5,
            )
        if part.ndim == 0:
            layout = views.unsqueeze(layout, dim)
        return layout, list(_where(part, layout, dim))
    if part.dtype.numpy.kind not in "iu":
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    check_bounds(part, dim, layout.shape[dim])
    return layout, [part]


def _where(mask: Tensor, layout: Layout, dim: int) -> list[Tensor]:
    """The index tensors that select what a mask does."""
    shape = mask._layout.shape or (1,)
    for d, size in enumerate(shape):
        if size != layout.shape[dim + d]:
            raise IndexError(
                f"The shape of the mask {list(shape)} at index {d} does not match the shape of "
                f"the indexed tensor {list(layout.shape)} at index {dim + d}"
            )
    if is_traced(mask):
        raise NotImplementedError(
            "A mask inside of a traced function selects an unknown number of elements. "
            "Use torch.where(mask, x, y), whose shape is known"
        )
    return [of_array(each) for each in np.nonzero(values(mask).reshape(shape))]


def check_bounds(index: Tensor, dim: int, size: int, kind: type = IndexError) -> None:
    """Raise torch's error for an index that is not in a dimension, where it can be read."""
    if is_traced(index):
        return
    found = values(index)
    wrong = found[(found < -size) | (found >= size)]
    if wrong.size:
        raise kind(f"index {wrong.flat[0]} is out of bounds for dimension {dim} with size {size}")
