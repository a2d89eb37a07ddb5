"""Functions with a kink, whose derivative there is the one that torch chose."""

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike


def absolute(x: Array) -> Array:
    """|x| with the derivative 0 at 0, where JAX has 1."""
    return x * jnp.sign(x)


def above_zero(x: Array) -> Array:
    """max(x, 0) with the derivative 1 at 0, as torch's clamp has it."""
    return jnp.where(x < 0, 0, x)


def over_zero(x: Array) -> Array:
    """max(x, 0) with the derivative 0 at 0."""
    return jnp.where(x <= 0, 0, x)


@jax.custom_jvp
def at_least(x: Array, low: ArrayLike) -> Array:
    """max(x, low) with the derivative 1 everywhere, as where torch clamps outside of the graph."""
    return jnp.maximum(x, low)


@at_least.defjvp
def _at_least_jvp(
    primals: tuple[Array, Array], tangents: tuple[Array, Array]
) -> tuple[Array, Array]:
    return at_least(*primals), tangents[0]
