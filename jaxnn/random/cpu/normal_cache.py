"""The double that a pair of scalar normals leaves over, as the state holds it: in two halves."""

import jax
import jax.numpy as jnp
from jax import lax


def from_halves(halves: jax.Array) -> jax.Array:
    """Return the float64 of which these are the low and the high half, uint32[2]."""
    low, high = lax.convert_element_type(halves, jnp.uint64)
    return lax.bitcast_convert_type(high << 32 | low, jnp.float64)


def to_halves(normal: jax.Array, has_normal: jax.Array) -> jax.Array:
    """Return the low and the high half of a float64, uint32[2], or zeros where there is none."""
    bits = lax.bitcast_convert_type(normal, jnp.uint64)
    halves = jnp.stack([bits, bits >> 32]).astype(jnp.uint32)
    return jnp.where(has_normal, halves, jnp.zeros(2, jnp.uint32))
