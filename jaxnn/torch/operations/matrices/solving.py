"""Inverses, determinants, solutions of linear equations, powers of matrices."""

from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.operations.creation.creation import eye
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.declaration import function
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.results import named_results
from jaxnn.torch.operations.matrices.decompositions import columns, factored, first_true
from jaxnn.torch.operations.matrices.matmul import product, product_call, refuse_bool
from jaxnn.torch.operations.matrices.matrix_checks import check_info, check_matrices
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _first_zero(lu: Array) -> Array:
    return first_true(jnp.diagonal(lu, axis1=-2, axis2=-1) == 0)


def _inverted(x: Array) -> tuple[Array, Array]:
    return jnp.linalg.inv(x), _first_zero(lax.linalg.lu(x)[0])


def _notes(batch: tuple[int, ...]) -> Result:
    return Result(layouts.contiguous(batch), dtypes.int64)


def _prepare_inv(A: Tensor) -> Tensor:
    check_matrices("linalg.inv", A, square=True)
    shape = A._layout.shape
    results = Result(columns(shape), A._dtype), _notes(shape[:-2])
    inverse, info = apply(factored(_inverted, results, A))
    check_info(
        info,
        "linalg.inv: {1}The diagonal element {0} is zero, the inversion could not be completed "
        "because the input matrix is singular.",
    )
    return inverse


def _prepare_det(A: Tensor) -> Call:
    check_matrices("linalg.det", A, square=True)
    result = Result(layouts.contiguous(A._layout.shape[:-2]), A._dtype)
    return factored(jnp.linalg.det, [result], A)


def _slogdet(x: Array) -> tuple[Array, Array]:
    return tuple(jnp.linalg.slogdet(x))


def _prepare_slogdet(A: Tensor) -> Call:
    check_matrices("linalg.slogdet", A, square=True)
    place = layouts.contiguous(A._layout.shape[:-2])
    results = Result(place, A._dtype), Result(place, promotion.to_real(A._dtype))
    pack = named_results("linalg_slogdet", "sign logabsdet")
    return factored(_slogdet, results, A)._replace(pack=pack)


def _logdet(input: Any) -> Any:
    sign, size = linalg_slogdet(input)
    return size + sign.log()


def _solved(a: Array, b: Array, vector: bool, left: bool) -> tuple[Array, Array]:
    wide = b[..., None] if vector else b
    batch = jnp.broadcast_shapes(a.shape[:-2], wide.shape[:-2])
    a = jnp.broadcast_to(a, (*batch, *a.shape[-2:]))
    wide = jnp.broadcast_to(wide, (*batch, *wide.shape[-2:]))
    found = jnp.linalg.solve(a, wide) if left else jnp.linalg.solve(a.mT, wide.mT).mT
    return (found[..., 0] if vector else found), _first_zero(lax.linalg.lu(a)[0])


def _prepare_solve(A: Tensor, B: Tensor, left: bool) -> Tensor:
    check_matrices("linalg.solve", A, square=True)
    if A._dtype is not B._dtype:
        names = [promotion.SCALAR_NAMES[x._dtype] for x in (A, B)]
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but found A of type "
            f"{names[0]} and B of type {names[1]} instead"
        )
    a: Any = A._layout.shape
    b: Any = B._layout.shape
    vector = len(b) == 1 or (len(a) - 1 == len(b) and a[:-1] == b)
    rows, width = (*b[-1:], 1) if vector else b[-2:]
    if vector and not left:
        raise RuntimeError(
            "linalg.solve: Vector broadcasting of the left hand side is not supported for "
            "left=False. In this case linalg.solve is equivalent to B / A.squeeze(-1)"
        )
    if (rows if left else width) != a[-1]:
        equation = "AX = B" if left else "XA = B"
        raise RuntimeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation {equation} "
            f"({a[-2]}x{a[-1]} and {rows}x{width})"
        )
    batch = layouts.broadcast_shapes(a[:-2], b[: -1 if vector else -2])
    shape = (*batch, rows) if vector else (*batch, rows, width)
    by_columns = columns if left and len(shape) > 1 else layouts.contiguous
    results = Result(by_columns(shape), A._dtype), _notes(batch)
    found, info = apply(factored(_solved, results, A, B, vector=vector, left=left))
    check_info(
        info,
        "torch.linalg.solve: {1}The solver failed because the input matrix is singular.",
    )
    return found


def _power(x: Array, n: int) -> Array:
    powers, result = x, None
    while n:
        if n % 2:
            result = powers if result is None else product(result, powers)
        n //= 2
        powers = product(powers, powers) if n else powers
    return result


def _prepare_matrix_power(input: Any, n: int) -> Any:
    if input.ndim < 2:
        raise RuntimeError(
            "linalg.matrix_power: The input tensor A must have at least 2 dimensions."
        )
    rows, width = input._layout.shape[-2:]
    if rows != width:
        raise RuntimeError(
            f"linalg.matrix_power: A must be batches of square matrices, but they are {rows} by "
            f"{width} matrices"
        )
    if n == 0:
        return input.new_empty(input.shape).copy_(eye(rows, dtype=input.dtype))
    if n == 1:
        return input.clone()
    if n < 0:
        input, n = inv(input), -n
    refuse_bool("addmm_impl_cpu_" if input.ndim == 2 else "bmm", input)
    if n == 1:
        return input
    return product_call(_power, input._layout.shape, input)._replace(options=(("n", n),))


_OUT = ", *, Tensor out = None"
inv = function("linalg_inv", [f"Tensor A{_OUT}"], _prepare_inv, "same")
linalg_det = function("linalg_det", [f"Tensor A{_OUT}"], _prepare_det, "same")
linalg_slogdet = function(
    "linalg_slogdet", ["Tensor A, *, tuple of Tensors out = None"], _prepare_slogdet, "same"
)
solve = function(
    "linalg_solve",
    ["Tensor A, Tensor B, *, bool left = True, Tensor out = None"],
    _prepare_solve,
    "same",
)


def _define(name: str, prepare: Any, doc: str, arguments: str = "") -> Any:
    return define(Operation(name, prepare, doc, signatures=(f"Tensor input{arguments}",)))


def _of_input(prepare: Any) -> Any:
    """The same for the name that torch's older functions give the matrix."""

    def renamed(input: Tensor) -> Any:
        return prepare(input)

    return renamed


inverse = _define("inverse", _of_input(_prepare_inv), "The inverses of matrices.", _OUT)
slogdet = define(
    Operation(
        "slogdet",
        _of_input(_prepare_slogdet),
        "The signs of determinants and the logarithms of their sizes.",
        signatures=("Tensor input, *, tuple of Tensors out = None",),
    )
)
det = _define("det", _of_input(_prepare_det), "The determinants of matrices.")
logdet = _define("logdet", _logdet, "The logarithms of determinants.")
matrix_power = _define(
    "matrix_power", _prepare_matrix_power, "Matrices multiplied by themselves.", f", int n{_OUT}"
)
linalg_matrix_power = function(
    "linalg_matrix_power", [f"Tensor input, int n{_OUT}"], _prepare_matrix_power, "same"
)
