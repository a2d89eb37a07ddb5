"""Elements taken from places that an index tensor names."""

from typing import Any

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.host import hosted
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import contiguous, wrap_dim
from jaxnn.torch.operations.definition import bounds
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.indexing.placing import across, along, at_least_1d, keep
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_BEYOND = "index {{}} is out of bounds for dimension {} with size {}"


@hosted
def _gather(x: Array, index: Array, axis: int) -> Array:
    places = along(at_least_1d(index), axis)
    return at_least_1d(x)[places].reshape(index.shape)


def _call(function: Any, x: Tensor, index: Tensor, result: Result, **options: int) -> Call:
    sources = (Source(x._storage, x._layout), Source(index._storage, index._layout))
    listed = tuple(options.items())
    return Call(function, sources, (result,), None, listed, refused=layouts.overlap)


def _prepare_gather(input: Tensor, dim: int, index: Tensor, sparse_grad: bool) -> Call:
    axis = wrap_dim(dim, input.ndim)
    result = Result(contiguous(index._layout.shape), input.dtype)
    if not index._layout.numel:
        return Call(keep, (0,), (result,))
    _check_gather(input, axis, index)
    return _call(_gather, input, index, result, axis=axis)


def _check_gather(x: Tensor, axis: int, index: Tensor) -> None:
    if index.dtype not in bounds.INDICES:
        raise RuntimeError("gather(): Expected dtype int32/int64 for index")
    if max(x.ndim, 1) != max(index.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    for d, (size, limit) in enumerate(zip(index.shape, x.shape, strict=False)):
        if d != axis and size > limit:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(index.shape)} to be "
                f"no larger than self {list(x.shape)} apart from dimension {axis}"
            )
    size = bounds.size_along(x, axis)
    bounds.check(index, size, _BEYOND.format(axis, size))


@hosted
def _select(x: Array, index: Array, axis: int) -> Array:
    selected = at_least_1d(x)[across(index, axis)]
    return selected if x.ndim else selected.reshape(())


def _prepare_index_select(input: Tensor, dim: int, index: Tensor) -> Call:
    axis = wrap_dim(dim, input.ndim)
    if index.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if not input.ndim and index._layout.numel != 1:
        raise RuntimeError(
            "index_select(): Index to scalar can have only 1 value, "
            f"got {index._layout.numel} value(s)"
        )
    if index.dtype not in bounds.INDICES:
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    _check_selected(input, axis, index)
    sizes = list(input.shape)
    sizes[axis : axis + 1] = [index._layout.numel] * bool(input.ndim)
    result = Result(contiguous(sizes), input.dtype)
    return _call(_select, input, index, result, axis=axis)


def _check_selected(x: Tensor, axis: int, index: Tensor) -> None:
    size = bounds.size_along(x, axis)
    if x.ndim > 1 and not size and index._layout.numel:
        raise RuntimeError("index_select(): self indexing axis dim should be positive")
    if axis == 1:
        text = f"INDICES element is out of DATA bounds, id={{}} axis_dim={size}"
        bounds.check(index, size, text)
    bounds.check(index, size, "index out of range in self", error=IndexError)


@hosted
def _take(x: Array, index: Array) -> Array:
    return x.reshape(-1)[index]


def _prepare_take(input: Tensor, index: Tensor) -> Call:
    if index.dtype is not dtypes.int64:
        name = promotion.SCALAR_NAMES[index.dtype]
        raise RuntimeError(f"take(): Expected a long tensor for index, but got {name}")
    result = Result(contiguous(index._layout.shape), input.dtype)
    if not index._layout.numel:
        return Call(keep, (0,), (result,))
    count = input._layout.numel
    if not count:
        raise IndexError("take(): tried to take from an empty tensor")
    text = f"out of range: tried to access index {{}} on a tensor of {count} elements."
    bounds.check(index, count, text, error=IndexError, negative=True)
    return _call(_take, input, index, result)


@hosted
def _take_along(x: Array, index: Array, axis: int) -> Array:
    return x[along(index % x.shape[axis], axis)]


def _prepare_take_along_dim(input: Tensor, indices: Tensor, dim: int | None) -> Call:
    if dim is None:
        _check_long(indices)
        return _prepare_gather(input.reshape(-1), 0, indices.reshape(-1), False)
    if input.ndim != indices.ndim:
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, "
            f"but got {input.ndim} dimensions for input, and {indices.ndim} dimensions for indices"
        )
    _check_long(indices)
    axis = wrap_dim(dim, input.ndim)
    if not input.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    joint = [
        list(layouts.broadcast_shapes(other, each))
        for other, each in (
            (_with(input, axis, indices), indices.shape),
            (input.shape, _with(indices, axis, input)),
        )
    ]
    x, index = input.expand(joint[1]), indices.expand(joint[0])
    result = Result(contiguous(joint[0]), input.dtype)
    return _call(_take_along, x, index, result, axis=axis)


def _check_long(indices: Tensor) -> None:
    if indices.dtype is not dtypes.int64:
        name = promotion.SCALAR_NAMES[indices.dtype]
        raise RuntimeError(
            f"torch.take_along_dim(): dtype of indices should be Long but got {name}"
        )


def _with(x: Tensor, axis: int, other: Tensor) -> list[int]:
    """A tensor's shape, with another one's size along one dimension."""
    sizes = list(x.shape)
    sizes[axis] = other.shape[axis]
    return sizes


gather = define(
    Operation(
        "gather",
        _prepare_gather,
        "The elements that an index names along a dimension.",
        signatures=(
            "Tensor input, int dim, Tensor index, *, bool sparse_grad = False, Tensor out = None",
        ),
        out_type="same",
    )
)
index_select = define(
    Operation(
        "index_select",
        _prepare_index_select,
        "The indices of a dimension that are named.",
        signatures=("Tensor input, int dim, Tensor index, *, Tensor out = None",),
        out_type="same",
    )
)
take = define(
    Operation(
        "take",
        _prepare_take,
        "The elements that an index names among all, counted as one dimension.",
        signatures=("Tensor input, Tensor index, *, Tensor out = None",),
        out_type="same",
    )
)
take_along_dim = define(
    Operation(
        "take_along_dim",
        _prepare_take_along_dim,
        "The elements that an index names along a dimension, with the others broadcast.",
        signatures=("Tensor input, Tensor indices, int dim = None, *, Tensor out = None",),
        out_type="same",
    )
)
