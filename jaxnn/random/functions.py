"""Random arrays: from a JAX key in JAX's way, from a `Generator` in torch's, bit for bit."""

import functools
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jax.typing import ArrayLike, DTypeLike

from jaxnn._checks import as_floating, complaint
from jaxnn.random import discrete, distributions, keys
from jaxnn.random.arguments import (
    Shape,
    as_float,
    as_int,
    as_key,
    as_scalar,
    as_shape,
    check_bounds,
    check_count,
    check_probabilities,
    doubles_unless,
    integer_bounds,
)
from jaxnn.random.draws import Samples
from jaxnn.random.generator import Generator, one_stream
from jaxnn.random.state import State

Rng = jax.Array | Generator


def _compiled(distribution: Callable[..., Samples], *static: str) -> Callable[..., Samples]:
    """Compile a distribution, with a shape in place of its count."""

    @functools.partial(jax.jit, static_argnames=("shape", *static))
    def shaped(state: State, *, shape: tuple[int, ...], **options) -> Samples:
        flat, state = distribution(state, math.prod(shape), **options)
        return flat.reshape(shape), state

    return shaped


_uniform = _compiled(distributions.uniform, "dtype")
_normal = _compiled(distributions.normal, "dtype")
_scalar_normal = _compiled(distributions.scalar_normal, "dtype")
_randint = _compiled(discrete.randint, "dtype", "long")
_permutation = jax.jit(discrete.permutation, static_argnames=("n", "dtype"))
_bernoulli = _compiled(discrete.bernoulli, "dtype")
_bernoulli_each = _compiled(discrete.bernoulli_each, "dtype")


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
    cos are glibc's: on a CPU they are, on others expect a few units in the last place.

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


def randint(rng: Rng, shape: Shape, low: int, high: int, dtype: DTypeLike = jnp.int32) -> jax.Array:
    """Return integers spread evenly over low, low + 1, …, high - 1.

    From a Generator, the bits of ``torch.randint(low, high, shape, dtype=dtype)``.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result.
        low: the least value.
        high: one more than the greatest, at most 2**63.
        dtype: an integer or float dtype, or bool; 64-bit ones without ``jax_enable_x64`` too.

    Returns:
        An array of that shape and dtype.

    Raises:
        TypeError: if ``rng`` is neither key nor Generator.
        ValueError: if low >= high, or the dtype does not hold low and high - 1, or a dimension is
            negative.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.randint(jaxnn.random.Generator().manual_seed(0), (5,), 0, 10))
        [4 9 3 0 3]

    Source: ``torch.randint``, ``torch.Tensor.random_``.
    """
    shape, dtype = as_shape("randint", shape), np.dtype(dtype)
    low, high = (as_int("randint", name, x) for name, x in (("low", low), ("high", high)))
    low, high = integer_bounds(low, high, dtype)
    span = high - low
    if not isinstance(rng, Generator):
        return keys.randint(as_key(rng), shape, dtype, low, span)
    with jax.enable_x64(True):
        samples, rng.state = _randint(
            one_stream(rng),
            shape=shape,
            dtype=dtype,
            low=np.int64(low),
            span=None if span == 2**64 else np.uint64(span),
            long=span >= discrete.LONG_RANGE,
        )
        return samples


def permutation(rng: Rng, n: int, dtype: DTypeLike = jnp.int32) -> jax.Array:
    """Return the numbers 0 to n - 1 in random order.

    From a Generator, the order of ``torch.randperm(n)``.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        n: how many.
        dtype: of the result; 64-bit ones without ``jax_enable_x64`` too.

    Returns:
        An array of shape (n,).

    Raises:
        TypeError: if ``rng`` is neither key nor Generator.
        ValueError: if n < 0, or the dtype does not hold n - 1.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.permutation(jaxnn.random.Generator().manual_seed(0), 5))
        [4 0 1 3 2]

    Source: ``torch.randperm``.
    """
    n, dtype = as_int("permutation", "n", n), np.dtype(dtype)
    check_count(n, dtype)
    if not isinstance(rng, Generator):
        order = jax.random.permutation(as_key(rng), n)
        with jax.enable_x64(True):
            return order.astype(dtype)
    with jax.enable_x64(True):
        order, rng.state = _permutation(one_stream(rng), n, dtype)
        return order


def bernoulli(
    rng: Rng, p: ArrayLike = 0.5, shape: Shape | None = None, dtype: DTypeLike = jnp.bool_
) -> jax.Array:
    """Return coin flips, true with probability p.

    From a Generator, a Python number as p gives the bits of ``Tensor.bernoulli_(p)``, and an array
    those of ``torch.bernoulli(p)``, which draws less for float32 than for float64.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        p: a number, or a float array of probabilities, from 0 to 1.
        shape: of the result, by default p's; an array p is broadcast to it.
        dtype: of the result.

    Returns:
        An array of that shape and dtype.

    Raises:
        TypeError: if an array p is no float, or ``rng`` neither key nor Generator.
        ValueError: if a number p lies outside [0, 1], or a dimension is negative.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.bernoulli(jaxnn.random.Generator().manual_seed(0), 0.5, (4,)))
        [False False  True False]

    Source: ``torch.Tensor.bernoulli_``, ``torch.bernoulli``.
    """
    # What is a number to Python chooses torch's bernoulli_(p), an array torch.bernoulli(p).
    number = isinstance(p, int | float | np.number)
    with jax.enable_x64(True):
        chance = as_floating("bernoulli", "p", np.float64(p) if number else p)
    # As it came: what a traced function has taken in may no longer be known.
    check_probabilities(p)
    shape = as_shape("bernoulli", chance.shape if shape is None else shape)
    dtype = np.dtype(dtype)
    if not isinstance(rng, Generator):
        # For a double JAX would draw 64-bit words, see `keys`; a number is none of the caller's.
        own = jnp.float32 if number else jax.dtypes.canonicalize_dtype(chance.dtype)
        chance = chance.astype(own)
        flips = jax.random.bernoulli(as_key(rng), jnp.broadcast_to(chance, shape), shape)
        with jax.enable_x64(True):
            return flips.astype(dtype)
    with jax.enable_x64(True):
        if number:
            least = discrete.threshold(float(p))
            samples, rng.state = _bernoulli(one_stream(rng), shape=shape, dtype=dtype, least=least)
        else:
            each = jnp.broadcast_to(chance, shape)
            samples, rng.state = _bernoulli_each(one_stream(rng), shape=shape, dtype=dtype, p=each)
        return samples
