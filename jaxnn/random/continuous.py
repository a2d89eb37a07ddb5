"""Uniform and normal numbers: from a JAX key in JAX's way, from a `Generator` in torch's."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.core import Tracer
from jax.sharding import NamedSharding
from jax.typing import ArrayLike, DTypeLike

from jaxnn._checks import as_floating, complaint, describe
from jaxnn.random import keys
from jaxnn.random.arguments import (
    Scalar,
    Shape,
    as_float,
    as_inexact,
    as_key,
    as_scalar,
    as_shape,
    check_bounds,
    check_each,
    doubles_unless,
)
from jaxnn.random.engines import compiled
from jaxnn.random.exact_math import quotient, rounded_product
from jaxnn.random.generator import Generator, Rng, one_stream
from jaxnn.random.sharding import draw, place
from jaxnn.random.words import narrow

_uniform = compiled("uniform", "dtype")
_normal = compiled("normal", "dtype")
_scalar_normal = compiled("scalar_normal", "dtype")
_PARTS = {np.dtype(np.complex64): jnp.float32, np.dtype(np.complex128): jnp.float64}


def uniform(
    rng: Rng,
    shape: Shape = (),
    dtype: DTypeLike = jnp.float32,
    *,
    low: ArrayLike = 0.0,
    high: ArrayLike = 1.0,
    sharding: NamedSharding | None = None,
) -> jax.Array:
    """Return numbers spread evenly over [low, high).

    From a Generator, the bits of ``torch.rand`` (bounds 0 and 1) or ``Tensor.uniform_(low, high)``.
    Both parts of complex numbers are drawn so.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result.
        dtype: float16, bfloat16, float32, float64, complex64 or complex128; 64-bit numbers without
            ``jax_enable_x64`` too.
        low: scalar, the least number.
        high: scalar, above all numbers.
        sharding: how the result lies on a mesh; each device then makes its own part, alone.

    Returns:
        An array of that shape and dtype.

    Raises:
        TypeError: if ``dtype`` is another, or ``rng`` neither key nor Generator.
        ValueError: if low > high, low, high or high - low is beyond the dtype, either is no
            scalar, a dimension is negative, or the sharding does not divide the shape.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.uniform(jaxnn.random.Generator().manual_seed(0), (3,)))
        [0.4962566  0.7682218  0.08847743]

    Source: ``torch.rand``, ``torch.Tensor.uniform_``.
    """
    shape, dtype = as_shape("uniform", shape), as_inexact("uniform", dtype)
    low, high = as_scalar("uniform", "low", low), as_scalar("uniform", "high", high)
    check_bounds(low, high, dtype)
    if dtype in _PARTS:
        options = {"low": low, "high": high, "sharding": sharding}
        return _joined(uniform(rng, (*shape, 2), _PARTS[dtype], **options))
    if not isinstance(rng, Generator):
        return place(keys.uniform(as_key(rng), shape, dtype, low, high), sharding)
    with jax.enable_x64(True):
        bounds = doubles_unless((0.0, 1.0), low, high)
        if sharding is not None:
            options = {"dtype": dtype, "bounds": bounds}
            samples, rng.state = draw("uniform", one_stream(rng), shape, sharding, **options)
            return samples
        samples, rng.state = _uniform(one_stream(rng), shape=shape, dtype=dtype, bounds=bounds)
        return samples


def normal(
    rng: Rng,
    shape: Shape | None = None,
    dtype: DTypeLike = jnp.float32,
    *,
    mean: ArrayLike = 0.0,
    std: ArrayLike = 1.0,
    contiguous: bool = True,
    sharding: NamedSharding | None = None,
) -> jax.Array:
    """Return normal numbers of a mean and a standard deviation.

    From a Generator, the bits of ``torch.randn`` and ``Tensor.normal_(mean, std)`` in float32
    (and the 16-bit floats). In float64 they are torch's as far as the device's double log, sin and
    cos are glibc's: on a CPU they are, on others expect a few units in the last place. Those of a
    CUDA Generator are within about 1e-6 of torch's, which a GPU's fast sine and cosine make.

    Arrays as mean or std give the bits of ``torch.normal(mean, std)``, which rounds the product
    before the sum. An array of no dimensions counts as a number. Both parts of complex numbers have
    the given mean, and half of the variance each.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result, by default that to which mean and std are broadcast.
        dtype: float16, bfloat16, float32, float64, and for scalar mean and std complex64 and
            complex128; 64-bit numbers without ``jax_enable_x64`` too.
        mean: scalar, or a float array.
        std: scalar, or a float array, at least 0.
        contiguous: False draws as torch does into a tensor that is not contiguous: one number
            at a time, where a contiguous tensor of 16 or more is filled in blocks of 16. The
            result is in the order of that tensor's memory.
        sharding: how the result lies on a mesh; each device then makes its own part, alone. For
            contiguous draws of scalar mean and std.

    Returns:
        An array of that shape and dtype.

    Raises:
        TypeError: if ``dtype`` is another, an array no float, or ``rng`` neither key nor Generator.
        ValueError: if a std < 0, mean and std cannot be broadcast, a dimension is negative, or the
            sharding does not divide the shape or is given for another kind of draw.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.normal(jaxnn.random.Generator().manual_seed(0), (3,)))
        [ 1.5409961  -0.2934289  -2.1787894]

    Source: ``torch.randn``, ``torch.Tensor.normal_``, ``torch.normal``.
    """
    each = np.ndim(mean) or np.ndim(std)
    if sharding is not None and (each or not contiguous):
        must = "what is sharded must be contiguous, its mean and std scalars"
        came = "arrays" if each else "contiguous=False"
        instead = "leave the sharding to jax.device_put"
        raise ValueError(complaint("normal", must, came, instead))
    if each:
        return _normal_each(rng, shape, as_float("normal", dtype), mean, std, contiguous)
    shape, dtype = as_shape("normal", () if shape is None else shape), as_inexact("normal", dtype)
    mean, std = as_scalar("normal", "mean", mean), as_scalar("normal", "std", std)
    if not (isinstance(std, Tracer) or std >= 0):
        _check_deviations(std)
    if dtype in _PARTS:
        options = {"mean": mean, "std": _of_a_part(std), "contiguous": contiguous}
        parts = normal(rng, (*shape, 2), _PARTS[dtype], **options, sharding=sharding)
        return _joined(parts)
    if not isinstance(rng, Generator):
        return place(keys.normal(as_key(rng), shape, dtype, mean, std), sharding)
    with jax.enable_x64(True):
        scale = doubles_unless((0.0, 1.0), mean, std)
        if sharding is not None:
            options = {"dtype": dtype, "scale": scale}
            samples, rng.state = draw("normal", one_stream(rng), shape, sharding, **options)
            return samples
        sample = _normal if contiguous else _scalar_normal
        samples, rng.state = sample(one_stream(rng), shape=shape, dtype=dtype, scale=scale)
        return samples


def _normal_each(
    rng: Rng,
    shape: Shape | None,
    dtype: np.dtype,
    mean: ArrayLike,
    std: ArrayLike,
    contiguous: bool,
) -> jax.Array:
    """Return normals of means or deviations of their own, or both."""
    with jax.enable_x64(True):
        means = as_floating("normal", "mean", mean)
        deviations = as_floating("normal", "std", std) if np.ndim(std) else None
    shape = _broadcast_shape(shape, mean, std)
    _check_deviations(std)
    common = std if deviations is None else 1.0
    standard = normal(rng, shape, dtype, std=common, contiguous=contiguous)
    with jax.enable_x64(True):
        return _placed(standard, means, deviations)


def _broadcast_shape(shape: Shape | None, mean: ArrayLike, std: ArrayLike) -> tuple[int, ...]:
    try:
        own = np.broadcast_shapes(np.shape(mean), np.shape(std))
        wanted = own if shape is None else as_shape("normal", shape)
        fits = np.broadcast_shapes(own, wanted) == wanted
    except ValueError:
        fits, wanted = False, ()
    if not fits:
        must = "mean and std must broadcast to each other and to shape"
        came = f"{describe(mean)} and {describe(std)}" + f" to {shape}" * (shape is not None)
        raise ValueError(complaint("normal", must, came, "reshape them"))
    return wanted


def _check_deviations(std: ArrayLike) -> None:
    check_each("normal", "std must be 0 or more", std, lambda x: x >= 0, "use jnp.abs(std)")


@jax.jit
def _placed(standard: jax.Array, means: jax.Array, deviations: jax.Array | None) -> jax.Array:
    """Return standard * deviations + means, each step rounded to the dtype."""

    def each(x: jax.Array) -> jax.Array:
        return jnp.broadcast_to(narrow(x, standard.dtype), standard.shape)

    # The barrier keeps a sum with zeros a sum: it turns -0 into 0.
    means = lax.optimization_barrier(each(means))
    if deviations is None:
        return standard + means
    return rounded_product(standard, each(deviations)) + means


def _of_a_part(std: Scalar) -> ArrayLike:
    """Return the deviation of either part of a complex number, rounded as torch does."""
    if not isinstance(std, Tracer):
        return std / math.sqrt(2)
    with jax.enable_x64(True):
        return quotient(jnp.asarray(std, jnp.float64), jnp.asarray(math.sqrt(2)))


def _joined(parts: jax.Array) -> jax.Array:
    """Return complex numbers from their two parts, [..., 2]."""
    with jax.enable_x64(True):
        return _join(parts)


@jax.jit
def _join(parts: jax.Array) -> jax.Array:
    return lax.complex(parts[..., 0], parts[..., 1])
