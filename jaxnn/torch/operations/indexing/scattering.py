"""Elements written, or reduced, at places that an index tensor names along a dimension."""

import warnings
from typing import Any

from jaxnn.torch import promotion
from jaxnn.torch.host import hosted
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import contiguous, wrap_dim
from jaxnn.torch.operations.definition import bounds
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.exclusive import define_writing
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.operations.indexing.placing import (
    REDUCTIONS,
    along,
    at_least_1d,
    into,
    keep,
    library,
    reduced_into,
    widened,
)
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_DEPRECATED = (
    "The reduce argument of torch.scatter with Tensor src is deprecated and will be removed in a "
    "future PyTorch release. Use torch.scatter_reduce instead for more reduction options."
)


@hosted
def _scatter(x: Array, index: Array, source: Array, axis: int, how: str) -> Array:
    places, values = _places_and_values(index, source, axis)
    if how == "set":
        return into(at_least_1d(x), places, values).reshape(x.shape)
    wide = into(at_least_1d(widened(x)), places, widened(values), how)
    return wide.reshape(x.shape).astype(x.dtype)


@hosted
def _scatter_reduce(
    x: Array, index: Array, source: Array, axis: int, reduce: str, include_self: bool
) -> Array:
    places, values = _places_and_values(index, source, axis)
    wide = at_least_1d(widened(x))
    reduced = reduced_into(wide, places, widened(values), reduce, include_self)
    return reduced.reshape(x.shape).astype(x.dtype)


def _places_and_values(index: Array, source: Array, axis: int) -> tuple[tuple[Array, ...], Array]:
    """Where the index names, and what of the source stands beside it."""
    index = at_least_1d(index)
    part = library(index).broadcast_to(source, index.shape) if source.ndim == 0 else source
    return along(index, axis), part[tuple(slice(n) for n in index.shape)]


_WAYS = {None: "set", "add": "add", "multiply": "multiply"}


def _prepare_scatter(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor | None = None,
    value: complex = 0,
    reduce: str | None = None,
) -> Call:
    axis = wrap_dim(dim, input.ndim)
    _check_index(input, index)
    source = value if src is None else src
    _check_source(input, axis, index, source)
    if reduce not in _WAYS:
        raise RuntimeError("reduce argument must be either add or multiply.")
    if reduce is not None and src is not None:
        warnings.warn(_DEPRECATED, stacklevel=5)
    return _call(_scatter, input, axis, index, source, how=_WAYS[reduce])


def _prepare_scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Call:
    axis = wrap_dim(dim, input.ndim)
    _check_index(input, index)
    _check_source(input, axis, index, src)
    return _call(_scatter, input, axis, index, src, how="add")


#: The kind of types that a reduction has not.
_REFUSED = {"mean": BOOL, "amax": COMPLEX, "amin": COMPLEX}


def _prepare_scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, include_self: bool
) -> Call:
    axis = wrap_dim(dim, input.ndim)
    _check_index(input, index)
    _check_source(input, axis, index, src)
    if reduce not in REDUCTIONS:
        raise RuntimeError(
            f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"
        )
    if index._layout.numel and promotion.kind(input.dtype) == _REFUSED.get(reduce):
        raise promotion.not_implemented(f"scatter_gather_tensor_cpu_reduce_{reduce}", input.dtype)
    return _call(_scatter_reduce, input, axis, index, src, reduce=reduce, include_self=include_self)


def _check_index(x: Tensor, index: Tensor) -> None:
    if index._layout.numel and index.dtype not in bounds.INDICES:
        raise RuntimeError("scatter(): Expected dtype int32/int64 for index")


def _check_source(x: Tensor, axis: int, index: Tensor, source: Any) -> None:
    if isinstance(source, Tensor) and source.dtype is not x.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    if not index._layout.numel:
        return
    if max(x.ndim, 1) != max(index.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    _check_sizes(x, axis, index, source if isinstance(source, Tensor) else None)
    size = bounds.size_along(x, axis)
    bounds.check(index, size, f"index {{}} is out of bounds for dimension {axis} with size {size}")


def _check_sizes(x: Tensor, axis: int, index: Tensor, source: Tensor | None) -> None:
    sizes = list(index.shape) or [1]
    beyond = any(i > n for d, (i, n) in enumerate(zip(sizes, x.shape, strict=False)) if d != axis)
    src = sizes if source is None else list(source.shape) or [1]
    if len(src) < len(sizes):
        wrap_dim(len(src), len(src))  # torch asks the source for a dimension that it has not
    if not beyond and all(i <= n for i, n in zip(sizes, src, strict=False)):
        return
    apart = f"Expected index {list(index.shape)} to be no larger than self {list(x.shape)} apart "
    apart += f"from dimension {axis}"
    if source is not None:
        apart += f" and to be no larger size than src {list(source.shape)}"
    raise RuntimeError(apart)


def _call(function: Any, x: Tensor, axis: int, index: Tensor, source: Any, **options: Any) -> Call:
    given = (
        Source(source._storage, source._layout)
        if isinstance(source, Tensor)
        else as_element(source, x.dtype)
    )
    sources = (Source(x._storage, x._layout), Source(index._storage, index._layout), given)
    if not index._layout.numel:
        function, sources, options = keep, sources[:1], {}
    result = Result(contiguous(x._layout.shape), x.dtype)
    listed = (("axis", axis), *options.items()) if options else ()
    return Call(function, sources, (result,), None, listed)


_PLACES = "Tensor input, int dim, Tensor index"
scatter = define_writing(
    "scatter",
    _prepare_scatter,
    "The tensor with ``src`` or ``value`` put where an index names.",
    [
        f"{_PLACES}, {given}, *, {reduce}Tensor out = None"
        for given in ("Tensor src", "Number value")
        for reduce in ("", "str reduce, ")
    ],
)
scatter_add = define_writing(
    "scatter_add",
    _prepare_scatter_add,
    "The tensor with ``src`` added where an index names.",
    [f"{_PLACES}, Tensor src, *, Tensor out = None"],
)
scatter_reduce = define_writing(
    "scatter_reduce",
    _prepare_scatter_reduce,
    "The tensor with ``src`` reduced where an index names: sum, prod, mean, amax or amin.",
    [f"{_PLACES}, Tensor src, str reduce, *, bool include_self = True, Tensor out = None"],
)
