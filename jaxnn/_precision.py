"""Half precision stores, float32 computes; and roots that are divided by."""

import jax.numpy as jnp
from jax import Array, lax

_HALF = (jnp.float16, jnp.bfloat16)


def is_half(x: Array) -> bool:
    """Whether ``x`` is float16 or bfloat16."""
    return x.dtype in _HALF


def widen(x: Array) -> Array:
    """float16 and bfloat16 as float32, everything else as it is.

    Formulas computed on the wide numbers and rounded once at the end are as right as the narrow
    result can be. torch does so on its CPU.
    """
    return x.astype(jnp.float32) if is_half(x) else x


def sqrt(x: Array) -> Array:
    """The square root, for what is to be divided by it.

    Of ``y / jnp.sqrt(x)`` XLA makes a product with 1/√x, whose last bit is not that of a division
    for every third number; torch divides.
    """
    return lax.optimization_barrier(jnp.sqrt(x))
