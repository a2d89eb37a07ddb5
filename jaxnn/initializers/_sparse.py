"""Kernels with many zeros."""

import functools
import math

import jax
import numpy as np
from jax import Array
from jax.typing import DTypeLike

from jaxnn import random
from jaxnn._checks import check_range, complaint
from jaxnn._rng import Rng, split
from jaxnn.initializers._protocol import Initializer, as_known, drawn_as_torch
from jaxnn.random import Generator


def sparse(sparsity: float, std: float = 0.01) -> Initializer:
    """Normal with mean 0, but for zeros at random: the same number of them from every input.

    A Generator plays the part of torch's default generator, which gives the normals first and then
    one permutation for each input. (torch takes the permutations from its default generator even
    where it is given another one for the normals.)

    Args:
        sparsity: The fraction of zeros in each row of the kernel, rounded up to whole outputs.
        std: The standard deviation of the other numbers.

    Returns:
        An initialiser for shapes (in, out); it raises ValueError for others.

    Raises:
        TypeError: ``sparsity`` is traced.
        ValueError: ``sparsity`` is outside [0, 1].

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.initializers.sparse(0.5, std=1.0)(generator, (2, 3))
        Array([[ 0.       , -2.1787894,  0.       ],
               [ 0.       ,  0.       , -1.3985955]], dtype=float32)

    Source: torch.nn.init.sparse_; Martens 2010.
    """
    fraction = as_known("sparse", "sparsity", sparsity)
    check_range("sparse", "sparsity", fraction, 0.0, 1.0)

    def draw(rng: Rng, shape: tuple[int, ...], dtype: DTypeLike) -> Array:
        if len(shape) != 2:
            must, instead = "a kernel must have two axes", "use shape (in, out)"
            raise ValueError(complaint("sparse", must, f"shape {shape}", instead))
        outputs, inputs = shape
        normal_rng, order_rng = split(rng, 2)
        normals = random.normal(normal_rng, shape, dtype, std=std)
        places = _orders(order_rng, inputs, outputs)[:, : math.ceil(fraction * outputs)]
        with jax.enable_x64(True):
            return normals.at[places.T, np.arange(inputs)[None, :]].set(0)

    return drawn_as_torch(draw)


def _orders(rng: Rng, count: int, n: int) -> Array:
    """Permutations of n in a row, i32[count, n]."""
    if not isinstance(rng, Generator):
        return jax.vmap(lambda key: random.permutation(key, n))(jax.random.split(rng, count))
    return drawn_orders(rng, count, n)


def drawn_orders(generator: Generator, count: int, n: int) -> Array:
    """Permutations of n in a row from a stream, i32[count, n]."""
    orders, after = _scanned_orders(generator, count, n)
    generator.state = after.state
    return orders


@functools.partial(jax.jit, static_argnums=(1, 2))
def _scanned_orders(generator: Generator, count: int, n: int) -> tuple[Array, Generator]:
    def order(generator: Generator, _: None) -> tuple[Generator, Array]:
        return generator, random.permutation(generator, n)

    generator, orders = jax.lax.scan(order, generator, length=count)
    return orders, generator
