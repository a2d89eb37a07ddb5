"""Samples in pytrees of arrays: one for each index of the first axis."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from jaxnn._checks import as_count, complaint, describe


def take_samples(data: Any, indices: Array) -> Any:
    """Gather the samples at ``indices`` of the first axis, from every array of a pytree.

    Examples:
        >>> import jax.numpy as jnp
        >>> take_samples(jnp.array([5.0, 6.0, 7.0]), jnp.array([2, 0])).tolist()
        [7.0, 5.0]
    """
    return jax.tree.map(lambda array: jnp.asarray(array).at[indices].get(mode="clip"), data)


def count_samples(function: str, data: Any) -> int:
    """The length of the first axis, which every array of a pytree must share.

    Args:
        function: Who asks, for the text of the error.
        data: A pytree of arrays.

    Raises:
        ValueError: If the lengths differ, if there is none, or if it is 0.

    Examples:
        >>> import numpy as np
        >>> count_samples("fit", (np.zeros((3, 2)), np.zeros(3)))
        3
    """
    arrays = jax.tree.leaves(data)
    lengths = {np.shape(array)[:1] for array in arrays}
    if len(lengths) != 1 or lengths <= {(), (0,)}:
        must = "every array of the data must have the same number of samples, one or more"
        came = ", ".join(describe(array) for array in arrays) or "no array"
        instead = "make the first axis of each the one that counts samples"
        raise ValueError(complaint(function, must, came, instead))
    ((n,),) = lengths
    return n


def as_batch_size(function: str, batch_size: Any) -> int:
    """A number of samples in a batch, 1 or more, as Python's own.

    Raises:
        TypeError: It is no integer.
        ValueError: It is less than 1.

    Examples:
        >>> import numpy as np
        >>> as_batch_size("fit", np.int32(32))
        32
    """
    return as_count(function, "batch_size", batch_size, use=32)


def check_pair(function: str, data: Any, name: str = "data") -> None:
    """Refuse data that is no pair (x, y), with a TypeError.

    Examples:
        >>> check_pair("fit", ([1.0, 2.0], [3.0, 4.0]))
    """
    if not isinstance(data, tuple | list) or len(data) != 2:
        must, came = f"{name} must be a pair (x, y)", f"a {type(data).__name__}"
        raise TypeError(complaint(function, must, came, f"use {name}=(x, y)"))
