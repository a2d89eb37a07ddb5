"""``beta * input + alpha * product``, of each kind of product."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import promotion, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.precision import rounded
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.operations.matrices.matmul import (
    batched_product,
    matrix_product,
    matrix_vector,
    product,
    product_call,
    refuse_bool,
)
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _added(bias: Array, a: Array, b: Array, product: Callable[..., Array]) -> Array:
    return bias + product(a, b)


def _weighed(
    bias: Array, a: Array, b: Array, beta: Array, alpha: Array, product: Callable[..., Array]
) -> Array:
    return beta * bias + alpha * product(a, b)


def _scaled(a: Array, b: Array, alpha: Array, product: Callable[..., Array]) -> Array:
    return alpha * product(a, b)


def add_to(call: Call, bias: Tensor, beta: complex, alpha: complex) -> Call:
    """The call of ``beta * bias + alpha * product``, given that of the product.

    Where ``beta`` is 0 the bias does not count, not even a nan of it.
    """
    (result,) = call.results
    place = views.expand(bias._layout, result.layout.shape, bias.type())
    compute = call.compute or result.dtype
    beta, alpha = (as_element(x, compute).item() for x in (beta, alpha))
    call = call._replace(options=(("product", call.function),))
    if beta == 0:
        return call._replace(function=_scaled, operands=(*call.operands, alpha))
    operands = (Source(bias._storage, place, bias._layout), *call.operands)
    if (beta, alpha) == (1, 1):
        return call._replace(function=_added, operands=operands)
    return call._replace(function=_weighed, operands=(*operands, beta, alpha))


def _same_type(bias: Tensor, a: Tensor, b: Tensor) -> None:
    for name, x in (("self", bias), ("mat1", a)):
        if x._dtype is not b._dtype:
            names = [promotion.SCALAR_NAMES[each._dtype] for each in (x, b)]
            raise RuntimeError(
                f"{name} and mat2 must have the same dtype, but got {names[0]} and {names[1]}"
            )


def _prepare_addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, beta: complex, alpha: complex
) -> Call:
    for name, x in (("mat1", mat1), ("mat2", mat2)):
        if x.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {x.ndim}-D tensor")
    if mat1.shape[1] == mat2.shape[0]:
        _same_type(input, mat1, mat2)
    return add_to(matrix_product(mat1, mat2), input, beta, alpha)


def _prepare_addmv(input: Tensor, mat: Tensor, vec: Tensor, beta: complex, alpha: complex) -> Call:
    if (mat.ndim, vec.ndim) != (2, 1) or input.ndim > 1:
        raise RuntimeError(
            f"vector + matrix @ vector expected, got {input.ndim}, {mat.ndim}, {vec.ndim}"
        )
    rows, columns = mat._layout.shape
    if columns != len(vec) or input.numel() not in (1, rows):
        raise RuntimeError(
            f"size mismatch, got input ({input.numel()}), mat ({rows}x{columns}), vec ({len(vec)})"
        )
    if not input._dtype is mat._dtype is vec._dtype:
        names = [promotion.SCALAR_NAMES[x._dtype] for x in (input, mat, vec)]
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{names[0]}, {names[1]}, and {names[2]}"
        )
    return add_to(matrix_vector(mat, vec, (rows,)), input, beta, alpha)


def _outer(a: Array, b: Array) -> Array:
    return a[:, None] * b[None, :]


def outer_call(name: str, a: Tensor, b: Tensor, names: tuple[str, str], dtype: Any) -> Call:
    """The products of each element of one vector with each of another, in a given type."""
    for argument, x in zip(names, (a, b), strict=True):
        if x.ndim != 1:
            raise RuntimeError(f"{name}: Expected 1-D argument {argument}, but got {x.ndim}-D")
    call = product_call(_outer, (len(a), len(b)), a, b)
    result = Result(call.results[0].layout, dtype)
    return call._replace(results=(result,), compute=promotion.accumulator(dtype))


def _prepare_outer(input: Tensor, vec2: Tensor) -> Call:
    return outer_call("outer", input, vec2, ("self", "vec2"), promotion.result_type(input, vec2))


def _prepare_addr(input: Tensor, vec1: Tensor, vec2: Tensor, beta: complex, alpha: complex) -> Call:
    dtype = promotion.result_type(input, vec1, vec2)
    call = outer_call("addr", vec1, vec2, ("vec1", "vec2"), dtype)
    for name, number in (("beta", beta), ("alpha", alpha)):
        if promotion.is_integral(dtype) and not isinstance(number, int):
            raise RuntimeError(
                f"For integral input tensors, argument {name} must not be a floating point number."
            )
    if dtype.itemsize > 2 or promotion.is_integral(dtype):
        return add_to(call, input, beta, alpha)
    beta, alpha = (as_element(x, dtype).item() for x in (beta, alpha))
    return _weigh(call, input, beta, alpha, _rounded_addr)


def _rounded_addr(
    bias: Array, a: Array, b: Array, beta: Array, alpha: Array, dtype: np.dtype
) -> Array:
    """In 16 bits each step is rounded."""
    scaled = rounded(rounded(alpha * a, dtype)[:, None] * b[None, :], dtype)
    return rounded(beta * bias, dtype) + scaled


#: Up to so many elements of the result torch's BLAS adds one product after another to each.
_SMALL = 64


def _accumulated(
    bias: Array, a: Array, b: Array, beta: Array, alpha: Array, dtype: np.dtype
) -> Array:
    """Torch adds the matrices' products one after another, and rounds each sum."""

    def add(total: Array, pair: tuple[Array, Array]) -> tuple[Array, None]:
        sum_ = total + alpha * product(*pair)
        return (rounded(sum_, dtype) if dtype.itemsize == 2 else sum_), None

    return lax.scan(add, _start(bias, a, b, beta), (a, b))[0]


