"""Floating-point functions that give one result to the bit, whatever the compiler does.

XLA may contract a product and a sum into a fused multiply-add, or not, as it likes: ``a * b + c``
has two possible results, and torch's kernels use a certain one. Here every product that feeds a
sum is exact (so that contraction changes nothing) or is kept from contraction by a conversion.

The float32 logarithm, sine and cosine are those of Cephes as torch's AVX2 kernels evaluate them:
the same coefficients in the same order, with a fused step wherever GCC made one.

Doubles appear inside, so all of this is traced within ``jax.enable_x64(True)``; the distributions
see to that.

Sources: S. L. Moshier, Cephes Mathematical Library (sinf.c, logf.c); S. Boldo and G. Melquiond,
"Emulation of FMA and correctly rounded sums", IEEE Transactions on Computers 57 (2008).
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.libm import log1m64 as log1m64

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


def _double(x: jax.Array | float) -> jax.Array:
    return lax.convert_element_type(x, jnp.float64)


def _single(x: jax.Array) -> jax.Array:
    return lax.convert_element_type(x, jnp.float32)


def f32(x: float) -> float:
    """The float32 nearest to a constant, as the Python number of the same value."""
    return float(np.float32(x))


def product32(a: jax.Array, b: jax.Array | float) -> jax.Array:
    """Return float32 a * b, out of reach of contraction with a sum that the caller makes."""
    return _single(_double(a) * _double(b))


def product(a: jax.Array | float, b: jax.Array) -> jax.Array:
    """Return finite a * b rounded, out of reach of contraction with a sum that the caller makes.

    The bound changes nothing, but no compiler knows. In a loop's body a barrier would not do: there
    it is gone when instructions are chosen.
    """
    return lax.min(a * b, jnp.finfo(b.dtype).max)


def rounded_product(a: jax.Array, b: jax.Array) -> jax.Array:
    """Return a * b rounded as `product` does, infinities and nan too."""
    plain = a * b
    return jnp.where(jnp.isfinite(plain), product(a, b), plain)


def quotient(a: jax.Array, b: jax.Array) -> jax.Array:
    """Return a / b rounded once, where XLA would multiply by the reciprocal of a scalar b."""
    return a / lax.optimization_barrier(jnp.broadcast_to(b, a.shape))


def near_fma32(a: jax.Array | float, b: jax.Array | float, c: jax.Array | float) -> jax.Array:
    """Return float32 a * b + c, the product exact and the sum rounded to double, then to float32.

    Two roundings differ from one for about one operand triple in 2**29. The callers here have so
    few possible inputs that each was tried: see the exhaustive test.
    """
    return _single(_double(a) * _double(b) + _double(c))


def _with_derivative(fma: Callable[..., jax.Array]) -> Callable[..., jax.Array]:
    """Give a rounding that is done on bits the derivative of what it rounds."""
    rounded = jax.custom_jvp(fma)

    @rounded.defjvp
    def derivative(primals: tuple, tangents: tuple) -> tuple[jax.Array, jax.Array]:
        a, b, _ = primals
        a_dot, b_dot, c_dot = tangents
        return rounded(*primals), a_dot * b + a * b_dot + c_dot

    return rounded


@_with_derivative
def fma32(a: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    """Return float32 a * b + c rounded once, for all finite operands."""
    product, addend = _double(a) * _double(b), _double(c)
    total, error = _two_sum(product, addend)
    return _single(_round_to_odd(total, error))


@_with_derivative
def fma64(a: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    """Return float64 a * b + c rounded once, barring underflow and sums next to overflow."""
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    # Inexact and about to be added to: the barrier keeps it a number of its own.
    high = lax.optimization_barrier(a * b)
    low = ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low
    total, total_error = _two_sum(c, low)
    upper, upper_error = _two_sum(high, total)
    fused = upper + _round_to_odd(*_two_sum(total_error, upper_error))
    return jnp.where(jnp.isfinite(fused), fused, high + c)


def _two_sum(a: jax.Array, b: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return a + b rounded, and what the rounding lost (Knuth)."""
    total = a + b
    b_part = total - a
    return total, (a - (total - b_part)) + (b - b_part)


