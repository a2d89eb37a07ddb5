"""glibc's double exp and log1p, to the bit, where XLA's own are an ulp or more away.

torch computes exponential, geometric, log-normal and other numbers in double, with the C library's
functions. XLA calls the same library for log, sin, cos and tan, but makes exp and log1p by itself.

The formulas stand here without guards against contraction, unlike those of
`jaxnn.random.exact_math`: XLA:CPU fuses the products that GCC fused in glibc. On other devices
expect a last bit to differ now and then, in float64 alone: narrower types do not keep it.

Doubles appear inside, so this is traced within ``jax.enable_x64(True)``.

Sources: the exp of S. Nagy (ARM optimized routines), as in glibc from 2.28 on; the log1p of
FreeBSD's msun (s_log1p.c) as glibc groups it.
"""

import functools
from decimal import Decimal, localcontext

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

EXP_STEPS = 128  # the table's steps from one power of two to the next
# ln 2 / 128 in two pieces, the first so short that a step number times it is exact.
STEP_HIGH, STEP_LOW = float.fromhex("0x1.62e42fefa0000p-8"), float.fromhex("0x1.cf79abc9e3b39p-47")
STEPS_PER_UNIT = float.fromhex("0x1.71547652b82fep0") * EXP_STEPS
EXP_COEFFICIENTS = tuple(
    map(
        float.fromhex,
        (
            "0x1.ffffffffffdbdp-2",
            "0x1.555555555543cp-3",
            "0x1.55555cf172b91p-5",
            "0x1.1111167a4d017p-7",
        ),
    )
)
# Beyond these an exponential is infinite, or below the normal numbers, which XLA takes for zero.
EXP_OVERFLOW, EXP_UNDERFLOW = 709.782712893384, -708.3964185322641

LOG1P_COEFFICIENTS = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# Between these log1p splits off no power of two (their high words: 0xbfd2bec4 and 0x3fda827a).
LOG1P_WHOLE = (-0.2928934097290039, 0.4142136573791504)


@functools.cache
def _powers() -> tuple[np.ndarray, np.ndarray]:
    """Return 2**(i / 128), rounded, for i from 0 to 127, and what is left of each, relative."""
    with localcontext() as context:
        context.prec = 50
        exact = [Decimal(2) ** (Decimal(i) / EXP_STEPS) for i in range(EXP_STEPS)]
        rounded = [float(x) for x in exact]
        rest = [float(x / Decimal(r) - 1) for x, r in zip(exact, rounded, strict=True)]
    return np.array(rounded), np.array(rest)


@jax.custom_jvp
def exp64(x: jax.Array) -> jax.Array:
    """Return glibc's float64 ``exp(x)`` for x from -512 on; 0 below the least normal number."""
    inside = jnp.clip(x, EXP_UNDERFLOW, EXP_OVERFLOW)
    steps = lax.round(inside * STEPS_PER_UNIT, lax.RoundingMethod.TO_NEAREST_EVEN)
    r = inside - steps * STEP_HIGH - steps * STEP_LOW
    k = lax.convert_element_type(steps, jnp.int64)
    powers, rests = (jnp.asarray(table)[k & (EXP_STEPS - 1)] for table in _powers())

    c2, c3, c4, c5 = EXP_COEFFICIENTS
    r2 = r * r
    tail = rests + r + r2 * (c2 + r * c3) + (r2 * r2) * (c4 + r * c5)
    mantissa = lax.bitcast_convert_type(powers + powers * tail, jnp.int64)
    value = lax.bitcast_convert_type(mantissa + ((k >> 7) << 52), jnp.float64)
    value = jnp.where(x > EXP_OVERFLOW, jnp.inf, jnp.where(x < EXP_UNDERFLOW, 0.0, value))
    return jnp.where(x == x, value, x)


@exp64.defjvp
def _derivative_of_exp(primals: tuple, tangents: tuple) -> tuple[jax.Array, jax.Array]:
    value = exp64(*primals)
    return value, value * tangents[0]


def log1p64(x: jax.Array) -> jax.Array:
    """Return glibc's float64 ``log1p(x)`` for x from -1 to 2**53; nan below."""
    # XLA knows that 1 + x - 1 is x; what is rounded off is wanted here.
    sum_ = lax.optimization_barrier(1 + x)
    lost = jnp.where(sum_ >= 2, 1 - (sum_ - x), x - (sum_ - 1)) / sum_
    value = _log1p(x, sum_, lost)
    value = jnp.where(jnp.abs(x) < 2.0**-54, x, value)
    return jnp.where(x > -1, value, jnp.where(x == -1, -jnp.inf, jnp.nan))


def log1m64(u: jax.Array) -> jax.Array:
    """Return glibc's float64 ``log1p(-u)`` for u in [0, 1) that are multiples of 2**-53.

    On this grid 1 - u is exact, which spares the general function's correction term.
    """
    return _log1p(-u, 1 - u, 0.0)


def _log1p(x: jax.Array, sum_: jax.Array, lost: jax.Array | float) -> jax.Array:
    """Return log1p(x), given 1 + x rounded and what that lost, relative."""
    bits = lax.bitcast_convert_type(sum_, jnp.int64)
    mantissa = bits & ((1 << 52) - 1)
    upper_half = (mantissa >> 32) >= 0x6A09E  # above sqrt(2)
    exponent = (bits >> 52) - 1023 + lax.convert_element_type(upper_half, jnp.int64)
    normalised = mantissa | jnp.where(upper_half, 1022 << 52, 1023 << 52)
    whole = (x > LOG1P_WHOLE[0]) & (x < LOG1P_WHOLE[1])
    f = jnp.where(whole, x, lax.bitcast_convert_type(normalised, jnp.float64) - 1)
    k = lax.convert_element_type(exponent, jnp.float64)

    half_square = 0.5 * f * f
    s = f / (2 + f)
    tail = s * (half_square + _log1p_series(s * s))
    high, low = k * LN2_HIGH, k * LN2_LOW + lost
    # Next to a power of two, a short form takes the series' place.
    short = half_square * (1 - 0.66666666666666666 * f) - low
    correction = jnp.where(jnp.abs(f) < 2.0**-20, short, half_square - (tail + low))
    value = jnp.where(whole, f - (half_square - tail), high - (correction - f))
    return jnp.where(jnp.abs(x) < 2.0**-29, x - x * x * 0.5, value)


def _log1p_series(z: jax.Array) -> jax.Array:
    l1, l2, l3, l4, l5, l6, l7 = LOG1P_COEFFICIENTS
    z2 = z * z
    z4 = z2 * z2
    return ((z * l1 + z2 * (l2 + z * l3)) + z4 * (l4 + z * l5)) + (z4 * z2) * (l6 + z * l7)
