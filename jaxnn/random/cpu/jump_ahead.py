"""Jumping ahead in the MT19937 stream: n words on, in about as long for any n.

The engine's step is linear over the field of two elements, so its words obey the linear recurrence
whose characteristic polynomial p has degree 19,937. If x**n mod p is the sum of x**i over a set I,
then the word n places on is the exclusive or of the words i places on, for i in I; and so for every
word of a window.

Source: H. Haramoto, M. Matsumoto, T. Nishimura, F. Panneton and P. L'Ecuyer, "Efficient Jump Ahead
for F2-Linear Random Number Generators", INFORMS Journal on Computing 20 (2008).
"""

import functools
from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.cpu.mt19937 import N, Place, advance, arrive, drawn_of_block, follow, leave
from jaxnn.random.cpu.state import State

DEGREE = 19937
# The powers of x in p below the leading one, by Berlekamp and Massey's algorithm.
LOWER_POWERS = (
    19314, 19087, 18860, 18691, 18633, 18406, 18237, 18179, 18068, 17952, 17841, 17783, 17725,
    17498, 17445, 17329, 17271, 17160, 17044, 16933, 16875, 16822, 16817, 16595, 16590, 16537,
    16421, 16368, 16363, 16252, 16141, 16136, 16025, 15967, 15909, 15682, 15629, 15576, 15513,
    15455, 15349, 15344, 15228, 15117, 15059, 15006, 15001, 14953, 14779, 14774, 14721, 14605,
    14552, 14547, 14436, 14325, 14320, 14209, 14151, 14093, 13866, 13813, 13760, 13697, 13639,
    13533, 13528, 13412, 13301, 13243, 13190, 13185, 13137, 12963, 12958, 12905, 12789, 12736,
    12731, 12673, 12620, 12509, 12504, 12393, 12335, 12277, 11997, 11944, 11881, 11838, 11717,
    11712, 11611, 11485, 11384, 11374, 11321, 11215, 11157, 11147, 11089, 10920, 10761, 10693,
    10128, 9969, 9901, 9505, 8206, 7979, 7752, 7583, 7525, 7477, 7129, 6569, 6337, 5661, 4753,
    4362, 4135, 3908, 3681, 3454, 3227, 3000, 2773, 2493, 1870, 1643, 1585, 1416, 1189, 0,
)  # fmt: skip


class Leap(NamedTuple):
    """How to get n words on, for any n: arrays, which may be batches of several.

    Attributes:
        powers: uint8[2493], x**leap mod p, eight coefficients a byte, the lowest first.
        rest: int32, the words from there on, at most 624.
        drawn: int32, n mod 624.
    """

    powers: np.ndarray
    rest: np.ndarray
    drawn: np.ndarray


def leap(n: int) -> Leap:
    """Return the way n words on, n being a Python number of any size from 0 on."""
    # The state needs the words before the place too: leap to 624 words before it, and go those.
    far = max(n - N, 0)
    packed = power_of_x(far).to_bytes(-(-DEGREE // 8), "little")
    return Leap(
        np.frombuffer(packed, np.uint8), np.asarray(n - far, np.int32), np.asarray(n % N, np.int32)
    )


def jump(state: State, n: int) -> State:
    """Return the state n words on, n being a Python number of any size from 0 on."""
    return follow_leap(state, leap(n)) if n else state


def leaps(ns: Sequence[int]) -> Leap:
    """Return a batch of leaps, one for each n."""
    return jax.tree.map(lambda *each: np.stack(each), *map(leap, ns))


def lanes(state: State, count: int, apart: int) -> State:
    """Return a batch of states: the state itself, and so many words on, and so again.

    As many again are one leap from those before them, so that few polynomials are needed.
    """
    batch = jax.tree.map(lambda leaf: leaf[None], state)
    while (made := len(batch.seed)) < count:
        moved = jax.vmap(follow_leap, in_axes=(0, None))(batch, leap(made * apart))
        # A leap of no words would end a seed's own block, which stands before the stream.
        further = moved if apart else batch
        batch = jax.tree.map(lambda old, new: jnp.concatenate([old, new]), batch, further)
    return jax.tree.map(lambda leaf: leaf[:count], batch)


@jax.jit
def follow_leap(state: State, way: Leap) -> State:
    """Return the state at the end of a leap of one word or more."""
    position = drawn_of_block(state.engine)
    here = arrive(state.engine.block, position)
    words, _ = follow(here, DEGREE - 1 + N)
    powers = jnp.unpackbits(way.powers, bitorder="little").astype(jnp.uint32)

    def add(i: jax.Array, total: jax.Array) -> jax.Array:
        return total ^ lax.dynamic_slice(words, (i,), (N,)) * powers[i]

    window = lax.fori_loop(0, DEGREE, add, jnp.zeros(N, jnp.uint32))
    nearby = jnp.concatenate([here.before, window, advance(window)])
    before, following = (lax.dynamic_slice(nearby, (way.rest + i * N,), (N,)) for i in (0, 1))
    drawn = (position + way.drawn - 1) % N + 1
    return state._replace(engine=leave(Place(before, following), drawn))


@functools.lru_cache(maxsize=128)
def power_of_x(n: int) -> int:
    """Return x**n mod p, the coefficient of x**i in bit i."""
    result = 1
    for bit in f"{n:b}":
        result = _remainder(_square(result))
        if bit == "1":
            result = _remainder(result << 1)
    return result


def _square(polynomial: int) -> int:
    """Square: over two elements that puts a zero between each two coefficients."""
    bits = _unpack(polynomial)
    spread = np.packbits(np.stack([bits, 0 * bits], axis=1), bitorder="little")
    return int.from_bytes(spread.tobytes(), "little")


def _remainder(polynomial: int) -> int:
    """Divide by p: where there is x**19937 or more, put the lower powers in its place."""
    while high := polynomial >> DEGREE:
        polynomial ^= high << DEGREE
        for power in LOWER_POWERS:
            polynomial ^= high << power
    return polynomial


def _unpack(polynomial: int) -> np.ndarray:
    """Return the coefficients, that of x**i in place i, as uint32[19937]."""
    data = np.frombuffer(polynomial.to_bytes(-(-DEGREE // 8), "little"), np.uint8)
    return np.unpackbits(data, count=DEGREE, bitorder="little").astype(np.uint32)
