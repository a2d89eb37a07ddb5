"""Integers, orders and coin flips: from a JAX key in JAX's way, from a `Generator` in torch's."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike, DTypeLike

from jaxnn._checks import as_floating
from jaxnn.random import keys
from jaxnn.random.arguments import (
    Shape,
    as_int,
    as_key,
    as_shape,
    check_count,
    check_probabilities,
)
from jaxnn.random.engines import State, compiled, distribution, engine_of
from jaxnn.random.generator import Generator, Rng, one_stream
from jaxnn.random.ranges import integer_range

_randint = compiled("randint", "dtype", "long")
_bernoulli = compiled("bernoulli", "dtype")
_bernoulli_each = compiled("bernoulli_each", "dtype")


@functools.partial(jax.jit, static_argnums=(1, 2))
def _permutation(state: State, n: int, dtype: np.dtype) -> tuple[jax.Array, State]:
    return distribution(state, "permutation")(state, n, dtype)


def randint(
    rng: Rng,
    shape: Shape = (),
    low: int | None = None,
    high: int | None = None,
    dtype: DTypeLike = jnp.int32,
) -> jax.Array:
    """Return integers spread evenly over low, low + 1, …, high - 1.

    From a Generator, the bits of ``torch.randint(low, high, shape, dtype=dtype)``, those of
    ``Tensor.random_(low, None)`` without a high, and those of ``Tensor.random_()`` without both.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        shape: of the result.
        low: the least value; by default 0.
        high: one more than the greatest, at most 2**63; by default such that the greatest is the
            dtype's, for floats the number up to which it holds all integers, 2**24 for float32.
        dtype: an integer or float dtype, or bool; 64-bit ones without ``jax_enable_x64`` too.

    Returns:
        An array of that shape and dtype.

    Raises:
        TypeError: if ``rng`` is neither key nor Generator.
        ValueError: if low >= high, or the dtype does not hold low and high - 1, or a dimension is
            negative; if neither is given for uint16, uint32 or uint64.

    Example:
        >>> import jaxnn
        >>> print(jaxnn.random.randint(jaxnn.random.Generator().manual_seed(0), (5,), 0, 10))
        [4 9 3 0 3]

    Source: ``torch.randint``, ``torch.Tensor.random_``.
    """
    shape, dtype = as_shape("randint", shape), np.dtype(dtype)
    low = None if low is None else as_int("randint", "low", low)
    high = None if high is None else as_int("randint", "high", high)
    low, span, long = integer_range(low, high, dtype)
    if not isinstance(rng, Generator):
        return keys.randint(as_key(rng), shape, dtype, low, span)
    with jax.enable_x64(True):
        samples, rng.state = _randint(
            one_stream(rng),
            shape=shape,
            dtype=dtype,
            low=np.int64(low),
            span=None if span == 2**64 else np.uint64(span),
            long=long,
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
    if isinstance(p, int | float | np.number):
        shape = as_shape("bernoulli", () if shape is None else shape)
        return _flips(rng, float(p), shape, np.dtype(dtype))
    return _flips_each(rng, p, shape, np.dtype(dtype))


def _flips(rng: Rng, p: float, shape: tuple[int, ...], dtype: np.dtype) -> jax.Array:
    if not 0 <= p <= 1:
        check_probabilities(p)
    if not isinstance(rng, Generator):
        # For a double JAX would draw 64-bit words, see `keys`.
        flips = jax.random.bernoulli(as_key(rng), np.float32(p), shape)
        with jax.enable_x64(True):
            return flips.astype(dtype)
    state = one_stream(rng)
    with jax.enable_x64(True):
        least = engine_of(state).threshold(p)
        samples, rng.state = _bernoulli(state, shape=shape, dtype=dtype, least=least)
        return samples


def _flips_each(rng: Rng, p: ArrayLike, shape: Shape | None, dtype: np.dtype) -> jax.Array:
    with jax.enable_x64(True):
        chance = as_floating("bernoulli", "p", p)
    # As it came: what a traced function has taken in may no longer be known.
    check_probabilities(p)
    shape = as_shape("bernoulli", chance.shape if shape is None else shape)
    if not isinstance(rng, Generator):
        chance = chance.astype(jax.dtypes.canonicalize_dtype(chance.dtype))
        flips = jax.random.bernoulli(as_key(rng), jnp.broadcast_to(chance, shape), shape)
        with jax.enable_x64(True):
            return flips.astype(dtype)
    with jax.enable_x64(True):
        each = jnp.broadcast_to(chance, shape)
        samples, rng.state = _bernoulli_each(one_stream(rng), shape=shape, dtype=dtype, p=each)
        return samples
