"""Which numbers torch's CUDA dropout keeps: by a kernel of its own, that takes them in vectors.

A thread takes 16 bytes of neighbours at a time, or the half of that, and so on, until the tensor's
length is a multiple. From one vector to the next there is more drawn than the generator's offset is
moved by, so the draw that follows may use words again, as it does in torch.

It follows from torch's sources, on tensors that begin where an allocation does. Nothing that a GPU
of a recent torch has kept was found published; the kernel without vectors agrees with the sums of
two cards.

Source: torch's ``ATen/native/cuda/Dropout.cu`` (native_dropout_cuda) in its later form, with
vectors of up to 8; ``can_vectorize_up_to`` in ``ATen/native/cuda/MemoryAccess.cuh``.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.cuda.discrete import join64
from jaxnn.random.cuda.launch import Samples, draw, thread_words, threads, words_taken
from jaxnn.random.cuda.state import STEP, State, advance

VECTOR_BYTES = 16


def dropout_mask(state: State, count: int, dtype: np.dtype, least: jax.Array) -> Samples:
    """Return what ``torch.nn.functional.dropout`` keeps of a contiguous tensor.

    Args:
        state: where to draw.
        count: how many numbers there are.
        dtype: theirs.
        least: `threshold` of the probability to keep one, in float64 for float64.
    """

    def kept(word: jax.Array) -> jax.Array:
        return word.astype(jnp.uint64) < join64(*least[2 if dtype == np.float64 else 0])

    vector = _vector(count, dtype)
    if vector == 1:
        return draw(state, count, 1, lambda word: (kept(word),))
    running = threads(count, state.profile)
    # Where one vector each is enough, the threads at the end have none.
    thread = jnp.arange(min(running, count // vector), dtype=jnp.uint32)
    draws = -(-vector // STEP)

    def vectors(step: jax.Array) -> jax.Array:
        words = [w for i in range(draws) for w in thread_words(state, step * draws + i, thread)]
        return jnp.stack([kept(word) for word in words[:vector]], axis=1)

    steps = jnp.arange(-(-count // (running * vector)), dtype=jnp.uint32)
    mask = lax.map(vectors, steps).reshape(-1)[:count]
    return mask, advance(state, words_taken(count, STEP, state.profile))


def _vector(count: int, dtype: np.dtype) -> int:
    """Return how many neighbours a thread takes at a time."""
    vector = VECTOR_BYTES // dtype.itemsize
    while count % vector:
        vector //= 2
    return vector
