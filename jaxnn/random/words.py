"""Words of a stream as numbers: fractions, and integers of 64 bits.

Words are uint32, from whatever engine. A pair of words makes a 64-bit draw, its first word the high
half. Doubles appear inside, so this is traced within ``jax.enable_x64(True)``.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax


def unit32(words: jax.Array) -> jax.Array:
    """Return float32 in [0, 1): a word's low 24 bits as a fraction."""
    return lax.convert_element_type(words & 0xFFFFFF, jnp.float32) * np.float32(2.0**-24)


def unit64(words: jax.Array) -> jax.Array:
    """Return float64 in [0, 1) from word pairs [..., 2k]: 53 low bits as a fraction, [..., k]."""
    high, low = words[..., 0::2] & 0x1FFFFF, words[..., 1::2]
    joined = widen(high) * 2.0**32 + widen(low)
    return joined * 2.0**-53


def join64(words: jax.Array) -> jax.Array:
    """Return uint64 from word pairs [..., 2k], [..., k]."""
    high, low = (lax.convert_element_type(words[..., i::2], jnp.uint64) for i in (0, 1))
    return high << 32 | low


def widen(x: jax.Array | float) -> jax.Array:
    """Convert to double, keeping every bit."""
    return lax.convert_element_type(x, jnp.float64)


def narrow(x: jax.Array, dtype: np.dtype) -> jax.Array:
    """Convert as torch does, a double to a 16-bit float by way of float32."""
    if dtype.itemsize == 2 and x.dtype == jnp.float64:
        x = lax.convert_element_type(x, jnp.float32)
    return lax.convert_element_type(x, dtype)
