"""Exponential, Cauchy, log-normal and geometric numbers, from a JAX key or a `Generator`."""

import jax
import jax.numpy as jnp
from jax.core import Tracer
from jax.typing import ArrayLike, DTypeLike

from jaxnn._checks import complaint
from jaxnn.random import keys
from jaxnn.random.arguments import (
    Shape,
    as_float,
    as_key,
    as_scalar,
    as_shape,
    as_tries,
    check_positive,
    double,
)
from jaxnn.random.engines import compiled
from jaxnn.random.generator import Generator, Rng, one_stream

_exponential = compiled("exponential", "dtype")
_cauchy = compiled("cauchy", "dtype")
_log_normal = compiled("log_normal", "dtype")
_geometric = compiled("geometric", "dtype")


def exponential(
    rng: Rng, shape: Shape = (), dtype: DTypeLike = jnp.float32, *, rate: ArrayLike = 1.0
) -> jax.Array:
    """Return exponential numbers: waiting times of mean 1 / rate, of density rate e^(-rate x).

    From a Generator, the bits of ``Tensor.exponential_(rate)``; 0 is among them. Numbers below the
    dtype's least normal number come out as 0.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result.
        dtype: float16, bfloat16, float32 or float64, the last without ``jax_enable_x64`` too.
        rate: scalar above 0.

    Returns:
        An array of that shape and dtype, of numbers from 0 on.

    Raises:
        TypeError: if ``dtype`` is no float, or ``rng`` neither key nor Generator.
        ValueError: if rate is no scalar above 0, or a dimension is negative.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.exponential(jaxnn.random.Generator().manual_seed(0), (3,)))
        [3.5083263 1.2303847 0.6150441]

    Source: ``torch.Tensor.exponential_``.
    """
    shape, dtype = as_shape("exponential", shape), as_float("exponential", dtype)
    rate = as_scalar("exponential", "rate", rate)
    check_positive("exponential", "rate", rate)
    if not isinstance(rng, Generator):
        return keys.exponential(as_key(rng), shape, dtype, rate)
    with jax.enable_x64(True):
        stream = one_stream(rng)
        samples, rng.state = _exponential(stream, shape=shape, dtype=dtype, rate=double(rate))
        return samples


def cauchy(
    rng: Rng,
    shape: Shape = (),
    dtype: DTypeLike = jnp.float32,
    *,
    median: ArrayLike = 0.0,
    sigma: ArrayLike = 1.0,
) -> jax.Array:
    """Return numbers of the Cauchy distribution, which has no mean: median + sigma tan(angle).

    From a Generator, the bits of ``Tensor.cauchy_(median, sigma)``. In float64 they are torch's as
    far as the device's double tan is glibc's: on a CPU it is.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result.
        dtype: float16, bfloat16, float32 or float64, the last without ``jax_enable_x64`` too.
        median: scalar; half of the numbers are below.
        sigma: scalar above 0; half of the numbers are nearer to the median.

    Returns:
        An array of that shape and dtype. The narrow dtypes hold infinities too.

    Raises:
        TypeError: if ``dtype`` is no float, or ``rng`` neither key nor Generator.
        ValueError: if median is no scalar or sigma no scalar above 0, or a dimension is negative.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.cauchy(jaxnn.random.Generator().manual_seed(0), (3,)))
        [10.59773     0.7647673  -0.12829934]

    Source: ``torch.Tensor.cauchy_``.
    """
    shape, dtype = as_shape("cauchy", shape), as_float("cauchy", dtype)
    median = as_scalar("cauchy", "median", median)
    sigma = as_scalar("cauchy", "sigma", sigma)
    check_positive("cauchy", "sigma", sigma)
    if not isinstance(rng, Generator):
        return keys.cauchy(as_key(rng), shape, dtype, median, sigma)
    with jax.enable_x64(True):
        place = {"median": double(median), "sigma": double(sigma)}
        samples, rng.state = _cauchy(one_stream(rng), shape=shape, dtype=dtype, **place)
        return samples


def log_normal(
    rng: Rng,
    shape: Shape = (),
    dtype: DTypeLike = jnp.float32,
    *,
    mean: ArrayLike = 1.0,
    std: ArrayLike = 2.0,
) -> jax.Array:
    """Return numbers whose logarithms are normal.

    From a Generator, the bits of ``Tensor.log_normal_(mean, std)``. It takes normals one by one,
    as ``normal(…, contiguous=False)``, so it begins with one that an earlier draw left over. In
    float64 they are torch's as far as the device's double log, sin and cos are glibc's: on a CPU
    they are. Numbers below the dtype's least normal number come out as 0.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result.
        dtype: float16, bfloat16, float32 or float64, the last without ``jax_enable_x64`` too.
        mean: scalar, of the logarithms.
        std: scalar above 0, of the logarithms.

    Returns:
        An array of that shape and dtype, of numbers from 0 on.

    Raises:
        TypeError: if ``dtype`` is no float, or ``rng`` neither key nor Generator.
        ValueError: if mean is no scalar or std no scalar above 0, or a dimension is negative.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.log_normal(jaxnn.random.Generator().manual_seed(0), (3,)))
        [5.9263416e+01 1.5115600e+00 3.4819461e-02]

    Source: ``torch.Tensor.log_normal_``.
    """
    shape, dtype = as_shape("log_normal", shape), as_float("log_normal", dtype)
    mean, std = as_scalar("log_normal", "mean", mean), as_scalar("log_normal", "std", std)
    check_positive("log_normal", "std", std)
    if not isinstance(rng, Generator):
        return keys.log_normal(as_key(rng), shape, dtype, mean, std)
    with jax.enable_x64(True):
        scale = double(mean), double(std)
        samples, rng.state = _log_normal(one_stream(rng), shape=shape, dtype=dtype, scale=scale)
        return samples


def geometric(rng: Rng, p: ArrayLike, shape: Shape = (), dtype: DTypeLike = jnp.int32) -> jax.Array:
    """Return how many tries the first success takes, where each succeeds with probability p.

    From a Generator, the bits of ``Tensor.geometric_(p)``. One draw in 2**53 is infinite. What an
    integer dtype cannot hold becomes what x86 makes of it: the least number of int32 and int64, a
    remainder or 0 in the shorter ones.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        p: scalar above 0 and below 1.
        shape: of the result.
        dtype: int8, int16, int32, int64, uint8, float16, bfloat16, float32 or float64; 64-bit ones
            without ``jax_enable_x64`` too.

    Returns:
        An array of that shape and dtype, of whole numbers from 1 on.

    Raises:
        TypeError: if ``dtype`` is another, or ``rng`` neither key nor Generator.
        ValueError: if p is no scalar between 0 and 1, or a dimension is negative.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.geometric(jaxnn.random.Generator().manual_seed(0), 0.2, (5,)))
        [1 2 4 1 2]

    Source: ``torch.Tensor.geometric_``.
    """
    shape, dtype = as_shape("geometric", shape), as_tries("geometric", dtype)
    p = as_scalar("geometric", "p", p)
    if not isinstance(p, Tracer) and not 0 < p < 1:
        must = "p must be above 0 and below 1"
        raise ValueError(complaint("geometric", must, str(p), "use p=0.5"))
    if not isinstance(rng, Generator):
        return keys.geometric(as_key(rng), shape, dtype, p)
    with jax.enable_x64(True):
        samples, rng.state = _geometric(one_stream(rng), shape=shape, dtype=dtype, p=double(p))
        return samples
