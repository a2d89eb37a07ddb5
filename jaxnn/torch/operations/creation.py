"""Functions that make tensors of numbers: constants, ranges, the identity."""

import builtins
import math
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, kernels, lacking, promotion
from jaxnn.torch import layout as layouts
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations.arguments import (
    NUMBER,
    as_dtype,
    given_sizes,
    one_size,
    require_tensor,
    wrong_argument,
)
from jaxnn.torch.operations.call import Call, Result, apply, apply_out
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def constant(value: complex, layout: Layout, dtype: DType) -> Call:
    """The call that fills a tensor with one number."""
    return Call(kernels.identity, (value,), (Result(layout, dtype),), compute=dtype)


def finish(call: Call, out: Tensor | None, device: Any, requires_grad: bool = False) -> Tensor:
    """Run a call that makes a tensor, with the arguments that all such functions share."""
    if requires_grad:
        raise lacking.method("requires_grad")
    result = apply(call) if out is None else apply_out(call, out)
    return result if device is None else result.to(Device(device))


def check_shape(shape: tuple[int, ...]) -> None:
    """Raise torch's error for a size below 0."""
    for size in shape:
        if size < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {size}: {list(shape)}"
            )


def _filler(name: str, value: int, doc: str) -> Any:
    def make(
        *args: Any,
        size: Any = None,
        out: Tensor | None = None,
        dtype: DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
    ) -> Tensor:
        shape = given_sizes(args, size, name)
        if name == "zeros" and min(shape, default=0) < 0:
            raise RuntimeError("zeros: Dimension size must be non-negative.")
        check_shape(shape)
        wanted = as_dtype(dtype, name) or (
            out.dtype if out is not None else dtypes.get_default_dtype()
        )
        call = constant(value, layouts.contiguous(shape), wanted)
        return finish(call, out, device, requires_grad)

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"{doc}\n\nSource: ``torch.{name}``."
    return make


zeros = _filler("zeros", 0, "A tensor of zeros: ``zeros(2, 3)`` or ``zeros((2, 3))``.")
ones = _filler("ones", 1, "A tensor of ones: ``ones(2, 3)`` or ``ones((2, 3))``.")
empty = _filler("empty", 0, "A tensor whose elements mean nothing yet; here they are zeros.")


