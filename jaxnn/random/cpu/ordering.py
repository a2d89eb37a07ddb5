"""temporary"""
import jax
from jax import lax


def largest(values: jax.Array, count: int) -> jax.Array:
    return lax.top_k(values, count)[1]
