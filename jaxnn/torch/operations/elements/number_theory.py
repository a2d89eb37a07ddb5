"""Divisors and multiples of integers."""

import jax.numpy as jnp
from jax import Array, lax

from jaxnn.torch.operations.definition.elementwise import binary
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, REAL, SAME


def _gcd(a: Array, b: Array) -> Array:
    """Euclid's algorithm, by remainders that shrink whatever their sign.

    The least integer is its own absolute value, and with it `jax.numpy.gcd` may never end.
    """

    def step(pair: tuple[Array, Array]) -> tuple[Array, Array]:
        a, b = pair
        divisor = jnp.where(a == 0, 1, a)
        return jnp.where(a == 0, 0, lax.rem(b, divisor)), jnp.where(a == 0, b, a)

    a, b = jnp.broadcast_arrays(jnp.abs(a), jnp.abs(b))
    return lax.while_loop(lambda pair: (pair[0] != 0).any(), step, (a, b))[1]


def _lcm(a: Array, b: Array) -> Array:
    """Of integers of 8 and 16 bits computed in 32, as C++ does it: kept are the last of them."""
    divisor = _gcd(a, b)
    wide = divisor.dtype if divisor.dtype.itemsize > 2 else jnp.int32
    a, b, some = (x.astype(wide) for x in (a, b, jnp.where(divisor == 0, 1, divisor)))
    multiple = jnp.where(divisor == 0, 0, jnp.abs(lax.div(a, some) * b))
    return multiple.astype(divisor.dtype)


gcd = binary(
    "gcd",
    _gcd,
    SAME.refusing("gcd_cpu", BOOL, REAL, COMPLEX),
    "The greatest common divisor of two elements.",
)
lcm = binary(
    "lcm",
    _lcm,
    SAME.refusing("lcm_cpu", BOOL, REAL, COMPLEX),
    "The least common multiple of two elements.",
)
