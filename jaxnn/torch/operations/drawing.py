"""Numbers drawn from a generator in the order and with the bits of torch's."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from jaxnn import random as streams
from jaxnn.torch import dtypes, promotion
from jaxnn.torch import layout as layouts
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layout import Layout
from jaxnn.torch.random import Generator, default_generator
from jaxnn.torch.size import type_name
from jaxnn.torch.storage import Array, Storage, setting
from jaxnn.torch.tensor import Tensor, array_of, is_traced, values, wrap

Draw = Callable[[streams.Generator, tuple[int, ...], np.dtype, bool], Array]
"""(stream, shape, type, whether the tensor is contiguous) -> numbers in the order of memory."""


def draw(layout: Layout, dtype: DType, sample: Draw, generator: Generator | None) -> Any:
    """A tensor of random numbers, drawn in the order in which ``layout`` lies in memory."""
    order = layouts.memory_order(layout.shape, [layout.strides])
    shape = tuple(layout.shape[d] for d in order)
    contiguous = layouts.is_contiguous(layout)
    if generator is not None and not isinstance(generator, Generator):
        given = type_name(generator)
        raise TypeError(f"argument 'generator' must be torch.Generator, not {given}")
    stream = (generator or default_generator).stream
    # While a function is traced, a generator from outside still draws here and now.
    traced = isinstance(stream.state.seed, Tracer)
    if traced:
        numbers = sample(stream, shape, dtype.numpy, contiguous)
    else:
        with jax.ensure_compile_time_eval(), setting():
            numbers = sample(stream, shape, dtype.numpy, contiguous)
    return wrap(Storage(numbers.reshape(-1)), layouts.like(layout), dtype)


def evenly(low: float = 0.0, high: float = 1.0) -> Draw:
    """Numbers spread evenly over [low, high)."""

    def sample(stream: streams.Generator, shape: Any, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.uniform(stream, shape, dtype, low=low, high=high)

    return sample


def normally(mean: float = 0.0, std: float = 1.0) -> Draw:
    """Normal numbers of a mean and a deviation."""

    def sample(stream: streams.Generator, shape: Any, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.normal(stream, shape, dtype, mean=mean, std=std, contiguous=contiguous)

    return sample


def integers(low: int, high: int) -> Draw:
    """Integers spread evenly over [low, high)."""

    def sample(stream: streams.Generator, shape: Any, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.randint(stream, shape, low, high, dtype)

    return sample


def check_real(dtype: DType, kernel: str) -> None:
    """Raise an error for a type that has no such numbers; torch calls it ``kernel``."""
    if dtype.is_complex:
        raise NotImplementedError(
            f"jaxnn.torch draws no {dtype} numbers; draw the real and the imaginary part, "
            "and join them with a + 1j * b"
        )
    if not dtype.is_floating_point:
        raise promotion.not_implemented(kernel, dtype)


def draw_integers(
    layout: Layout, dtype: DType, low: int, high: int, generator: Generator | None
) -> Any:
    """A tensor of integers spread evenly over [low, high).

    Raises:
        RuntimeError: there are none, or the type does not hold them.
    """
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    least, greatest = range_of(dtype)
    name = promotion.C_NAMES[dtype]
    if not least <= low <= greatest:
        raise RuntimeError(f"from is out of bounds for {name}")
    if not least <= high - 1 <= greatest:
        raise RuntimeError(f"to - 1 is out of bounds for {name}")
    return draw(layout, dtype, integers(low, high), generator)


def range_of(dtype: DType) -> tuple[int, int]:
    """The least and the greatest integer that a type holds, up to 2**63 - 1."""
    if dtype is dtypes.bool:
        return 0, 1
    if dtype.is_floating_point:
        largest = int(jnp.finfo(dtype.numpy).max)
        return -largest, largest
    limits = np.iinfo(dtype.numpy)
    return int(limits.min), min(int(limits.max), 2**63 - 1)


def draw_coins(layout: Layout, dtype: DType, p: Any, generator: Generator | None) -> Any:
    """A tensor of 1 with probability ``p``, a number or a tensor of them, else 0.

    Raises:
        RuntimeError: a probability is not in [0, 1].
    """
    if not isinstance(p, Tensor):
        if not 0 <= p <= 1:
            raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
        return draw(layout, dtype, _coins(float(p)), generator)
    if not p.dtype.is_floating_point:
        raise promotion.not_implemented("bernoulli_tensor_cpu_p_", p.dtype)
    chances = p.expand(layout.shape)
    if not is_traced(p) and not ((values(p) >= 0) & (values(p) <= 1)).all():
        raise RuntimeError(
            "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message "
            "be improved?  If so, please report an enhancement request to PyTorch.)"
        )
    order = layouts.memory_order(layout.shape, [layout.strides])
    return draw(layout, dtype, _coins(array_of(chances.permute(order))), generator)


def _coins(p: Any) -> Draw:
    def sample(stream: streams.Generator, shape: Any, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.bernoulli(stream, p, shape, dtype)

    return sample


def check_deviation(std: float) -> None:
    """Raise torch's error for a deviation below 0."""
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
