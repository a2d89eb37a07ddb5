"""Sums of rows as torch's AVX2 kernel adds them up: in 16 running sums, these in levels.

Adding many numbers to one running sum loses their last places. So a running sum takes but a few,
and is then itself added to that of the next level, and so on.
"""

import jax
import jax.numpy as jnp
from jax import lax

LANES = 4  # doubles in a vector register
VECTORS = 4  # registers that are summed beside each other
LEVELS = 4


def row_sums(x: jax.Array) -> jax.Array:
    """Return the sums of a float64 [rows, columns] over its columns, [rows, 1]."""
    rows, columns = x.shape
    if columns < LANES:
        return _add_up(x.T)[:, None]
    vectors, blocks = columns // LANES, columns // (LANES * VECTORS)
    lanes = x[:, : vectors * LANES].T.reshape(vectors, LANES, rows)
    side_by_side = lanes[: blocks * VECTORS].reshape(blocks, VECTORS, LANES, rows)
    first, *others = _in_levels(side_by_side)
    first = _add_up(lanes[blocks * VECTORS :], first)
    by_lane = _add_up(jnp.stack([first, *others]))
    rest = _add_up(x[:, vectors * LANES :].T)
    return _add_up(by_lane, rest)[:, None]


def _in_levels(x: jax.Array) -> jax.Array:
    """Return the sum over the first axis, in levels of so many terms that four are enough."""
    terms = 1 << max(4, max(len(x) - 1, 0).bit_length() // LEVELS)
    total = jnp.zeros(x.shape[1:], x.dtype)
    for _ in range(LEVELS - 1):
        whole = len(x) // terms
        total = total + _add_up(x[whole * terms :])
        x = _add_up(jnp.moveaxis(x[: whole * terms].reshape(whole, terms, *x.shape[1:]), 1, 0))
    return total + _add_up(x)


def _add_up(x: jax.Array, start: jax.Array | None = None) -> jax.Array:
    """Return the sum over the first axis, one term after the other."""
    start = jnp.zeros(x.shape[1:], x.dtype) if start is None else start
    return lax.scan(lambda total, term: (total + term, None), start, x)[0]
