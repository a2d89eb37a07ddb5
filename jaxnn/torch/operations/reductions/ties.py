"""Which of several equal elements sorting names: what torch's documentation leaves open.

A stable order would be as right, but would not print the same indices. So where there are equal
elements, and they are known and in the CPU's memory, their places are found on the host by the
steps that torch's own algorithms take. Elsewhere (in a traced function, on a GPU) equal elements
keep their order. What the host knows, a kernel need not find out: it only takes the elements.
"""

import numpy as np

from jaxnn.torch import promotion
from jaxnn.torch.operations.definition.rules import INTEGER
from jaxnn.torch.operations.reductions import heaps, introsort, orders
from jaxnn.torch.tensor import Tensor, is_traced, values

#: Rows that are no longer are sorted by insertion, which keeps equal elements in order.
_SORTED_BY_INSERTION = 16
#: From this length on, torch sorts vectors of integers by their digits, which does so too.
_SORTED_BY_DIGITS = 32768
#: So many elements XLA sorts before NumPy has begun.
_FEW = 1024


def stable_places(x: Tensor, axis: int | None, descending: bool = False) -> np.ndarray | None:
    """The places in a stable order, along a dimension or (None) of all elements in a row.

    None, where a kernel is to find them.
    """
    if not _is_known(x) or x._layout.numel <= _FEW:
        return None
    keys = _keys(x, axis)
    places = orders.stable(~keys if descending else keys)
    return places[0] if axis is None else _along(places, x, axis)


def sorted_places(x: Tensor, axis: int, descending: bool) -> np.ndarray | None:
    """The places along a dimension in the order of ``sort``; None where a stable sort has them."""
    integers = promotion.kind(x._dtype) == INTEGER
    if integers and x.ndim == 1 and not descending and _length(x, axis) >= _SORTED_BY_DIGITS:
        return stable_places(x, axis)
    return _unstable(x, axis, descending)


def mode_places(x: Tensor, axis: int) -> np.ndarray | None:
    """The same in the order in which ``mode`` counts."""
    return _unstable(x, axis, descending=False)


def _unstable(x: Tensor, axis: int, descending: bool) -> np.ndarray | None:
    if _length(x, axis) <= _SORTED_BY_INSERTION:
        return stable_places(x, axis, descending)
    if not _is_known(x):
        return None
    keys = _keys(x, axis)
    order = orders.stable(keys)
    if not orders.have_ties(keys, order):
        return _along(order[:, ::-1] if descending else order, x, axis)
    ranks = orders.ranks(keys, order)
    return _along(introsort.sort(-ranks if descending else ranks), x, axis)


def top_places(x: Tensor, axis: int, k: int, largest: bool, ordered: bool) -> np.ndarray | None:
    """The places of the ``k`` that ``topk`` finds; None where a stable sort has them."""
    if not _is_known(x) or not k:
        return None
    keys = _keys(x, axis)
    keys = ~keys if largest else keys
    by_heap = k * 64 <= keys.shape[1]
    places = orders.least(keys, k) if ordered or by_heap else None
    if places is not None:
        return _along(places, x, axis)
    order = orders.stable(keys)
    if (ordered or by_heap) and not orders.have_ties(keys, order):
        return _along(order[:, :k], x, axis)
    ranks = orders.ranks(keys, order)
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
    if not _is_known(x):
        return None
    keys = _keys(x, axis)
    places = orders.kth(keys, k - 1)
    if places is None:
        ranks = orders.ranks(keys, orders.stable(keys))
        places = np.array([[heaps.kth(row, k - 1)] for row in ranks])
    return _along(places, x, axis)


def _is_known(x: Tensor) -> bool:
    return not is_traced(x) and not x.is_cuda and x.ndim > 0 and x._layout.numel > 0


def _length(x: Tensor, axis: int) -> int:
    return x._layout.shape[axis] if x.ndim else 1


def _keys(x: Tensor, axis: int | None) -> np.ndarray:
    """Whole numbers in the elements' order, a row each along a dimension, or all in one."""
    elements = values(x).reshape(-1) if axis is None else np.moveaxis(values(x), axis, -1)
    rows = np.ascontiguousarray(elements.reshape(-1, elements.shape[-1]))
    # NumPy does not compare all the types of ml_dtypes; in 32 bits they are themselves.
    known = rows.dtype.kind in "biu" or rows.itemsize > 2
    return orders.keys(rows if known else rows.astype(np.float32))


def _along(places: np.ndarray, x: Tensor, axis: int) -> np.ndarray:
    """Rows of places as an array of the tensor's dimensions."""
    others = [n for d, n in enumerate(x._layout.shape) if d != axis]
    return np.moveaxis(places.reshape(*others, places.shape[1]), -1, axis)
