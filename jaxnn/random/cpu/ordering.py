"""The places of the largest numbers, in order."""

import jax
from jax import lax


def largest(values: jax.Array, count: int) -> jax.Array:
    """Return the places of the ``count`` largest, the largest first."""
    return lax.top_k(values, count)[1]
