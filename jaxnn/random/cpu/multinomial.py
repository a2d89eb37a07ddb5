"""Weighted choices from the stream, as torch's CPU kernels make them.

Pure functions of a state, see `jaxnn.random.cpu.draws` for what they have in common.
"""

import jax
import jax.numpy as jnp
from jax import lax

from jaxnn.random import exact_math
from jaxnn.random.cpu.draws import Samples, draw
from jaxnn.random.cpu.ordering import largest
from jaxnn.random.cpu.state import State
from jaxnn.random.cpu.transformed import exponential
from jaxnn.random.words import unit64


def multinomial(state: State, count: int, probs: jax.Array, *, replacement: bool) -> Samples:
    """Return int64 indices in proportion to weights, as ``torch.multinomial``.

    Two or more with replacement are looked up in the sums of the weights, two words each. All else
    is a race that takes two words for every weight, however few places are drawn.

    Args:
        state: where to draw.
        count: how many, for all rows together.
        probs: weights that need not sum to 1, of a float dtype, [categories] or
            [rows, categories].
        replacement: whether an index may come twice in a row.
    """
    rows = probs.reshape(-1, probs.shape[-1])
    places = count // max(len(rows), 1)
    method = _look_up if replacement and places > 1 else _race
    return method(state, rows, places)


def _look_up(state: State, rows: jax.Array, places: int) -> Samples:
    levels, state = draw(state, rows.shape[0] * places, 2, unit64)
    sums = lax.map(_shares, rows if rows.dtype == jnp.float64 else rows.astype(jnp.float32))
    found = jax.vmap(_bisect)(sums.astype(jnp.float64), levels.reshape(-1, places))
    return found.reshape(-1), state


def _shares(row: jax.Array) -> jax.Array:
    """Return the running sums of a row over its whole sum, the last one 1.

    Added one after the other: what a tree of sums gives differs in the last places.
    """

    def add(total: jax.Array, weight: jax.Array) -> tuple[jax.Array, jax.Array]:
        return total + weight, total + weight

    total, sums = lax.scan(add, jnp.zeros((), row.dtype), row, unroll=8)
    return exact_math.quotient(sums, total).at[-1].set(1)


def _bisect(sums: jax.Array, levels: jax.Array) -> jax.Array:
    """Return the first places whose sums reach the levels.

    Where a sum overflowed there are nans, among which it depends on the steps what is found.
    """

    def halve(_: int, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        left, right = ends
        middle = (left + right) // 2
        below = (sums[jnp.minimum(middle, len(sums) - 1)] < levels) & (left < right)
        return jnp.where(below, middle + 1, left), jnp.where(below, right, middle)

    left = jnp.zeros(levels.shape, jnp.int64)
    ends = left, jnp.full_like(left, len(sums))
    return lax.fori_loop(0, len(sums).bit_length(), halve, ends)[0]


def _race(state: State, rows: jax.Array, places: int) -> Samples:
    """Each category arrives after an exponential time; the first ones win."""
    times, state = exponential(state, rows.size, rows.dtype, jnp.float64(1))
    speeds = rows / times.reshape(rows.shape)
    if places == 1:
        return jnp.argmax(speeds, axis=-1).astype(jnp.int64), state
    order = lax.map(lambda row: largest(row, places), speeds)
    return order.astype(jnp.int64).reshape(-1), state
