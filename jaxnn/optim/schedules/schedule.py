"""What a schedule is: a function of the steps made so far."""

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from jaxnn._checks import complaint

Schedule = Callable[[Any], Array]
"""From steps made so far, an integer or an array of integers, to f64 numbers of that shape."""


def in_doubles(formula: Callable[[Array], Any]) -> Schedule:
    """A schedule from a formula in float64, which is how torch's schedulers compute."""

    def schedule(steps: Any) -> Array:
        with jax.enable_x64(True):
            return jnp.asarray(formula(jnp.asarray(steps, jnp.float64)), jnp.float64)

    return schedule


def check_positive(function: str, name: str, value: int) -> None:
    """Refuse a number of steps that is less than 1, with a ValueError."""
    if value < 1:
        must = f"{name} must be 1 or more"
        raise ValueError(complaint(function, must, str(value), f"use {name}=1"))


def cosine(start: Any, end: Any, done: Any) -> Any:
    """Half a wave of the cosine between two numbers, of which a part is ``done``."""
    return end + (start - end) * (1 + jnp.cos(math.pi * done)) / 2
