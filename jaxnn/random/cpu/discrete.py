"""Integers, permutations and coin flips from the stream, as torch's CPU kernels make them.

Pure functions of a state, see `jaxnn.random.cpu.draws` for what they have in common.
"""

import functools
import math
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.cpu.draws import Samples, draw
from jaxnn.random.cpu.shuffle import shuffle
from jaxnn.random.cpu.state import State
from jaxnn.random.words import join64, unit32, unit64

# From this n on, torch's randperm takes 64-bit draws and shuffles inside out: (2**32 - 1) // 20.
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
        span: uint64 scalar, the number of values; None for all 2**64, which torch takes as they
            are drawn, without adding low.
        long: whether each takes two words instead of one, see `jaxnn.random.ranges`.
    """

    def convert(words: jax.Array) -> jax.Array:
        if span is None:
            value = lax.bitcast_convert_type(join64(words), jnp.int64)
        elif long:
            value = lax.bitcast_convert_type(join64(words) % span, jnp.int64) + low
        else:
            value = (words % span.astype(jnp.uint32)).astype(jnp.int64) + low
        if jnp.issubdtype(dtype, jnp.floating) and dtype.itemsize == 2:
            value = value.astype(jnp.float32)
        return value.astype(dtype)

    return draw(state, count, 2 if long else 1, convert)


def permutation(state: State, n: int, dtype: np.dtype) -> Samples:
    """Return 0 to n - 1 in random order, as ``torch.randperm``."""
    if n >= LONG_PERMUTATION:
        return _permutation_inside_out(state, n, dtype)
    if n < 2:
        return jnp.arange(n, dtype=dtype), state
    # The partner of place i is one of the n - i places from i on; the last has no choice.
    places = jnp.arange(n - 1, dtype=jnp.uint32)
    words, state = draw(state, n - 1, 1, lambda w: w)
    partners = jnp.append(places + words % (n - places), jnp.uint32(n - 1))
    return shuffle(partners.astype(jnp.int32)).astype(dtype), state


def _permutation_inside_out(state: State, n: int, dtype: np.dtype) -> Samples:
    draws, state = draw(state, n, 2, join64)
    places = jnp.arange(n, dtype=jnp.uint64)
    pairs = jnp.stack([places, draws % (places + 1)], axis=1).astype(jnp.int64)

    def insert(i: jax.Array, order: jax.Array) -> jax.Array:
        pair = lax.dynamic_index_in_dim(pairs, i, keepdims=False)
        new = i.astype(dtype)
        moved = jnp.where(pair[0] == pair[1], new, order[pair][1])
        return order.at[pair].set(jnp.stack([moved, new]))

    return lax.fori_loop(0, n, insert, jnp.zeros(n, dtype)), state


@functools.cache
def threshold(p: float) -> np.ndarray:
    """Return uint32[2], the halves of the least 53-bit integer k with k * 2**-53 >= p."""
    least = math.ceil(Fraction(p) * 2**53)
    return np.array([least >> 32, least & 0xFFFFFFFF], np.uint32)


def bernoulli(state: State, count: int, dtype: np.dtype, least: jax.Array) -> Samples:
    """Return ones with one probability, else zeros, as ``Tensor.bernoulli_(p)``.

    Two words a flip, compared as integers: exact on devices without doubles too.

    Args:
        state: where to draw.
        count: how many.
        dtype: of the result.
        least: `threshold` of the probability.
    """

    def convert(words: jax.Array) -> jax.Array:
        high, low = words[:, :1] & 0x1FFFFF, words[:, 1:]
        below = (high < least[0]) | ((high == least[0]) & (low < least[1]))
        return below.astype(dtype)

    return draw(state, count, 2, convert)


def bernoulli_each(state: State, count: int, dtype: np.dtype, p: jax.Array) -> Samples:
    """Return ones with probabilities of their own, else zeros, as ``torch.bernoulli(p)``.

    Args:
        state: where to draw.
        count: how many.
        dtype: of the result.
        p: as many; float64 takes two words a flip, the narrower types one.
    """
    words, unit = (2, unit64) if p.dtype == jnp.float64 else (1, unit32)
    fractions, state = draw(state, count, words, unit)
    return (fractions < p.reshape(-1).astype(fractions.dtype)).astype(dtype), state
