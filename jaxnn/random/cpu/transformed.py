"""Numbers that torch's CPU kernels make of one double in [0, 1) each, or of one scalar normal.

Pure functions of a state, see `jaxnn.random.cpu.draws` for what they have in common. Whatever the
dtype of the result, torch computes in double.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.random import exact_math, libm
from jaxnn.random.cpu.continuous import scalar_normal
from jaxnn.random.cpu.draws import Samples, draw
from jaxnn.random.cpu.state import State
from jaxnn.random.words import narrow, unit64

DOUBLE = np.dtype(np.float64)


def exponential(state: State, count: int, dtype: np.dtype, rate: jax.Array) -> Samples:
    """Return -log(1 - U) / rate, as ``Tensor.exponential_(rate)``. U = 0 gives 0."""

    def wait(u: jax.Array) -> jax.Array:
        return exact_math.rounded_product(-1 / rate, libm.log1m64(u))

    return _of_fractions(state, count, dtype, wait)


def cauchy(
    state: State, count: int, dtype: np.dtype, median: jax.Array, sigma: jax.Array
) -> Samples:
    """Return median + sigma tan(pi (U - 1/2)), as ``Tensor.cauchy_(median, sigma)``."""

    def spread(u: jax.Array) -> jax.Array:
        return exact_math.fma64(sigma, jnp.tan(math.pi * (u - 0.5)), median)

    return _of_fractions(state, count, dtype, spread)


def geometric(state: State, count: int, dtype: np.dtype, p: jax.Array) -> Samples:
    """Return how many tries the first success takes, as ``Tensor.geometric_(p)``.

    U = 0 gives infinity, and an integer dtype turns that, as all that is too long for it, into
    what the processor's conversion makes of it: the least integer of 32 or 64 bits.
    """

    def tries(u: jax.Array) -> jax.Array:
        return jnp.ceil(exact_math.quotient(jnp.log(u), libm.log1p64(-p)))

    if jnp.issubdtype(dtype, jnp.floating):
        return _of_fractions(state, count, dtype, tries)
    return _of_fractions(state, count, dtype, lambda u: _truncate(tries(u), dtype))


def log_normal(
    state: State, count: int, dtype: np.dtype, scale: tuple[jax.Array, jax.Array]
) -> Samples:
    """Return exp(mean + std Z) of scalar normals Z, as ``Tensor.log_normal_(mean, std)``."""
    normals, state = scalar_normal(state, count, DOUBLE, scale)
    return narrow(libm.exp64(normals), dtype), state


def _of_fractions(
    state: State, count: int, dtype: np.dtype, function: Callable[[jax.Array], jax.Array]
) -> Samples:
    """Draw two words a number, and narrow what a function makes of them as a fraction."""
    return draw(state, count, 2, lambda words: narrow(function(unit64(words)), dtype))


def _truncate(x: jax.Array, dtype: np.dtype) -> jax.Array:
    """Convert positive doubles to integers as x86 does: by way of int32 but for int64."""
    wide = np.iinfo(np.int64 if dtype.itemsize == 8 else np.int32)
    held = x < -float(wide.min)
    return jnp.where(held, x, float(wide.min)).astype(wide.dtype).astype(dtype)
