"""The MT19937 engine as pure functions over an immutable state.

The words x[0], x[1], … of the engine obey one recurrence at every index,

    x[k + 624] = x[k + 397] ^ mix(x[k], x[k + 1]),

so any 624 neighbouring words are a state, not only the blocks at multiples of 624 in which a
serial program makes them. `draw` uses that: it moves to the window that starts at the first word
wanted, lets whole windows follow one another, and only at the end cuts out the block in which a
serial program would now stand. So a draw costs the same at every position, traced or not.

Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998); the seeding is
that of their 2002 revision, which torch and NumPy use.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

N = 624  # words in a state
M = 397  # the distance of the recurrence's middle term
UPPER = 0x80000000  # the one bit that the recurrence takes from x[k]
LOWER = 0x7FFFFFFF  # the bits it takes from x[k + 1]
MATRIX = 0x9908B0DF
SEED_MULTIPLIER = 1812433253

# Windows per step of the main loop. One step's words and numbers stay in the L2 cache, there are
# enough of them for several cores, and a multiple of 32, the longest group of a distribution.
WINDOWS = 128

Convert = Callable[[jax.Array], jax.Array]


class State(NamedTuple):
    """A place in the stream: a block of words and how many of them have been drawn.

    Attributes:
        block: uint32[624], untempered.
        position: int32 scalar, 1 to 624 words drawn; 0 says that the block is a seed's, which
            stands before the stream and is never drawn from.
    """

    block: jax.Array
    position: jax.Array


class Place(NamedTuple):
    """A place between two words: the 624 before it and the 624 after it."""

    before: jax.Array
    following: jax.Array


def seed(value: jax.Array) -> State:
    """Return the state that ``manual_seed`` sets from the low 32 bits of a seed.

    Args:
        value: uint32 scalar.
    """

    def step(previous: jax.Array, j: jax.Array) -> tuple[jax.Array, jax.Array]:
        word = jnp.uint32(SEED_MULTIPLIER) * (previous ^ (previous >> 30)) + j
        return word, word

    value = jnp.asarray(value, jnp.uint32)
    _, rest = lax.scan(step, value, jnp.arange(1, N, dtype=jnp.uint32), unroll=21)
    return State(jnp.concatenate([value[None], rest]), jnp.int32(0))


def temper(words: jax.Array) -> jax.Array:
    """Turn words of the recurrence into the words that the engine gives out."""
    y = words ^ (words >> 11)
    y = y ^ ((y << 7) & jnp.uint32(0x9D2C5680))
    y = y ^ ((y << 15) & jnp.uint32(0xEFC60000))
    return y ^ (y >> 18)


def _mix(x: jax.Array, following: jax.Array) -> jax.Array:
    y = (x & jnp.uint32(UPPER)) | (following & jnp.uint32(LOWER))
    return (y >> 1) ^ jnp.where(following & 1 != 0, jnp.uint32(MATRIX), jnp.uint32(0))


def advance(window: jax.Array) -> jax.Array:
    """Return the 624 words that follow 624 words, in three vector steps of at most N - M words."""
    lag = N - M
    mixed = _mix(window[:-1], window[1:])
    first = window[M:] ^ mixed[:lag]
    second = first ^ mixed[lag : 2 * lag]
    third = second[: N - 1 - 2 * lag] ^ mixed[2 * lag :]
    last = second[N - 1 - 2 * lag] ^ _mix(window[-1], first[0])
    return jnp.concatenate([first, second, third, last[None]])


def draw(
    state: State, groups: int, words_per_group: int, convert: Convert
) -> tuple[jax.Array, State]:
    """Draw groups of words and turn each group into numbers.

    Args:
        state: where to draw.
        groups: how many groups; static.
        words_per_group: a divisor of 32; static.
        convert: maps tempered words uint32[g, words_per_group] to the numbers of each group, an
            array [g, ...]. It is called for several g.

    Returns:
        The numbers, [groups, ...], and the state after the last word.
    """
    per_step = WINDOWS * N // words_per_group
    steps, rest = divmod(groups, per_step)
    one = jax.eval_shape(convert, jax.ShapeDtypeStruct((1, words_per_group), jnp.uint32))
    out = jnp.zeros((groups, *one.shape[1:]), one.dtype)

    def write(out: jax.Array, words: jax.Array, at: jax.Array | int) -> jax.Array:
        numbers = convert(temper(words).reshape(-1, words_per_group))
        # 32 bits: vmap rewrites this store, and may do so where 64-bit mode is off.
        start = (jnp.int32(at), *[jnp.int32(0)] * (out.ndim - 1))
        return lax.dynamic_update_slice(out, numbers, start)

    position = drawn_of_block(state)
    here = arrive(state.block, position)
    # The odd groups come first: after the loop, XLA:CPU would copy all that the loop has written.
    if rest:
        words, here = follow(here, rest * words_per_group)
        # Without the barrier this store becomes a padding, which looks at every number's place.
        out = write(lax.optimization_barrier(out), words, 0)

    def step(i: jax.Array, carry: tuple[jax.Array, Place]) -> tuple[jax.Array, Place]:
        out, here = carry
        words, here = follow(here, WINDOWS * N)
        return write(out, words, rest + i * per_step), here

    if steps:
        out, here = lax.fori_loop(jnp.int32(0), jnp.int32(steps), step, (out, here))
    if groups:
        drawn = groups * words_per_group - 1
        state = leave(here, lax.rem(position + drawn, jnp.int32(N)) + 1)
    return out, state


def drawn_of_block(state: State) -> jax.Array:
    """Return how many words of its block are drawn, 1 to 624: nothing is left of a seed's."""
    return jnp.where(state.position == 0, jnp.int32(N), state.position)


def arrive(block: jax.Array, position: jax.Array) -> Place:
    """Return the place ``position`` words into a block, 1 to 624."""
    following = lax.dynamic_slice(jnp.concatenate([block, advance(block)]), (position,), (N,))
    # Of the window before only the last `position` words matter, the block's first ones.
    before = lax.dynamic_slice(jnp.concatenate([block, block]), (position,), (N,))
    return Place(before, following)


def follow(here: Place, count: int) -> tuple[jax.Array, Place]:
    """Return the next ``count`` words, untempered, and the place after them."""
    last, windows = lax.scan(
        lambda window, _: (advance(window), window), here.following, length=-(-count // N)
    )
    words = windows.reshape(-1)
    surplus = words.size - count
    if not surplus:
        return words, Place(windows[-1], last)
    # The last three windows hold what stands around the place, `surplus` words before their end.
    nearby = jnp.concatenate([here.before, words[-2 * N :], last])[-3 * N :]
    end = 2 * N - surplus
    return words[:count], Place(nearby[end - N : end], nearby[end : end + N])


def leave(here: Place, position: jax.Array) -> State:
    """Return the state at a place, given how many words of its block are drawn there, 1 to 624."""
    # Without the barrier, XLA's simplifier chases its own tail through a chain of many draws.
    around = lax.optimization_barrier(jnp.concatenate(here))
    return State(lax.dynamic_slice(around, (N - position,), (N,)), position.astype(jnp.int32))
