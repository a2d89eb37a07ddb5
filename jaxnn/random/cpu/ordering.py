"""The places of a row's largest numbers, ties in the order that the C++ library leaves them in.

torch's top-k sorts with libstdc++'s partial_sort, or nth_element and sort, which are not stable:
what comes first of equal numbers follows from which elements they happen to exchange. Where there
are ties among the largest, their exchanges are repeated here one by one; where there are none, any
sort gives the same.

Elements are int64: the rank of a number, the largest 0 and equal ones alike, over its place.

Sources: D. R. Musser, "Introspective sorting and selection algorithms", Software: Practice and
Experience 27 (1997); libstdc++ (bits/stl_algo.h, bits/stl_heap.h) for the steps.
"""

import jax
import jax.numpy as jnp
from jax import lax

from jaxnn.random.cpu import heap

SHORT = 16  # introsort leaves ranges up to this to one insertion sort
SHORTEST = 3  # introselect likewise


def largest(values: jax.Array, count: int) -> jax.Array:
    """Return the places of the ``count`` largest of some numbers from 0 on, the largest first."""
    leading, order = lax.top_k(values, min(count + 1, len(values)))
    tied = jnp.any(leading[1:] == leading[:-1])
    return lax.cond(tied, lambda: _as_the_library(values, count), lambda: order[:count])


def _as_the_library(values: jax.Array, count: int) -> jax.Array:
    elements = _ranked(values)
    if count * 64 <= len(values):
        elements = heap.sort(heap.select(elements, 0, count, len(values)), 0, count)
    else:
        elements = _sort(_nth_element(elements, count - 1), count - 1)
    return (elements[:count] & 0xFFFFFFFF).astype(jnp.int32)


def _ranked(values: jax.Array) -> jax.Array:
    unsigned = jnp.dtype(f"uint{8 * values.dtype.itemsize}")
    keys = ~lax.bitcast_convert_type(values, unsigned)  # so nan comes first, as torch has it
    keys, places = lax.sort((keys, jnp.arange(len(values), dtype=jnp.int64)), num_keys=1)
    ranks = jnp.cumsum(jnp.append(jnp.int64(0), (keys[1:] != keys[:-1]).astype(jnp.int64)))
    return jnp.zeros(len(values), jnp.int64).at[places].set(ranks << 32 | places)


def _partitions(count: int) -> int:
    """Return how often a range may be cut before a heap takes over: 2 log2 of its length."""
    return 2 * (max(count, 1).bit_length() - 1)


def _nth_element(a: jax.Array, nth: int) -> jax.Array:
    """Introselect: keep the part in which the nth element is, until the part is short."""

    def long(carry: tuple) -> jax.Array:
        first, last, left, _ = carry
        return (last - first > SHORTEST) & (left > 0)

    def keep(carry: tuple) -> tuple:
        first, last, left, a = carry
        cut, a = _partition(a, first, last)
        behind = cut <= nth
        return jnp.where(behind, cut, first), jnp.where(behind, last, cut), left - 1, a

    start = jnp.int32(0), jnp.int32(len(a)), jnp.int32(_partitions(len(a))), a
    first, last, _, a = lax.while_loop(long, keep, start)
    # If it is still long, a heap of its leading elements up to the nth has that one on top.
    unfinished = jnp.where(last - first > SHORTEST, last - first, 0)
    a = heap.select(a, first, jnp.where(unfinished > 0, nth + 1 - first, 0), unfinished)
    a = _swap_if(unfinished > 0, a, first, nth)
    for i in (0, 1, 0):  # the insertion sort of up to three elements
        in_range = (unfinished == 0) & (first + i + 1 < last)
        x, y = heap.get(a, first + i, first + i + 1)
        later = heap.before(y, x)
        a = _swap_if(in_range & later, a, first + i, first + i + 1)
    return a


def _sort(a: jax.Array, count: int) -> jax.Array:
    """Introsort of the first elements: cut what is long, then let one insertion sort go over it."""
    rows = count // SHORT + 2
    start = jnp.asarray([[0, count, _partitions(count)]], jnp.int32)
    cut, deep = (jnp.zeros((rows, 3), jnp.int32) for _ in range(2))
    counts = jnp.asarray([count > SHORT, 0], jnp.int32)

    def one(carry: tuple) -> tuple:
        a, to_cut, to_heap, (cuts, heaps) = carry
        first, last, left = heap.get(to_cut, cuts - 1)[0]
        cuts -= 1
        middle, a = _partition(a, first, last)
        for part in ((first, middle), (middle, last)):
            row = jnp.stack([*part, left - 1])[None]
            long = part[1] - part[0] > SHORT
            to_cut, to_heap = heap.put(to_cut, row, cuts), heap.put(to_heap, row, heaps)
            cuts += (long & (left > 1)).astype(jnp.int32)
            heaps += (long & (left <= 1)).astype(jnp.int32)
        return a, to_cut, to_heap, (cuts, heaps)

    carry = a, heap.put(cut, start, 0), deep, tuple(counts)
    a, _, deep, (_, heaps) = lax.while_loop(lambda carry: carry[3][0] > 0, one, carry)

    def heapsort(i: jax.Array, a: jax.Array) -> jax.Array:
        first, last, _ = heap.get(deep, i)[0]
        return heap.sort(heap.select(a, first, last - first, last - first), first, last - first)

    a = lax.fori_loop(0, heaps, heapsort, a)
    # An insertion sort is stable, so any stable one does the same.
    _, sorted_ = lax.sort((a[:count] >> 32, a[:count]), num_keys=1, is_stable=True)
    return jnp.concatenate([sorted_, a[count:]])


def _partition(a: jax.Array, first: jax.Array, last: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Cut a range at the median of three of its elements (__unguarded_partition_pivot)."""
    a = _median_first(a, first, first + 1, first + (last - first) // 2, last - 1)
    pivot = heap.get(a, first)[0]

    def unfinished(carry: tuple) -> jax.Array:
        a, left, right = carry
        x, y = heap.get(a, left, right)
        return heap.before(x, pivot) | heap.before(pivot, y) | (left < right)

    def step(carry: tuple) -> tuple:
        a, left, right = carry
        pair = heap.get(a, left, right)
        go_on = heap.before(pair[0], pivot)
        go_back = ~go_on & heap.before(pivot, pair[1])
        swap = ~go_on & ~go_back
        a = heap.put(a, jnp.where(swap, pair[::-1], pair), left, right)
        return a, left + jnp.where(go_back, 0, 1), right - jnp.where(go_on, 0, 1)

    a, left, _ = lax.while_loop(unfinished, step, (a, first + 1, last - 1))
    return left, a


def _median_first(
    a: jax.Array, first: jax.Array, i: jax.Array, j: jax.Array, k: jax.Array
) -> jax.Array:
    """Exchange the first element with the median of three others (__move_median_to_first)."""
    x, y, z = heap.get(a, i, j, k)
    xy, yz, xz = heap.before(x, y), heap.before(y, z), heap.before(x, z)
    rising = jnp.where(yz, j, jnp.where(xz, k, i))
    falling = jnp.where(xz, i, jnp.where(yz, k, j))
    return _swap_if(jnp.bool_(True), a, first, jnp.where(xy, rising, falling))


def _swap_if(condition: jax.Array, a: jax.Array, i: jax.Array, j: jax.Array | int) -> jax.Array:
    pair = heap.get(a, i, j)
    return heap.put(a, jnp.where(condition, pair[::-1], pair), i, j)
