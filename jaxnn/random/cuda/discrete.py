"""Integers and coin flips from the stream, as torch's CUDA kernels make them: torch's bits.

Pure functions of a state, see `jaxnn.random.cuda.continuous` for what they have in common. No
number here depends on a device function, so all follow from torch's sources to the bit. What is
published of GPUs confirms two million flips by their sum, on two cards; seeded integers were not
found.

Source: torch's ``ATen/native/cuda/DistributionTemplates.h``, ``ATen/core/TransformationHelper.h``.
"""

import bisect
import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.cuda.continuous import working
from jaxnn.random.cuda.curand import join53, unit32
from jaxnn.random.cuda.launch import Samples, draw, thread_words
from jaxnn.random.cuda.state import STEP, State, advance

# What torch reserves for flips with probabilities of their own, where each thread takes 4 words.
WORDS_OF_EACH = 10


def join64(high: jax.Array, low: jax.Array) -> jax.Array:
    """Return uint64 from two words."""
    high, low = (lax.convert_element_type(word, jnp.uint64) for word in (high, low))
    return high << 32 | low


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
        span: uint64 scalar, the number of values; None for all 2**64, which are taken as they come.
        long: whether that is at least 2**28, which takes two words a number instead of one.
    """

    def convert(*words: jax.Array) -> tuple[jax.Array]:
        if span is None:
            value = lax.bitcast_convert_type(join64(*words), jnp.int64)
        else:
            whole = join64(*words) if long else lax.convert_element_type(words[0], jnp.uint64)
            value = lax.bitcast_convert_type(whole % span, jnp.int64) + low
        if jnp.issubdtype(dtype, jnp.floating) and dtype.itemsize == 2:
            value = value.astype(jnp.float32)
        return (value.astype(dtype),)

    return draw(state, count, 2 if long else 1, convert)


@functools.lru_cache(maxsize=128)
def threshold(p: float) -> np.ndarray:
    """Return uint32[3, 2]: halves, high one first, of the least words that are not below p.

    Row 0 holds the least word of which `unit32` makes p in float32 or more, row 1 the least 53 bits
    of which `unit64` does so in float64, row 2 the least word for `unit32` and p in float64.
    """
    with np.errstate(under="ignore"):
        single = np.float32(p)

    def fraction32(word: int) -> np.float32:
        return np.float32(word) * np.float32(2.0**-32) + np.float32(2.0**-33)

    least = (
        bisect.bisect_left(range(2**32), single, key=fraction32),
        bisect.bisect_left(range(2**53), p, key=lambda bits: bits * 2.0**-53 + 2.0**-54),
        bisect.bisect_left(range(2**32), p, key=lambda word: float(fraction32(word))),
    )
    return np.array([[number >> 32, number & 0xFFFFFFFF] for number in least], np.uint32)


def bernoulli(state: State, count: int, dtype: np.dtype, least: jax.Array) -> Samples:
    """Return ones with one probability, else zeros, as ``Tensor.bernoulli_(p)``.

    One word a flip, two for float64, compared as integers.

    Args:
        state: where to draw.
        count: how many.
        dtype: of the result.
        least: `threshold` of the probability.
    """
    wide = dtype == np.float64

    def convert(*words: jax.Array) -> tuple[jax.Array]:
        drawn = join53(*words) if wide else words[0].astype(jnp.uint64)
        return ((drawn < join64(*least[int(wide)])).astype(dtype),)

    return draw(state, count, 2 if wide else 1, convert)


def bernoulli_each(state: State, count: int, dtype: np.dtype, p: jax.Array) -> Samples:
    """Return ones with probabilities of their own, else zeros, as ``torch.bernoulli(p)``.

    A kernel of its own: each thread makes four neighbours, on all cards alike.

    Args:
        state: where to draw.
        count: how many.
        dtype: of the result.
        p: as many. In float64 they are compared as such, else in float32.
    """
    if not count:
        return jnp.zeros(0, dtype), state
    thread = jnp.arange(-(-count // STEP), dtype=jnp.uint32)
    words = jnp.stack(thread_words(state, jnp.uint32(0), thread), axis=1)
    fractions = unit32(words.reshape(-1)[:count])
    wide = working(p.dtype)
    flips = fractions.astype(wide) <= p.reshape(-1).astype(wide)
    return flips.astype(dtype), advance(state, WORDS_OF_EACH)
