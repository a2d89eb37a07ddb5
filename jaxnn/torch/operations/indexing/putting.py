"""Writes into the elements that index tensors select: ``index_put_`` and what brackets assign."""

import functools
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from jaxnn.torch import layouts, promotion, views
from jaxnn.torch.host import hosted
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.call import Call, Result, apply_in_place, check_shared, write
from jaxnn.torch.operations.definition.declaration import of_method
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.operations.indexing import advanced
from jaxnn.torch.operations.indexing.advanced import Places
from jaxnn.torch.operations.indexing.indices import MASKS
from jaxnn.torch.operations.indexing.masking import EXPANDED, fill_masked
from jaxnn.torch.operations.indexing.placing import into, library, spread
from jaxnn.torch.size import type_name
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


@hosted
def _put(
    x: Array, value: Array, *tensors: Array, dims: tuple[bool, ...], how: str = "set"
) -> Array:
    return into(x, spread(tensors, dims), value, how)


def put_at(
    target: Tensor, parts: Sequence[Tensor | None], value: Tensor, accumulate: bool, stacklevel: int
) -> None:
    """Write into the elements that index tensors select."""
    advanced.check_count(target._layout, parts)
    expanded = layouts.overlaps_itself(target._layout)
    if expanded:
        warnings.warn(EXPANDED.format("index_put_", "indices] = tensor"), stacklevel=stacklevel)
    if not accumulate and value._layout.numel == 1:
        mask = _only_mask(target._layout, parts)
        if mask is not None:
            fill_masked(target, mask, value.reshape(()), stacklevel + 1)
            return
    given = [Source(x._storage, x._layout) for x in (value, *parts) if x is not None]
    check_shared(target, given, layouts.overlap)
    places, sources = advanced.select(target._layout, parts)
    source = _given(target, value, places)
    advanced.check_bounds(places, sources)
    how = "add" if accumulate else "set"
    if not places.layout.numel:
        return
    if expanded:
        _write_memory(target, (source, *sources), places, how)
        return
    options = (("dims", places.dims), ("how", how))
    own = Source(target._storage, target._layout)
    operands = (own, *_in_order((source, *sources), places))
    result = Result(target._layout, target._dtype)
    apply_in_place(Call(_put, operands, (result,), None, options), target)


def _only_mask(layout: Layout, parts: Sequence[Tensor | None]) -> Tensor | None:
    """The mask of the tensor's number of dimensions that an index without other tensors is."""
    given = [(dim, part) for dim, part in enumerate(parts) if part is not None]
    if len(given) != 1 or given[0][1].dtype not in MASKS:
        return None
    [(before, mask)] = given
    advanced.check_mask(layout, mask, before)
    return mask[(..., *(None,) * (layout.ndim - before - mask.ndim))]


def _given(target: Tensor, value: Tensor, places: Places) -> Source:
    """The value, expanded to the shape of what is written to."""
    shape = places.layout.shape
    try:
        layout = views.expand(value._layout, shape)
    except RuntimeError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(value.shape)} cannot be broadcast to "
            f"indexing result of shape {list(shape)}"
        ) from None
    if value._dtype is not target._dtype:
        names = [promotion.SCALAR_NAMES[x._dtype] for x in (target, value)]
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, "
            f"got {names[0]} for the destination and {names[1]} for the source."
        )
    return Source(value._storage, layout, value._layout)


def _in_order(sources: tuple[Source, ...], places: Places) -> tuple[Source, ...]:
    """Value and index tensors with the dimensions of the index in the order of torch's writing."""
    found = _permuted(tuple(each.layout for each in sources), places)
    return tuple(each._replace(layout=to) for each, to in zip(sources, found, strict=True))


@functools.lru_cache(maxsize=4096)
def _permuted(given: tuple[Layout, ...], places: Places) -> tuple[Layout, ...]:
    value, *indices = given
    order = _order(value, places)
    middle = range(places.before, places.before + len(places.index_shape))
    inner = [d - places.before for d in order if d in middle]
    outer = [*range(places.before), *(d for d in order if d in middle)]
    outer += range(middle.stop, places.layout.ndim)
    return (views.permute(value, outer), *(views.permute(each, inner) for each in indices))


def _order(value: Layout, places: Places) -> tuple[int, ...]:
    operands = [places.layout, value, *places.spread]
    return layouts.memory_order(places.layout.shape, [each.strides for each in operands])


def _write_memory(target: Tensor, sources: tuple[Source, ...], places: Places, how: str) -> None:
    """Write where several indices of the target mean one element, in the order of torch."""
    flat = layouts.contiguous((target._storage.size,))
    options = (
        ("dims", places.dims),
        ("how", how),
        ("layout", target._layout),
        ("order", _order(sources[0].layout, places)),
    )
    operands = (Source(target._storage, flat), *sources)
    call = Call(_put_in_memory, operands, (Result(flat, target._dtype),), None, options)
    write(call, wrap(target._storage, flat, target._dtype))


@hosted
def _put_in_memory(
    flat: Array,
    value: Array,
    *tensors: Array,
    dims: tuple[bool, ...],
    how: str,
    layout: Layout,
    order: tuple[int, ...],
) -> Array:
    grid = np.indices(layout.shape, sparse=True)
    addresses = layout.offset + sum(n * s for n, s in zip(grid, layout.strides, strict=True))
    chosen = library(flat).asarray(addresses)[spread(tensors, dims)]
    flattened = (each.transpose(order).reshape(-1) for each in (chosen, value))
    return into(flat, (next(flattened),), next(flattened), how)


_INDEX_PUT = "Tensor input, tuple of Tensors indices, Tensor values, bool accumulate = False"


@taking("index_put_", _INDEX_PUT)
def index_put_(
    input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool
) -> Tensor:
    """Write values into the elements that index tensors select, or add them there.

    Source: ``torch.index_put_``.
    """
    return _index_put_(input, indices, values, accumulate, place=1)


@taking("index_put_", of_method(_INDEX_PUT), method=True)
def _twin(self: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool) -> Tensor:
    return _index_put_(self, indices, values, accumulate, place=0)


def _index_put_(
    x: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool, place: int
) -> Tensor:
    for i, each in enumerate(indices):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensor as element {i} in argument {place}, but got {type_name(each)}"
            )
    put_at(x, indices, values, accumulate, stacklevel=5)
    return x


def _index_put(input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool) -> Any:
    return _index_put_(input.clone(), indices, values, accumulate, place=1)


index_put = define(
    Operation(
        "index_put",
        _index_put,
        "``input`` with values written where index tensors select, or added there.",
        signatures=(_INDEX_PUT,),
    )
)
attach("index_put_", _twin, "Writes values where index tensors select, or adds them there.")
