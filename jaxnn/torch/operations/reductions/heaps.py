"""What the C++ library's heaps, and torch's selection of the k-th, do to equal elements.

As in `introsort`, of one row of ranks; the steps follow one another, so these are loops.
"""

from collections.abc import Callable, Sequence

import numpy as np

Ranks = Sequence[int]


def smallest(ranks: np.ndarray, k: int) -> list[int]:
    """The places of the ``k`` least elements in the order of ``std::partial_sort``."""
    row = ranks.tolist()
    heap = list(range(k))
    for parent in reversed(range(k // 2)):
        _sift(row, heap, parent, k, heap[parent])
    for place in range(k, len(row)) if k else ():
        if row[place] < row[heap[0]]:
            _sift(row, heap, 0, k, place)
    for size in reversed(range(1, k)):
        last, heap[size] = heap[size], heap[0]
        _sift(row, heap, 0, size, last)
    return heap


def _sift(row: Ranks, heap: list[int], top: int, size: int, place: int) -> None:
    """Let the larger children up all the way down from ``top``, then ``place`` up from there."""
    hole = child = top
    while child < (size - 1) // 2:
        child = 2 * (child + 1)
        if row[heap[child]] < row[heap[child - 1]]:
            child -= 1
        heap[hole], hole = heap[child], child
    if size % 2 == 0 and child == (size - 2) // 2:
        child = 2 * child + 1
        heap[hole], hole = heap[child], child
    while hole > top and row[heap[(hole - 1) // 2]] < row[place]:
        heap[hole], hole = heap[(hole - 1) // 2], (hole - 1) // 2
    heap[hole] = place


def kth(ranks: np.ndarray, k: int) -> int:
    """The place of the element of rank ``k``, from 0, that torch's ``kthvalue`` finds."""
    row, places = ranks.tolist(), list(range(len(ranks)))

    def swap(i: int, j: int) -> None:
        row[i], row[j] = row[j], row[i]
        places[i], places[j] = places[j], places[i]

    low, high = 0, len(row) - 1
    while high > low + 1:
        swap((low + high) // 2, low + 1)
        for i, j in ((low + 1, high), (low, high), (low + 1, low)):
            if row[i] > row[j]:
                swap(i, j)
        i, j = _split(row, swap, low, high)
        swap(low, j)
        if j <= k:
            low = i
        if j >= k:
            high = j - 1
    if high == low + 1 and row[low] > row[high]:
        swap(low, high)
    return places[k]


def _split(row: Ranks, swap: Callable[[int, int], None], low: int, high: int) -> tuple[int, int]:
    """Hoare's partition by the element at ``low``; where the two ends have met."""
    pivot, i, j = row[low], low + 1, high
    while True:
        i, j = i + 1, j - 1
        while row[i] < pivot:
            i += 1
        while row[j] > pivot:
            j -= 1
        if j < i:
            return i, j
        swap(i, j)
