"""Numbers drawn from a generator in the order and with the bits of torch's."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from jaxnn import random as streams
from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch import storage as memory
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.generator import Generator, generator_for
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.creation.filling import copy
from jaxnn.torch.operations.definition.call import check_memory
from jaxnn.torch.storage import Array, Storage, setting
from jaxnn.torch.tensor import Tensor, wrap

_REAL = {dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64}
_COMPLEX = {dtypes.complex64, dtypes.complex128}
_WHOLE = {dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, dtypes.uint8}
_WIDE = {dtypes.float32, dtypes.float64}

#: The types for which torch has each of its kernels, by the kernel's name in its messages.
_KERNELS = {
    "check_uniform_bounds": _REAL | _COMPLEX,
    "normal_kernel_cpu": _REAL | _COMPLEX,
    "exponential": _REAL,
    "cauchy": _REAL,
    "log_normal_cpu": _REAL,
    "geometric_cpu": _REAL | _WHOLE,
    "random_kernel_cpu": _REAL | _WHOLE | {dtypes.bool},
    "random_from_to": {*promotion.SCALAR_NAMES} - _COMPLEX,
    "random_full_64_bits_range_kernel_cpu": _REAL - {dtypes.float16} | {dtypes.int64},
    "bernoulli_scalar_cpu_": _REAL | _WHOLE | {dtypes.bool},
    "bernoulli_tensor_cpu_self_": _REAL | _WHOLE | {dtypes.bool},
    "bernoulli_tensor_cpu_p_": _REAL,
    "randperm": _REAL | _WHOLE,
    "poisson_cpu": _REAL,
    "binomial_cpu": _WIDE,
    "gamma_cpu": _WIDE,
    "dirichlet": _WIDE,
    "multinomial": {dtypes.int64},
}


class Draw(NamedTuple):
    """A way to draw numbers.

    Attributes:
        kernel: torch's name for its kernel, which decides on types.
        sample: (stream, count, type, whether the tensor is contiguous) -> as many numbers, in the
            order of memory.
    """

    kernel: str
    sample: Callable[[streams.Generator, int, np.dtype, bool], Array]


def draw(
    layout: Layout,
    dtype: DType,
    drawn: Draw,
    generator: Generator | None,
    device: Device | None = None,
) -> Any:
    """A tensor of random numbers, drawn in the order in which ``layout`` lies in memory."""
    flat = _numbers(layout, dtype, drawn, generator, device)
    return wrap(Storage(flat), layouts.like(layout), dtype)


def redraw(target: Tensor, drawn: Draw, generator: Generator | None) -> Tensor:
    """Write random numbers into a tensor, in the order in which its elements lie in memory."""
    layout, storage = target._layout, target._storage
    if not layout.numel:
        return target
    check_kernel(drawn.kernel, target._dtype)
    check_memory(target, ())
    flat = _numbers(layout, target._dtype, drawn, generator, target.device)
    if not storage.on_host and memory.covers(layout, storage.size):
        storage.replace(flat)
        return target
    return copy(target, wrap(Storage(flat), layouts.like(layout), target._dtype))


def _numbers(
    layout: Layout, dtype: DType, drawn: Draw, generator: Generator | None, device: Device | None
) -> Array:
    count = layout.numel
    if not count:
        with setting():
            return jnp.zeros(0, dtype.numpy)
    check_kernel(drawn.kernel, dtype)
    stream = generator_for(device, generator).stream
    contiguous = layouts.is_contiguous(layout)
    if isinstance(stream.state.seed, Tracer):
        return drawn.sample(stream, count, dtype.numpy, contiguous)
    # While a function is traced, a generator from outside still draws here and now.
    with jax.ensure_compile_time_eval(), setting():
        flat = drawn.sample(stream, count, dtype.numpy, contiguous)
        if device is None or device.type == "cpu":
            return flat
        return jax.device_put(flat, device.jax_device)


def check_kernel(kernel: str, dtype: DType) -> None:
    """Raise torch's error where it has no kernel of this name for a type."""
    if dtype in _KERNELS[kernel]:
        return
    if kernel == "exponential":
        raise RuntimeError(
            "Exponential distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {promotion.SCALAR_NAMES[dtype]}"
        )
    raise promotion.not_implemented(kernel, dtype)
