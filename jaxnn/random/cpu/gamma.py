"""Gamma and Dirichlet numbers from the stream, as torch's CPU kernels make them.

Source: G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM
Transactions on Mathematical Software 26 (2000).
"""

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.cpu.continuous import scalar_pair
from jaxnn.random.cpu.draws import Samples
from jaxnn.random.cpu.normal_cache import from_halves, to_halves
from jaxnn.random.cpu.reader import Ahead, Outcome, each
from jaxnn.random.cpu.row_sum import row_sums
from jaxnn.random.cpu.state import State
from jaxnn.random.exact_math import product, quotient

# Constants that torch has in single precision, whatever the dtype.
THIRD, SQUEEZE = float(np.float32(1 / 3)), float(np.float32(0.0331))
REACH = 4  # the boost's uniform, two for a pair of normals, and the one that accepts


class _Memory(NamedTuple):
    """What one attempt leaves to the next: a normal of a pair, and the boost of the number."""

    normal: jax.Array
    has_normal: jax.Array
    boost: jax.Array
    has_boost: jax.Array


def gamma(state: State, count: int, concentration: jax.Array) -> Samples:
    """Return gamma numbers of rate 1, of the dtype of their concentrations, at least its tiny.

    Args:
        state: where to draw.
        count: how many concentrations there are.
        concentration: float32 or float64. 0 gives tiny without a draw.
    """
    samples, state = _gamma(state, concentration)
    return _at_least_tiny(lax.convert_element_type(samples, concentration.dtype)), state


def dirichlet(state: State, count: int, concentration: jax.Array) -> Samples:
    """Return gamma numbers over their sums along the last axis, as ``torch._sample_dirichlet``.

    Args:
        state: where to draw.
        count: how many concentrations there are.
        concentration: float32 or float64 [..., categories].
    """
    dtype = concentration.dtype
    samples, state = _gamma(state, concentration.astype(jnp.float64))
    *rows, categories = concentration.shape
    rows = _at_least_tiny(samples).reshape(math.prod(rows), categories)
    shares = lax.convert_element_type(quotient(rows, row_sums(rows)), dtype)
    most = 1 - jnp.finfo(dtype).eps / 2
    return jnp.minimum(_at_least_tiny(shares), most).reshape(-1), state


def _at_least_tiny(x: jax.Array) -> jax.Array:
    """Return x, or the least normal number where x is less or nan."""
    tiny = jnp.finfo(x.dtype).tiny
    return jnp.where(x > tiny, x, tiny)


def _gamma(state: State, concentration: jax.Array) -> Samples:
    """Return gamma numbers in double, and the state after them."""
    concentration = concentration.reshape(-1)
    constants = lax.stop_gradient(_constants(concentration))
    cached = from_halves(state.normal), state.has_normal
    memory = _Memory(*cached, boost=jnp.float64(1), has_boost=jnp.bool_(False))
    zeros = jnp.zeros(len(concentration), jnp.float64)
    drawn = concentration != 0
    samples, memory, state = each(state, drawn, zeros, constants, _attempt, memory, REACH)
    normal = to_halves(memory.normal, memory.has_normal)
    state = state._replace(normal=normal, has_normal=memory.has_normal)
    return _by_quantile(concentration.astype(jnp.float64), samples), state


def _constants(concentration: jax.Array) -> tuple[jax.Array, ...]:
    """Return the power of the uniform that boosts a number, or 0 for none, and the method's d, c.

    The first steps are in the dtype of the concentration, as torch's.
    """
    small = concentration < 1
    power = jnp.where(small, 1 / concentration, 0)
    d = jnp.where(small, concentration + 1, concentration) - THIRD
    power, d = power.astype(jnp.float64), d.astype(jnp.float64)
    # Without the barrier XLA takes a reciprocal square root, which is not rounded as these two.
    return power, d, 1 / lax.optimization_barrier(jnp.sqrt(9 * d))


@jax.custom_jvp
def _by_quantile(concentration: jax.Array, samples: jax.Array) -> jax.Array:
    """Return the samples, with the derivative of the quantile at which they are."""
    del concentration
    return samples


@_by_quantile.defjvp
def _by_quantile_derivative(primals: tuple, tangents: tuple) -> tuple[jax.Array, jax.Array]:
    concentration, samples = primals
    # The wrapper that JAX has around this function fills in the dtype.
    slope = lax.random_gamma_grad(concentration, samples)  # pyright: ignore[reportCallIssue]
    return samples, slope * tangents[0]


def _attempt(parameters: tuple, memory: _Memory, ahead: Ahead) -> Outcome:
    power, d, c = parameters
    needs_boost = (power != 0) & ~memory.has_boost
    boost = lax.cond(needs_boost, lambda: (1 - ahead(0)) ** power, lambda: memory.boost)
    taken = needs_boost.astype(jnp.int32)
    normal, left_over = lax.cond(
        memory.has_normal,
        lambda: (memory.normal, np.float64(0)),
        lambda: scalar_pair(ahead(taken), ahead(taken + 1)),
    )
    taken += jnp.where(memory.has_normal, 0, 2)
    root = 1 + product(c, normal)
    cube = root * root * root
    u = 1 - ahead(taken)
    square = normal * normal

    def accept() -> jax.Array:
        height = 0.5 * square + product(d, 1 - cube + jnp.log(cube))
        return jnp.log(u) < height

    inside = u < 1 - product(SQUEEZE * square, square)
    positive = ~(root <= 0)
    done = positive & lax.cond(inside, lambda: jnp.bool_(True), accept)
    after = _Memory(left_over, ~memory.has_normal, jnp.where(done, 1.0, boost), ~done)
    return Outcome(boost * d * cube, done, after, taken + positive.astype(jnp.int32))
