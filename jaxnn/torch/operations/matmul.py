"""Products of vectors and matrices."""

import math
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, promotion, views
from jaxnn.torch import layout as layouts
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.arguments import require_tensor
from jaxnn.torch.operations.call import Call, Result
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


def _product(a: Array, b: Array) -> Array:
    # The highest precision is torch's: on a GPU, float32 is not rounded to fewer bits.
    return jnp.matmul(a, b, precision=lax.Precision.HIGHEST)


def _call(function: Any, shape: tuple[int, ...], *operands: Tensor) -> Call:
    dtype = operands[0].dtype
    sources = tuple(Source(x._storage, x._layout) for x in operands)
    result = Result(layouts.contiguous(shape), dtype)
    return Call(function, sources, (result,), promotion.accumulator(dtype))


def _tensors(name: str, **given: Any) -> list[Tensor]:
    return [
        require_tensor(x, name, argument, position)
        for position, (argument, x) in enumerate(given.items(), start=1)
    ]


def _refuse_bool(x: Tensor, kernel: str) -> None:
    if x.dtype is dtypes.bool:
        raise promotion.not_implemented(kernel, x.dtype)


def _prepare_mm(input: Any, mat2: Any) -> Call:
    a, b = _tensors("mm", input=input, mat2=mat2)
    for name, x in (("self", a), ("mat2", b)):
        if x.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix")
    return _matrix_product(a, b)


def _matrix_product(a: Tensor, b: Tensor, rows: tuple[int, ...] | None = None) -> Call:
    """The product of two matrices; the first one's rows may have several dimensions."""
    rows = a._layout.shape[:1] if rows is None else rows
    inner, (other, m) = a._layout.shape[-1], b._layout.shape
    if inner != other:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({math.prod(rows)}x{inner} and {other}x{m})"
        )
    if a.dtype is not b.dtype:
        raise RuntimeError(
            "expected m1 and m2 to have the same dtype, but got: "
            f"{promotion.C_NAMES[a.dtype]} != {promotion.C_NAMES[b.dtype]}"
        )
    _refuse_bool(a, "addmm_impl_cpu_")
    return _call(_product, (*rows, m), a, b)


def _prepare_mv(input: Any, vec: Any) -> Call:
    a, b = _tensors("mv", input=input, vec=vec)
    if (a.ndim, b.ndim) != (2, 1):
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {a.ndim}, {b.ndim}")
    return _matrix_vector(a, b, a._layout.shape[:1])


def _matrix_vector(a: Tensor, b: Tensor, rows: tuple[int, ...]) -> Call:
    n, m = math.prod(rows), a._layout.shape[-1]
    if m != len(b):
        raise RuntimeError(f"size mismatch, got input ({n}), mat ({n}x{m}), vec ({len(b)})")
    if a.dtype is not b.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (b, a, b)]
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{names[0]}, {names[1]}, and {names[2]}"
        )
    _refuse_bool(a, "addmv_impl_cpu")
    return _call(_product, rows, a, b)


def _prepare_dot(input: Any, tensor: Any) -> Call:
    return _dot(*_tensors("dot", input=input, tensor=tensor))


def _dot(a: Tensor, b: Tensor) -> Call:
    if a.ndim != 1 or b.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {a.ndim}D and {b.ndim}D tensors")
    if a.dtype is not b.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (a, b)]
        raise RuntimeError(
            f"dot : expected both vectors to have same dtype, but found {names[0]} and {names[1]}"
        )
    n, m = len(a), len(b)
    if n != m:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{n}] and src [{m}] to have the same "
            f"number of elements, but got {n} and {m} elements respectively"
        )
    _refuse_bool(a, "dot")
    return _call(_product, (), a, b)


def _prepare_bmm(input: Any, mat2: Any) -> Call:
    a, b = _tensors("bmm", input=input, mat2=mat2)
    for name, x in (("batch1", a), ("batch2", b)):
        if x.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    return _batched_product(a, b, a._layout.shape[:1], b._layout.shape[:1])


def _batched_product(
    a: Tensor, b: Tensor, batch: tuple[int, ...], other_batch: tuple[int, ...]
) -> Call:
    (n, inner), (other, m) = a._layout.shape[-2:], b._layout.shape[-2:]
    expected, found = [math.prod(batch), inner], [math.prod(other_batch), other]
    if expected != found:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"{expected} but got: {found}."
        )
    if a.dtype is not b.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (a, b)]
        raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")
    _refuse_bool(a, "bmm")
    return _call(_product, (*batch, n, m), a, b)


