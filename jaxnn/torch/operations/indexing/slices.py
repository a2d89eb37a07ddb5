"""Slices of a dimension written, added or reduced where an index tensor names them; and ``put``."""

import warnings
from typing import Any

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.dtypes import dtype
from jaxnn.torch.host import hosted
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout, contiguous, wrap_dim
from jaxnn.torch.operations.definition import bounds
from jaxnn.torch.operations.definition.call import Call, Result, apply_in_place
from jaxnn.torch.operations.definition.declaration import of_method
from jaxnn.torch.operations.definition.exclusive import define_writing
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.operations.indexing.masking import EXPANDED, filling
from jaxnn.torch.operations.indexing.placing import across, at_least_1d, into, reduced_into, widened
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap

_BEYOND = "index {{}} is out of bounds for dimension {} with size {}"


@hosted
def _add(x: Array, index: Array, source: Array, alpha: Array, axis: int) -> Array:
    wide, values = (widened(each) if x.ndim > 1 else at_least_1d(each) for each in (x, source))
    added = into(wide, across(index, axis), values * alpha.astype(wide.dtype), "add")
    return added.reshape(x.shape).astype(x.dtype)


@hosted
def _copy(x: Array, index: Array, source: Array, axis: int) -> Array:
    values = source if x.ndim and source.ndim else source.reshape(-1)
    return into(at_least_1d(x), across(index, axis), values).reshape(x.shape)


@hosted
def _fill(x: Array, index: Array, value: Array, axis: int) -> Array:
    return into(at_least_1d(x), across(index, axis), value).reshape(x.shape)


@hosted
def _reduce(
    x: Array, index: Array, source: Array, axis: int, reduce: str, include_self: bool
) -> Array:
    places, values = across(index, axis), at_least_1d(source)
    return reduced_into(at_least_1d(x), places, values, reduce, include_self).reshape(x.shape)


@hosted
def _put(x: Array, index: Array, source: Array, how: str) -> Array:
    places = (index.reshape(-1),)
    return into(x.reshape(-1), places, source.reshape(-1), how).reshape(x.shape)


def _call(function: Any, layout: Layout, *operands: Any, of: dtype, **options: Any) -> Call:
    sources = tuple(Source(x._storage, x._layout) if isinstance(x, Tensor) else x for x in operands)
    return Call(function, sources, (Result(layout, of),), None, tuple(options.items()))


def _prepare_add(input: Tensor, dim: int, index: Tensor, source: Tensor, alpha: complex) -> Call:
    axis = wrap_dim(dim, input.ndim)
    _check_source("index_add_", input, axis, index, source)
    size = bounds.size_along(input, axis)
    bounds.check(index, size, _BEYOND.format(axis, size))
    layout, factor = contiguous(input._layout.shape), as_element(alpha, input.dtype)
    return _call(_add, layout, input, index, source, factor, of=input.dtype, axis=axis)


def _check_source(name: str, x: Tensor, axis: int, index: Tensor, source: Tensor) -> None:
    if index.ndim > 1:
        raise IndexError(
            f"{name}(): Index is supposed to be a vector, but got dim: {index.ndim} with type: "
            f"{promotion.SCALAR_NAMES[index.dtype]} and size: {list(index.shape)}"
        )
    if index.dtype not in bounds.INDICES:
        raise RuntimeError(
            f"{name}(): Expected dtype int32/int64 for index but got: "
            f"{promotion.SCALAR_NAMES[index.dtype]}"
        )
    _check_same_types(name, x, source)
    count, given = index._layout.numel, bounds.size_along(source, axis)
    if source.ndim and axis >= source.ndim:
        wrap_dim(axis, source.ndim)
    if count != given:
        raise RuntimeError(
            f"{name}(): Number of indices ({count}) should be equal to source.size(dim): ({given}),"
            f" for dim: {axis}"
        )
    if _without(x, axis) != _without(source, axis) or x.ndim != source.ndim:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {list(x.shape)} source.shape = {list(source.shape)}"
        )


def _check_same_types(name: str, x: Tensor, source: Tensor) -> None:
    if x.dtype is not source.dtype:
        names = [promotion.SCALAR_NAMES[each.dtype] for each in (x, source)]
        raise RuntimeError(
            f"{name}(): self ({names[0]}) and source ({names[1]}) must have the same scalar type"
        )


def _without(x: Tensor, axis: int) -> list[int]:
    """The sizes of the other dimensions."""
    return [n for d, n in enumerate(x.shape) if d != axis]


def _prepare_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Call:
    axis = wrap_dim(dim, input.ndim)
    _check_copied(input, axis, index, source)
    size = bounds.size_along(input, axis)
    text = f"index_copy_(): {_BEYOND.format(axis, size)}"
    bounds.check(index, size, text, error=IndexError)
    layout = contiguous(input._layout.shape)
    return _call(_copy, layout, input, index, source, of=input.dtype, axis=axis)


def _check_copied(x: Tensor, axis: int, index: Tensor, source: Tensor) -> None:
    count = index._layout.numel
    if index.ndim > 1:
        raise IndexError(f"index_copy_(): Index should have dimension 1 or 0 (got {index.ndim})")
    if not source.ndim and count != 1:
        raise IndexError(
            f"index_copy_(): When source is scalar, index should have one element (got {count})"
        )
    if source.ndim != x.ndim and source.ndim and x.ndim:
        raise IndexError(
            "index_copy_(): When source and destination are not scalars, their dimensionality must "
            f"match. Source dimensionality ({source.ndim}), destination dimensionality ({x.ndim})"
        )
    if index.dtype is not dtypes.int64:
        name = promotion.SCALAR_NAMES[index.dtype]
        raise RuntimeError(f"index_copy_(): Expected a long tensor for index, but got {name}")
    if x.dtype is not source.dtype:
        names = [promotion.SCALAR_NAMES[each.dtype] for each in (x, source)]
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{names[0]} and (source) {names[1]}"
        )
    _check_slices(x, axis, count, source)


