"""The float32 logarithm, sine and cosine of torch's AVX2 kernels, to the bit.

They are those of Cephes: its coefficients in its order, with a fused step wherever GCC made one.
Each takes the arithmetic for its steps, see `jaxnn.random.single_math.by_platform`.

Source: S. L. Moshier, Cephes Mathematical Library (logf.c, sinf.c).
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.single_math import Arithmetic

LOG_COEFFICIENTS = (
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
)
# ln 2 in two pieces, the first so short that an exponent times it is exact.
LN2_HIGH, LN2_LOW = 0.693359375, -2.12194440e-4
SQRT_HALF = 0.707106781186547524
COS_COEFFICIENTS = (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
SIN_COEFFICIENTS = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
FOUR_OVER_PI = 1.27323954473516
# pi / 4 in three pieces short enough that 2, 4, 6 and 8 times each are exact.
PI_4 = (0.78515625, 2.4187564849853515625e-4, 3.77489497744594108e-8)


def log32(arithmetic: Arithmetic, x: jax.Array) -> jax.Array:
    """Return torch's float32 logarithm of normal numbers in (0, 1]."""
    bits = lax.bitcast_convert_type(x, jnp.int32)
    exponent = (bits >> 23) - 126
    mantissa = lax.bitcast_convert_type((bits & 0x007FFFFF) | 0x3F000000, jnp.float32)
    small = mantissa < np.float32(SQRT_HALF)
    e = _single(jnp.where(small, exponent - 1, exponent))
    x = jnp.where(small, mantissa + mantissa, mantissa) - 1
    z = x * x
    y = arithmetic.product(arithmetic.polynomial(x, LOG_COEFFICIENTS), x)
    y = arithmetic.near_fma(y, z, e * np.float32(LN2_LOW))
    return e * np.float32(LN2_HIGH) + (x + (y - np.float32(0.5) * z))


def sine_or_cosine32(arithmetic: Arithmetic, x: jax.Array, sine: jax.Array) -> jax.Array:
    """Return torch's float32 sine where ``sine``, else its cosine, of angles in [0, 2 pi).

    The angle is subtracted from: it must not come straight from a product but `Arithmetic.product`.
    """
    octant = lax.convert_element_type(x * np.float32(FOUR_OVER_PI), jnp.int32)
    octant = (octant + 1) & ~1
    y = _single(octant)
    for part in PI_4:
        x = x - y * np.float32(part)
    z = x * x
    # In every second quarter of the circle the two series change places.
    even = sine == ((octant & 2) != 0)
    series = _series(arithmetic, x, z, even)
    return _flip_sign(series, jnp.where(sine, octant, ~(octant - 2)) & 4)


def _series(arithmetic: Arithmetic, x: jax.Array, z: jax.Array, even: jax.Array) -> jax.Array:
    """Return the cosine's series where ``even``, else the sine's, in x and z = x * x.

    One series with chosen coefficients: XLA:CPU would evaluate both of two for each result.
    """
    k0, k1, k2 = (
        jnp.where(even, np.float32(c), np.float32(s))
        for c, s in zip(COS_COEFFICIENTS, SIN_COEFFICIENTS, strict=True)
    )
    y = arithmetic.near_fma(arithmetic.near_fma(k0, z, k1), z, k2) * z
    factor, addend = jnp.where(even, z, x), jnp.where(even, np.float32(-0.5) * z, x)
    return arithmetic.near_fma(y, factor, addend) + jnp.where(even, np.float32(1), np.float32(0))


def _flip_sign(x: jax.Array, four_or_zero: jax.Array) -> jax.Array:
    """Negate x where the integer is 4, by its sign bit: zeros keep torch's sign."""
    flip = lax.convert_element_type(four_or_zero, jnp.int32) << 29
    return lax.bitcast_convert_type(lax.bitcast_convert_type(x, jnp.int32) ^ flip, jnp.float32)


def _single(x: jax.Array) -> jax.Array:
    return lax.convert_element_type(x, jnp.float32)
