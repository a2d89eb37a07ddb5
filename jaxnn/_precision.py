"""Half precision stores; float32 computes."""

import jax.numpy as jnp
from jax import Array

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
