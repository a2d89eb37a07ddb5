"""Permutations from the stream, as torch's CUDA kernels make them: by sorting random keys.

The keys are as short as makes equal ones unlikely (one permutation in ten has some). Numbers of
equal keys stand in a row after the sort, and the thread of the first of them shuffles that row.

It follows from torch's sources to the bit (``Randperm.cuh`` in 2.13's headers, and ``Randperm.cu``
as it was from 1.9 on); no seeded permutation of a GPU was found published.

Source: torch's ``ATen/native/cuda/Randperm.cu``; https://osf.io/af2hy for the keys' length.
"""

import functools
import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.cuda.discrete import join64
from jaxnn.random.cuda.launch import Samples, draw, thread_words
from jaxnn.random.cuda.state import STEP, State, advance

ALL_DIFFERENT = 0.9  # the least probability of that which torch wants of the keys


def permutation(state: State, n: int, dtype: np.dtype) -> Samples:
    """Return 0 to n - 1 in random order, as ``torch.randperm``.

    Raises:
        NotImplementedError: for an n from about 1.4e9 on, where torch's keys have all 64 bits.
    """
    if not n:
        return jnp.zeros(0, dtype), state
    bits = key_bits(n)
    if bits >= 64:
        raise NotImplementedError(
            f"the cuda stream has no permutation of {n:,}; Generator(device='cpu') has it"
        )
    keys, state = _keys(state, n, bits)
    places = jnp.arange(n, dtype=dtype)
    keys, order = lax.sort((keys, places), num_keys=1, is_stable=True)
    return _shuffle_equals(state, keys, order), advance(state, n)


def key_bits(n: int) -> int:
    """Return how many bits a key needs for n of them to be all different with probability 0.9."""
    return math.ceil(math.log2(n - (6 * n * n + 1) / (12 * math.log(ALL_DIFFERENT))))


def _keys(state: State, n: int, bits: int) -> Samples:
    """Draw the low bits of what ``random_`` gives for nearly all of int32, or of int64."""
    dtype, span = (jnp.uint32, 2**32 - 1) if bits <= 32 else (jnp.uint64, 2**64 - 1)

    def convert(*words: jax.Array) -> tuple[jax.Array]:
        # torch subtracts half of the range, in signed integers: in unsigned ones, the order of all
        # bits and the values of fewer stay as they are.
        key = join64(*words) % np.uint64(span)
        return ((key & np.uint64(2**bits - 1)).astype(dtype),)

    return draw(state, n, 2, convert)


def _shuffle_equals(state: State, keys: jax.Array, order: jax.Array) -> jax.Array:
    """Shuffle each row of equal keys with the words of the thread that stands at its beginning."""
    n = keys.size
    place = jnp.arange(n, dtype=jnp.int32)
    follows = jnp.concatenate([jnp.zeros(1, jnp.bool_), keys[1:] == keys[:-1]])
    begins = jnp.append(follows[1:], False) & ~follows

    def next_row(after: jax.Array) -> jax.Array:
        """Return where the next row of equal keys begins after a place, or n."""
        return jnp.min(place, where=begins & (place > after), initial=n)

    def shuffle_row(carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        start, order = carry
        length = jnp.sum(keys == keys[start], dtype=jnp.int32)
        swap = functools.partial(_swap, state, start, length)
        return next_row(start), lax.fori_loop(jnp.int32(0), length - 1, swap, order)

    carry = next_row(jnp.int32(-1)), order
    return lax.while_loop(lambda carry: carry[0] < n, shuffle_row, carry)[1]


def _swap(
    state: State, start: jax.Array, length: jax.Array, step: jax.Array, order: jax.Array
) -> jax.Array:
    """Do one step of Fisher and Yates' shuffle of a row, from its end on, with one word."""
    words = thread_words(state, step.astype(jnp.uint32) // STEP, start.astype(jnp.uint32)[None])
    last = length - 1 - step
    other = jnp.concatenate(words)[step % STEP] % (last + 1).astype(jnp.uint32)
    pair = start + jnp.stack([last, other.astype(jnp.int32)])
    return order.at[pair].set(order[pair][::-1])
