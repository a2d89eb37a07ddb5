"""Integers, permutations and coin flips from the stream, as torch's CPU kernels make them.

Pure functions of a state, see `jaxnn.random.draws` for what they have in common.
"""

import math
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.draws import Samples, draw, join64, unit32, unit64
from jaxnn.random.state import State

# From this many values on, torch's random_ takes a 64-bit draw for each number.
LONG_RANGE = 1 << 28
# From this n on, torch's randperm does so and shuffles inside out: (2**32 - 1) // 20.
LONG_PERMUTATION = 214748364


def randint(
    state: State,
    count: int,
    dtype: np.dtype,
    low: jax.Array,
    span: jax.Array | None,
    *,
    long: bool,
) -> Samples:
    """Return integers in [low, low + span), as ``Tensor.random_(low, high)``.

    Args:
        state: where to draw.
        count: how many.
        dtype: of the result, integer, bool or float.
        low: int64 scalar.
        span: uint64 scalar, the number of values; None for all 2**64.
        long: whether that is at least 2**28, which takes two words a number instead of one.
    """

    def convert(words: jax.Array) -> tuple[jax.Array]:
        if span is None:
            offset = join64(words)
        elif long:
            offset = join64(words) % span
        else:
            offset = (words % span.astype(jnp.uint32)).astype(jnp.uint64)
        value = lax.bitcast_convert_type(offset, jnp.int64) + low
        if jnp.issubdtype(dtype, jnp.floating) and dtype.itemsize == 2:
            value = value.astype(jnp.float32)
        return (value.astype(dtype),)

    return draw(state, count, 2 if long else 1, convert)


def permutation(state: State, n: int, dtype: np.dtype) -> Samples:
    """Return 0 to n - 1 in random order, as ``torch.randperm``."""
    if n >= LONG_PERMUTATION:
        return _permutation_inside_out(state, n, dtype)
    order = jnp.arange(n, dtype=dtype)
    if n < 2:
        return order, state
    # The partner of place i is one of the n - i places from i on; the last has no choice.
    places = jnp.arange(n - 1, dtype=jnp.uint32)
    words, state = draw(state, n - 1, 1, lambda w: (w,))
    partners = (places + words % (n - places)).astype(jnp.int32)

    def swap(i: jax.Array, order: jax.Array) -> jax.Array:
        here, there = _at(order, i), _at(order, j := _at(partners, i))
        return _put(_put(order, there, i), here, j)

    return lax.fori_loop(0, n - 1, swap, order), state


def _permutation_inside_out(state: State, n: int, dtype: np.dtype) -> Samples:
    draws, state = draw(state, n, 2, lambda w: (join64(w),))
    sources = (draws % (jnp.arange(n, dtype=jnp.uint64) + 1)).astype(jnp.int64)

    def insert(i: jax.Array, order: jax.Array) -> jax.Array:
        moved = _at(order, j := _at(sources, i))
        return _put(_put(order, moved, i), i.astype(dtype), j)

    return lax.fori_loop(0, n, insert, jnp.zeros(n, dtype)), state


def _at(x: jax.Array, i: jax.Array) -> jax.Array:
    return lax.dynamic_index_in_dim(x, i, keepdims=False)


def _put(x: jax.Array, value: jax.Array, i: jax.Array) -> jax.Array:
    return lax.dynamic_update_index_in_dim(x, value, i, 0)


def threshold(p: float) -> np.ndarray:
    """Return uint32[2], the halves of the least 53-bit integer k with k * 2**-53 >= p."""
    least = math.ceil(Fraction(p) * 2**53)
    return np.array([least >> 32, least & 0xFFFFFFFF], np.uint32)


def bernoulli(state: State, count: int, least: jax.Array) -> Samples:
    """Return bools that are true with one probability, as ``Tensor.bernoulli_(p)``.

    Two words a flip, compared as integers: exact on devices without doubles too.

    Args:
        state: where to draw.
        count: how many.
        least: `threshold` of the probability.
    """

    def convert(words: jax.Array) -> tuple[jax.Array]:
        high, low = words[:, :1] & 0x1FFFFF, words[:, 1:]
        return ((high < least[0]) | ((high == least[0]) & (low < least[1])),)

    return draw(state, count, 2, convert)


def bernoulli_each(state: State, p: jax.Array) -> Samples:
    """Return bools that are true with probabilities of their own, as ``torch.bernoulli(p)``.

    Args:
        state: where to draw.
        p: flat; float64 takes two words a flip, the narrower types one.
    """
    if p.dtype == jnp.float64:
        unit, state = draw(state, p.size, 2, lambda w: (unit64(w),))
    else:
        unit, state = draw(state, p.size, 1, lambda w: (unit32(w),))
    return unit < p.astype(unit.dtype), state
