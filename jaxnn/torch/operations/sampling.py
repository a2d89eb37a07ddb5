"""Tensors of random numbers."""

from typing import Any

import numpy as np

from jaxnn import random as streams
from jaxnn.torch import dtypes, lacking, promotion
from jaxnn.torch import layout as layouts
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.arguments import (
    as_dtype,
    given_sizes,
    is_int,
    require_tensor,
    sizes,
    wrong_argument,
)
from jaxnn.torch.operations.creation import check_shape
from jaxnn.torch.operations.drawing import (
    check_deviation,
    check_real,
    draw,
    draw_coins,
    draw_integers,
    evenly,
    normally,
)
from jaxnn.torch.operations.viewing import attach
from jaxnn.torch.random import Generator
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _finish(made: Tensor, out: Tensor | None, device: Any, requires_grad: bool) -> Any:
    if requires_grad:
        raise lacking.method("requires_grad")
    if out is not None:
        return out.resize_(made.shape).copy_(made)
    return made if device is None else made.to(device)


_KERNELS = {"rand": "check_uniform_bounds", "randn": "normal_kernel_cpu"}
_SAMPLES = {"rand": evenly(), "randn": normally()}


def _maker(name: str, doc: str) -> Any:
    def make(
        *args: Any,
        size: Any = None,
        generator: Generator | None = None,
        out: Tensor | None = None,
        dtype: DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
    ) -> Tensor:
        shape = given_sizes(args, size, name)
        check_shape(shape)
        wanted = as_dtype(dtype, name) or (
            out.dtype if out is not None else dtypes.get_default_dtype()
        )
        check_real(wanted, _KERNELS[name])
        made = draw(layouts.contiguous(shape), wanted, _SAMPLES[name], generator)
        return _finish(made, out, device, requires_grad)

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"{doc}\n\nSource: ``torch.{name}``."
    return make


def _maker_like(name: str, doc: str) -> Any:
    def make(
        input: Tensor,
        *,
        generator: Generator | None = None,
        dtype: DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
    ) -> Tensor:
        x = require_tensor(input, f"{name}_like", "input", 1)
        wanted = as_dtype(dtype, f"{name}_like") or x.dtype
        check_real(wanted, _KERNELS[name])
        made = draw(layouts.like(x._layout), wanted, _SAMPLES[name], generator)
        return _finish(made, None, device, requires_grad)

    make.__name__ = make.__qualname__ = f"{name}_like"
    make.__doc__ = f"{doc}\n\nSource: ``torch.{name}_like``."
    return make


rand = _maker("rand", "Numbers spread evenly over [0, 1): ``rand(2, 3)`` or ``rand((2, 3))``.")
randn = _maker("randn", "Normal numbers of mean 0 and deviation 1: ``randn(2, 3)``.")
rand_like = _maker_like("rand", "`rand` in another tensor's shape, type and order in memory.")
randn_like = _maker_like("randn", "`randn` in another tensor's shape, type and order in memory.")


def randint(
    *args: Any,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
    low: int = 0,
    high: int | None = None,
    size: Any = None,
) -> Tensor:
    """Integers spread evenly over [low, high), by ``randint(high, size)`` or with ``low`` first.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randint(10, (5,))
    tensor([4, 9, 3, 0, 3])

    Source: ``torch.randint``.
    """
    *bounds, last = (*args, size) if size is not None else (args or (None,))
    if not isinstance(last, tuple | list) or len(bounds) > 2:
        raise TypeError(
            "randint() takes randint(high, size) or randint(low, high, size), "
            f"but got {len(args)} arguments"
        )
    if len(bounds) == 2 or (bounds and high is not None):
        low = bounds.pop(0)
    high = bounds.pop() if bounds else high
    for position, (name, bound) in enumerate((("low", low), ("high", high))):
        if not is_int(bound):
            raise wrong_argument("randint", name, max(position, 1), "int", bound)
    wanted = as_dtype(dtype, "randint") or (out.dtype if out is not None else dtypes.int64)
    shape = sizes([last], "randint")
    check_shape(shape)
    made = draw_integers(layouts.contiguous(shape), wanted, int(low), int(high or 0), generator)
    return _finish(made, out, device, requires_grad)


def randint_like(
    input: Tensor,
    low: int,
    high: int | None = None,
    *,
    generator: Generator | None = None,
    dtype: DType | None = None,
    device: Any = None,
) -> Tensor:
    """`randint` in another tensor's shape, type and order in memory.

    Source: ``torch.randint_like``.
    """
    x = require_tensor(input, "randint_like", "input", 1)
    low, high = (0, low) if high is None else (low, high)
    wanted = as_dtype(dtype, "randint_like") or x.dtype
    made = draw_integers(layouts.like(x._layout), wanted, low, high, generator)
    return _finish(made, None, device, False)


def randperm(
    n: int,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers 0 to n - 1 in random order.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randperm(5)
    tensor([4, 0, 1, 3, 2])

    Source: ``torch.randperm``.
    """
    check_shape((n,))
    wanted = as_dtype(dtype, "randperm") or (out.dtype if out is not None else dtypes.int64)
    if wanted is dtypes.bool:
        raise promotion.not_implemented("randperm", wanted)

    def sample(stream: streams.Generator, shape: Any, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.permutation(stream, n, dtype)

    made = draw(layouts.contiguous((n,)), wanted, sample, generator)
    return _finish(made, out, device, requires_grad)


def bernoulli(
    input: Tensor,
    p: float | None = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """1 with each element's probability, else 0; or with probability ``p``.

    Source: ``torch.bernoulli``.
    """
    x = require_tensor(input, "bernoulli", "input", 1)
    chances = x if p is None else p
    made = draw_coins(layouts.contiguous(x.shape), x.dtype, chances, generator)
    return _finish(made, out, None, False)


def normal(
    mean: Any = 0.0,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: DType | None = None,
    device: Any = None,
) -> Tensor:
    """Normal numbers of given means and deviations, each a number or a tensor.

    Source: ``torch.normal``.
    """
    given = [x for x in (mean, std) if isinstance(x, Tensor)]
    if not given:
        check_deviation(std)
        shape = sizes([size], "normal")
        wanted = as_dtype(dtype, "normal") or dtypes.get_default_dtype()
        check_real(wanted, "normal_kernel_cpu")
        made = draw(layouts.contiguous(shape), wanted, normally(mean, std), generator)
        return _finish(made, out, device, False)
    shape = layouts.broadcast_shapes(*(x._layout.shape for x in given))
    wanted = given[0].dtype
    check_real(wanted, "normal_kernel_cpu")
    scale = 1.0 if isinstance(std, Tensor) else std
    check_deviation(scale)
    made = draw(layouts.contiguous(shape), wanted, normally(0.0, scale), generator)
    made = made.mul_(std).add_(mean) if isinstance(std, Tensor) else made.add_(mean)
    return _finish(made, out, device, False)


attach("bernoulli", bernoulli, bernoulli.__doc__ or "")
