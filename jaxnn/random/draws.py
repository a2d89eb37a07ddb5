"""What every distribution starts from: words of the stream, as fractions and as integers.

A distribution is a pure function of a `State` and a static count that returns ``(samples, state)``,
the samples flat and in the order in which torch fills memory. Doubles and 64-bit integers appear
inside, so all of it is traced within ``jax.enable_x64(True)``; the functions of `jaxnn.random` see
to that, to shapes and to checks.

Words are uint32. A pair of words makes a 64-bit draw, its first word the high half.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random import mt19937
from jaxnn.random.state import State

Samples = tuple[jax.Array, State]


def draw(state: State, groups: int, words: int, convert: mt19937.Convert) -> Samples:
    """Draw groups of words and flatten what `convert` makes of them, see `mt19937.draw`."""
    samples, engine = mt19937.draw(state.engine, groups, words, convert)
    return samples.reshape(-1), state._replace(engine=engine)


def skip(state: State, words: int) -> State:
    """Pass over words."""
    return draw(state, words, 1, lambda w: (w,))[1]


def unit32(words: jax.Array) -> jax.Array:
    """Return float32 in [0, 1): a word's low 24 bits as a fraction."""
    return lax.convert_element_type(words & 0xFFFFFF, jnp.float32) * np.float32(2.0**-24)


def unit64(words: jax.Array) -> jax.Array:
    """Return float64 in [0, 1) from word pairs [..., 2k]: 53 low bits as a fraction, [..., k]."""
    high, low = words[..., 0::2] & 0x1FFFFF, words[..., 1::2]
    joined = _double(high) * 2.0**32 + _double(low)
    return joined * 2.0**-53


def join64(words: jax.Array) -> jax.Array:
    """Return uint64 from word pairs [..., 2k], [..., k]."""
    high, low = (lax.convert_element_type(words[..., i::2], jnp.uint64) for i in (0, 1))
    return high << 32 | low


def _double(x: jax.Array) -> jax.Array:
    return lax.convert_element_type(x, jnp.float64)


def narrow(x: jax.Array, dtype: np.dtype) -> jax.Array:
    """Convert as torch does, a double to a 16-bit float by way of float32."""
    if dtype.itemsize == 2 and x.dtype == jnp.float64:
        x = lax.convert_element_type(x, jnp.float32)
    return lax.convert_element_type(x, dtype)
