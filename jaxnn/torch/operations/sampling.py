"""Random tensors and random writes, in the order and with the bits of torch's generators."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.core import Tracer

from jaxnn import random as streams
from jaxnn.torch import dtypes, lacking, promotion
from jaxnn.torch import layout as layouts
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations.arguments import ArgumentError, is_int, require_tensor, sizes
from jaxnn.torch.operations.creation import as_dtype, check_shape
from jaxnn.torch.operations.filling import copy
from jaxnn.torch.operations.viewing import attach
from jaxnn.torch.random import Generator, default_generator
from jaxnn.torch.storage import Array, Storage, setting
from jaxnn.torch.tensor import Tensor, array_of, is_traced, values, wrap

Draw = Callable[[streams.Generator, tuple[int, ...], np.dtype, bool], Array]
"""(stream, shape, type, whether the tensor is contiguous) -> numbers in the order of memory."""


def draw(layout: Layout, dtype: DType, sample: Draw, generator: Generator | None) -> Any:
    """A tensor of random numbers, drawn in the order in which ``layout`` lies in memory."""
    order = layouts.memory_order(layout.shape, [layout.strides])
    shape = tuple(layout.shape[d] for d in order)
    contiguous = layouts.is_contiguous(layout)
    stream = (generator or default_generator).stream
    # While a function is traced, a generator from outside still draws here and now.
    traced = isinstance(stream.state.seed, Tracer)
    if traced:
        numbers = sample(stream, shape, dtype.numpy, contiguous)
    else:
        with jax.ensure_compile_time_eval(), setting():
            numbers = sample(stream, shape, dtype.numpy, contiguous)
    return wrap(Storage(numbers.reshape(-1)), layouts.in_order(layout.shape, order), dtype)


def _finish(made: Tensor, out: Tensor | None, device: Any, requires_grad: bool) -> Any:
    if requires_grad:
        raise lacking.method("requires_grad")
    if out is not None:
        return out.resize_(made.shape).copy_(made)
    return made if device is None else made.to(device)


def _uniform(low: float = 0.0, high: float = 1.0) -> Draw:
    def sample(stream: streams.Generator, shape: Any, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.uniform(stream, shape, dtype, low=low, high=high)

    return sample


def _normal(mean: float = 0.0, std: float = 1.0) -> Draw:
    def sample(stream: streams.Generator, shape: Any, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.normal(stream, shape, dtype, mean=mean, std=std, contiguous=contiguous)

    return sample


def _integers(low: int, high: int) -> Draw:
    def sample(stream: streams.Generator, shape: Any, dtype: np.dtype, contiguous: bool) -> Array:
        return streams.randint(stream, shape, low, high, dtype)

    return sample


_KERNELS = {"rand": "check_uniform_bounds", "randn": "normal_kernel_cpu"}
_SAMPLES = {"rand": _uniform(), "randn": _normal()}


def _check_real(dtype: DType, kernel: str) -> None:
    if dtype.is_complex:
        raise NotImplementedError(
            f"jaxnn.torch draws no {dtype} numbers; draw the real and the imaginary part, "
            "and join them with a + 1j * b"
        )
    if not dtype.is_floating_point:
        raise promotion.not_implemented(kernel, dtype)


def _maker(name: str, doc: str) -> Any:
    def make(
        *size: Any,
        generator: Generator | None = None,
        out: Tensor | None = None,
        dtype: DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
    ) -> Tensor:
        shape = sizes(size, name)
        check_shape(shape)
        wanted = as_dtype(dtype) or (out.dtype if out is not None else dtypes.get_default_dtype())
        _check_real(wanted, _KERNELS[name])
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
        wanted = as_dtype(dtype) or x.dtype
        _check_real(wanted, _KERNELS[name])
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
            raise ArgumentError("randint", name, max(position, 1), "int", bound)
    wanted = as_dtype(dtype) or (out.dtype if out is not None else dtypes.int64)
    shape = sizes([last], "randint")
    check_shape(shape)
    made = _drawn_integers(layouts.contiguous(shape), wanted, int(low), int(high or 0), generator)
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
    wanted = as_dtype(dtype) or x.dtype
    made = _drawn_integers(layouts.like(x._layout), wanted, low, high, generator)
    return _finish(made, None, device, False)


def _drawn_integers(
    layout: Layout, dtype: DType, low: int, high: int, generator: Generator | None
) -> Any:
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    least, greatest = _range_of(dtype)
    name = promotion.C_NAMES[dtype]
    if not least <= low <= greatest:
        raise RuntimeError(f"from is out of bounds for {name}")
    if not least <= high - 1 <= greatest:
        raise RuntimeError(f"to - 1 is out of bounds for {name}")
    return draw(layout, dtype, _integers(low, high), generator)


def _range_of(dtype: DType) -> tuple[int, int]:
    if dtype is dtypes.bool:
        return 0, 1
    if dtype.is_floating_point:
        largest = int(jax.numpy.finfo(dtype.numpy).max)
        return -largest, largest
    limits = np.iinfo(dtype.numpy)
    return int(limits.min), min(int(limits.max), 2**63 - 1)


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
    wanted = as_dtype(dtype) or (out.dtype if out is not None else dtypes.int64)
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
    made = _flipped(layouts.like(x._layout), x.dtype, chances, generator)
    return _finish(made, out, None, False)


def _flipped(layout: Layout, dtype: DType, p: Any, generator: Generator | None) -> Any:
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
        _check_deviation(std)
        shape = sizes([size], "normal")
        wanted = as_dtype(dtype) or dtypes.get_default_dtype()
        _check_real(wanted, "normal_kernel_cpu")
        made = draw(layouts.contiguous(shape), wanted, _normal(mean, std), generator)
        return _finish(made, out, device, False)
    shape = layouts.broadcast_shapes(*(x._layout.shape for x in given))
    wanted = given[0].dtype
    _check_real(wanted, "normal_kernel_cpu")
    scale = 1.0 if isinstance(std, Tensor) else std
    _check_deviation(scale)
    made = draw(layouts.contiguous(shape), wanted, _normal(0.0, scale), generator)
    made = made.mul_(std).add_(mean) if isinstance(std, Tensor) else made.add_(mean)
    return _finish(made, out, device, False)


def _check_deviation(std: float) -> None:
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")


def _rewrite(self: Tensor, sample: Draw, generator: Generator | None) -> Tensor:
    return copy(self, draw(self._layout, self._dtype, sample, generator))


def _uniform_(
    self: Tensor,
    from_: float = 0.0,
    to: float = 1.0,
    *,
    generator: Generator | None = None,
    **bound: float,
) -> Tensor:
    low = bound.pop("from", from_)  # torch's name, which is a word of Python's grammar
    _check_real(self._dtype, "check_uniform_bounds")
    if low > to:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={to:g}"
        )
    return _rewrite(self, _uniform(float(low), float(to)), generator)


def _normal_(
    self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    _check_deviation(std)
    _check_real(self._dtype, "normal_kernel_cpu")
    return _rewrite(self, _normal(float(mean), float(std)), generator)


_LAST_WHOLE = {
    dtypes.float16: 2**11,
    dtypes.bfloat16: 2**8,
    dtypes.float32: 2**24,
    dtypes.float64: 2**53,
}


def _random_(
    self: Tensor,
    from_: int | None = None,
    to: int | None = None,
    *,
    generator: Generator | None = None,
) -> Tensor:
    if from_ is not None and to is None:
        from_, to = 0, from_
    if to is None:
        from_, to = 0, _LAST_WHOLE.get(self._dtype, _range_of(self._dtype)[1]) + 1
    return copy(self, _drawn_integers(self._layout, self._dtype, int(from_ or 0), to, generator))


def _bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    return copy(self, _flipped(self._layout, self._dtype, p, generator))


attach("bernoulli", bernoulli, bernoulli.__doc__ or "")
attach("uniform_", _uniform_, "Writes numbers spread evenly over [from, to).")
attach("normal_", _normal_, "Writes normal numbers of a mean and a deviation.")
attach("random_", _random_, "Writes integers spread evenly over [from, to) or all that fit.")
attach("bernoulli_", _bernoulli_, "Writes 1 with probability ``p``, else 0.")