def full(
    size: Any,
    fill_value: complex,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of one number.

    >>> import jaxnn.torch as torch
    >>> torch.full((2,), 1.5)
    tensor([1.5000, 1.5000])

    Source: ``torch.full``.
    """
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()
    if not isinstance(fill_value, NUMBER):
        raise wrong_argument("full", "fill_value", 2, "Number", fill_value)
    wanted = as_dtype(dtype, "full") or (
        out.dtype if out is not None else promotion.number_type(fill_value)
    )
    shape = one_size(size, "full")
    check_shape(shape)
    call = constant(fill_value, layouts.contiguous(shape), wanted)
    return finish(call, out, device, requires_grad)


def _like(name: str, value: int, doc: str) -> Any:
    def make(
        input: Tensor,
        *,
        dtype: DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
    ) -> Tensor:
        x = require_tensor(input, name, "input", 1)
        call = constant(value, layouts.like(x._layout), as_dtype(dtype, name) or x.dtype)
        return finish(call, None, device, requires_grad)

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"{doc}\n\nSource: ``torch.{name}``."
    return make


zeros_like = _like("zeros_like", 0, "Zeros of another tensor's shape, type and order in memory.")
ones_like = _like("ones_like", 1, "Ones of another tensor's shape, type and order in memory.")
empty_like = _like("empty_like", 0, "A tensor like another one whose elements mean nothing yet.")


def full_like(
    input: Tensor, fill_value: complex, *, dtype: DType | None = None, device: Any = None
) -> Tensor:
    """One number in another tensor's shape, type and order in memory.

    Source: ``torch.full_like``.
    """
    x = require_tensor(input, "full_like", "input", 1)
    call = constant(fill_value, layouts.like(x._layout), as_dtype(dtype, "full_like") or x.dtype)
    return finish(call, None, device)


def _ramp(start: Array, step: Array, n: int) -> Array:
    return start + lax.iota(start.dtype, n) * step


def arange(
    start: Any,
    end: Any = None,
    step: Any = 1,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from ``start`` (0 if only an end is given) up to before ``end``.

    >>> import jaxnn.torch as torch
    >>> torch.arange(3), torch.arange(0, 1, 0.25)
    (tensor([0, 1, 2]), tensor([0.0000, 0.2500, 0.5000, 0.7500]))

    Source: ``torch.arange``.
    """
    first, last = (0, start) if end is None else (start, end)
    first, last, step = (x.item() if isinstance(x, Tensor) else x for x in (first, last, step))
    if dtype is dtypes.int64:  # only for this type does torch drop fractions before it counts
        first, last, step = int(first), int(last), int(step)
    if not math.isfinite(last - first):
        raise RuntimeError(f"unsupported range: {first} -> {last}")
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (last - first) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    whole = all(isinstance(x, int) for x in (first, last, step))
    inferred = dtypes.int64 if whole else dtypes.get_default_dtype()
    wanted = as_dtype(dtype, "arange") or (out.dtype if out is not None else inferred)
    n = -((first - last) // step) if whole else math.ceil((last - first) / step)
    compute = dtypes.int64 if promotion.is_integral(wanted) else dtypes.float64
    result = Result(layouts.contiguous((n,)), wanted)
    call = Call(_ramp, (first, step), (result,), compute, (("n", n),))
    return finish(call, out, device, requires_grad)


def _spaced(start: Array, end: Array, n: int) -> Array:
    """torch's: counted from the nearer end, in the result's own type."""
    step = (end - start) / jnp.asarray(max(n - 1, 1), start.dtype)
    up = lax.iota(start.dtype, n)
    down = jnp.asarray(n - 1, start.dtype) - up
    near_start = lax.iota(jnp.int64, n) < n // 2
    return start if n == 1 else jnp.where(near_start, start + step * up, end - step * down)


def linspace(
    start: Any,
    end: Any,
    steps: int,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``steps`` numbers at equal distances from ``start`` to ``end``, both included.

    >>> import jaxnn.torch as torch
    >>> torch.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])

    Source: ``torch.linspace``.
    """
    for end_point in (start, end):
        if isinstance(end_point, Tensor) and end_point.ndim:
            raise RuntimeError(
                "linspace only supports 0-dimensional start and end tensors, but got start with "
                f"{start.ndim} dimension(s) and end with {end.ndim} dimension(s)."
            )
    start, end = (x.item() if isinstance(x, Tensor) else x for x in (start, end))
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    wanted = as_dtype(dtype, "linspace") or (
        out.dtype if out is not None else dtypes.get_default_dtype()
    )
    compute = wanted if wanted.is_floating_point or wanted.is_complex else dtypes.float64
    result = Result(layouts.contiguous((steps,)), wanted)
    call = Call(_spaced, (start, end), (result,), compute, (("n", steps),))
    return finish(call, out, device, requires_grad)


def _identity_matrix(n: int, m: int) -> Array:
    return jnp.eye(n, m, dtype=builtins.bool)


def eye(
    n: int,
    m: int | None = None,
    *,
    out: Tensor | None = None,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The matrix with ones on the diagonal and zeros elsewhere.

    >>> import jaxnn.torch as torch
    >>> torch.eye(2)
    tensor([[1., 0.],
            [0., 1.]])

    Source: ``torch.eye``.
    """
    for name, size in (("n", n), ("m", m)):
        if size is not None and size < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {size}")
    shape = (n, n if m is None else m)
    wanted = as_dtype(dtype, "eye") or (
        out.dtype if out is not None else dtypes.get_default_dtype()
    )
    result = Result(layouts.contiguous(shape), wanted)
    call = Call(_identity_matrix, (), (result,), None, (("n", shape[0]), ("m", shape[1])))
    return finish(call, out, device, requires_grad)
