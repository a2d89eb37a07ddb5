"""Norms of vectors and matrices."""

import math
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from jaxnn.torch import layouts, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layouts import Layout, wrap_dim
from jaxnn.torch.operations.definition.arguments import dims
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.derivatives import where_not_0
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import reduced
from jaxnn.torch.operations.elements.complex_numbers import absolute
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_VECTOR = (
    "Tensor input, Number ord = 2, tuple of ints[1] dim = None, bool keepdim = False, *, "
    "torch.dtype dtype = None, Tensor out = None",
)
_REST = "bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None"
_MATRIX = tuple(
    f"Tensor input, {order}, tuple of ints dim = {{-2,-1}}, {_REST}"
    for order in ("Number ord", 'str ord = "fro"')
)
_EITHER = tuple(
    f"Tensor input, {order}, tuple of ints[1] dim = None, {_REST}"
    for order in ("Number ord = None", "str ord")
)

Dims = Sequence[int] | None


def norm_of_vectors(x: Array, axis: tuple[int, ...], keepdims: bool, order: float) -> Array:
    """The norm of this order over some dimensions."""
    size = absolute(x)
    if order == math.inf:
        return jnp.max(size, axis=axis, keepdims=keepdims, initial=0)
    if order == -math.inf:
        return jnp.min(size, axis=axis, keepdims=keepdims, initial=jnp.inf)
    if order == 0:
        return jnp.sum((x != 0).astype(size.dtype), axis=axis, keepdims=keepdims)
    if order == 1:
        return jnp.sum(size, axis=axis, keepdims=keepdims)
    if order == 2:
        squares = x * x if x.dtype.kind != "c" else jnp.square(size)
        return where_not_0(jnp.sqrt, jnp.sum(squares, axis=axis, keepdims=keepdims), 0)
    least = 0 if order > 0 else jnp.inf
    powers = where_not_0(lambda size: size**order, size, least)
    total = jnp.sum(powers, axis=axis, keepdims=keepdims)
    return where_not_0(lambda total: total ** (1 / order), total, least)


def _absolute_sums(x: Array, axis: tuple[int, ...], keepdims: bool, order: float) -> Array:
    """The largest (of order 1) or smallest (-1) sum of absolute values down ``axis[0]``."""
    sums = jnp.sum(absolute(x), axis=axis[0], keepdims=True)
    extreme = jnp.max if order > 0 else jnp.min
    initial = 0 if not sums.size and order > 0 else None
    found = extreme(sums, axis=axis, keepdims=True, initial=initial)
    return found if keepdims else found.squeeze(axis)


def _singular_values(x: Array, axis: tuple[int, ...], keepdims: bool, order: Any) -> Array:
    """A norm of the singular values: their sum ("nuc"), the largest (2) or the smallest (-2)."""
    values = jnp.linalg.svd(jnp.moveaxis(x, axis, (-2, -1)), compute_uv=False)
    if order == "nuc":
        found = jnp.sum(values, axis=-1)
    elif order > 0:
        found = jnp.max(values, axis=-1, initial=0)
    else:
        found = jnp.min(values, axis=-1)
    return jnp.expand_dims(found, tuple(sorted(axis))) if keepdims else found


def _check_floating(name: str, x: Tensor) -> None:
    if promotion.is_integral(x._dtype):
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got "
            f"{promotion.SCALAR_NAMES[x._dtype]}"
        )


def _norm_type(name: str, x: Tensor, wanted: DType | None) -> DType:
    """The type to compute in.

    Raises:
        RuntimeError: the input or the type wanted is of integers, or would lose digits.
    """
    _check_floating(name, x)
    given, kinds = x._dtype, promotion.SCALAR_NAMES
    if wanted is None:
        return given
    if promotion.is_integral(wanted):
        raise RuntimeError(
            f"{name}: dtype should be floating point or complex, but got {kinds[wanted]}"
        )
    if given.is_complex != wanted.is_complex:
        kind = "complex" if given.is_complex else "real"
        raise RuntimeError(
            f"{name}: dtype should be {kind} for {kind} inputs, but got {kinds[wanted]}"
        )
    if promotion.promote(given, wanted) is not wanted:
        raise RuntimeError(
            f"{name}: the dtype of the input ({kinds[given]}) should be convertible without "
            f"narrowing to the specified dtype ({kinds[wanted]})"
        )
    return wanted


def _check_identity(x: Tensor, order: float, dim: Dims) -> None:
    """Raise torch's error where the norm of nothing is not 0."""
    if x._layout.numel or 0 <= order < math.inf:
        return
    name = f"linalg.vector_norm cannot compute the {order:g} norm on"
    if not dim:
        raise RuntimeError(
            f"{name} an empty tensor because the operation does not have an identity"
        )
    for axis in dims(dim, x.ndim):
        if not x._layout.shape[axis]:
            raise RuntimeError(
                f"{name} the dimension {axis}because this dimension is empty and the operation "
                "does not have an identity"
            )


