"""What a schedule is: a function of the steps made so far."""

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

Number = float | Array
"""A number, which may be traced."""

Schedule = Callable[[Any], Array]
"""From steps made so far, an integer or an array of integers, to f64 numbers of that shape."""


def in_doubles(formula: Callable[..., Any], *numbers: Any) -> Schedule:
    """A schedule from a formula in float64, which is how torch's schedulers compute.

    Args:
        formula: Of the steps made, f64, and of the numbers.
        numbers: Those that may be traced, such as the learning rate.
    """

    def schedule(steps: Any) -> Array:
        with jax.enable_x64(True):
            t, *given = jnp.asarray(steps, jnp.float64), *map(in_double, numbers)
            return jnp.asarray(formula(t, *given), jnp.float64)

    return schedule


def in_double(x: Any) -> Any:
    """JAX's numbers as f64, NumPy's as Python's, which have no type to clash with a parameter's.

    To be called where 64 bits are enabled.
    """
    if isinstance(x, Array):
        return lax.convert_element_type(x, jnp.float64)
    return x.item() if isinstance(x, np.generic | np.ndarray) else x


def cosine(start: Any, end: Any, done: Any) -> Any:
    """Half a wave of the cosine between two numbers, of which a part is ``done``."""
    return end + (start - end) * (1 + jnp.cos(math.pi * done)) / 2
