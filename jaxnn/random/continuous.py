"""Uniform and normal numbers: from a JAX key in JAX's way, from a `Generator` in torch's."""

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
    check_bounds,
    doubles_unless,
)
from jaxnn.random.engines import compiled
from jaxnn.random.generator import Generator, Rng, one_stream

_uniform = compiled("uniform", "dtype")
_normal = compiled("normal", "dtype")
_scalar_normal = compiled("scalar_normal", "dtype")


def uniform(
    rng: Rng,
    shape: Shape = (),
    dtype: DTypeLike = jnp.float32,
    *,
    low: ArrayLike = 0.0,
    high: ArrayLike = 1.0,
) -> jax.Array:
    """Return numbers spread evenly over [low, high).

    From a Generator, the bits of ``torch.rand`` (bounds 0 and 1) or ``Tensor.uniform_(low, high)``.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result.
        dtype: float16, bfloat16, float32 or float64, the last without ``jax_enable_x64`` too.
        low: scalar, the least number.
        high: scalar, above all numbers.

    Returns:
        An array of that shape and dtype.

    Raises:
        TypeError: if ``dtype`` is no float, or ``rng`` neither key nor Generator.
        ValueError: if low > high, low, high or high - low is beyond the dtype, either is no
            scalar, or a dimension is negative.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.uniform(jaxnn.random.Generator().manual_seed(0), (3,)))
        [0.4962566  0.7682218  0.08847743]

    Source: ``torch.rand``, ``torch.Tensor.uniform_``.
    """
    shape, dtype = as_shape("uniform", shape), as_float("uniform", dtype)
    low, high = as_scalar("uniform", "low", low), as_scalar("uniform", "high", high)
    check_bounds(low, high, dtype)
    if not isinstance(rng, Generator):
        return keys.uniform(as_key(rng), shape, dtype, low, high)
    with jax.enable_x64(True):
        bounds = doubles_unless((0.0, 1.0), low, high)
        samples, rng.state = _uniform(one_stream(rng), shape=shape, dtype=dtype, bounds=bounds)
        return samples


def normal(
    rng: Rng,
    shape: Shape = (),
    dtype: DTypeLike = jnp.float32,
    *,
    mean: ArrayLike = 0.0,
    std: ArrayLike = 1.0,
    contiguous: bool = True,
) -> jax.Array:
    """Return normal numbers of a mean and a standard deviation.

    From a Generator, the bits of ``torch.randn`` and ``Tensor.normal_(mean, std)`` in float32
    (and the 16-bit floats). In float64 they are torch's as far as the device's double log, sin and
    cos are glibc's: on a CPU they are, on others expect a few units in the last place. Those of a
    CUDA Generator are within about 1e-6 of torch's, which a GPU's fast sine and cosine make.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result.
        dtype: float16, bfloat16, float32 or float64, the last without ``jax_enable_x64`` too.
        mean: scalar.
        std: scalar, at least 0.
        contiguous: False draws as torch does into a tensor that is not contiguous: one number
            at a time, where a contiguous tensor of 16 or more is filled in blocks of 16. The
            result is in the order of that tensor's memory.

    Returns:
        An array of that shape and dtype.

    Raises:
        TypeError: if ``dtype`` is no float, or ``rng`` neither key nor Generator.
        ValueError: if std < 0, mean or std is no scalar, or a dimension is negative.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.normal(jaxnn.random.Generator().manual_seed(0), (3,)))
        [ 1.5409961  -0.2934289  -2.1787894]

    Source: ``torch.randn``, ``torch.Tensor.normal_``.
    """
    shape, dtype = as_shape("normal", shape), as_float("normal", dtype)
    mean, std = as_scalar("normal", "mean", mean), as_scalar("normal", "std", std)
    if not isinstance(std, Tracer) and not std >= 0:
        instead = "use the absolute value, or std=1"
        raise ValueError(complaint("normal", "std must be 0 or more", str(std), instead))
    if not isinstance(rng, Generator):
        return keys.normal(as_key(rng), shape, dtype, mean, std)
    with jax.enable_x64(True):
        scale = doubles_unless((0.0, 1.0), mean, std)
        draw = _normal if contiguous else _scalar_normal
        samples, rng.state = draw(one_stream(rng), shape=shape, dtype=dtype, scale=scale)
        return samples
