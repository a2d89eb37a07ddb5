"""Functions as Chebyshev series, whose coefficients are in ``series.json``."""

import functools
import json
from importlib import resources

import jax.numpy as jnp

from jaxnn.torch.storage import Array


@functools.cache
def _coefficients() -> dict[str, list[float]]:
    text = resources.files("jaxnn.torch.operations.elements").joinpath("series.json").read_text()
    return json.loads(text)


def chebyshev(name: str, t: Array) -> Array:
    """The series of this name at ``t`` in [-1, 1], by Clenshaw's recurrence."""
    constant, *rest = _coefficients()[name]
    after, here = jnp.zeros_like(t), jnp.zeros_like(t)
    for coefficient in reversed(rest):
        after, here = here, 2 * t * here - after + coefficient
    return t * here - after + constant
