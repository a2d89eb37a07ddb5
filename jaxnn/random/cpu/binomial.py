"""Binomial counts from the stream, as torch's CPU kernels make them.

torch computes some terms in the dtype of its arguments and the rest in double, and so does this.

Source: W. Hörmann, "The generation of binomial random variates", Journal of Statistical
Computation and Simulation 46 (1993).
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
from jaxnn.random.special import log1p32
from jaxnn.random.words import narrow, widen

LARGE = 10  # from this expectation on, counts are proposed and accepted or not

# log(k!) less Stirling's approximation, of k from 0 to 9
STIRLING_TAILS = (
    0.0810614667953272,
    0.0413406959554092,
    0.0276779256849983,
    0.02079067210376509,
    0.0166446911898211,
    0.0138761288230707,
    0.0118967099458917,
    0.0104112652619720,
    0.00925546218271273,
    0.00833056343336287,
)

Pair = tuple[jax.Array, jax.Array]
NOTHING_YET = np.float64(0), np.float64(0)


def binomial(state: State, count: int, trials: jax.Array, prob: jax.Array) -> Samples:
    """Return counts of successes, as ``torch.binomial``.

    Args:
        state: where to draw.
        count: how many pairs of trials and probability there are.
        trials: float32 or float64.
        prob: of the same dtype and shape. Where one outcome is certain nothing is drawn; nan and
            endless trials give nan likewise.
    """
    trials, prob = (lax.stop_gradient(x).reshape(-1) for x in (trials, prob))
    none, all_of_them = (trials <= 0) | (prob <= 0), prob >= 1
    drawn = (trials > 0) & (trials < jnp.inf) & (prob > 0) & (prob < 1)
    known = jnp.where(none, 0.0, jnp.where(all_of_them, trials, jnp.nan)).astype(jnp.float64)
    rarer = jnp.where(prob > 0.5, 1 - prob, prob)
    log1p = log1p32 if prob.dtype == jnp.float32 else libm.log1p64
    parameters = trials, rarer, log1p(-rarer).astype(jnp.float64)

    def attempt(parameters: tuple, memory: Pair, ahead: Ahead) -> Outcome:
        trials, prob, log_miss = parameters
        return lax.cond(
            trials * prob < LARGE,
            lambda: _wait(trials, log_miss, memory, ahead),
            lambda: _propose(trials, prob, ahead),
        )

    counts, _, state = each(state, drawn, known, parameters, attempt, NOTHING_YET, reach=2)
    counts = narrow(counts, prob.dtype)
    return jnp.where(drawn & (prob > 0.5), trials - counts, counts), state


def _wait(trials: jax.Array, log_miss: jax.Array, memory: Pair, ahead: Ahead) -> Outcome:
    """Add up how many trials the next success takes, and count until they are over."""
    successes, passed = memory
    passed = passed + jnp.ceil(jnp.log(ahead(0)) / log_miss)
    done = passed > trials.astype(jnp.float64)
    more = jnp.where(done, 0.0, successes + 1), jnp.where(done, 0.0, passed)
    return Outcome(successes, done, more, jnp.int32(1))


def _propose(trials: jax.Array, prob: jax.Array, ahead: Ahead) -> Outcome:
    """Propose a count by Hörmann's BTRS, from two uniforms."""
    mean, deviation = product(trials, prob), jnp.sqrt(trials * prob * (1 - prob))
    dtype, prob, mean, deviation = prob.dtype, *map(widen, (prob, mean, deviation))
    b = 1.15 + product(2.53, deviation)
    a = -0.0873 + product(0.0248, b) + product(0.01, prob)
    u, v = ahead(0) - 0.5, ahead(1)
    edge = 0.5 - jnp.abs(u)
    count = jnp.floor(product(2 * a / edge + b, u) + (mean + 0.5)).astype(dtype)

    def accept() -> jax.Array:
        alpha = (2.83 + 5.1 / b) * deviation
        height = jnp.log(v * alpha / (a / (edge * edge) + b))
        return height <= _log_density(trials, prob.astype(dtype), count)

    possible = (count >= 0) & (count <= trials)
    inside = (edge >= 0.07) & (v <= 0.92 - 4.2 / b)
    done = possible & lax.cond(inside, lambda: jnp.bool_(True), accept)
    return Outcome(widen(count), done, NOTHING_YET, jnp.int32(2))


def _log_density(trials: jax.Array, prob: jax.Array, count: jax.Array) -> jax.Array:
    """Return the logarithm of a count's probability over that of the likeliest count."""
    odds, mode = widen(prob / (1 - prob)), widen(jnp.floor((trials + 1) * prob))
    tried, done = widen(trials + 1), widen(count + 1)
    missed, missed_of_mode = widen(trials - count + 1), widen(trials) - mode + 1
    count, rest = widen(count), widen(trials - count)
    return (
        product(mode + 0.5, jnp.log((mode + 1) / (odds * missed_of_mode)))
        + product(tried, jnp.log(missed_of_mode / missed))
        + product(count + 0.5, jnp.log(odds * missed / done))
        + _stirling_tail(mode)
        + _stirling_tail(widen(trials) - mode)
        - _stirling_tail(count)
        - _stirling_tail(rest)
    )


def _stirling_tail(k: jax.Array) -> jax.Array:
    square = (k + 1) * (k + 1)
    series = (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)
    # A chain of choices in place of a table: within a loop it costs nothing.
    for i, tail in enumerate(STIRLING_TAILS):
        series = jnp.where(jnp.floor(k) == i, tail, series)
    return series
