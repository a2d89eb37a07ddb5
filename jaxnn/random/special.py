"""glibc's lgamma of whole numbers and its float32 log1p, to the bit.

glibc compiles these two without fused multiply-adds, so each product here is kept from contraction.

Doubles appear inside, so this is traced within ``jax.enable_x64(True)``.

Source: FreeBSD's msun (e_lgamma_r.c, s_log1pf.c), on which glibc's are based; since 2.41 glibc's
log1pf is another one, correctly rounded.
"""

import jax
import jax.numpy as jnp
from jax import lax

from jaxnn.random.exact_math import product

LGAMMA_COEFFICIENTS = (
    -1.63092934096575273989e-03,
    8.36339918996282139126e-04,
    -5.95187557450339963135e-04,
    7.93650558643019558500e-04,
    -2.77777777728775536470e-03,
    8.33333333333329678849e-02,
)
LGAMMA_CONSTANT = 4.18938533204672725052e-01
FACTORIALS = (1.0, 1.0, 1.0, 2.0, 6.0, 24.0, 120.0, 720.0)  # of x - 1

LOG1P_COEFFICIENTS = (
    1.4798198640e-01,
    1.5313838422e-01,
    1.8183572590e-01,
    2.2222198546e-01,
    2.8571429849e-01,
    4.0000000596e-01,
    6.6666668653e-01,
)
LN2_HIGH, LN2_LOW = 6.9313812256e-01, 9.0580006145e-06


def lgamma_of_whole(x: jax.Array) -> jax.Array:
    """Return glibc's double ``lgamma`` of whole numbers from 1 to 2**58."""
    inverse = 1 / x
    square = inverse * inverse
    first, *rest = LGAMMA_COEFFICIENTS
    series = jnp.full_like(x, first)
    for coefficient in rest:
        series = coefficient + product(square, series)
    series = LGAMMA_CONSTANT + product(inverse, series)
    stirling = product(x - 0.5, jnp.log(x) - 1) + series
    # A chain of choices in place of a table: within a loop it costs nothing.
    factorial = sum(jnp.where(x == n, f, 0.0) for n, f in enumerate(FACTORIALS))
    return jnp.where(x < len(FACTORIALS), jnp.log(factorial), stirling)


def log1p32(x: jax.Array) -> jax.Array:
    """Return glibc's float32 ``log1p`` of numbers in [-1/2, 0)."""
    total = lax.optimization_barrier(1 + x)  # else XLA takes total - 1 for x
    lost = (x - (total - 1)) / total
    bits = lax.bitcast_convert_type(total, jnp.int32)
    fraction = bits & 0x007FFFFF
    upper_half = fraction >= 0x3504F7  # above sqrt(2)
    exponent = (bits >> 23) - 127 + upper_half.astype(jnp.int32)
    scaled = fraction | jnp.where(upper_half, 0x3F000000, 0x3F800000)
    near_one = lax.bitcast_convert_type(x, jnp.uint32) <= 0xBE95F61F  # above -0.2929
    f = jnp.where(near_one, x, lax.bitcast_convert_type(scaled, jnp.float32) - 1)
    k = jnp.where(near_one, 0, exponent).astype(jnp.float32)
    half_square = product(0.5 * f, f)
    s = f / (2 + f)
    tail = product(s, half_square + _log1p_series(product(s, s)))
    low = product(LN2_LOW, k) + lost
    whole = f - (half_square - tail)
    shifted = product(LN2_HIGH, k) - ((half_square - (tail + low)) - f)
    tiny = x - product(0.5 * x, x)
    return jnp.where(x > -(2.0**-29), tiny, jnp.where(near_one, whole, shifted))


def _log1p_series(z: jax.Array) -> jax.Array:
    first, *rest = LOG1P_COEFFICIENTS
    series = jnp.full_like(z, first)
    for coefficient in rest:
        series = coefficient + product(z, series)
    return product(z, series)
