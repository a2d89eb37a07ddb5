"""What the functions of `jaxnn.random` accept, and what they say of the rest."""

import functools
import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike, DTypeLike

from jaxnn._checks import complaint

Shape = int | Sequence[int]
Number = int | float

_FLOATS = tuple(map(np.dtype, (jnp.float16, jnp.bfloat16, jnp.float32, jnp.float64)))


def as_key(rng: object) -> jax.Array:
    """Return what is taken for a JAX key, or raise a TypeError that says what it should be."""
    if isinstance(rng, jax.Array | np.ndarray) and (
        jnp.issubdtype(rng.dtype, jax.dtypes.prng_key) or rng.dtype == jnp.uint32
    ):
        return jnp.asarray(rng)
    raise TypeError(
        "rng must be a JAX key or a jaxnn.random.Generator; got "
        f"{type(rng).__name__}; pass jax.random.key(0), or Generator().manual_seed(0) "
        "for torch's numbers"
    )


def as_shape(function: str, shape: Shape) -> tuple[int, ...]:
    """Return a shape as a tuple, or raise a ValueError for a negative dimension."""
    sizes = tuple(int(s) for s in ((shape,) if isinstance(shape, int | np.integer) else shape))
    if any(s < 0 for s in sizes):
        must, instead = "no dimension of shape may be negative", "use 0 for an empty one"
        raise ValueError(complaint(function, must, str(sizes), instead))
    return sizes


def as_float(function: str, dtype: DTypeLike) -> np.dtype:
    """Return a float dtype, or raise a TypeError for another."""
    dtype = np.dtype(dtype)
    if dtype not in _FLOATS:
        must = "dtype must be float16, bfloat16, float32 or float64"
        raise TypeError(complaint(function, must, str(dtype), "use dtype=jnp.float32"))
    return dtype


def doubles_unless(
    default: tuple[float, float], *values: ArrayLike
) -> tuple[jax.Array, jax.Array] | None:
    """Return two parameters as doubles, or None where they are known to be the default ones."""
    if all(isinstance(v, Number) for v in values) and values == default:
        return None
    first, second = (jnp.asarray(v, jnp.float64) for v in values)
    return first, second


@functools.cache
def integer_bounds(low: int, high: int, dtype: np.dtype) -> tuple[int, int]:
    """Check the bounds of `randint`, and for floats take in those that rounding would break."""
    if low >= high:
        instead = "make high one more than the greatest value wanted"
        raise ValueError(
            complaint("randint", "low must be below high", f"{low} and {high}", instead)
        )
    floating = jnp.issubdtype(dtype, jnp.floating)
    least, greatest = _range(dtype)
    if low < least or high - 1 > greatest:
        must = f"low and high - 1 must lie in what {dtype} holds, {least:g} to {greatest:g}"
        instead = "use another dtype"
        raise ValueError(complaint("randint", must, f"{low} and {high}", instead))
    return _inner_float_bounds(low, high, dtype) if floating else (low, high)


def _range(dtype: np.dtype) -> tuple[float, float]:
    if dtype == np.bool_:
        return 0, 1
    if jnp.issubdtype(dtype, jnp.floating):
        return float(jnp.finfo(dtype).min), float(jnp.finfo(dtype).max)
    return int(np.iinfo(dtype).min), min(int(np.iinfo(dtype).max), 2**63 - 1)


def _inner_float_bounds(low: int, high: int, dtype: np.dtype) -> tuple[int, int]:
    """Return bounds moved one step inwards where rounding would carry a value past them."""

    def spacing(x: int) -> int:
        return int(2.0 ** (math.floor(math.log2(abs(x))) - jnp.finfo(dtype).nmant))

    if (first := int(dtype.type(low + 1))) < low:
        low = first + spacing(low + 1)
    if (last := int(dtype.type(high - 1))) >= high:
        high = last - spacing(high - 1)
    return low, high
