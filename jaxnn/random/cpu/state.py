"""The state of torch's CPU generator: the engine, the cached normal, and their 5,056 bytes."""

import struct
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn._checks import complaint
from jaxnn.random.cpu import mt19937
from jaxnn.random.seeds import halves, join_halves

# Little endian: seed, words left in the block plus one, seeded, next word, the block in 64-bit
# slots, then the cached normals of older releases (unused but for `normal`), and their flags.
LAYOUT = struct.Struct("<QiiQ4992sdQdi4xf?3x")
BYTES = LAYOUT.size  # 5,056


class State(NamedTuple):
    """Everything that decides what torch's CPU generator gives next.

    Attributes:
        engine: the place in the word stream.
        normal: uint32[2], low and high half of the double that the last pair of scalar normals
            left over; zeros if there is none.
        has_normal: bool scalar, whether there is one.
        seed: uint32[2], low and high half of the seed last set. Only the low half reaches the
            engine; torch's ``initial_seed`` tells both.
    """

    engine: mt19937.State
    normal: jax.Array
    has_normal: jax.Array
    seed: jax.Array


def from_seed(seed: jax.Array) -> State:
    """Return the state that ``torch.manual_seed`` sets.

    Args:
        seed: uint32[2], low and high half.
    """
    return State(mt19937.seed(seed[0]), jnp.zeros(2, jnp.uint32), jnp.zeros((), jnp.bool_), seed)


def to_bytes(state: State) -> bytes:
    """Return the state as ``torch.Generator.get_state`` gives it, 5,056 bytes."""
    following = int(state.engine.position)
    left = 1 if following == 0 else mt19937.N + 1 - following
    block = np.asarray(state.engine.block).astype("<u8").tobytes()
    has_normal = bool(state.has_normal)
    return LAYOUT.pack(
        join_halves(state.seed), left, 1, following, block,
        0.0, join_halves(state.normal), 0.0, has_normal, 0.0, False,
    )  # fmt: skip


def from_bytes(data: bytes) -> State:
    """Return the state that ``torch.Generator.set_state`` would set from these bytes.

    Raises:
        ValueError: if they are not 5,056, or not a state that torch's generator can be in: every
            byte must be the one that `to_bytes` gives back.
    """
    if len(data) != BYTES:
        must, instead = f"a CPU generator's state has {BYTES:,} bytes", "pass what get_state() gave"
        raise ValueError(complaint("set_state", must, f"{len(data):,}", instead))
    seed, left, seeded, following, block, _, normal, _, has_normal, _, _ = LAYOUT.unpack(data)
    expected = 1 if following == 0 else mt19937.N + 1 - following
    if seeded != 1 or following > mt19937.N or left != expected:
        must = "seeded must be 1, next at most 624, and left 625 - next, or 1 if next is 0"
        came = f"{seeded}, {following} and {left}"
        raise ValueError(complaint("set_state", must, came, "pass what get_state() gave"))
    words = np.frombuffer(block, "<u8").astype(np.uint32)
    state = State(
        mt19937.State(jnp.asarray(words), jnp.asarray(np.int32(following))),
        jnp.asarray(halves(normal if has_normal else 0)),
        jnp.asarray(np.bool_(has_normal)),
        jnp.asarray(halves(seed)),
    )
    _check_nothing_is_lost(data, state)
    return state


def _check_nothing_is_lost(data: bytes, state: State) -> None:
    kept = np.frombuffer(to_bytes(state), np.uint8)
    lost = np.flatnonzero(np.frombuffer(data, np.uint8) != kept)
    if lost.size:
        at = int(lost[0])
        must, came = f"byte {at:,} of this state must be {kept[at]}", str(data[at])
        raise ValueError(complaint("set_state", must, came, "pass what get_state() gave"))