def _round_to_odd(total: jax.Array, error: jax.Array) -> jax.Array:
    """Return the double next to total + error that ends in a one bit, or total if that is exact.

    Rounded once more, to a shorter significand, it gives what rounding the exact sum would give.
    """
    bits = lax.bitcast_convert_type(total, jnp.int64)
    outwards = (error > 0) == (total > 0)
    odd = jnp.where((bits & 1) == 0, jnp.where(outwards, bits + 1, bits - 1), bits)
    inexact = (error > 0) | (error < 0)
    return lax.bitcast_convert_type(jnp.where(inexact, odd, bits), jnp.float64)


def _split(x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return two doubles of at most 26 significant bits each whose sum is x."""
    bits = lax.bitcast_convert_type(x, jnp.int64)
    high = lax.bitcast_convert_type((bits + (1 << 26)) & -(1 << 27), jnp.float64)
    return high, x - high


def log32(x: jax.Array) -> jax.Array:
    """Return torch's float32 logarithm of normal numbers in (0, 1]."""
    bits = lax.bitcast_convert_type(x, jnp.int32)
    exponent = (bits >> 23) - 126
    mantissa = lax.bitcast_convert_type((bits & 0x007FFFFF) | 0x3F000000, jnp.float32)
    small = mantissa < np.float32(SQRT_HALF)
    e = _single(jnp.where(small, exponent - 1, exponent))
    x = jnp.where(small, mantissa + mantissa, mantissa) - 1
    z = x * x
    y = _polynomial(_double(x), LOG_COEFFICIENTS)
    y = near_fma32(_single(y * _double(x)), z, e * np.float32(LN2_LOW))
    return e * np.float32(LN2_HIGH) + (x + (y - np.float32(0.5) * z))


def _polynomial(x: jax.Array, coefficients: Sequence[float]) -> jax.Array:
    """Return a polynomial by Horner's rule, each step fused and rounded to float32, as doubles.

    As near as `near_fma32`, and faster: between the steps the numbers stay doubles, rounded on
    their bits, which takes two instructions where two conversions take eight.
    """
    y, *rest = (f32(c) for c in coefficients)
    for coefficient in rest:
        bits = lax.bitcast_convert_type(y * x + coefficient, jnp.int64)
        y = lax.bitcast_convert_type((bits + (1 << 28)) & -(1 << 29), jnp.float64)
    return y


def sine_or_cosine32(x: jax.Array, sine: jax.Array) -> jax.Array:
    """Return torch's float32 sine where ``sine``, else its cosine, of angles in [0, 2 pi).

    The angle is subtracted from: it must not come straight from a product, see `product32`.
    """
    octant = lax.convert_element_type(x * np.float32(FOUR_OVER_PI), jnp.int32)
    octant = (octant + 1) & ~1
    y = _single(octant)
    for part in PI_4:
        x = x - y * np.float32(part)
    z = x * x
    # In every second quarter of the circle the two series change places.
    even = sine == ((octant & 2) != 0)
    return _flip_sign(_series(x, z, even), jnp.where(sine, octant, ~(octant - 2)) & 4)


def _series(x: jax.Array, z: jax.Array, even: jax.Array) -> jax.Array:
    """Return the cosine's series where ``even``, else the sine's, in x and z = x * x.

    One series with chosen coefficients: XLA:CPU would evaluate both of two for each result.
    """
    k0, k1, k2 = (
        jnp.where(even, f32(c), f32(s))
        for c, s in zip(COS_COEFFICIENTS, SIN_COEFFICIENTS, strict=True)
    )
    y = near_fma32(near_fma32(k0, z, k1), z, k2) * z
    y = near_fma32(y, jnp.where(even, z, x), jnp.where(even, np.float32(-0.5) * z, x))
    return y + jnp.where(even, np.float32(1), np.float32(0))


def _flip_sign(x: jax.Array, four_or_zero: jax.Array) -> jax.Array:
    """Negate x where the integer is 4, by its sign bit: zeros keep torch's sign."""
    flip = lax.convert_element_type(four_or_zero, jnp.int32) << 29
    return lax.bitcast_convert_type(lax.bitcast_convert_type(x, jnp.int32) ^ flip, jnp.float32)
