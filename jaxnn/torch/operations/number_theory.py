"""Divisors and multiples of integers."""

import jax.numpy as jnp

from jaxnn.torch.operations.elementwise import binary
from jaxnn.torch.operations.rules import BOOL, COMPLEX, REAL, SAME

gcd = binary(
    "gcd",
    jnp.gcd,
    SAME.refusing("gcd_cpu", BOOL, REAL, COMPLEX),
    "The greatest common divisor of two elements.",
)
lcm = binary(
    "lcm",
    jnp.lcm,
    SAME.refusing("lcm_cpu", BOOL, REAL, COMPLEX),
    "The least common multiple of two elements.",
)
