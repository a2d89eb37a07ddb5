"""The Philox4x32-10 engine: a keyed permutation of counters.

There is nothing to step through: the words at a place in the stream are those that ten rounds
make of the place itself. So a draw is as many independent permutations as there are numbers.

64-bit integers appear inside, so this is traced within ``jax.enable_x64(True)``.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC11 (2011).
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
# What is added to the key after each round: the golden ratio and sqrt(3) - 1, as 32-bit fractions.
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10

Words = tuple[jax.Array, jax.Array, jax.Array, jax.Array]


def permute(key: tuple[jax.Array, jax.Array], counter: Words) -> Words:
    """Return the four words that belong to a counter.

    Args:
        key: two uint32 arrays, of the counter's shape or scalars.
        counter: four uint32 arrays of one shape.
    """
    k0, k1 = key
    x0, x1, x2, x3 = counter
    for _ in range(ROUNDS):
        high0, low0 = _multiply(x0, MULTIPLIERS[0])
        high1, low1 = _multiply(x2, MULTIPLIERS[1])
        x0, x1, x2, x3 = high1 ^ x1 ^ k0, low1, high0 ^ x3 ^ k1, low0
        k0, k1 = k0 + np.uint32(KEY_STEPS[0]), k1 + np.uint32(KEY_STEPS[1])
    return x0, x1, x2, x3


def _multiply(x: jax.Array, constant: int) -> tuple[jax.Array, jax.Array]:
    """Return both halves of a product; in 64 bits, for which CPUs and GPUs have an instruction."""
    product = lax.convert_element_type(x, jnp.uint64) * np.uint64(constant)
    high, low = (lax.convert_element_type(p, jnp.uint32) for p in (product >> 32, product))
    return high, low
