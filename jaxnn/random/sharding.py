"""Draws under a mesh of devices: the same numbers, each part made where it belongs."""

import functools
import math
from typing import Any, TypeGuard

import jax
import numpy as np
from jax import lax
from jax.sharding import AxisType, Mesh, NamedSharding

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
    sharding = _automatic(sharding)
    numbers = _numbers(name, state, shape, sharding, **options)
    count = math.prod(shape)
    if _is_made_in_parts(state, count):
        words = _PARTS[name][1](count, options["dtype"])
        return numbers, cpu.jump(state, words)
    return numbers, _after(name, state, count, **options)


def _is_made_in_parts(state: State, count: int) -> TypeGuard[cpu.State]:
    return isinstance(state, cpu.State) and count >= cpu.BLOCK


def _automatic(sharding: NamedSharding) -> NamedSharding:
    """Return the same layout on a mesh of automatic axes.

    Explicit ones are part of an array's type. They would enter that of the generator's state, which
    could not be drawn from any more beside arrays off the mesh.
    """
    if not jax.sharding.get_abstract_mesh().empty:
        return sharding  # the caller's own mesh is set, and only that one may be used
    mesh = sharding.mesh
    types = (AxisType.Auto,) * len(mesh.axis_names)
    devices = np.asarray(mesh.devices)
    return NamedSharding(Mesh(devices, mesh.axis_names, axis_types=types), sharding.spec)


def place(x: jax.Array, sharding: NamedSharding | None) -> jax.Array:
    """Return an array laid out so, or as it is."""
    if sharding is None:
        return x
    automatic = all(kind == AxisType.Auto for kind in sharding.mesh.axis_types)
    return (lax.with_sharding_constraint if automatic else jax.device_put)(x, sharding)


@functools.partial(jax.jit, static_argnames=("name", "shape", "sharding", "dtype"))
def _numbers(
    name: str, state: State, shape: tuple[int, ...], sharding: NamedSharding, **options: Any
) -> jax.Array:
    count = math.prod(shape)
    if _is_made_in_parts(state, count):
        return _PARTS[name][0](state, shape, sharding, **options)
    flat, _ = distribution(state, name)(state, count, **options)
    return place(flat.reshape(shape), sharding)


@functools.partial(jax.jit, static_argnames=("name", "count", "dtype"))
def _after(name: str, state: State, count: int, **options: Any) -> State:
    return distribution(state, name)(state, count, **options)[1]
