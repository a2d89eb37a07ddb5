"""How torch's distribution kernels spread a draw over a GPU's threads, and what each writes.

A kernel runs T threads, one a number but no more than the card holds. Thread t takes four words at
a time and makes a few numbers of them, its lanes: the first goes to place t, the next to t + T, and
so on. What is left is done in further steps of the same kind. A step is therefore a row of lanes of
T numbers each, and here each lane is a vector.

Source: torch's ``ATen/native/cuda/DistributionTemplates.h`` (grid, lanes, offset); its
``ATen/TensorIterator.h`` for draws of more than 2 GiB.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.cuda import philox
from jaxnn.random.cuda.profiles import BLOCK, Profile
from jaxnn.random.cuda.state import STEP, State, add, advance

Samples = tuple[jax.Array, State]
# From a group of words, uint32[n] each, to numbers [n] of one dtype.
Convert = Callable[..., tuple[jax.Array, ...]]

# A kernel reaches as many bytes as an int32 counts. More are torch's business in halves.
REACH = 2**31 - 1


def draw(state: State, count: int, group: int, convert: Convert) -> Samples:
    """Draw numbers as one call of torch does.

    Args:
        state: where to draw.
        count: how many numbers; static.
        group: how many of a thread's four words make a group of numbers: 1, 2 or 4.
        convert: maps a group's words to its numbers.

    Returns:
        The numbers, flat, and the state after them.
    """
    word = jax.ShapeDtypeStruct((1,), jnp.uint32)
    numbers = jax.eval_shape(convert, *[word] * group)
    lanes, dtype = STEP // group * len(numbers), numbers[0].dtype
    if not count:
        return jnp.zeros(0, dtype), state
    parts = _kernels(count, dtype.itemsize)
    if len(parts) > 1:  # torch counts the whole, and then each kernel again
        state = advance(state, words_taken(count, lanes, state.profile))
    drawn = []
    for part in parts:
        drawn.append(_kernel(state, part, group, lanes, dtype, convert))
        state = advance(state, words_taken(part, lanes, state.profile))
    return jnp.concatenate(drawn), state


def _kernels(count: int, itemsize: int) -> list[int]:
    """Return the lengths of the parts of which each is one kernel's."""
    if 1 + (count - 1) * itemsize <= REACH:
        return [count]
    return _kernels(count // 2, itemsize) + _kernels(count - count // 2, itemsize)


def threads(count: int, profile: Profile) -> int:
    """Return how many threads a kernel runs."""
    return min(-(-count // BLOCK) * BLOCK, profile.threads)


def words_taken(count: int, lanes: int, profile: Profile) -> int:
    """Return by how many words of every thread a kernel moves the generator's offset."""
    return -(-count // (threads(count, profile) * lanes)) * STEP


def _kernel(
    state: State, count: int, group: int, lanes: int, dtype: np.dtype, convert: Convert
) -> jax.Array:
    running = threads(count, state.profile)
    steps, rest = divmod(count, running * lanes)
    thread = jnp.arange(running, dtype=jnp.uint32)

    def write(out: jax.Array, step: jax.Array, size: int) -> jax.Array:
        """Write what all threads make in a step, of which the first `size` numbers are wanted."""
        words = thread_words(state, step, thread)
        wanted, made = -(-size // running), []
        for first in range(0, STEP, group):
            if len(made) < wanted:
                # Without the barrier, XLA:CPU goes through the ten rounds for each number made.
                made += convert(*lax.optimization_barrier(words[first : first + group]))
        for lane, numbers in enumerate(made[:wanted]):
            # 32 bits: vmap rewrites this store, and may do so where 64-bit mode is off.
            at = lax.convert_element_type(step, jnp.int32) * (running * lanes) + lane * running
            numbers = lax.optimization_barrier(numbers[: size - lane * running])
            out = lax.dynamic_update_slice(out, numbers, (at,))
        return out

    out = jnp.zeros(count, dtype)
    # The last step comes first: after the loop, XLA:CPU would copy all that the loop has written.
    if rest:
        out = write(lax.optimization_barrier(out), jnp.uint32(steps), rest)
    if steps:
        out = lax.fori_loop(
            jnp.uint32(0), jnp.uint32(steps), lambda i, out: write(out, i, running * lanes), out
        )
    return out


def thread_words(state: State, step: jax.Array, thread: jax.Array) -> philox.Words:
    """Return the four words that threads draw in a step, counted from the state's offset on.

    Args:
        state: where to draw.
        step: uint32 scalar.
        thread: uint32[n], the threads' numbers.
    """
    low, high = state.offset
    position = add(jnp.stack([low >> 2 | high << 30, high >> 2]), step, np.uint32(0))
    zero = jnp.zeros_like(thread)
    return philox.permute(
        (state.seed[0], state.seed[1]), (zero + position[0], zero + position[1], thread, zero)
    )
