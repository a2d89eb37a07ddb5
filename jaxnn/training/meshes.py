"""Where the arrays of a training lie that is spread over a mesh of devices."""

import contextlib
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import AxisType, Mesh, NamedSharding
from jax.sharding import PartitionSpec as P

from jaxnn._checks import complaint

#: The axis of a mesh along which batches are divided.
DATA = "data"


def automatic(mesh: Mesh | None, batch_size: int) -> Mesh | None:
    """The same mesh with automatic axes: explicit ones would enter the types of a loss's arrays.

    Args:
        mesh: As `jaxnn.fit` takes it.
        batch_size: Samples in a step, or 0 where the batches come as they are.

    Raises:
        TypeError: It is no mesh.
        ValueError: It has no axis "data", or that one does not divide the batches.
    """
    if mesh is None:
        return None
    instead = 'use jax.make_mesh((jax.device_count(),), ("data",))'
    if not isinstance(mesh, Mesh):
        must = "mesh must be a jax.sharding.Mesh"
        raise TypeError(complaint("fit", must, f"a {type(mesh).__name__}", instead))
    if DATA not in mesh.axis_names:
        must = 'mesh must have an axis "data"'
        raise ValueError(complaint("fit", must, str(mesh.axis_names), instead))
    parts = mesh.shape[DATA]
    if batch_size % parts:
        must = f'batch_size must be a multiple of {parts}, the length of the axis "data"'
        instead = f"use batch_size={-(-batch_size // parts) * parts}"
        raise ValueError(complaint("fit", must, str(batch_size), instead))
    return Mesh(mesh.devices, mesh.axis_names, axis_types=(AxisType.Auto,) * mesh.devices.ndim)


def entered(mesh: Mesh | None) -> contextlib.AbstractContextManager[Any]:
    """A block in which this mesh is the current one, whatever the caller has set."""
    return contextlib.nullcontext() if mesh is None else jax.set_mesh(mesh)


def everywhere(mesh: Mesh | None, tree: Any) -> Any:
    """Arrays whole on each device of a mesh; without one as they are."""
    return tree if mesh is None else jax.device_put(tree, NamedSharding(mesh, P()))


def off(mesh: Mesh | None, tree: Any) -> Any:
    """Arrays that lie whole on a mesh as such that may be used with any others."""
    if mesh is None:
        return tree
    with jax.enable_x64(True):  # or float64 would be rounded
        return jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf)), tree)


def divided(
    mesh: Mesh | None, batch: Any, place: Callable[..., Any] = lax.with_sharding_constraint
) -> Any:
    """Each device's samples of a batch; all of them on each where they cannot be divided evenly.

    Args:
        mesh: Whose axis "data" divides the batch; without one it is returned as it is.
        batch: Arrays with one sample for each index of the first axis.
        place: What puts an array there: by default, in compiled code, the compiler.
    """
    if mesh is None:
        return batch

    def part(leaf: Any) -> Any:
        is_even = np.ndim(leaf) > 0 and np.shape(leaf)[0] % mesh.shape[DATA] == 0
        return place(leaf, NamedSharding(mesh, P(DATA) if is_even else P()))

    return jax.tree.map(part, batch)
