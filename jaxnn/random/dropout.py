"""What dropout keeps: torch's kernels of either device have their own ways to draw it."""

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.random.cuda.discrete import threshold
from jaxnn.random.discrete import bernoulli
from jaxnn.random.engines import compiled
from jaxnn.random.generator import Generator, Rng, one_stream

_dropout_mask = compiled("dropout_mask", "dtype")


def dropout_mask(rng: Rng, rate: float, shape: tuple[int, ...], dtype: np.dtype) -> jax.Array:
    """Return a bool array, false for the numbers that dropout is to zero.

    From a CPU's Generator and from a JAX key these are coin flips, `bernoulli` of 1 - rate. From a
    CUDA Generator they follow the layout of torch's dropout kernel, which depends on the dtype.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        rate: the probability of zeroing a number, between 0 and 1.
        shape: of the array.
        dtype: of the numbers.

    Example:
        >>> import jaxnn, numpy
        >>> generator = jaxnn.random.Generator("cuda").manual_seed(0)
        >>> print(dropout_mask(generator, 0.5, (4,), numpy.dtype("float32")))
        [ True False False False]

    Source: ``torch.nn.functional.dropout``.
    """
    if not isinstance(rng, Generator) or rng.profile is None:
        return bernoulli(rng, 1 - rate, shape)
    with jax.enable_x64(True):
        least = jnp.asarray(threshold(1 - rate))
        mask, rng.state = _dropout_mask(one_stream(rng), shape=shape, dtype=dtype, least=least)
        return mask
