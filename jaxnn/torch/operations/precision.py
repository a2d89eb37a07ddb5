"""Rounding in between: where torch computes 16-bit types step by step, each step rounds."""

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch.storage import Array


def widened(x: Array) -> Array:
    """``x`` in at least 32 bits."""
    return x.astype(np.float32) if x.dtype.itemsize == 2 else x


def rounded(x: Array, dtype: np.dtype) -> Array:
    """``x`` as numbers of ``dtype``, still of its own type: no compiler may leave that out."""
    bits = jnp.finfo(dtype)
    return lax.reduce_precision(x, exponent_bits=bits.nexp, mantissa_bits=bits.nmant)
