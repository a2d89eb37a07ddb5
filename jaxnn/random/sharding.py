"""Draws under a mesh of devices: the same numbers, each part made where it belongs."""

import functools
import math
from typing import Any

import jax
from jax.sharding import NamedSharding

from jaxnn._checks import complaint
from jaxnn.random import cpu
from jaxnn.random.cpu import sharded
from jaxnn.random.engines import State, distribution

# Draws by parts, and how many words the whole takes; a CUDA stream needs none of that: there each
# number follows from its place.
_PARTS = {
    "uniform": (sharded.uniform, cpu.words_of_uniform),
    "normal": (sharded.normal, cpu.words_of_normal),
}


def draw(
    name: str, state: State, shape: tuple[int, ...], sharding: NamedSharding, **options: Any
) -> tuple[jax.Array, State]:
    """Return what the distribution of that name does, and the state after it, off the mesh.

    Raises:
        TypeError: if the sharding is no NamedSharding.
        ValueError: if it does not divide the shape evenly.
    """
    if not isinstance(sharding, NamedSharding):
        must, instead = "sharding must be a NamedSharding", "use NamedSharding(mesh, P('data'))"
        raise TypeError(complaint(name, must, repr(sharding), instead))
    sharding.shard_shape(shape)  # says what does not divide
    numbers = _numbers(name, state, shape, sharding, **options)
    count = math.prod(shape)
    if isinstance(state, cpu.State) and count >= cpu.BLOCK:
        words = _PARTS[name][1](count, options["dtype"])
        return numbers, cpu.jump(state, words)
    return numbers, _after(name, state, count, **options)


def place(x: jax.Array, sharding: NamedSharding | None) -> jax.Array:
    """Return an array laid out so, or as it is."""
    return x if sharding is None else jax.device_put(x, sharding)


@functools.partial(jax.jit, static_argnames=("name", "shape", "sharding", "dtype"))
def _numbers(
    name: str, state: State, shape: tuple[int, ...], sharding: NamedSharding, **options: Any
) -> jax.Array:
    count = math.prod(shape)
    if isinstance(state, cpu.State) and count >= cpu.BLOCK:
        return _PARTS[name][0](state, shape, sharding, **options)
    flat, _ = distribution(state, name)(state, count, **options)
    return place(flat.reshape(shape), sharding)


@functools.partial(jax.jit, static_argnames=("name", "count", "dtype"))
def _after(name: str, state: State, count: int, **options: Any) -> State:
    return distribution(state, name)(state, count, **options)[1]
