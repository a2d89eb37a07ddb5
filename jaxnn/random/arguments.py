"""What the functions of `jaxnn.random` accept, and what they say of the rest."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jax.typing import ArrayLike, DTypeLike

from jaxnn._checks import as_floating, complaint, describe
from jaxnn.random.ranges import limits

Shape = int | Sequence[int]
Scalar = float | Tracer

_FLOATS = tuple(map(np.dtype, (jnp.float16, jnp.bfloat16, jnp.float32, jnp.float64)))
_COUNTS = tuple(map(np.dtype, (jnp.int8, jnp.int16, jnp.int32, jnp.int64, jnp.uint8)))
_COMPLEX = tuple(map(np.dtype, (jnp.complex64, jnp.complex128)))


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


def as_int(function: str, name: str, x: Any) -> int:
    """Return a Python int, or raise a TypeError for what is none, or is not known yet."""
    instead = "pass a Python int"
    if isinstance(x, Tracer):
        must = f"{name} must be known when the program is traced"
        raise TypeError(complaint(function, must, describe(x), instead))
    try:
        return operator.index(x)
    except TypeError:
        must = f"{name} must be an int"
        raise TypeError(complaint(function, must, repr(x), instead)) from None


def as_shape(function: str, shape: Shape) -> tuple[int, ...]:
    """Return a shape as a tuple, or raise a ValueError for a negative dimension."""
    shape = shape.tolist() if isinstance(shape, np.ndarray) else shape
    sizes = shape if isinstance(shape, Sequence) else (shape,)
    sizes = tuple(as_int(function, "each dimension of shape", size) for size in sizes)
    if any(size < 0 for size in sizes):
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


def as_own_float(x: ArrayLike) -> ArrayLike:
    """Return a Python float as an array of JAX's default type, before 64-bit mode widens it."""
    return jnp.asarray(x) if type(x) is float else x


def as_wide_floats(
    function: str, name: str, x: ArrayLike, like: jax.Array | None = None
) -> jax.Array:
    """Return an array of float32 or float64, of one dtype with another, or raise a TypeError."""
    x = as_floating(function, name, x)
    if x.dtype.itemsize == 2:
        must, instead = f"{name} must be float32 or float64", f"use {name}.astype(jnp.float32)"
        raise TypeError(complaint(function, must, describe(x), instead))
    if like is not None and x.dtype != like.dtype:
        must, instead = f"{name} must be {like.dtype} as what it goes with", f"convert {name}"
        raise TypeError(complaint(function, must, describe(x), instead))
    return x.astype(x.dtype)  # which ends a weak type: in 64-bit mode that would become float64


def as_inexact(function: str, dtype: DTypeLike) -> np.dtype:
    """Return a float or complex dtype, or raise a TypeError for another."""
    dtype = np.dtype(dtype)
    if dtype not in _FLOATS + _COMPLEX:
        must = "dtype must be float16, bfloat16, float32, float64, complex64 or complex128"
        raise TypeError(complaint(function, must, str(dtype), "use dtype=jnp.float32"))
    return dtype


def as_tries(function: str, dtype: DTypeLike) -> np.dtype:
    """Return a dtype that counts tries, or raise a TypeError for another."""
    dtype = np.dtype(dtype)
    if dtype not in _COUNTS + _FLOATS:
        must = "dtype must be int8, int16, int32, int64, uint8 or a float"
        raise TypeError(complaint(function, must, str(dtype), "use dtype=jnp.int32"))
    return dtype


def as_scalar(function: str, name: str, x: ArrayLike) -> Scalar:
    """Return a Python float, or a tracer as it is; raise a ValueError for an array of numbers."""
    if np.shape(x) != ():
        instead = f"draw with the default and compute with {name} afterwards"
        raise ValueError(complaint(function, f"{name} must be a scalar", describe(x), instead))
    return x if isinstance(x, Tracer) else float(x)  # pyright: ignore[reportArgumentType] scalar


def check_bounds(low: Scalar, high: Scalar, dtype: np.dtype) -> None:
    """Refuse bounds of `uniform` that are crossed or that the dtype cannot hold."""
    if isinstance(low, Tracer) or isinstance(high, Tracer):
        return
    came = f"low={low} and high={high}"
    if not low <= high:
        raise ValueError(complaint("uniform", "low must not be above high", came, "swap them"))
    greatest = float(jnp.finfo(dtype).max)
    if max(-low, high, high - low) > greatest:
        must = f"low, high and high - low must lie within what {dtype} holds, ±{greatest:g}"
        raise ValueError(complaint("uniform", must, came, "use a wider dtype"))


def check_positive(function: str, name: str, x: Scalar) -> None:
    """Refuse a number that is not above 0, as far as it is known."""
    if not isinstance(x, Tracer) and not x > 0:
        instead = f"use {name}=1"
        raise ValueError(complaint(function, f"{name} must be above 0", str(x), instead))


def check_count(n: int, dtype: np.dtype) -> None:
    """Refuse a permutation of a length whose numbers the dtype cannot hold apart."""
    if n < 0:
        raise ValueError(complaint("permutation", "n must be 0 or more", str(n), "use n=0"))
    floating = jnp.issubdtype(dtype, jnp.floating)
    greatest = 2 ** (jnp.finfo(dtype).nmant + 1) if floating else limits(dtype)[1]
    if n - 1 > greatest:
        must = f"n must be at most {greatest + 1:g}, all that {dtype} tells apart"
        raise ValueError(complaint("permutation", must, str(n), "use a wider dtype"))


def check_probabilities(p: ArrayLike) -> None:
    """Refuse probabilities outside [0, 1], as far as they are known."""
    if isinstance(p, Tracer):
        return
    known = np.asarray(p)
    if not ((known >= 0) & (known <= 1)).all():
        must, instead = "p must be between 0 and 1", "clip it with jnp.clip(p, 0, 1)"
        raise ValueError(complaint("bernoulli", must, "numbers outside", instead))


def check_each(
    function: str,
    must: str,
    x: ArrayLike,
    holds: Callable[[np.ndarray], np.ndarray],
    instead: str,
) -> None:
    """Refuse an array with a number for which a condition does not hold, as far as it is known."""
    if isinstance(x, Tracer):
        return
    known = np.asarray(x, np.float64)
    wrong = np.argwhere(~holds(known))
    if len(wrong):
        first = tuple(wrong[0].tolist())
        came = f"{known[first]:g}" + f" at {list(first)}" * bool(first)
        raise ValueError(complaint(function, must, came, instead))


def double(x: Scalar) -> np.float64 | jax.Array:
    """Return a parameter as a double."""
    return x.astype(jnp.float64) if isinstance(x, Tracer) else np.float64(x)


def doubles_unless(
    default: tuple[float, float], first: Scalar, second: Scalar
) -> tuple[np.float64 | jax.Array, np.float64 | jax.Array] | None:
    """Return two parameters as doubles, or None where they are known to be the default ones."""
    known = not isinstance(first, Tracer) and not isinstance(second, Tracer)
    if known and (first, second) == default:
        return None
    return double(first), double(second)
