"""libstdc++'s heap on a range of an array, exchange by exchange, for the order of ties.

Elements are those of `jaxnn.random.cpu.ordering`: one is before another if its upper half is less.
A range is a first place and a length, both traced; on an empty one nothing happens.
"""

import jax
import jax.numpy as jnp
from jax import lax

Index = jax.Array | int


def before(x: jax.Array, y: jax.Array) -> jax.Array:
    """Return whether an element comes before another, which equal ones do not."""
    return (x >> 32) < (y >> 32)


def get(a: jax.Array, *places: Index) -> jax.Array:
    """Return elements, in one gather."""
    return a[jnp.stack([jnp.asarray(place, jnp.int32) for place in places])]


def put(a: jax.Array, elements: jax.Array, *places: Index) -> jax.Array:
    """Return the array with elements in these places, in one scatter.

    By slices, XLA would fuse the writing with the reading and copy the whole array each time.
    """
    return a.at[jnp.stack([jnp.asarray(place, jnp.int32) for place in places])].set(elements)


def select(a: jax.Array, first: Index, length: Index, whole: Index) -> jax.Array:
    """Make a heap of the least elements of a whole range in its first places (__heap_select)."""

    def next_smaller(a: jax.Array, i: Index) -> jax.Array:
        def passes(i: jax.Array) -> jax.Array:
            element, top = get(a, first + i, first)
            return (i < whole) & ~before(element, top)

        return lax.while_loop(passes, lambda i: i + 1, jnp.int32(i))

    def exchange(carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        a, i = carry
        a = _pop(a, first, length, i)
        return a, next_smaller(a, i + 1)

    a = _make(a, first, length)
    start = a, next_smaller(a, length)
    return lax.while_loop(lambda carry: carry[1] < whole, exchange, start)[0]


def sort(a: jax.Array, first: Index, length: Index) -> jax.Array:
    """Turn a heap into a sorted range (__sort_heap)."""

    def shrink(carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        a, length = carry
        return _pop(a, first, length - 1, length - 1), length - 1

    return lax.while_loop(lambda carry: carry[1] > 1, shrink, (a, jnp.int32(length)))[0]


def _make(a: jax.Array, first: Index, length: Index) -> jax.Array:
    def settle(carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        a, parent = carry
        value = get(a, first + parent)[0]
        return _adjust(a, first, parent, length, value), parent - 1

    start = a, (jnp.int32(length) - 2) // 2
    return lax.while_loop(lambda carry: carry[1] >= 0, settle, start)[0]


def _pop(a: jax.Array, first: Index, length: Index, place: Index) -> jax.Array:
    """Move the top to a place outside of the heap, and what is there into the heap."""
    pair = get(a, first + place, first)
    a = put(a, pair[1:], first + place)
    return _adjust(a, first, jnp.int32(0), length, pair[0])


def _adjust(
    a: jax.Array, first: Index, top: jax.Array, length: Index, value: jax.Array
) -> jax.Array:
    """Let a hole sink to a leaf along the later children, and the value rise there to its place."""

    def sink(carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        a, hole = carry
        right = 2 * hole + 2
        left, later = get(a, first + right - 1, first + right)
        turn = before(later, left)
        child = jnp.where(turn, right - 1, right)
        return put(a, jnp.where(turn, left, later)[None], first + hole), child

    def rise(carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        a, hole = carry
        parent = (hole - 1) // 2
        return put(a, get(a, first + parent), first + hole), parent

    def too_low(carry: tuple[jax.Array, jax.Array]) -> jax.Array:
        a, hole = carry
        return (hole > top) & before(get(a, first + (hole - 1) // 2)[0], value)

    a, hole = lax.while_loop(lambda carry: carry[1] < (length - 1) // 2, sink, (a, top))
    lone = (length % 2 == 0) & (hole == (length - 2) // 2)
    child = jnp.where(lone, 2 * hole + 1, hole)
    a = put(a, get(a, first + child), first + hole)
    a, hole = lax.while_loop(too_low, rise, (a, child))
    return put(a, value[None], first + hole)
