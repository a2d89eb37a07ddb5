"""Lengths of tensors, of differences, and of slices, which a bound may limit."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import layouts, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.elementwise import elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import listed
from jaxnn.torch.operations.definition.rules import BOOL, INTEGER, SAME
from jaxnn.torch.operations.reductions.norms import matrix_norm, norm_of_vectors, vector_norm
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_DIST = ("Tensor input, Tensor other, Number p = 2, *, Tensor out = None",)
_RENORM = ("Tensor input, Number p, int dim, Number maxnorm, *, Tensor out = None",)

#: What torch adds to a norm before it divides by it.
_EPSILON = 1e-7


def _distance(a: Array, b: Array, order: float) -> Array:
    return norm_of_vectors(a - b, tuple(range(a.ndim)), False, order)


def _bounded(x: Array, most: Array, axis: int, order: float) -> Array:
    others = tuple(d for d in range(x.ndim) if d != axis)
    norm = norm_of_vectors(x, others, True, order)
    factor = jnp.where(norm > most.real, most.real / (norm + _EPSILON), 1)
    return x * factor.astype(x.dtype)


def _prepare_dist(input: Tensor, other: Tensor, p: complex) -> Call:
    rule = SAME.raising(
        RuntimeError,
        "norm(): input dtype should be either floating point or complex. Got {} instead.",
        BOOL,
        INTEGER,
    )
    call = elementwise(_distance, (input, other), rule)
    [difference] = call.results
    result = Result(layouts.contiguous(()), promotion.to_real(difference.dtype))
    return call._replace(results=(result,), options=(("order", float(p.real)),))


def _prepare_renorm(input: Tensor, p: complex, dim: int, maxnorm: complex) -> Call:
    _check_renorm(input, p, maxnorm)
    axis = wrap_dim(dim, input.ndim)
    if promotion.is_integral(input._dtype):
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{promotion.SCALAR_NAMES[input._dtype]}"
        )
    operands: Any = (Source(input._storage, input._layout), maxnorm)
    result = Result(layouts.contiguous(input._layout.shape), input._dtype)
    options = (("axis", axis), ("order", float(p.real)))
    return Call(_bounded, operands, (result,), promotion.accumulator(input._dtype), options)


def _check_renorm(input: Tensor, p: complex, maxnorm: complex) -> None:
    for name, value in (("p", p), ("maxnorm", maxnorm)):
        if isinstance(value, complex):
            raise RuntimeError(f"renorm: {name} must be real-valued")
    if p.real <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if maxnorm.real < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm:g}")
    if input.ndim < 2:
        raise RuntimeError(
            f"renorm: input needs at least 2 dimensions, got {input.ndim} dimensions"
        )


dist = define(
    Operation(
        "dist",
        _prepare_dist,
        "The norm of order ``p`` of the difference.",
        signatures=_DIST,
    )
)
renorm = define(
    Operation(
        "renorm",
        _prepare_renorm,
        "The slices along a dimension, scaled down where their norm is above ``maxnorm``.",
        twin=True,
        signatures=_RENORM,
    )
)


def norm(
    input: Tensor,
    p: Any = "fro",
    dim: Any = None,
    keepdim: bool = False,
    out: Tensor | None = None,
    dtype: DType | None = None,
) -> Any:
    """The norm of order ``p`` over some or all dimensions; "fro" is 2, "nuc" that of matrices.

    Source: ``torch.norm``.
    """
    axes = listed(dim)
    given = {"dtype": dtype} if out is None else {"dtype": dtype, "out": out}
    if p is None or (p == "fro" and (axes is None or len(axes) <= 2)):
        p = 2.0
    if isinstance(p, str):
        every = tuple(range(input.ndim)) if axes is None else axes
        return matrix_norm(input, p, every, keepdim, **given)
    return vector_norm(input, p, axes, keepdim, **given)


def _norm(
    self: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: DType | None = None
) -> Any:
    """The norm of order ``p`` over some or all dimensions; "fro" is 2, "nuc" that of matrices.

    Source: ``torch.Tensor.norm``.
    """
    return norm(self, p, dim, keepdim, dtype=dtype)


_norm.__name__ = _norm.__qualname__ = "norm"
Tensor.norm = _norm  # pyright: ignore[reportAttributeAccessIssue] - as `operation.define` does it
