"""What the C++ library's unstable sorting does to equal elements, for all rows at once.

``std::sort`` and ``std::nth_element`` do not keep equal elements in order, but neither do they mix
them at random: where each goes follows from what is compared and swapped. Here those steps are
taken level by level, in all segments of all rows together. Rows are of ranks: whole numbers that
compare as the elements do. (Where the library would give up on a bad case and sort by a heap, this
goes on; only adversarial rows are such cases.)

Source: Musser, "Introspective sorting and selection algorithms" (1997), in the form of GNU's C++
library: median of three, Hoare's partition, insertion at the end.
"""

from typing import NamedTuple

import numpy as np

Rows = np.ndarray

#: Segments that are no longer are left to insertion, which keeps equal elements in order.
_SORTED_BY_INSERTION, _SELECTED_BY_INSERTION = 16, 3


class _Elements(NamedTuple):
    """All rows, flat: the ranks, and where each was."""

    ranks: np.ndarray
    places: np.ndarray

    def swap(self, here: np.ndarray, there: np.ndarray) -> None:
        for each in self:
            each[here], each[there] = each[there], each[here]


class _Segments(NamedTuple):
    start: np.ndarray
    end: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        return self.end - self.start


class _Members(NamedTuple):
    """Positions in ascending order, and how many of them each segment has, from where on."""

    positions: np.ndarray
    counts: np.ndarray
    first: np.ndarray


def sort(rows: Rows) -> Rows:
    """The places of each row's elements after ``std::sort``."""
    elements, segments = _begin(rows)
    while True:
        large = segments.sizes > _SORTED_BY_INSERTION
        if not large.any():
            return _inserted(elements, rows.shape)
        active = _Segments(segments.start[large], segments.end[large])
        cut = _partition(elements, active)
        start, end = np.concatenate([active.start, cut]), np.concatenate([cut, active.end])
        segments = _Segments(start, end)


def select(rows: Rows, nth: int) -> Rows:
    """The places of each row's elements after ``std::nth_element``."""
    elements, segments = _begin(rows)
    wanted = segments.start + nth
    while True:
        large = segments.sizes > _SELECTED_BY_INSERTION
        if not large.any():
            break
        active = _Segments(segments.start[large], segments.end[large])
        cut = _partition(elements, active)
        before = cut <= wanted[large]
        segments.start[large] = np.where(before, cut, active.start)
        segments.end[large] = np.where(before, active.end, cut)
    for start, end in zip(*segments, strict=True):
        order = start + np.argsort(elements.ranks[start:end], kind="stable")
        elements.places[start:end] = elements.places[order]
    return _in_rows(elements, rows.shape)


def _begin(rows: Rows) -> tuple[_Elements, _Segments]:
    count, length = rows.shape
    start = np.arange(count) * length
    small = np.int32 if rows.size < 2**31 else np.int64  # half of the memory to go through
    elements = _Elements(rows.flatten().astype(small), np.arange(rows.size, dtype=small))
    return elements, _Segments(start, start + length)


def _in_rows(elements: _Elements, shape: tuple[int, ...]) -> Rows:
    return elements.places.reshape(shape) % shape[1]


def _inserted(elements: _Elements, shape: tuple[int, ...]) -> Rows:
    order = np.argsort(elements.ranks.reshape(shape), axis=1, kind="stable")
    return np.take_along_axis(_in_rows(elements, shape), order, 1)


def _partition(elements: _Elements, segments: _Segments) -> np.ndarray:
    """Split each segment by the median of three of its elements, which comes first; say where.

    The pivot exchanges what is not below it, from the left, with what is not above it, from the
    right, until both meet.
    """
    start, end = segments
    middle = start + segments.sizes // 2
    elements.swap(start, _median_of_three(elements.ranks, start + 1, middle, end - 1))
    owner = np.repeat(np.arange(len(start)), segments.sizes - 1)
    skipped = np.cumsum(segments.sizes - 1) - segments.sizes + 1
    position = np.arange(len(owner)) + (start + 1 - skipped)[owner]
    rank, pivot = elements.ranks[position], elements.ranks[start][owner]
    left = _members(position, skipped, rank >= pivot)
    right = _members(position, skipped, rank <= pivot)
    swaps = _exchange(elements, left, right)
    after = np.minimum(left.first + swaps, len(left.positions) - 1)
    next_left = np.where(swaps < left.counts, left.positions[after], end)
    before = np.minimum(right.first + right.counts - swaps, len(right.positions) - 1)
    last_right = np.where(swaps > 0, right.positions[before], end)
    return np.minimum(next_left, last_right)


def _median_of_three(ranks: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Which of three positions has the middle element, compared in the library's order."""
    x, y, z = ranks[a], ranks[b], ranks[c]
    rising = np.where(y < z, b, np.where(x < z, c, a))
    falling = np.where(x < z, a, np.where(y < z, c, b))
    return np.where(x < y, rising, falling)


def _members(position: np.ndarray, first: np.ndarray, chosen: np.ndarray) -> _Members:
    counts = np.add.reduceat(chosen, first, dtype=np.int64)
    return _Members(position[chosen], counts, np.cumsum(counts) - counts)


def _exchange(elements: _Elements, left: _Members, right: _Members) -> np.ndarray:
    """Swap the k-th from the left with the k-th from the right while it is before; count."""
    pairs = np.minimum(left.counts, right.counts)
    owner = np.repeat(np.arange(len(pairs)), pairs)
    k = np.arange(len(owner)) - (np.cumsum(pairs) - pairs)[owner]
    here = left.positions[left.first[owner] + k]
    there = right.positions[(right.first + right.counts - 1)[owner] - k]
    swapped = here < there
    elements.swap(here[swapped], there[swapped])
    return np.bincount(owner[swapped], minlength=len(pairs))
