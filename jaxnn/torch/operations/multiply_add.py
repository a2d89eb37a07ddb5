"""``beta * input + alpha * product``, of each kind of product."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import promotion, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.call import Call, Result
from jaxnn.torch.operations.matmul import (
    batched_product,
    matrix_product,
    matrix_vector,
    product,
    product_call,
    refuse_bool,
)
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.scalars import as_element
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
    return add_to(call, input, beta, alpha)


def _accumulated(
    bias: Array, a: Array, b: Array, beta: Array, alpha: Array, dtype: np.dtype
) -> Array:
    """Torch adds the products one after another, and rounds each sum."""

    def add(total: Array, pair: tuple[Array, Array]) -> tuple[Array, None]:
        return (total + alpha * product(*pair)).astype(dtype).astype(total.dtype), None

    return lax.scan(add, beta * bias, (a, b))[0]


def _accumulated_alone(
    bias: Array, a: Array, b: Array, beta: Array, alpha: Array, dtype: np.dtype
) -> Array:
    return _accumulated(jnp.zeros_like(bias), a, b, beta, alpha, dtype)


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
    ((layout, dtype),) = call.results
    place = views.expand(input._layout, layout.shape, input.type())
    compute = call.compute or dtype
    weights = [as_element(x, compute).item() for x in (beta, alpha)]
    function = _accumulated if weights[0] else _accumulated_alone
    operands = (Source(input._storage, place, input._layout), *call.operands, *weights)
    options = (("dtype", dtype.numpy),)
    return call._replace(function=function, operands=operands, options=options)


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
