"""What stands between square brackets: sorted into steps of views, and index tensors.

torch has its own order of checks here, and its own ways to count dimensions, which decide which
error is raised where an index is wrong in several ways.
"""

import operator
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import numpy as np

from jaxnn.torch import dtypes, pieces, views
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.creation.conversion import tensor
from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor, is_traced, of_array, scalar, values

MASKS = (dtypes.bool, dtypes.uint8)
_LONGEST = 32
"""Lists of so many parts are one index, as in NumPy once."""


class Indexed(NamedTuple):
    """An index taken apart.

    Attributes:
        layout: of the view that ints, slices, None and the ellipsis select.
        parts: the index tensors and masks, each after the first of its dimensions in the view.
    """

    layout: Layout
    parts: tuple[tuple[int, Tensor], ...]

    def listed(self) -> list[Tensor | None]:
        """The index tensors and masks in order, with None for each dimension between them."""
        found: list[Tensor | None] = []
        dim = 0
        for first, part in self.parts:
            found += [None] * (first - dim) + [part]
            dim = first + _reach(part)
        return found


def parse(layout: Layout, index: Any) -> Indexed:
    """Take an index apart.

    Raises:
        IndexError: it has too many parts, one that is no index, or an int out of bounds.
    """
    if _is_row(layout, index):  # as most are
        return Indexed(pieces.select(layout, 0, index), ())
    if not layout.ndim and (_is_int(index) or isinstance(index, slice)):
        raise _without_dimensions(index)
    given = list(index) if _is_tuple(index) else [index]
    named = sum(map(_named, given))
    if named > layout.ndim:
        raise IndexError(f"too many indices for tensor of dimension {layout.ndim}")
    found: list[tuple[int, Tensor]] = []
    dim, rest = 0, layout.ndim - named
    for position, each in enumerate(given):
        part = _as_part(each)
        if part is Ellipsis:
            dim += rest
        elif part is None:
            layout = views.unsqueeze(layout, dim)
            dim += 1
        elif isinstance(part, slice):
            layout = _sliced(layout, dim, part)
            dim += 1
        elif isinstance(part, int) and not isinstance(part, bool):
            layout = _selected(layout, dim, part, position)
        else:
            layout, selecting = _selecting(layout, dim, part)
            found.append((dim, selecting))
            dim += _reach(selecting)
    return Indexed(layout, tuple(found))


def _is_row(layout: Layout, index: Any) -> bool:
    """Whether an index is an int within the bounds of the first dimension."""
    if type(index) is not int or not layout.shape:
        return False
    return -layout.shape[0] <= index < layout.shape[0]


def _is_int(index: Any) -> bool:
    return isinstance(index, int | np.integer) and not isinstance(index, bool)


def _without_dimensions(index: Any) -> IndexError:
    """Torch's error for an int or a slice of a tensor of no dimensions."""
    if isinstance(index, slice):
        _bounds(index)
        return IndexError("slice() cannot be applied to a 0-dim tensor.")
    if index:
        return IndexError(f"index {index} is out of bounds for dimension 0 with size 0")
    return IndexError(
        "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
        "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
    )


def _is_tuple(index: Any) -> bool:
    """Whether an index is one of several parts: a tuple, or a short list that looks like one."""
    if isinstance(index, tuple):
        return True
    if isinstance(index, Tensor | np.ndarray | jax.Array) or not isinstance(index, Sequence):
        return False
    telling = Tensor | Sequence | slice | np.ndarray
    return len(index) < _LONGEST and any(
        each is None or each is Ellipsis or isinstance(each, telling) for each in index
    )


def _named(part: Any) -> int:
    """How many dimensions a part names; torch looks for masks among tensors only."""
    if part is None or part is Ellipsis or isinstance(part, bool):
        return 0
    return part.ndim if isinstance(part, Tensor) and part.dtype in MASKS else 1


def _reach(selecting: Tensor) -> int:
    """How many dimensions an index tensor or mask stands for."""
    return selecting.ndim if selecting.dtype in MASKS else 1


def _as_part(part: Any) -> Any:
    if part is None or part is Ellipsis or isinstance(part, bool | slice):
        return part
    if isinstance(part, Tensor):
        return _as_number(part)
    if isinstance(part, np.ndarray | jax.Array | Sequence):
        return _as_number(_of_sequence(part))
    try:
        number = operator.index(part)
    except TypeError:
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are "
            f"valid indices (got {type_name(part)})"
        ) from None
    if not -(2**63) <= number < 2**63:
        raise ValueError("Overflow when unpacking long long")
    return number


def _of_sequence(part: Any) -> Tensor:
    """Numbers that stand in Python as an index tensor: truths and bytes are masks."""
    first = part
    while isinstance(first, list | tuple) and first:
        first = first[0]
    if isinstance(first, str | bytes):
        raise TypeError(f"new(): invalid data type '{type_name(first)}'")
    made = of_array(part) if isinstance(part, np.ndarray | jax.Array) else tensor(part)
    return made if made.dtype in MASKS else made.to(dtypes.int64)


def _as_number(part: Tensor) -> Any:
    """An integer tensor of no dimensions is an int, where it can be read."""
    if part.ndim == 0 and part.dtype.numpy.kind in "iu" and part.dtype is not dtypes.uint8:
        return part if is_traced(part) else scalar(part)
    return part


def _sliced(layout: Layout, dim: int, part: slice) -> Layout:
    start, stop, step = _bounds(part)
    if dim >= layout.ndim:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-layout.ndim}, "
            f"{layout.ndim - 1}], but got {dim})"
        )
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
    except TypeError as error:
        if isinstance(bound, Tensor):
            raise
        raise TypeError(
            "slice indices must be integers or None or have an __index__ method"
        ) from error


def _selected(layout: Layout, dim: int, index: int, position: int) -> Layout:
    """One index of a dimension, which torch's error calls by its position in the brackets."""
    size = layout.shape[dim] if dim < layout.ndim else 0
    if not -size <= index < size:
        raise IndexError(
            f"index {index} is out of bounds for dimension {position} with size {size}"
        )
    return pieces.select(layout, dim, index)


def _selecting(layout: Layout, dim: int, part: Any) -> tuple[Layout, Tensor]:
    """The view, and the index tensor or mask, that a part with elements of its own stands for.

    A single truth selects all or nothing of a dimension of its own.
    """
    if isinstance(part, bool) or (part.ndim == 0 and part.dtype in MASKS):
        chosen = part if isinstance(part, bool) else truths(part).item()
        return views.unsqueeze(layout, dim), of_array(np.zeros(int(chosen), np.int64))
    if part.dtype is dtypes.uint8:
        warnings.warn(
            "indexing with dtype torch.uint8 is now deprecated, "
            "please use a dtype torch.bool instead.",
            stacklevel=4,
        )
    return layout, part


def truths(mask: Tensor) -> np.ndarray:
    """Where a mask holds.

    Raises:
        NotImplementedError: a traced function does not know.
    """
    if is_traced(mask):
        raise NotImplementedError(
            "A mask inside of a traced function selects an unknown number of elements. "
            "Use torch.where(mask, x, y), whose shape is known"
        )
    return values(mask) != 0
