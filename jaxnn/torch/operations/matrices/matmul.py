"""Products of vectors and matrices."""

import math
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, layouts, promotion, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.arguments import operand
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


def product(a: Array, b: Array) -> Array:
    """The product of matrices, or of vectors with them."""
    # The highest precision is torch's: on a GPU, float32 is not rounded to fewer bits.
    return jnp.matmul(a, b, precision=lax.Precision.HIGHEST)


def product_call(function: Any, shape: tuple[int, ...], *operands: Tensor) -> Call:
    """The call of a function that sums products of operands of one type."""
    dtype = operands[0]._dtype
    sources = tuple(Source(x._storage, x._layout) for x in operands)
    result = Result(layouts.contiguous(shape), dtype)
    return Call(function, sources, (result,), promotion.accumulator(dtype))


def refuse_bool(kernel: str, *operands: Tensor) -> None:
    """Raise torch's error for products of truth values, unless there are none to multiply."""
    if operands[0]._dtype is dtypes.bool and all(x._layout.numel for x in operands):
        raise promotion.not_implemented(kernel, dtypes.bool)


def _prepare_mm(input: Tensor, mat2: Tensor) -> Call:
    a, b = input, mat2
    for name, x in (("self", a), ("mat2", b)):
        if x.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix")
    return matrix_product(a, b)


def matrix_product(a: Tensor, b: Tensor, rows: tuple[int, ...] | None = None) -> Call:
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
    refuse_bool("addmm_impl_cpu_", a, b)
    return product_call(product, (*rows, m), a, b)


def _prepare_mv(input: Tensor, vec: Tensor) -> Call:
    a, b = input, vec
    if (a.ndim, b.ndim) != (2, 1):
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {a.ndim}, {b.ndim}")
    return matrix_vector(a, b, a._layout.shape[:1])


def matrix_vector(a: Tensor, b: Tensor, rows: tuple[int, ...]) -> Call:
    """The product of a matrix, whose rows may have several dimensions, and a vector."""
    n, m = math.prod(rows), a._layout.shape[-1]
    if m != len(b):
        raise RuntimeError(f"size mismatch, got input ({n}), mat ({n}x{m}), vec ({len(b)})")
    if a.dtype is not b.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (b, a, b)]
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{names[0]}, {names[1]}, and {names[2]}"
        )
    refuse_bool("addmv_impl_cpu", a, b)
    return product_call(product, rows, a, b)


def _prepare_dot(input: Tensor, tensor: Tensor) -> Call:
    a, b = input, tensor
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
    if a.dtype is dtypes.bool:
        raise promotion.not_implemented("dot", a.dtype)
    return product_call(product, (), a, b)


def _conjugate_product(a: Array, b: Array) -> Array:
    return product(jnp.conj(a), b)


def _prepare_vdot(input: Tensor, other: Tensor) -> Call:
    a, b = input, other
    return _prepare_dot(a, b)._replace(
        function=_conjugate_product if a.dtype.is_complex else product
    )


def _prepare_bmm(input: Tensor, mat2: Tensor) -> Call:
    a, b = input, mat2
    for name, x in (("batch1", a), ("batch2", b)):
        if x.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    return batched_product(a, b, a._layout.shape[:1], b._layout.shape[:1])


def batched_product(
    a: Tensor, b: Tensor, batch: tuple[int, ...], other_batch: tuple[int, ...], name: str = "bmm"
) -> Call:
    """The products of two stacks of matrices; ``name`` is torch's of the kernel."""
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
    refuse_bool(name, a, b)
    return product_call(product, (*batch, n, m), a, b)


def _prepare_matmul(input: Tensor, other: Tensor) -> Call:
    a, b = input, other
    if not a.ndim or not b.ndim:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {a.ndim}D and {b.ndim}D"
        )
    rows = a._layout.shape[:-1]
    if b.ndim == 1:
        return _prepare_dot(a, b) if a.ndim == 1 else matrix_vector(a, b, rows)
    if b.ndim == 2:
        if a.ndim > 1:
            return matrix_product(a, b, rows)
        return _without_row(matrix_product(_with_row(a), b), -2)
    if a.ndim == 1:
        return _without_row(_broadcast_product(_with_row(a), b), -2)
    return _broadcast_product(a, b)


def _broadcast_product(a: Tensor, b: Tensor) -> Call:
    batch = layouts.broadcast_shapes(a._layout.shape[:-2], b._layout.shape[:-2])
    return batched_product(a, b, batch, batch)


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
    return product(a, b)[..., 0, :]


def _define(name: str, other: str, prepare: Any, doc: str, operator: str | None = None) -> Any:
    signatures = (f"Tensor input, Tensor {other}, *, Tensor out = None",)
    return define(
        Operation(name, prepare, doc, operator=operator, signatures=signatures, out_type="same")
    )


mm = _define("mm", "mat2", _prepare_mm, "The product of two matrices.")
mv = _define("mv", "vec", _prepare_mv, "The product of a matrix and a vector.")
dot = _define("dot", "tensor", _prepare_dot, "The sum of the products of two vectors' elements.")
vdot = _define("vdot", "other", _prepare_vdot, "`dot` of the first's conjugate and the second.")
bmm = _define("bmm", "mat2", _prepare_bmm, "The products of two stacks of matrices, one by one.")
matmul = _define(
    "matmul",
    "other",
    _prepare_matmul,
    "The product of vectors, matrices or stacks of them, broadcast.",
    "matmul",
)


def _reflected(self: Tensor, other: Any) -> Any:
    left = operand(other)
    return matmul(left, self) if isinstance(left, Tensor) else NotImplemented


attach("__rmatmul__", _reflected, "The product of another tensor and this one.")
