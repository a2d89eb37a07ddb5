"""Numbers from JAX keys: JAX's own functions, and what they lack where 64-bit mode is off.

`jax.random` draws 64-bit words in an operation that is lowered late, by when a local
``jax.enable_x64`` is over. So where that mode is off, 64-bit numbers are put together here from
pairs of 32-bit words.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.random.arguments import Scalar
from jaxnn.random.words import join64, unit64

Shape = tuple[int, ...]


def _has(dtype: np.dtype) -> bool:
    """Whether JAX has a dtype in its present mode."""
    return jax.dtypes.canonicalize_dtype(dtype) == dtype


def uniform(key: jax.Array, shape: Shape, dtype: np.dtype, low: Scalar, high: Scalar) -> jax.Array:
    """Return numbers in [low, high)."""
    if _has(dtype):
        return jax.random.uniform(key, shape, dtype, low, high)
    pairs = _pairs(key, shape)
    with jax.enable_x64(True):
        return unit64(pairs)[..., 0] * (high - low) + low


def normal(key: jax.Array, shape: Shape, dtype: np.dtype, mean: Scalar, std: Scalar) -> jax.Array:
    """Return normals of a mean and a standard deviation."""
    if _has(dtype):
        standard = jax.random.normal(key, shape, dtype)
        return standard * jnp.asarray(std, dtype) + jnp.asarray(mean, dtype)
    spread = uniform(key, shape, dtype, float(np.nextafter(-1.0, 0.0)), 1.0)
    with jax.enable_x64(True):
        return np.sqrt(2.0) * lax.erf_inv(spread) * std + mean


def exponential(key: jax.Array, shape: Shape, dtype: np.dtype, rate: Scalar) -> jax.Array:
    """Return exponential numbers of mean 1 / rate."""
    if _has(dtype):
        return jax.random.exponential(key, shape, dtype) / jnp.asarray(rate, dtype)
    fractions = uniform(key, shape, dtype, 0.0, 1.0)
    with jax.enable_x64(True):
        return -jnp.log1p(-fractions) / rate


def cauchy(
    key: jax.Array, shape: Shape, dtype: np.dtype, median: Scalar, sigma: Scalar
) -> jax.Array:
    """Return Cauchy numbers of a median and a scale."""
    if _has(dtype):
        standard = jax.random.cauchy(key, shape, dtype)
        return standard * jnp.asarray(sigma, dtype) + jnp.asarray(median, dtype)
    fractions = uniform(key, shape, dtype, 0.0, 1.0)
    with jax.enable_x64(True):
        return jnp.tan(np.pi * (fractions - 0.5)) * sigma + median


def log_normal(
    key: jax.Array, shape: Shape, dtype: np.dtype, mean: Scalar, std: Scalar
) -> jax.Array:
    """Return numbers whose logarithms are normal."""
    logarithms = normal(key, shape, dtype, mean, std)
    with jax.enable_x64(True):
        return jnp.exp(logarithms)


def geometric(key: jax.Array, shape: Shape, dtype: np.dtype, p: Scalar) -> jax.Array:
    """Return how many tries the first success takes."""
    if _has(dtype) and jnp.issubdtype(dtype, jnp.integer):
        return jax.random.geometric(key, p, shape, dtype)
    fractions = uniform(key, shape, np.dtype(np.float64), 0.0, 1.0)
    with jax.enable_x64(True):
        return (jnp.floor(jnp.log1p(-fractions) / jnp.log1p(-p)) + 1).astype(dtype)


def randint(key: jax.Array, shape: Shape, dtype: np.dtype, low: int, span: int) -> jax.Array:
    """Return integers in [low, low + span)."""
    if low >= -(2**31) and low + span < 2**31:
        drawn = jax.random.randint(key, shape, low, low + span, jnp.int32)
    else:
        drawn = _long_randint(key, shape, low, span)
    with jax.enable_x64(True):
        return drawn.astype(dtype)


def _long_randint(key: jax.Array, shape: Shape, low: int, span: int) -> jax.Array:
    first, second = (_pairs(k, shape) for k in jax.random.split(key))
    with jax.enable_x64(True):
        offset = join64(first)[..., 0]
        if span < 2**64:
            # A second word evens out what the remainder of the first prefers, as in jax.random.
            wide = np.uint64(span)
            carry = offset % wide * np.uint64(2**64 % span)
            offset = (carry + join64(second)[..., 0] % wide) % wide
        return lax.bitcast_convert_type(offset, jnp.int64) + np.int64(low)


# What follows draws as JAX itself does, so in single precision where 64-bit mode is off.


def poisson(key: jax.Array, rate: jax.Array) -> jax.Array:
    """Return counts of events, in the dtype of their rates."""
    counts = jax.random.poisson(key, _as_wide_as_allowed(rate), rate.shape)
    return _convert(counts, rate.dtype)


def binomial(key: jax.Array, count: jax.Array, prob: jax.Array) -> jax.Array:
    """Return counts of successes, in the dtype of both arguments."""
    arguments = _as_wide_as_allowed(count), _as_wide_as_allowed(prob)
    counts = jax.random.binomial(key, *arguments, dtype=arguments[0].dtype)
    return _convert(counts, count.dtype)


def gamma(key: jax.Array, concentration: jax.Array) -> jax.Array:
    """Return gamma numbers, in the dtype of their concentrations."""
    wide = _as_wide_as_allowed(concentration)
    return _convert(jax.random.gamma(key, wide, dtype=wide.dtype), concentration.dtype)


def dirichlet(key: jax.Array, concentration: jax.Array) -> jax.Array:
    """Return shares along the last axis, in the dtype of their concentrations."""
    wide = _as_wide_as_allowed(concentration)
    return _convert(jax.random.dirichlet(key, wide, dtype=wide.dtype), concentration.dtype)


def multinomial(key: jax.Array, probs: jax.Array, places: int, replacement: bool) -> jax.Array:
    """Return int64 indices in proportion to weights, [..., places]."""
    logits = jnp.log(_as_wide_as_allowed(probs))
    shape = (places, *probs.shape[:-1])
    chosen = jax.random.categorical(key, logits, shape=shape, replace=replacement)
    return _convert(jnp.moveaxis(chosen, 0, -1), np.dtype(np.int64))


def _as_wide_as_allowed(x: jax.Array) -> jax.Array:
    wide = jnp.float32 if x.dtype.itemsize < 4 else x.dtype
    return x.astype(jax.dtypes.canonicalize_dtype(wide))


def _convert(x: jax.Array, dtype: np.dtype) -> jax.Array:
    with jax.enable_x64(True):
        return x.astype(dtype)


def _pairs(key: jax.Array, shape: Shape) -> jax.Array:
    return jax.random.bits(key, (*shape, 2), jnp.uint32)
