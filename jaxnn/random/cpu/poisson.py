"""Poisson counts from the stream, as torch's CPU kernels make them.

Source: W. Hörmann, "The transformed rejection method for generating Poisson random variables",
Insurance: Mathematics and Economics 12 (1993).
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random import libm
from jaxnn.random.cpu.draws import Samples
from jaxnn.random.cpu.reader import Ahead, Outcome, each
from jaxnn.random.cpu.state import State
from jaxnn.random.exact_math import product
from jaxnn.random.special import lgamma_of_whole
from jaxnn.random.words import narrow

LARGE = 10  # from this rate on, counts are proposed and accepted or not
AT_ONCE = 8  # uniforms that one attempt multiplies
RATE_END = 2.0**63  # torch counts in 64 bits

Pair = tuple[jax.Array, jax.Array]
NOTHING_YET = np.float64(0), np.float64(1)


def poisson(state: State, count: int, rate: jax.Array) -> Samples:
    """Return counts of the dtype of their rates, as ``torch.poisson``.

    Args:
        state: where to draw.
        count: how many rates there are.
        rate: of a float dtype. 0 gives 0, and what is no rate nan, without a draw.
    """
    rates = lax.stop_gradient(rate).reshape(-1).astype(jnp.float64)
    drawn = (rates > 0) & (rates < RATE_END)
    known = jnp.where(rates == 0, 0.0, jnp.nan)
    parameters = rates, libm.exp64(-rates)

    def attempt(parameters: Pair, memory: Pair, ahead: Ahead) -> Outcome:
        rate, bound = parameters
        return lax.cond(
            rate < LARGE,
            lambda: _multiply(bound, memory, ahead),
            lambda: _propose(rate, ahead),
        )

    counts, _, state = each(state, drawn, known, parameters, attempt, NOTHING_YET, AT_ONCE)
    return narrow(counts, rate.dtype), state


def _multiply(bound: jax.Array, memory: Pair, ahead: Ahead) -> Outcome:
    """Count the uniforms whose product stays above exp(-rate)."""
    before, total = memory
    above = jnp.int32(0)
    for i in range(AT_ONCE):
        total = total * ahead(i)
        above += (total > bound).astype(jnp.int32)
    done = above < AT_ONCE
    count = before + above.astype(jnp.float64)
    after = jnp.where(done, 0.0, count), jnp.where(done, 1.0, total)
    return Outcome(count, done, after, above + done.astype(jnp.int32))


def _propose(rate: jax.Array, ahead: Ahead) -> Outcome:
    """Propose a count by Hörmann's PTRS, from two uniforms."""
    b = 0.931 + product(2.53, jnp.sqrt(rate))
    a = -0.059 + product(0.02483, b)
    u, v = ahead(0) - 0.5, ahead(1)
    edge = 0.5 - jnp.abs(u)
    count = jnp.floor(product(2 * a / edge + b, u) + rate + 0.43)

    def accept() -> jax.Array:
        inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
        height = jnp.log(v) + jnp.log(inverse_alpha) - jnp.log(a / (edge * edge) + b)
        density = -rate + product(count, jnp.log(rate)) - lgamma_of_whole(count + 1)
        outside = (count < 0) | ((edge < 0.013) & (v > edge))
        return ~outside & (height <= density)

    inside = (edge >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2))
    done = lax.cond(inside, lambda: jnp.bool_(True), accept)
    return Outcome(count, done, NOTHING_YET, jnp.int32(2))