def _accumulated_plainly(
    bias: Array, a: Array, b: Array, beta: Array, alpha: Array, dtype: np.dtype
) -> Array:
    products = a.swapaxes(1, 2)[..., None] * (alpha * b)[..., None, :]
    each = products.reshape(-1, a.shape[1], b.shape[2])

    def add(total: Array, one: Array) -> tuple[Array, None]:
        return total + one, None

    return lax.scan(add, _start(bias, a, b, beta), each)[0]


def _start(bias: Array, a: Array, b: Array, beta: Array) -> Array:
    return jnp.broadcast_to(beta * bias, (a.shape[1], b.shape[2])).astype(a.dtype)


def _prepare_addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, beta: complex, alpha: complex
) -> Call:
    for name, x in (("batch1", batch1), ("batch2", batch2)):
        if x.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    (n, rows, inner), (m, other, columns) = batch1._layout.shape, batch2._layout.shape
    if n != m:
        raise RuntimeError(f"batch1 and batch2 must have same number of batches, got {n} and {m}")
    if inner != other:
        raise RuntimeError(
            f"Incompatible matrix sizes for bmm ({rows}x{inner} and {other}x{columns})"
        )
    _same_type(input, batch1, batch2)
    refuse_bool("addmm_impl_cpu_", batch1, batch2)
    call = product_call(_accumulated, (rows, columns), batch1, batch2)
    small = rows * columns <= _SMALL and input._dtype.itemsize > 2
    return _weigh(call, input, beta, alpha, _accumulated_plainly if small else _accumulated)


def _weigh(
    call: Call, bias: Tensor, beta: complex, alpha: complex, function: Callable[..., Array]
) -> Call:
    """The call of a function of the bias, both factors, both weights, and the result's type."""
    ((layout, dtype),) = call.results
    place = views.expand(bias._layout, layout.shape, bias.type())
    beta, alpha = (as_element(x, call.compute or dtype).item() for x in (beta, alpha))
    source = Source(bias._storage, place, bias._layout) if beta else 0
    operands = (source, *call.operands, beta, alpha)
    return call._replace(function=function, operands=operands, options=(("dtype", dtype.numpy),))


def _prepare_baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, beta: complex, alpha: complex
) -> Call:
    for name, x in (("batch1", batch1), ("batch2", batch2)):
        if x.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    if input._dtype is not batch1._dtype:
        names = [promotion.C_NAMES[x._dtype] for x in (input, batch1, batch2)]
        raise RuntimeError(
            f"Input dtypes must be the same, got: input {names[0]}, batch1: {names[1]}, "
            f"batch2: {names[2]}"
        )
    counts = batch1._layout.shape[:1], batch2._layout.shape[:1]
    return add_to(batched_product(batch1, batch2, *counts, name="baddbmm"), input, beta, alpha)


_WEIGHTS = "*, Number beta = 1, Number alpha = 1, Tensor out = None"


def _define(name: str, prepare: Any, arguments: str, doc: str) -> Any:
    signatures = (f"Tensor input, {arguments}, {_WEIGHTS}",)
    out_type = "cast" if name == "addr" else "same"
    return define(
        Operation(name, prepare, doc, twin=True, signatures=signatures, out_type=out_type)
    )


addmm = _define(
    "addmm", _prepare_addmm, "Tensor mat1, Tensor mat2", "``beta * input + alpha * (mat1 @ mat2)``."
)
addmv = _define(
    "addmv", _prepare_addmv, "Tensor mat, Tensor vec", "``beta * input + alpha * (mat @ vec)``."
)
addr = _define(
    "addr",
    _prepare_addr,
    "Tensor vec1, Tensor vec2",
    "``beta * input + alpha * outer(vec1, vec2)``.",
)
addbmm = _define(
    "addbmm",
    _prepare_addbmm,
    "Tensor batch1, Tensor batch2",
    "``beta * input + alpha * sum of batch1[i] @ batch2[i]``.",
)
baddbmm = _define(
    "baddbmm",
    _prepare_baddbmm,
    "Tensor batch1, Tensor batch2",
    "``beta * input + alpha * (batch1 @ batch2)``, matrix by matrix.",
)
outer, ger = (
    define(
        Operation(
            name,
            _prepare_outer,
            "The products of each element of one vector with each of another.",
            signatures=("Tensor input, Tensor vec2, *, Tensor out = None",),
        )
    )
    for name in ("outer", "ger")
)
