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
        parts: the index tensors and masks, each after the first of its dimensions in the view.
    """

    layout: Layout
    parts: tuple[tuple[int, Tensor], ...]

    @property
    def mask(self) -> tuple[int, Tensor] | None:
        """The mask and its first dimension, where the index is that mask alone."""
        alone = len(self.parts) == 1 and self.parts[0][1].dtype in _MASKS
        return self.parts[0] if alone else None

    def tensors(self) -> tuple[Tensor | None, ...]:
        """For each dimension of the view an index tensor, or None for all of it."""
        found: dict[int, Tensor] = {}
        for dim, part in self.parts:
            each = _where(part) if part.dtype in _MASKS else [part]
            found |= dict(enumerate(each, start=dim))
        return tuple(map(found.get, range(self.layout.ndim)))


_MASKS = (dtypes.bool, dtypes.uint8)


def parse(layout: Layout, index: Any) -> Indexed:
    """Take an index apart.

    Raises:
        IndexError: it has too many parts, one that is no index, or an int out of bounds.
    """
    if not layout.ndim:
        _refuse_without_dimensions(index)
    parts = list(index) if isinstance(index, tuple) else [index]
    parts = [_as_part(part) for part in parts]
    named = sum(map(_dims_of, parts))
    if named > layout.ndim:
        raise IndexError(f"too many indices for tensor of dimension {layout.ndim}")
    found: list[tuple[int, Tensor]] = []
    dim, spread = 0, False
    for position, part in enumerate(parts):
        if part is Ellipsis:
            dim += 0 if spread else layout.ndim - dim - _remaining(parts, part)
            spread = True
        elif part is None:
            layout = views.unsqueeze(layout, dim)
            dim += 1
        elif isinstance(part, slice):
            layout = _sliced(layout, dim, part)
            dim += 1
        elif isinstance(part, int) and not isinstance(part, bool):
            layout = _selected(layout, dim, part, position)
        else:
            layout, selecting = _advanced(layout, dim, part)
            found.append((dim, selecting))
            dim += max(_dims_of(selecting), 1)
    return Indexed(layout, tuple(found))


def _refuse_without_dimensions(index: Any) -> None:
    """Raise torch's error for an int or a slice of a tensor of no dimensions."""
    if isinstance(index, int | np.integer) and not isinstance(index, bool):
        raise IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
            "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
        )
    if isinstance(index, slice):
        _bounds(index)
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")


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
    start, stop, step = _bounds(part)
    if (start, stop, step) in ((None, None, None), (0, None, None)):
        return layout
    return pieces.slice_dim(layout, dim, start, stop, 1 if step is None else step)


def _bounds(part: slice) -> tuple[int | None, int | None, int | None]:
    start, stop, step = (_bound(bound) for bound in (part.start, part.stop, part.step))
    if step is not None and step < 1:
        raise ValueError("step must be greater than zero" if step else "slice step cannot be zero")
    return start, stop, step


def _bound(bound: Any) -> int | None:
    try:
        return None if bound is None else operator.index(bound)
    except TypeError:
        raise TypeError(
            "slice indices must be integers or None or have an __index__ method"
        ) from None


def _selected(layout: Layout, dim: int, index: int, position: int) -> Layout:
    """One index of a dimension, which torch's error calls by its position in the brackets."""
    size = layout.shape[dim]
    if not -size <= index < size:
        raise IndexError(
            f"index {index} is out of bounds for dimension {position} with size {size}"
        )
    return pieces.select(layout, dim, index)


def _advanced(layout: Layout, dim: int, part: Any) -> tuple[Layout, Tensor]:
    """The view, and the index tensor or mask, that a part with elements of its own stands for."""
    if isinstance(part, bool):
        part = tensor(part)
    if part.dtype not in _MASKS:
        if part.dtype.numpy.kind not in "iu":
            raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
        return layout, part
    if part.dtype is dtypes.uint8:
        warnings.warn(
            "indexing with dtype torch.uint8 is now deprecated, "
            "please use a dtype torch.bool instead.",
            stacklevel=4,
        )
    if part.ndim == 0:
        # A single truth selects all or nothing of a dimension of its own.
        return views.unsqueeze(layout, dim), _where(part)[0]
    for d, size in enumerate(part.shape):
        if size != layout.shape[dim + d]:
            raise IndexError(
                f"The shape of the mask {list(part.shape)} at index {d} does not match the shape "
                f"of the indexed tensor {list(layout.shape)} at index {dim + d}"
            )
    return layout, part


def _where(mask: Tensor) -> list[Tensor]:
    """The index tensors that select what a mask does."""
    if is_traced(mask):
        raise NotImplementedError(
            "A mask inside of a traced function selects an unknown number of elements. "
            "Use torch.where(mask, x, y), whose shape is known"
        )
    return [of_array(each) for each in np.atleast_1d(values(mask)).nonzero()]


def check_places(view: Layout, tensors: Sequence[Tensor | None], shape: Sequence[int]) -> None:
    """Raise torch's error for the first element that index tensors of this joint shape misplace.

    The error counts the index tensors, not the dimensions of the view.
    """
    indexed = [(t, n) for t, n in zip(tensors, view.shape, strict=True) if t is not None]
    if 0 in shape:
        return
    if any(size == 0 for _, size in indexed):
        raise IndexError("index is out of bounds for dimension with size 0")
    if not view.numel:
        return
    first: list[tuple[int, int, int, int]] = []
    for order, (index, size) in enumerate(indexed):
        if is_traced(index):
            continue
        found = np.broadcast_to(values(index), shape).reshape(-1)
        wrong = np.flatnonzero((found < -size) | (found >= size))
        first += [(int(at), order, int(found[at]), size) for at in wrong[:1]]
    if first:
        _, order, index, size = min(first)
        raise IndexError(f"index {index} is out of bounds for dimension {order} with size {size}")


def check_bounds(index: Tensor, dim: int, size: int) -> None:
    """Raise torch's error for an index that is not in a dimension, where it can be read."""
    if is_traced(index):
        return
    found = values(index)
    wrong = found[(found < -size) | (found >= size)]
    if wrong.size:
        raise RuntimeError(
            f"index {wrong.flat[0]} is out of bounds for dimension {dim} with size {size}"
        )
