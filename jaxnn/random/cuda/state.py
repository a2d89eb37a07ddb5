"""The state of torch's CUDA generator: a seed, a place, the card, and torch's 16 bytes."""

import dataclasses
import functools
import struct

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn._checks import complaint
from jaxnn.random.cuda.profiles import DEFAULT, Profile
from jaxnn.random.seeds import halves, join_halves

LAYOUT = struct.Struct("<QQ")  # seed and offset
SEED_ONLY = 8  # bytes of a state without offset, which torch takes for the seed's beginning
STEP = 4  # words that a thread takes at a time


@functools.partial(
    jax.tree_util.register_dataclass, data_fields=["seed", "offset"], meta_fields=["profile"]
)
@dataclasses.dataclass(frozen=True)
class State:
    """Everything that decides what torch's CUDA generator gives next on a certain card.

    Attributes:
        seed: uint32[2], low and high half: the engine's key.
        offset: uint32[2], low and high half of the words that every thread has behind it, a
            multiple of 4.
        profile: the card; fixed when a program is compiled.
    """

    seed: jax.Array
    offset: jax.Array
    profile: Profile


def from_seed(seed: jax.Array, profile: Profile = DEFAULT) -> State:
    """Return the state that ``torch.cuda.manual_seed`` sets.

    Args:
        seed: uint32[2], low and high half. All 64 bits decide the stream.
        profile: the card.
    """
    return State(seed, jnp.zeros(2, jnp.uint32), profile)


def advance(state: State, words: int) -> State:
    """Go on by words of every thread, rounded up to whole steps of 4 as torch does."""
    words = -(-words // STEP) * STEP
    return dataclasses.replace(state, offset=add(state.offset, *halves(words)))


def add(pair: jax.Array, low: jax.Array, high: jax.Array | np.uint32) -> jax.Array:
    """Return uint32[2], the halves of a sum modulo 2**64; where 64-bit mode is off, too."""
    total = pair[0] + low
    carry = (total < low).astype(jnp.uint32)
    return jnp.stack([total, pair[1] + high + carry])


def jump(state: State, n: int) -> State:
    """Go on by n words of every thread: what ``set_offset(get_offset() + n)`` does in torch.

    A draw takes 4 of them, whatever its length, up to 4 numbers a thread (2 of 64 bits).

    Raises:
        ValueError: if n is no multiple of 4.
    """
    if n % STEP:
        must = "n must be a multiple of 4 in a CUDA stream, whose threads take 4 words at a time"
        instead = f"use jump({-(-n // STEP) * STEP})"
        raise ValueError(complaint("jump", must, str(n), instead))
    return advance(state, n)


def lanes(state: State, count: int, apart: int) -> State:
    """Return a batch of states: the state itself, and so many words on, and so again."""
    jump(state, apart)  # says what a distance may be
    distances = np.stack([halves(i * apart) for i in range(count)])
    offsets = jax.vmap(lambda words: add(state.offset, *words))(jnp.asarray(distances))
    seeds = jnp.broadcast_to(state.seed, offsets.shape)
    return dataclasses.replace(state, seed=seeds, offset=offsets)


def to_bytes(state: State) -> bytes:
    """Return the state as ``torch.cuda.get_rng_state`` gives it, 16 bytes."""
    return LAYOUT.pack(join_halves(state.seed), join_halves(state.offset))


def from_bytes(data: bytes, profile: Profile = DEFAULT) -> State:
    """Return the state that ``torch.cuda.set_rng_state`` would set from these bytes.

    Args:
        data: 16 bytes; or the first 8 of them, which stand for an offset of 0.
        profile: the card.

    Raises:
        ValueError: if they are neither, or their offset is no multiple of 4.
    """
    if len(data) not in (SEED_ONLY, LAYOUT.size):
        must = f"a CUDA generator's state has {LAYOUT.size} bytes, or {SEED_ONLY} without offset"
        instead = "pass what get_state() gave"
        raise ValueError(complaint("set_state", must, str(len(data)), instead))
    seed, offset = LAYOUT.unpack(data.ljust(LAYOUT.size, b"\0"))
    if offset % STEP:
        must, instead = "the offset must be a multiple of 4", "pass what get_state() gave"
        raise ValueError(complaint("set_state", must, str(offset), instead))
    return State(jnp.asarray(halves(seed)), jnp.asarray(halves(offset)), profile)
