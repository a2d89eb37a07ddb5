"""Elements taken from and put to places that an index tensor names along a dimension."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, kernels
from jaxnn.torch import layout as layouts
from jaxnn.torch.kernels import Source
from jaxnn.torch.layout import contiguous, wrap_dim
from jaxnn.torch.operations.arguments import require_operand, require_tensor
from jaxnn.torch.operations.call import Call, Result
from jaxnn.torch.operations.indices import check_bounds
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.viewing import attach
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, of_array, values


def _at_least_1d(x: Array) -> Array:
    return x if x.ndim else x[None]


def _places(index: Array, axis: int) -> tuple[Array, ...]:
    """The place of each element of ``index`` in the array that it indexes along ``axis``."""
    grid = jnp.indices(index.shape, sparse=True)
    return tuple(index if d == axis else grid[d] for d in range(index.ndim))


def _gather(x: Array, index: Array, axis: int) -> Array:
    flat_index = _at_least_1d(index)
    return _at_least_1d(x)[_places(flat_index, axis)].reshape(index.shape)


def _scatter(x: Array, index: Array, source: Array, axis: int, how: str) -> Array:
    places = _places(_at_least_1d(index), axis)
    part = jnp.broadcast_to(source, index.shape) if source.ndim == 0 else source
    part = _at_least_1d(part)[tuple(slice(n) for n in _at_least_1d(index).shape)]
    if x.dtype == bool:  # among truths, adding is "or" and multiplying is "and"
        how = {"add": "max", "multiply": "min"}.get(how, how)
    return getattr(_at_least_1d(x).at[places], how)(part.astype(x.dtype)).reshape(x.shape)


def _check_index(name: str, index: Tensor) -> None:
    if index.dtype not in (dtypes.int64, dtypes.int32) and index._layout.numel:
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")


def _prepare_gather(input: Any, dim: int, index: Any, *, sparse_grad: bool = False) -> Call:
    x = require_tensor(input, "gather", "input", 1)
    place = require_tensor(index, "gather", "index", 3)
    axis = wrap_dim(dim, x.ndim)
    result = Result(contiguous(place._layout.shape), x.dtype)
    if not place._layout.numel:
        return Call(kernels.identity, (0,), (result,))
    _check_index("gather", place)
    if max(x.ndim, 1) != max(place.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    for d, (size, limit) in enumerate(zip(place.shape, x.shape, strict=False)):
        if d != axis and size > limit:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(place.shape)} to be "
                f"no larger than self {list(x.shape)} apart from dimension {axis}"
            )
    check_bounds(place, dim, x.shape[axis] if x.ndim else 1)
    sources = (Source(x._storage, x._layout), Source(place._storage, place._layout))
    return Call(_gather, sources, (result,), None, (("axis", axis),))


_REDUCTIONS = {None: "set", "add": "add", "multiply": "multiply"}


def _prepare_scatter(
    input: Any,
    dim: int,
    index: Any,
    src: Any = None,
    *,
    value: Any = None,
    reduce: str | None = None,
) -> Call:
    x = require_tensor(input, "scatter", "input", 1)
    place = require_tensor(index, "scatter", "index", 3)
    given = require_operand(value if src is None else src, "scatter", "src", 4)
    if reduce not in _REDUCTIONS:
        raise RuntimeError("reduce argument must be either add or multiply.")
    return _scattered("scatter", x, dim, place, given, _REDUCTIONS[reduce])


def _prepare_scatter_add(input: Any, dim: int, index: Any, src: Any) -> Call:
    x = require_tensor(input, "scatter_add", "input", 1)
    place = require_tensor(index, "scatter_add", "index", 3)
    return _scattered("scatter", x, dim, place, require_tensor(src, "scatter_add", "src", 4), "add")


def _scattered(name: str, x: Tensor, dim: int, index: Tensor, source: Any, how: str) -> Call:
    axis = wrap_dim(dim, x.ndim)
    _check_index(name, index)
    if index._layout.numel and max(x.ndim, 1) != max(index.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    if isinstance(source, Tensor):
        if source.dtype is not x.dtype:
            raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
        _check_sizes(x, axis, index, source)
        source = Source(source._storage, source._layout)
    check_bounds(index, axis, x.shape[axis] if x.ndim else 1)
    places = (Source(x._storage, x._layout), Source(index._storage, index._layout))
    result = Result(layouts.like(x._layout), x.dtype)
    return Call(_scatter, (*places, source), (result,), None, (("axis", axis), ("how", how)))


def _check_sizes(x: Tensor, axis: int, index: Tensor, source: Tensor) -> None:
    sizes = list(zip(index.shape, x.shape, source.shape, strict=False))
    beyond_self = any(i > n for d, (i, n, _) in enumerate(sizes) if d != axis)
    if beyond_self or any(i > n for i, _, n in sizes):
        raise RuntimeError(
            f"Expected index {list(index.shape)} to be no larger than self {list(x.shape)} apart "
            f"from dimension {axis} and to be no larger size than src {list(source.shape)}"
        )


def _take_along(x: Array, index: Array, axis: int) -> Array:
    if not x.ndim:
        return x
    return jnp.take(x, _at_least_1d(index), axis, mode="wrap")


def _prepare_index_select(input: Any, dim: int, index: Any) -> Call:
    x = require_tensor(input, "index_select", "input", 1)
    place = require_tensor(index, "index_select", "index", 3)
    axis = wrap_dim(dim, x.ndim)
    if place.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if place.dtype not in (dtypes.int64, dtypes.int32):
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    size = x.shape[axis] if x.ndim else 1
    if not is_traced(place) and ((values(place) < 0) | (values(place) >= size)).any():
        raise IndexError("index out of range in self")
    shape = list(x.shape)
    if shape:
        shape[axis] = place.numel()
    sources = (Source(x._storage, x._layout), Source(place._storage, place._layout))
    result = Result(contiguous(shape), x.dtype)
    return Call(_take_along, sources, (result,), None, (("axis", axis),))


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where a mask holds, in the order of their indices.

    Source: ``torch.masked_select``.
    """
    x = require_tensor(input, "masked_select", "input", 1)
    chosen = require_tensor(mask, "masked_select", "mask", 2)
    if chosen.dtype is not dtypes.bool:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    shape = layouts.broadcast_shapes(x._layout.shape, chosen._layout.shape)
    return x.expand(shape)[chosen.expand(shape)]


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The indices of the elements other than 0: a matrix, or a tuple of one tensor a dimension.

    Source: ``torch.nonzero``.
    """
    x = require_tensor(input, "nonzero", "input", 1)
    found = np.atleast_1d(values(x)).nonzero() if as_tuple or x.ndim else None
    if as_tuple:
        return tuple(of_array(each) for each in found or ())
    if found is None:
        return of_array(np.zeros((int(bool(x)), 0), np.int64))
    # In memory a dimension's indices are neighbours, as torch leaves them.
    return of_array(np.stack(found)).t()


gather = define(Operation("gather", _prepare_gather, "The elements that an index names."))
scatter = define(
    Operation(
        "scatter",
        _prepare_scatter,
        "``input`` with ``src`` or ``value`` put where an index names.",
        twin=True,
    )
)
scatter_add = define(
    Operation(
        "scatter_add",
        _prepare_scatter_add,
        "``input`` with ``src`` added where an index names.",
        twin=True,
    )
)
index_select = define(
    Operation("index_select", _prepare_index_select, "The indices of a dimension that are named.")
)
attach("masked_select", masked_select, "The elements where a mask holds.")
attach("nonzero", nonzero, "The indices of the elements other than 0.")