def _prepare_matmul(input: Any, other: Any) -> Call:
    a, b = _tensors("matmul", input=input, other=other)
    if not a.ndim or not b.ndim:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {a.ndim}D and {b.ndim}D"
        )
    rows = a._layout.shape[:-1]
    if b.ndim == 1:
        return _dot(a, b) if a.ndim == 1 else _matrix_vector(a, b, rows)
    if b.ndim == 2:
        if a.ndim > 1:
            return _matrix_product(a, b, rows)
        return _without_row(_matrix_product(_with_row(a), b), -2)
    if a.ndim == 1:
        return _without_row(_broadcast_product(_with_row(a), b), -2)
    return _broadcast_product(a, b)


def _broadcast_product(a: Tensor, b: Tensor) -> Call:
    batch = layouts.broadcast_shapes(a._layout.shape[:-2], b._layout.shape[:-2])
    return _batched_product(a, b, batch, batch)


def _with_row(vector: Tensor) -> Tensor:
    """A vector as a matrix of one row."""
    return wrap(vector._storage, views.unsqueeze(vector._layout, 0), vector._dtype)


def _without_row(call: Call, dim: int) -> Call:
    """The same product; its result has no row, which is where the layout and the array agree."""
    ((layout, dtype),) = call.results
    shape = list(layout.shape)
    del shape[dim]
    return call._replace(
        function=_vector_product, results=(Result(layouts.contiguous(shape), dtype),)
    )


def _vector_product(a: Array, b: Array) -> Array:
    return _product(a, b)[..., 0, :]


def _multiply_add(bias: Array, a: Array, b: Array, beta: Array, alpha: Array) -> Array:
    return beta * bias + alpha * _product(a, b)


def _multiply(bias: Array, a: Array, b: Array) -> Array:
    return bias + _product(a, b)


def _prepare_addmm(
    input: Any, mat1: Any, mat2: Any, *, beta: complex = 1, alpha: complex = 1
) -> Call:
    bias, a, b = _tensors("addmm", input=input, mat1=mat1, mat2=mat2)
    for name, x in (("mat1", a), ("mat2", b)):
        if x.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {x.ndim}-D tensor")
    if bias.dtype is not b.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (bias, b)]
        raise RuntimeError(
            f"self and mat2 must have the same dtype, but got {names[0]} and {names[1]}"
        )
    call = _matrix_product(a, b)
    (result,) = call.results
    expanded = Source(bias._storage, views.expand(bias._layout, result.layout.shape))
    if (beta, alpha) == (1, 1):
        return call._replace(function=_multiply, operands=(expanded, *call.operands))
    operands = (expanded, *call.operands, beta, alpha)
    return call._replace(function=_multiply_add, operands=operands)


def _outer(a: Array, b: Array) -> Array:
    return a[:, None] * b[None, :]


def _prepare_outer(input: Any, vec2: Any) -> Call:
    a, b = _tensors("outer", input=input, vec2=vec2)
    for name, x in (("self", a), ("vec2", b)):
        if x.ndim != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {x.ndim}-D")
    dtype = promotion.result_type(a, b)
    call = _call(_outer, (len(a), len(b)), a, b)
    result = Result(call.results[0].layout, dtype)
    return call._replace(results=(result,), compute=promotion.accumulator(dtype))


mm = define(Operation("mm", _prepare_mm, "The product of two matrices."))
mv = define(Operation("mv", _prepare_mv, "The product of a matrix and a vector."))
dot = define(Operation("dot", _prepare_dot, "The sum of the products of two vectors' elements."))
bmm = define(Operation("bmm", _prepare_bmm, "The products of two stacks of matrices, one by one."))
matmul = define(
    Operation(
        "matmul",
        _prepare_matmul,
        "The product of vectors, matrices or stacks of them, broadcast.",
        operator="matmul",
    )
)
addmm = define(
    Operation("addmm", _prepare_addmm, "``beta * input + alpha * (mat1 @ mat2)``.", twin=True)
)
outer = define(
    Operation(
        "outer", _prepare_outer, "The products of each element of one vector with each of another."
    )
)
