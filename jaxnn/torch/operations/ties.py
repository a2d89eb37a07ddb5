"""Which of several equal elements sorting names: what torch's documentation leaves open.

A stable order would be as right, but would not print the same indices. So where there are equal
elements, and they are known and in the CPU's memory, their places are found on the host by the
steps that torch's own algorithms take. Elsewhere (in a traced function, on a GPU) equal elements
keep their order.
"""

import numpy as np

from jaxnn.torch import promotion
from jaxnn.torch.operations import heaps, introsort
from jaxnn.torch.operations.rules import INTEGER
from jaxnn.torch.tensor import Tensor, is_traced, values

#: Rows that are no longer are sorted by insertion, which keeps equal elements in order.
_SORTED_BY_INSERTION = 16
#: From this length on, torch sorts vectors of integers by their digits, which does so too.
_SORTED_BY_DIGITS = 32768


def sorted_places(x: Tensor, axis: int, descending: bool) -> np.ndarray | None:
    """The places along a dimension in the order of ``sort``; None where a stable sort has them."""
    integers = promotion.kind(x._dtype) == INTEGER
    if integers and x.ndim == 1 and not descending and _length(x, axis) >= _SORTED_BY_DIGITS:
        return None
    return _unstable(x, axis, descending)


def mode_places(x: Tensor, axis: int) -> np.ndarray | None:
    """The same in the order in which ``mode`` counts."""
    return _unstable(x, axis, descending=False)


def _unstable(x: Tensor, axis: int, descending: bool) -> np.ndarray | None:
    ranks = _ranks_of_ties(x, axis) if _length(x, axis) > _SORTED_BY_INSERTION else None
    if ranks is None:
        return None
    return _along(introsort.sort(-ranks if descending else ranks), x, axis)


def top_places(x: Tensor, axis: int, k: int, largest: bool, ordered: bool) -> np.ndarray | None:
    """The places of the ``k`` that ``topk`` finds; None where a stable sort has them."""
    length = _length(x, axis)
    by_heap = k * 64 <= length
    ranks = _ranks_of_ties(x, axis, always=not (ordered or by_heap))
    if ranks is None or not k:
        return None
    ranks = -ranks if largest else ranks
    if by_heap:
        return _along(np.array([heaps.smallest(row, k) for row in ranks]), x, axis)
    places = introsort.select(ranks, k - 1)[:, :k]
    if ordered:
        rest = places[:, :-1]
        order = introsort.sort(np.take_along_axis(ranks, rest, 1))
        places[:, :-1] = np.take_along_axis(rest, order, 1)
    return _along(places, x, axis)


def kth_places(x: Tensor, axis: int, k: int) -> np.ndarray | None:
    """The places that ``kthvalue`` finds; None where a stable sort has them."""
    ranks = _ranks_of_ties(x, axis)
    if ranks is None:
        return None
    return _along(np.array([[heaps.kth(row, k - 1)] for row in ranks]), x, axis)


def _length(x: Tensor, axis: int) -> int:
    return x._layout.shape[axis] if x.ndim else 1


def _rows(x: Tensor, axis: int) -> np.ndarray:
    moved = np.moveaxis(values(x), axis, -1)
    rows = moved.reshape(-1, moved.shape[-1])
    # NumPy does not sort all the types of ml_dtypes; in 32 bits they are themselves.
    return rows if rows.dtype.kind in "biu" or rows.itemsize > 2 else rows.astype(np.float32)


def _ranks_of_ties(x: Tensor, axis: int, always: bool = False) -> np.ndarray | None:
    """Ranks along a dimension, a row each, if there are equal elements in one; a nan is largest."""
    if is_traced(x) or x.is_cuda or not x.ndim or not x._layout.numel:
        return None
    rows = _rows(x, axis)
    order = np.argsort(rows, axis=1, kind="stable")
    line = np.take_along_axis(rows, order, 1)
    a, b = line[:, 1:], line[:, :-1]
    differs = (a != b) & ((a == a) | (b == b))
    if differs.all() and not always:
        return None
    ranks = np.zeros(rows.shape, np.int64)
    np.put_along_axis(ranks, order[:, 1:], np.cumsum(differs, axis=1), 1)
    return ranks


def _along(places: np.ndarray, x: Tensor, axis: int) -> np.ndarray:
    """Rows of places as an array of the tensor's dimensions."""
    others = [n for d, n in enumerate(x._layout.shape) if d != axis]
    return np.moveaxis(places.reshape(*others, places.shape[1]), -1, axis)
