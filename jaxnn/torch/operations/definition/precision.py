"""Rounding in between: where torch computes in more bits than it returns, or in fewer."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch.storage import Array


class InDouble:
    """A function whose float32 results are those of float64, rounded once.

    torch's own are right to about half a unit in the last place, XLA's to a few of them: a rounded
    double is torch's number where XLA's float32 is another one every second or third time. What
    JAX traces stays in float32: derivatives follow from the numbers of that type, as torch's do,
    and may be computed in a mode that has no doubles.

    Args:
        function: The function, of numbers of any type.
        doubled: The same of doubles that stand for float32, where that may be simpler.
    """

    def __init__(
        self, function: Callable[..., Any], doubled: Callable[..., Any] | None = None
    ) -> None:
        self.traced, self._doubled = function, doubled or function
        functools.update_wrapper(self, function)

    def __call__(self, *arrays: Array, **options: Any) -> Any:
        """Compute in double what is float32."""
        if arrays[0].dtype != np.float32:
            return self.traced(*arrays, **options)
        found = self._doubled(*(x.astype(np.float64) for x in arrays), **options)
        return jax.tree.map(lambda x: x.astype(np.float32), found)


def widened(x: Array) -> Array:
    """``x`` in at least 32 bits."""
    return x.astype(np.float32) if x.dtype.itemsize == 2 else x


def rounded(x: Array, dtype: np.dtype) -> Array:
    """``x`` as numbers of ``dtype``, still of its own type: no compiler may leave that out."""
    bits = jnp.finfo(dtype)
    return lax.reduce_precision(x, exponent_bits=bits.nexp, mantissa_bits=bits.nmant)
