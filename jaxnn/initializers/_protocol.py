"""What an initialiser is, and where the numbers of torch's memory belong in a kernel."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import jax.numpy as jnp
from jax import Array
from jax.core import Tracer
from jax.typing import DTypeLike

from jaxnn._checks import complaint, describe
from jaxnn._rng import Rng


class Initializer(Protocol):
    """Makes an array from a key, or from a Generator, which is advanced.

    That of JAX takes keys alone.
    """

    def __call__(self, rng: Any, shape: Sequence[int], dtype: Any = ..., /) -> Array:
        """Draw the array."""
        ...


def torch_shape(shape: Sequence[int]) -> tuple[int, ...]:
    """The shape of torch's weight, (out, in, *window), for a kernel (*window, in, out)."""
    if len(shape) < 2:
        return tuple(shape)
    *window, fan_in, fan_out = shape
    return (fan_out, fan_in, *window)


def as_kernel(weight: Array) -> Array:
    """Torch's weight (out, in, *window) as a kernel (*window, in, out)."""
    return weight if weight.ndim < 2 else jnp.moveaxis(weight, (1, 0), (-2, -1))


def drawn_as_torch(draw: Callable[[Rng, tuple[int, ...], DTypeLike], Array]) -> Initializer:
    """The initialiser of kernels that draws torch's weight with ``draw``."""

    def init(rng: Rng, shape: Sequence[int], dtype: DTypeLike = jnp.float32) -> Array:
        return as_kernel(draw(rng, torch_shape(shape), dtype))

    return init


def as_known(function: str, name: str, x: Any) -> float:
    """Return a Python float, or raise a TypeError where the number is not known yet."""
    if isinstance(x, Tracer):
        must = f"{name} must be known when the program is traced"
        raise TypeError(complaint(function, must, describe(x), "pass a Python number"))
    return float(x)