def _check_slices(x: Tensor, axis: int, count: int, source: Tensor) -> None:
    own, other = (_without(each, axis) for each in (x, source))
    if own != other:
        sizes = [" ".join(map(str, each)) for each in (own, other)]
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination "
            f"slice shape: {sizes[0]} at dimension {axis} and source slice shape: {sizes[1]} at "
            "dimension 0."
        )
    if source.ndim and count != source.shape[axis]:
        raise IndexError(
            f"index_copy_(): Number of indices ({count}) should be equal to source.size(dim) "
            f"({source.shape[axis]})"
        )


def _prepare_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Call:
    axis = wrap_dim(dim, input.ndim)
    _check_filled(input, axis, index)
    given = filling(value, "index_fill_") if isinstance(value, Tensor) else value
    if isinstance(given, complex) and not input.dtype.is_complex:
        raise RuntimeError(
            "index_fill_(): Converting complex Scalar to non-complex type is not supported"
        )
    element = given if isinstance(given, Source) else as_element(given, input.dtype)
    layout = layouts.like(input._layout)
    return _call(_fill, layout, input, index, element, of=input.dtype, axis=axis)


def _check_filled(x: Tensor, axis: int, index: Tensor) -> None:
    if index.dtype is not dtypes.int64:
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    if index.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    size = bounds.size_along(x, axis)
    text = _BEYOND.format(axis, size)
    bounds.check(index, size, text, error=IndexError, negative=True)


_FILL = tuple(
    f"Tensor input, int dim, Tensor index, {given} value" for given in ("Tensor", "Number")
)


@taking("index_fill_", *map(of_method, _FILL), method=True)
def _index_fill_(self: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    call = _prepare_fill(self, dim, index, value)
    once = layouts.distinct(self._layout)
    if once == self._layout:
        return apply_in_place(call, self)
    warnings.warn(EXPANDED.format("index_fill_", "indices] = tensor"), stacklevel=3)
    axis = wrap_dim(dim, self.ndim)
    if once.shape[axis] != self._layout.shape[axis]:  # all of its indices mean one element
        index = index.reshape(-1)[:1] * 0
    target = wrap(self._storage, once, self._dtype)
    apply_in_place(_prepare_fill(target, dim, index, value), target)
    return self


_REDUCTIONS = ("prod", "mean", "amax", "amin")
#: torch's names for the kernels that some kinds of types have not.
_REFUSED = {
    ("mean", BOOL): "div_floor_cpu",
    ("amax", COMPLEX): "maximum_cpu",
    ("amin", COMPLEX): "minimum_cpu",
}


def _prepare_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, include_self: bool
) -> Call:
    if reduce not in _REDUCTIONS:
        raise RuntimeError(
            "index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got "
            f"{reduce}."
        )
    axis = wrap_dim(dim, input.ndim)
    _check_source("index_reduce_", input, axis, index, source)
    bounds.check(
        index, bounds.size_along(input, axis), "index out of range in self", error=IndexError
    )
    refused = _REFUSED.get((reduce, promotion.kind(input.dtype)))
    if refused is not None:
        raise promotion.not_implemented(refused, input.dtype)
    options = {"axis": axis, "reduce": reduce, "include_self": include_self}
    layout = contiguous(input._layout.shape)
    return _call(_reduce, layout, input, index, source, of=input.dtype, **options)


def _prepare_put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool) -> Call:
    name = promotion.SCALAR_NAMES[index.dtype]
    if index.dtype is not dtypes.int64:
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {name}")
    if input.dtype is not source.dtype:
        names = [promotion.SCALAR_NAMES[each.dtype] for each in (input, source)]
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{names[0]} and source.dtype = {names[1]}"
        )
    given, count = index._layout.numel, source._layout.numel
    if given != count:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {count}, index.numel() = {given}"
        )
    _check_put(input._layout.numel, index)
    how = "add" if accumulate else "set"
    return _call(_put, layouts.like(input._layout), input, index, source, of=input.dtype, how=how)


def _check_put(size: int, index: Tensor) -> None:
    if index._layout.numel and not size:
        raise IndexError("put_(): Tried to put elements into an empty tensor")
    text = f"out of range: tried to access index {{}} on a tensor of {size} elements."
    bounds.check(index, size, text, error=IndexError, negative=True)


_SLICES = "Tensor input, int dim, Tensor index, Tensor source"
index_add = define_writing(
    "index_add",
    _prepare_add,
    "The tensor with ``alpha * source`` added to the slices that an index names.",
    [f"{_SLICES}, *, Number alpha = 1, Tensor out = None"],
)
index_copy = define_writing(
    "index_copy",
    _prepare_copy,
    "The tensor with ``source`` put into the slices that an index names.",
    [f"{_SLICES}, *, Tensor out = None"],
)
index_reduce = define_writing(
    "index_reduce",
    _prepare_reduce,
    "The tensor with ``source`` reduced into the slices that an index names.",
    [f"{_SLICES}, str reduce, *, bool include_self = True, Tensor out = None"],
)
index_fill = define(
    Operation(
        "index_fill",
        _prepare_fill,
        "The tensor with one number in the slices that an index names.",
        signatures=_FILL,
    )
)
attach("index_fill_", _index_fill_, "Writes one number into the slices that an index names.")
put = define_writing(
    "put",
    _prepare_put,
    "The tensor with ``source`` put where an index names among all elements.",
    ["Tensor input, Tensor index, Tensor source, bool accumulate = False"],
)
