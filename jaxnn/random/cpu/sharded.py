"""Draws under a mesh: each device makes its own part of the numbers, and none waits for another.

A part starts where the numbers before it end. A device jumps there in the stream, draws its part,
and that is all: the bits are those of one device, on however many.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import NamedSharding, PartitionSpec

from jaxnn.random.cpu import continuous
from jaxnn.random.cpu.continuous import BLOCK, Pair, words_before_last, words_of_uniform
from jaxnn.random.cpu.jump_ahead import follow_leap, leap, leaps
from jaxnn.random.cpu.state import State


class Run(NamedTuple):
    """Numbers that follow one another, of those that a draw makes.

    Attributes:
        start: int64 scalar, how many come before them.
        length: how many they are; static.
    """

    start: jax.Array
    length: int


Draw = Callable[[State, Pair, State, Run], jax.Array]
"""Draws a run, given the state at first, the parameters, and the state where the run begins.

Where numbers are made in groups, that is where the group begins in which the run does.
"""


def uniform(
    state: State, shape: tuple[int, ...], sharding: NamedSharding, dtype: np.dtype, bounds: Pair
) -> jax.Array:
    """Return the numbers of `continuous.uniform`, each device its own."""

    def draw(_: State, bounds: Pair, here: State, run: Run) -> jax.Array:
        return continuous.uniform(here, run.length, dtype, bounds)[0]

    return _by_device(state, bounds, shape, sharding, draw, 1, words_of_uniform(1, dtype))


def normal(
    state: State, shape: tuple[int, ...], sharding: NamedSharding, dtype: np.dtype, scale: Pair
) -> jax.Array:
    """Return the numbers of `continuous.normal`, 16 or more, each device its own."""
    count = math.prod(shape)

    def draw(state: State, scale: Pair, here: State, run: Run) -> jax.Array:
        # Wherever in a block the run starts, it touches no more blocks than these.
        blocks = -(-(run.length + BLOCK - 1) // BLOCK)
        numbers, _ = continuous.normal(here, blocks * BLOCK, dtype, scale)
        numbers = lax.dynamic_slice(numbers, (run.start % BLOCK,), (run.length,))
        if count % BLOCK == 0:
            return numbers
        there = follow_leap(state, leap(words_before_last(count, dtype)))
        last, _ = continuous.normal(there, BLOCK, dtype, scale)
        # Where the last block begins in this run, or as near to it as a block may.
        size = min(run.length, BLOCK)
        at = jnp.clip(count - BLOCK - run.start, 0, run.length - size)
        places = run.start + at + jnp.arange(size) - (count - BLOCK)
        before = lax.dynamic_slice(numbers, (at,), (size,))
        after = jnp.where(places < 0, before, last[jnp.maximum(places, 0)])
        return lax.dynamic_update_slice(numbers, after, (at,))

    words = words_of_uniform(BLOCK, dtype)
    return _by_device(state, scale, shape, sharding, draw, BLOCK, words)


def _by_device(
    state: State,
    parameters: Pair,
    shape: tuple[int, ...],
    sharding: NamedSharding,
    draw: Draw,
    group: int,
    words: int,
) -> jax.Array:
    """Let each device draw the shortest run that holds its part, and keep its part of that.

    Args:
        state: where to draw; the same on all devices.
        parameters: what the distribution takes.
        shape: of all numbers.
        sharding: which part belongs to which device.
        draw: draws a run.
        group: how many numbers are made together.
        words: how many words that takes.
    """
    mesh = sharding.mesh
    strides = [math.prod(shape[d + 1 :]) for d in range(len(shape))]
    part = sharding.shard_shape(shape)
    length = 1 + sum((size - 1) * stride for size, stride in zip(part, strides, strict=True))
    starts = np.array(_corners(sharding, shape)) @ np.array(strides)
    ways = leaps([int(start) // group * words for start in starts])

    def draw_part(state: State, parameters: Pair) -> jax.Array:
        me = lax.axis_index(mesh.axis_names)
        way, start = jax.tree.map(lambda table: jnp.asarray(table)[me], (ways, starts))
        numbers = draw(state, parameters, follow_leap(state, way), Run(start, length))
        if length == math.prod(part):
            return numbers.reshape(part)
        places = (lax.broadcasted_iota(jnp.int64, part, d) * strides[d] for d in range(len(part)))
        return numbers[sum(places)]

    part_of = jax.shard_map(
        draw_part, mesh=mesh, in_specs=PartitionSpec(), out_specs=sharding.spec, check_vma=False
    )
    return part_of(state, parameters)


def _corners(sharding: NamedSharding, shape: tuple[int, ...]) -> list[list[int]]:
    """Return where each device's part begins, the devices in the order of the mesh."""
    parts = sharding.devices_indices_map(shape)
    devices = np.asarray(sharding.mesh.devices).flat
    return [[cut.start or 0 for cut in parts[each] or ()] for each in devices]
