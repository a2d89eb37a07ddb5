"""Numbers that take as many doubles of the stream as chance wants, one number after the other.

Where such a number starts in the stream is known only when the one before it is done. So this is a
loop, of attempts that each take a few doubles and may finish a number or not. It is two loops in
fact: the outer one makes a chunk of doubles in the way of all other distributions, the inner one
steps through the chunk and does nothing else, and XLA:CPU compiles it into one plain function.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from jaxnn.random.cpu import mt19937
from jaxnn.random.cpu.state import State
from jaxnn.random.words import unit64

BLOCKS = 8  # blocks of words in a chunk
CHUNK = BLOCKS * mt19937.N // 2  # doubles

Memory = Any  # what attempts remember: a pytree of scalars


class Outcome(NamedTuple):
    """What an attempt has come to.

    Attributes:
        value: float64 scalar, the number if it is done.
        done: whether it is.
        memory: what the next attempt is to know.
        taken: int32 scalar, how many doubles it took.
    """

    value: jax.Array
    done: jax.Array
    memory: Memory
    taken: jax.Array


Ahead = Callable[[Any], jax.Array]  # the first, second, … double that is still to be taken
Attempt = Callable[[Any, Memory, Ahead], Outcome]


def each(
    state: State,
    drawn: jax.Array,
    known: jax.Array,
    parameters: Any,
    attempt: Attempt,
    memory: Memory,
    reach: int,
) -> tuple[jax.Array, Memory, State]:
    """Make one number after the other, each by attempts until one is done.

    Args:
        state: where to draw.
        drawn: bool [count], which numbers take something from the stream.
        known: float64 [count], what the others are.
        parameters: a pytree of arrays [count].
        attempt: maps one number's parameters, the memory and the doubles ahead to an outcome.
        memory: what the first attempt knows.
        reach: how many doubles an attempt may look at.

    Returns:
        The numbers, the last attempt's memory, and the state after the last double taken.
    """
    count = len(drawn)
    if not count:
        return known, memory, state

    def step(carry: tuple, ahead: Ahead) -> tuple[tuple, jax.Array]:
        i, memory, out = carry
        outcome = lax.cond(
            _item(drawn, i),
            lambda: attempt(jax.tree.map(lambda x: _item(x, i), parameters), memory, ahead),
            lambda: Outcome(_item(known, i), jnp.bool_(True), memory, jnp.int32(0)),
        )
        out = lax.dynamic_update_index_in_dim(out, outcome.value, i, 0)
        return (i + outcome.done.astype(jnp.int32), outcome.memory, out), outcome.taken

    def chunk(outer: tuple[tuple, mt19937.State]) -> tuple[tuple, mt19937.State]:
        carry, engine = outer
        words = _blocks(engine)
        doubles = _doubles(engine, words)

        def inside(inner: tuple[tuple, jax.Array]) -> jax.Array:
            return (inner[0][0] < count) & (inner[1] <= CHUNK - reach)

        def one(inner: tuple[tuple, jax.Array]) -> tuple[tuple, jax.Array]:
            carry, at = inner
            carry, taken = step(carry, lambda i: _item(doubles, at + i))
            return carry, at + taken

        carry, taken = lax.while_loop(inside, one, (carry, jnp.int32(0)))
        return carry, _after(engine, words, 2 * taken)

    start = (jnp.int32(0), memory, jnp.zeros(count, jnp.float64)), state.engine
    carry, engine = lax.while_loop(lambda outer: outer[0][0] < count, chunk, start)
    return carry[2], carry[1], state._replace(engine=engine)


def _item(x: jax.Array, i: jax.Array) -> jax.Array:
    return lax.dynamic_index_in_dim(x, i, keepdims=False)


def _blocks(engine: mt19937.State) -> jax.Array:
    """Return the words of a state's block and of those that follow, untempered."""
    _, blocks = lax.scan(
        lambda block, _: (mt19937.advance(block), block), engine.block, length=BLOCKS + 1
    )
    return blocks.reshape(-1)


def _doubles(engine: mt19937.State, words: jax.Array) -> jax.Array:
    start = mt19937.drawn_of_block(engine)
    return unit64(mt19937.temper(lax.dynamic_slice(words, (start,), (2 * CHUNK,))))


def _after(engine: mt19937.State, words: jax.Array, taken: jax.Array) -> mt19937.State:
    """Return the state that is some words on, given the words of its block and on from there."""
    last = mt19937.drawn_of_block(engine) + taken - 1
    block = lax.dynamic_slice(words, (last // mt19937.N * mt19937.N,), (mt19937.N,))
    position = jnp.where(taken == 0, engine.position, last % mt19937.N + 1)
    return mt19937.State(block, position.astype(jnp.int32))
