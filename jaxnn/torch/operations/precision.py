"""Rounding in between: where torch computes in more bits than it returns, or in fewer."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch.storage import Array


def in_double(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose float32 results are those of float64, rounded once.

    torch's own are right to about half a unit in the last place, XLA's to a few of them: a rounded
    double is torch's number where XLA's float32 is another one every second or third time. JAX's
    32-bit mode, in which a caller may trace an operation, has no doubles.
    """

    @functools.wraps(function)
    def computed(*arrays: Array, **options: Any) -> Any:
        wide = jax.dtypes.canonicalize_dtype(np.float64)
        if arrays[0].dtype != np.float32 or wide != np.float64:
            return function(*arrays, **options)
        found = function(*(x.astype(wide) for x in arrays), **options)
        return jax.tree.map(lambda x: x.astype(np.float32), found)

    return computed


def widened(x: Array) -> Array:
    """``x`` in at least 32 bits."""
    return x.astype(np.float32) if x.dtype.itemsize == 2 else x


def rounded(x: Array, dtype: np.dtype) -> Array:
    """``x`` as numbers of ``dtype``, still of its own type: no compiler may leave that out."""
    bits = jnp.finfo(dtype)
    return lax.reduce_precision(x, exponent_bits=bits.nexp, mantissa_bits=bits.nmant)
