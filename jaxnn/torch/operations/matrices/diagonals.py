"""Diagonals: matrices of them, and their sum."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import dtypes, layouts, pieces, promotion
from jaxnn.torch.kernels import Source, identity
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _embedded(x: Array, offset: int, dims: tuple[int, int]) -> Array:
    """The last dimension on the diagonal of two new ones, which stand at ``dims``."""
    size = x.shape[-1] + abs(offset)
    place = jnp.arange(x.shape[-1])
    matrices = jnp.zeros((*x.shape[:-1], size, size), x.dtype)
    filled = matrices.at[..., place + max(-offset, 0), place + max(offset, 0)].set(x)
    return jnp.moveaxis(filled, (-2, -1), dims)


def _prepare_embed(input: Tensor, offset: int, dim1: int, dim2: int) -> Call:
    ndim = input.ndim + 1
    first, second = wrap_dim(dim1, ndim), wrap_dim(dim2, ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    size = input._layout.shape[-1] + abs(offset)
    shape = list(input._layout.shape[:-1])
    for d in sorted((first, second)):
        shape.insert(d, size)
    result = Result(layouts.contiguous(shape), input._dtype)
    source = Source(input._storage, input._layout)
    options = (("offset", offset), ("dims", (first, second)))
    return Call(_embedded, (source,), (result,), None, options)


def _prepare_diag(input: Tensor, diagonal: int) -> Call:
    if input.ndim == 1:
        return _prepare_embed(input, diagonal, 0, 1)
    if input.ndim != 2:
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    place = pieces.diagonal(input._layout, diagonal)
    result = Result(layouts.contiguous(place.shape), input._dtype)
    return Call(identity, (Source(input._storage, place),), (result,))


def _prepare_diagflat(input: Tensor, offset: int) -> Call:
    return _prepare_embed(input.reshape(-1), offset, 0, 1)


def _trace(x: Array) -> Array:
    return jnp.trace(x, dtype=x.dtype)


def _prepare_trace(input: Tensor) -> Call:
    if input.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.ndim}")
    if input._dtype is dtypes.bool:
        raise promotion.not_implemented("trace", input._dtype)
    dtype = dtypes.int64 if promotion.is_integral(input._dtype) else input._dtype
    source = Source(input._storage, input._layout)
    result = Result(layouts.contiguous(()), dtype)
    return Call(_trace, (source,), (result,), promotion.accumulator(dtype))


def _define(name: str, prepare: Any, signature: str, doc: str) -> Any:
    return define(Operation(name, prepare, doc, signatures=(signature,)))


diag = _define(
    "diag",
    _prepare_diag,
    "Tensor input, int diagonal = 0, *, Tensor out = None",
    "The matrix of a diagonal, or a copy of a matrix's diagonal.",
)
diag_embed = _define(
    "diag_embed",
    _prepare_embed,
    "Tensor input, int offset = 0, int dim1 = -2, int dim2 = -1",
    "Matrices whose diagonals are the last dimension.",
)
diagflat = _define(
    "diagflat",
    _prepare_diagflat,
    "Tensor input, int offset = 0",
    "The matrix whose diagonal are all elements.",
)
trace = _define("trace", _prepare_trace, "Tensor input", "The sum of a matrix's diagonal.")


@taking("fill_diagonal_", "Number fill_value, bool wrap = False", method=True)
def _fill_diagonal_(self: Tensor, fill_value: complex, wrap: bool) -> Tensor:
    shape, strides = self._layout.shape, self._layout.strides
    if len(shape) < 2:
        raise RuntimeError("dimensions must larger than 1")
    if len(shape) > 2 and len(set(shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    size, width, offset = min(shape), shape[1], self.storage_offset()
    self.as_strided((size,), (sum(strides),), offset).fill_(fill_value)
    if wrap and len(shape) == 2 and shape[0] > width + 1 and width:
        rest = -(-self.numel() // (width + 1)) - size
        below = offset + strides[0] * (width + 1)
        self.as_strided((rest,), (sum(strides),), below).fill_(fill_value)
    return self


attach(
    "fill_diagonal_",
    _fill_diagonal_,
    "Writes a number on the diagonal; ``wrap`` goes on below, after a row, in a tall matrix.",
)