def _prepare_vector_norm(
    input: Tensor, ord: complex, dim: Dims, keepdim: bool, dtype: DType | None
) -> Call:
    compute = _norm_type("linalg.vector_norm", input, dtype)
    if isinstance(ord, complex):
        raise RuntimeError(
            "linalg.vector_norm: Expected a non-complex scalar as the order of norm."
        )
    _check_identity(input, ord, dim)
    options = (("order", float(ord)),)
    result = promotion.to_real(compute)
    axes = dims(dim, input.ndim)
    return reduced(input, norm_of_vectors, axes, keepdim, result, compute, options)


def _check_matrix(x: Tensor, dim: Sequence[int]) -> tuple[int, ...]:
    if x.ndim < 2:
        raise RuntimeError(
            "linalg.matrix_norm: The input tensor A must have at least 2 dimensions."
        )
    _check_floating("linalg.matrix_norm", x)
    if len(dim) != 2:
        given = " ".join(map(str, dim))
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {given}")
    axes = tuple(wrap_dim(each, x.ndim) for each in dim)
    if axes[0] == axes[1]:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({dim[0]}, {dim[1]})")
    return axes


def _kept_last(x: Tensor, axes: tuple[int, ...], keepdim: bool) -> Layout:
    """Where the norms of singular values lie: as if kept dimensions were added last."""
    layout = layouts.contiguous(n for d, n in enumerate(x._layout.shape) if d not in axes)
    for axis in sorted(axes) if keepdim else ():
        layout = Layout(
            (*layout.shape[:axis], 1, *layout.shape[axis:]),
            (*layout.strides[:axis], 1, *layout.strides[axis:]),
        )
    return layout


def _check_order(order: Any) -> None:
    if order in ("fro", "nuc", 1, 2, math.inf, -1, -2, -math.inf):
        return
    shown = order if isinstance(order, str | complex) else f"{order:g}"
    raise RuntimeError(f"linalg.matrix_norm: Order {shown} not supported.")


def _prepare_matrix_norm(
    input: Tensor, ord: Any, dim: Sequence[int], keepdim: bool, dtype: DType | None
) -> Call:
    _check_order(ord)
    axes = _check_matrix(input, dim)
    compute = _norm_type("linalg.matrix_norm", input, dtype)
    result = promotion.to_real(compute)
    if ord == "fro":
        return reduced(input, norm_of_vectors, axes, keepdim, result, compute, (("order", 2.0),))
    if ord == "nuc" or abs(ord) == 2:
        if promotion.accumulator(input._dtype) is not input._dtype:
            raise RuntimeError(
                "linalg.matrix_norm: Low precision dtypes not supported. Got "
                f"{promotion.SCALAR_NAMES[input._dtype]}"
            )
        options = (("order", ord),)
        call = reduced(input, _singular_values, axes, keepdim, result, compute, options)
        return call._replace(results=(Result(_kept_last(input, axes, keepdim), result),))
    down = axes if abs(ord) == 1 else axes[::-1]
    options = (("order", math.copysign(1, ord)),)
    return reduced(input, _absolute_sums, down, keepdim, result, compute, options)


def _prepare_either_norm(
    input: Tensor, ord: Any, dim: Dims, keepdim: bool, dtype: DType | None
) -> Call:
    if dim is not None and len(dim) not in (1, 2):
        raise RuntimeError(
            f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dim)}"
        )
    if dim is None and ord is not None and input.ndim not in (1, 2):
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. "
            f"Got {input.ndim}D."
        )
    count = input.ndim if dim is None else len(dim)
    if ord is not None and (isinstance(ord, str) or count == 2):
        return _prepare_matrix_norm(input, ord, dim or (0, 1), keepdim, dtype)
    return _prepare_vector_norm(input, 2 if ord is None else ord, dim, keepdim, dtype)


vector_norm = define(
    Operation(
        "linalg_vector_norm",
        _prepare_vector_norm,
        "The norm of order ``ord`` over some or all dimensions, taken as one.",
        method=False,
        signatures=_VECTOR,
    )
)
matrix_norm = define(
    Operation(
        "linalg_matrix_norm",
        _prepare_matrix_norm,
        "The norm of the matrices over two dimensions.",
        method=False,
        signatures=_MATRIX,
    )
)
norm = define(
    Operation(
        "linalg_norm",
        _prepare_either_norm,
        "The norm of vectors, or with two dimensions of matrices.",
        method=False,
        signatures=_EITHER,
    )
)
