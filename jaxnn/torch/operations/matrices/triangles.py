"""The lower and upper triangles of matrices, and the indices of their elements."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.options import PLACED, Options
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _lower(x: Array, diagonal: Array) -> Array:
    return _keep(x, diagonal, jnp.less_equal)


def _upper(x: Array, diagonal: Array) -> Array:
    return _keep(x, diagonal, jnp.greater_equal)


def _keep(x: Array, diagonal: Array, relation: Callable[..., Array]) -> Array:
    rows, columns = (jnp.arange(n) for n in x.shape[-2:])
    return jnp.where(relation(columns[None, :] - rows[:, None], diagonal), x, jnp.zeros_like(x))


def _triangle(name: str, function: Callable[..., Array], which: str) -> Any:
    def prepare(input: Tensor, diagonal: int) -> Call:
        if input.ndim < 2:
            raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")
        source = Source(input._storage, input._layout)
        result = Result(layouts.contiguous(input._layout.shape), input._dtype)
        return Call(function, (source, diagonal), (result,))

    return define(
        Operation(
            name,
            prepare,
            f"Matrices with zeros {which} a diagonal.",
            twin=True,
            signatures=("Tensor input, int diagonal = 0, *, Tensor out = None",),
            out_type="same",
        )
    )


tril = _triangle("tril", _lower, "above")
triu = _triangle("triu", _upper, "below")

_NUMBERS = f"int row, int col, int offset = 0, *, {PLACED}"


def _indices(name: str, pick: Callable[..., Any], row: int, col: int, offset: int, options: Any):
    for axis, size in (("row", row), ("col", col)):
        if size < 0:
            raise RuntimeError(f"{axis} must be non-negative, got{size}")
    chosen = Options(otherwise=dtypes.int64, **options)
    if promotion.kind(chosen.dtype) != 1:
        raise promotion.not_implemented(name, chosen.dtype)
    return chosen.hold(np.stack(pick(row, offset, col)))


@taking("tril_indices", _NUMBERS)
def tril_indices(row: int, col: int, offset: int, **options: Any) -> Tensor:
    """The indices of a matrix's elements on and below a diagonal, row by row.

    >>> import jaxnn.torch as torch
    >>> torch.tril_indices(2, 2)
    tensor([[0, 1, 1],
            [0, 0, 1]])

    Source: ``torch.tril_indices``.
    """
    return _indices("tril_indices", np.tril_indices, row, col, offset, options)


@taking("triu_indices", _NUMBERS)
def triu_indices(row: int, col: int, offset: int, **options: Any) -> Tensor:
    """The indices of a matrix's elements on and above a diagonal, row by row.

    Source: ``torch.triu_indices``.
    """
    return _indices("triu_indices", np.triu_indices, row, col, offset, options)
