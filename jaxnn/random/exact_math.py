"""Arithmetic that gives one result to the bit, whatever the compiler does.

XLA may contract a product and a sum into a fused multiply-add, or not, as it likes: ``a * b + c``
has two possible results, and torch's kernels use a certain one. Here every product that feeds a
sum is exact (so that contraction changes nothing) or is kept from contraction.

What a rounding loses is computed beside it, in the same precision, by sums and differences that
are exact. XLA, which would take ``(c + x) - c`` for x, finds no constant c there.

Sources: T. J. Dekker, "A floating-point technique for extending the available precision",
Numerische Mathematik 18 (1971); S. Boldo and G. Melquiond, "Emulation of FMA and correctly rounded
sums", IEEE Transactions on Computers 57 (2008).
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import lax


def product(a: jax.Array | float, b: jax.Array) -> jax.Array:
    """Return finite a * b rounded, out of reach of contraction with a sum that the caller makes."""
    return _apart(a * b)


def _apart(x: jax.Array) -> jax.Array:
    """Return a finite number out of reach of contraction with what makes it.

    The bound changes nothing, but no compiler knows. In a loop's body a barrier would not do: there
    it is gone when instructions are chosen.
    """
    return lax.min(x, jnp.finfo(x.dtype).max)


def rounded_product(a: jax.Array, b: jax.Array) -> jax.Array:
    """Return a * b rounded as `product` does, infinities and nan too."""
    plain = a * b
    return jnp.where(jnp.isfinite(plain), product(a, b), plain)


def quotient(a: jax.Array, b: jax.Array) -> jax.Array:
    """Return a / b rounded once, where XLA would multiply by the reciprocal of a scalar b."""
    return a / lax.optimization_barrier(jnp.broadcast_to(b, a.shape))


def with_derivative(fma: Callable[..., jax.Array]) -> Callable[..., jax.Array]:
    """Give a rounding that is done on bits the derivative of what it rounds."""
    rounded = jax.custom_jvp(fma)

    @rounded.defjvp
    def derivative(primals: tuple, tangents: tuple) -> tuple[jax.Array, jax.Array]:
        a, b, _ = primals
        a_dot, b_dot, c_dot = tangents
        return rounded(*primals), a_dot * b + a * b_dot + c_dot

    return rounded


@with_derivative
def fma64(a: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    """Return float64 a * b + c rounded once, for operands in the range of `fma`."""
    return fma(a, b, c)


def fma(a: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    """Return a * b + c rounded once, in no wider precision than theirs.

    For float32 where a * b is 0 or from 2**-79 on, c is 0 or from 2**-102 on, and neither is next
    to overflow; for float64 from 2**-917 and 2**-969 on. Then nothing here is subnormal, which some
    devices take for 0. What overflows is infinite.
    """
    plain = a * b + c
    return jnp.where(jnp.isfinite(plain), finite_fma(a, b, c), plain)


@jax.jit  # traced once for all the steps of a formula
def finite_fma(a: jax.Array, b: jax.Array, c: jax.Array) -> jax.Array:
    """Return a * b + c as `fma`, where nothing overflows."""
    a, b, c = map(_apart, (a, b, c))
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    high = product(a, b)
    low = ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low
    # c comes second, as it may be a constant.
    total, total_error = two_sum(low, c)
    upper, upper_error = two_sum(high, total)
    return upper + round_to_odd(*two_sum(total_error, upper_error))


def two_sum(a: jax.Array, b: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return a + b rounded, and what the rounding lost (Knuth)."""
    total = a + b
    b_part = total - a
    return total, (a - (total - b_part)) + (b - b_part)


def round_to_odd(total: jax.Array, error: jax.Array) -> jax.Array:
    """Return the float next to total + error that ends in a one bit, or total if that is exact.

    Rounded once more, to a shorter significand or with a number of larger size added to it, it
    gives what rounding the exact sum would give.
    """
    bits = bits_of(total)
    outwards = (error > 0) == (total > 0)
    odd = jnp.where((bits & 1) == 0, jnp.where(outwards, bits + 1, bits - 1), bits)
    inexact = (error > 0) | (error < 0)
    return lax.bitcast_convert_type(jnp.where(inexact, odd, bits), total.dtype)


def _split(x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return two floats, each of at most half of the significant bits, whose sum is x."""
    cut = jnp.finfo(x.dtype).nmant // 2 + 1
    high = (bits_of(x) + (1 << cut - 1)) & -(1 << cut)
    high = lax.bitcast_convert_type(high, x.dtype)
    return high, x - high


def bits_of(x: jax.Array) -> jax.Array:
    """Return a float's bits as an integer of its width."""
    return lax.bitcast_convert_type(x, jnp.dtype(f"int{8 * x.dtype.itemsize}"))


def square_root(x: jax.Array, estimate: jax.Array | None = None) -> jax.Array:
    """Return the square root of 0 or a normal number, rounded once.

    Args:
        x: float32, at least 0.
        estimate: of the root, right to 12 bits; by default the device's own, which need not be
            rounded as IEEE has it.
    """
    estimate = jnp.sqrt(x) if estimate is None else estimate
    # A step of Newton's leads next to the root; then x tells on which side of a half it lies:
    # the square of what is halfway between neighbours is their product and a little more.
    root = estimate + finite_fma(-estimate, estimate, x) * (0.5 / estimate)
    above, below = (lax.bitcast_convert_type(bits_of(root) + step, root.dtype) for step in (1, -1))
    too_low = finite_fma(root, above, -x) < 0
    too_high = finite_fma(root, below, -x) >= 0
    root = jnp.where(too_low, above, jnp.where(too_high, below, root))
    return jnp.where(x == 0, x, root)
