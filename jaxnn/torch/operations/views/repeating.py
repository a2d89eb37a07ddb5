"""Tensors repeated as a whole, or element by element."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.options import check_shape
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, of_array, values


def _tiled(x: Array, repeats: tuple[int, ...]) -> Array:
    return jnp.tile(x, repeats)


def _prepare_repeat(input: Tensor, repeats: tuple[int, ...]) -> Call:
    if len(repeats) < input.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    padded = (1,) * (len(repeats) - input.ndim) + input._layout.shape
    shape = tuple(n * times for n, times in zip(padded, repeats, strict=True))
    check_shape(shape)
    result = Result(layouts.contiguous(shape), input._dtype)
    source = Source(input._storage, input._layout)
    return Call(_tiled, (source,), (result,), None, (("repeats", repeats),))


def _prepare_tile(input: Tensor, dims: tuple[int, ...]) -> Call:
    return _prepare_repeat(input, (1,) * (input.ndim - len(dims)) + dims)


def _interleaved(
    input: Tensor, repeats: Any = None, dim: int | None = None, output_size: int | None = None
) -> Tensor:
    if repeats is None:
        return _indices(input, output_size)
    x: Any = input.reshape(-1) if dim is None else input
    if not x.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    axis = wrap_dim(dim or 0, x.ndim)
    if not isinstance(repeats, Tensor):
        counts = _even(repeats, output_size, x.shape[axis])
    else:
        counts = _uneven(repeats, x.shape[axis])
        if counts.shape != (x.shape[axis],):
            raise RuntimeError(
                "repeats must have the same size as input along dim, but got repeats.size(0) = "
                f"{counts.size} and input.size({axis}) = {x.shape[axis]}"
            )
        _check_sum(counts, output_size)
    return x.index_select(axis, of_array(np.repeat(np.arange(x.shape[axis]), counts)))


def _even(times: int, output_size: int | None, size: int) -> int:
    if times < 0:
        raise RuntimeError("Repeats must be non-negative")
    if output_size not in (None, size * times):
        raise RuntimeError(
            f"repeat_interleave: Invalid output_size, expected {size * times} but got {output_size}"
        )
    return times


def _uneven(repeats: Tensor, size: int) -> np.ndarray:
    """How often each of so many elements stands; one count is for all."""
    if repeats.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    counts = values(repeats)
    alone = counts.size == 1 and repeats.shape in ((), (1,))
    counts = np.broadcast_to(counts.reshape(-1), (size,)) if alone else counts
    return counts if counts.shape != (size,) else _checked(counts, repeats)


def _checked(counts: np.ndarray, repeats: Tensor) -> np.ndarray:
    if repeats._dtype not in (dtypes.int32, dtypes.int64):
        raise promotion.not_implemented("repeat_interleave_cpu", repeats._dtype)
    if (counts < 0).any():
        raise RuntimeError("repeats can not be negative")
    return counts


def _check_sum(counts: np.ndarray, output_size: int | None) -> None:
    if output_size not in (None, counts.sum()):
        raise RuntimeError("allocated size does not match required size")


def _indices(repeats: Tensor, output_size: int | None) -> Tensor:
    """Each index as often as the count that stands there."""
    if repeats.ndim != 1:
        raise RuntimeError("repeat_interleave only accept 1D vector as repeat")
    counts = _checked(values(repeats), repeats)
    _check_sum(counts, output_size)
    return of_array(np.repeat(np.arange(counts.size, dtype=counts.dtype), counts))


def _define(name: str, prepare: Any, doc: str, *signatures: str, function: bool = True) -> Any:
    return define(Operation(name, prepare, doc, function=function, signatures=signatures))


repeat = _define(
    "repeat",
    _prepare_repeat,
    "The whole tensor so often along each dimension.",
    "Tensor input, tuple of ints repeats",
    function=False,
)
tile = _define(
    "tile",
    _prepare_tile,
    "The whole tensor so often along each of the last dimensions.",
    "Tensor input, tuple of ints dims",
)
_OPTIONS = "int dim = None, *, int output_size = None"
repeat_interleave = _define(
    "repeat_interleave",
    _interleaved,
    "Each element along a dimension so often.",
    f"Tensor input, Tensor repeats, {_OPTIONS}",
    "Tensor input, *, int output_size = None",
    f"Tensor input, int repeats, {_OPTIONS}",
)
