"""Square brackets: reading and assigning through views and index tensors."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from jaxnn.torch import layout as layouts
from jaxnn.torch import pieces, promotion, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations import indices
from jaxnn.torch.operations.arguments import operand
from jaxnn.torch.operations.call import Call, Result, apply, apply_in_place, check_shared
from jaxnn.torch.operations.conversion import tensor
from jaxnn.torch.operations.filling import copy, fill
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap

_EXPANDED = (
    "Use of index_put_ on expanded tensors is deprecated. Please clone() the tensor before "
    "performing this operation. This also applies to advanced indexing e.g. "
    "tensor[indices] = tensor"
)
_EXPANDED_MASKED = (
    "Use of masked_fill_ on expanded tensors is deprecated. Please clone() the tensor before "
    "performing this operation. This also applies to advanced indexing e.g. tensor[mask] = scalar"
)


def _places(index: tuple[Array | None, ...]) -> tuple[Any, ...]:
    return tuple(slice(None) if each is None else each for each in index)


def _pick(x: Array, *tensors: Array, dims: tuple[bool, ...]) -> Array:
    return x[_places(_spread(tensors, dims))]


def _put(x: Array, value: Array, *tensors: Array, dims: tuple[bool, ...]) -> Array:
    return x.at[_places(_spread(tensors, dims))].set(value)


def _spread(tensors: tuple[Array, ...], dims: tuple[bool, ...]) -> tuple[Array | None, ...]:
    """The index tensors, each in its dimension's place."""
    rest = iter(tensors)
    return tuple(next(rest) if indexed else None for indexed in dims)


def _index_sources(tensors: Sequence[Tensor | None]) -> tuple[Source, ...]:
    """The index tensors expanded to one shape."""
    given = [t for t in tensors if t is not None]
    try:
        shape = layouts.broadcast_shapes(*(t._layout.shape for t in given))
    except RuntimeError:
        shapes = ", ".join(str(list(t.shape)) for t in given)
        raise IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        ) from None
    return tuple(Source(t._storage, views.expand(t._layout, shape), t._layout) for t in given)


def _picked_layout(view: Layout, index_shape: tuple[int, ...], dims: tuple[bool, ...]) -> Layout:
    """Where indexed dimensions are neighbours the index stands in their place, else in front.

    torch gathers with the index in front and leaves the rest in its order in memory.
    """
    indexed = [d for d, given in enumerate(dims) if given]
    rest = [d for d, given in enumerate(dims) if not given]
    neighbours = indexed == list(range(indexed[0], indexed[-1] + 1))
    before = [d for d in rest if d < indexed[0]] if neighbours else []
    after = [d for d in rest if d not in before]
    shape = (
        *(view.shape[d] for d in before),
        *index_shape,
        *(view.shape[d] for d in after),
    )
    return layouts.contiguous(shape)


def _getitem(self: Tensor, index: Any) -> Any:
    view, parts = found = indices.parse(self._layout, index)
    if not parts:
        return wrap(self._storage, view, self._dtype)
    tensors = found.tensors()
    sources, dims = _index_sources(tensors), tuple(t is not None for t in tensors)
    shape = sources[0].layout.shape
    indices.check_places(view, tensors, shape)
    result = Result(_picked_layout(view, shape, dims), self._dtype)
    operands = (Source(self._storage, view), *sources)
    return apply(Call(_pick, operands, (result,), None, (("dims", dims),)))


def _setitem(self: Tensor, index: Any, value: Any) -> None:
    found = indices.parse(self._layout, index)
    target = wrap(self._storage, found.layout, self._dtype)
    given = None if isinstance(value, np.ndarray) else operand(value)
    if given is None:
        raise TypeError(f"can't assign a {_kind(value)} to a torch.{_class_name(self)}")
    if not found.parts:
        _assign(target, given)
        return
    if not isinstance(given, Tensor):
        given = tensor(given, dtype=target._dtype)
    if layouts.overlaps_itself(target._layout):
        warnings.warn(_EXPANDED, stacklevel=2)
    if found.mask is not None and given._layout.numel == 1:
        _fill_masked(target, *found.mask, given.reshape(()))
    else:
        _put_at(target, found, given)


def _fill_masked(target: Tensor, dim: int, mask: Tensor, value: Tensor) -> None:
    """Write one number where a mask, which begins at a dimension, holds: of a known shape."""
    behind = target.ndim - dim - mask.ndim
    mask = mask[(..., *(None,) * behind)]
    if layouts.overlaps_itself(target._layout):
        warnings.warn(_EXPANDED_MASKED, stacklevel=3)
        # Elements that several indices mean are written where the mask holds for any of them.
        once = layouts.distinct(target._layout)
        mask = mask.expand(target.shape)
        for d, (n, m) in enumerate(zip(once.shape, target.shape, strict=True)):
            mask = mask.any(d, keepdim=True) if n != m else mask
        target = wrap(target._storage, once, target._dtype)
    target.masked_fill_(mask, value)


def _kind(value: Any) -> str:
    return "numpy.ndarray" if isinstance(value, np.ndarray) else type(value).__name__


def _class_name(x: Tensor) -> str:
    return x.type().removeprefix("torch.")


def _assign(target: Tensor, value: Any) -> None:
    if not isinstance(value, Tensor):
        fill(target, value)
        return
    # Leading dimensions of size 1 that the target has not are no obstacle.
    layout = value._layout
    while layout.ndim > target.ndim and layout.shape[0] == 1:
        layout = pieces.select(layout, 0, 0)
    copy(target, wrap(value._storage, layout, value._dtype))


def _put_at(target: Tensor, index: indices.Indexed, value: Tensor) -> None:
    """Write into the elements that index tensors select."""
    tensors = index.tensors()
    sources, dims = _index_sources(tensors), tuple(t is not None for t in tensors)
    shape = _picked_layout(target._layout, sources[0].layout.shape, dims).shape
    if value._dtype is not target._dtype:
        names = [promotion.SCALAR_NAMES[x._dtype] for x in (target, value)]
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, "
            f"got {names[0]} for the destination and {names[1]} for the source."
        )
    layout = value._layout
    while layout.ndim > len(shape) and layout.shape[0] == 1:
        layout = pieces.select(layout, 0, 0)
    given = Source(value._storage, _expanded_value(layout, shape), value._layout)
    check_shared(target, (given, *sources), layouts.overlap)
    indices.check_places(target._layout, tensors, sources[0].layout.shape)
    if layouts.overlaps_itself(target._layout):
        target, given, sources = _once(target, given, sources, dims)
    own = Source(target._storage, target._layout)
    result = Result(target._layout, target._dtype)
    call = Call(_put, (own, given, *sources), (result,), None, (("dims", dims),))
    apply_in_place(call, target)


def _once(
    target: Tensor, value: Source, sources: Sequence[Source], dims: tuple[bool, ...]
) -> tuple[Tensor, Source, tuple[Source, ...]]:
    """The same writing with one index left of each expanded dimension, where the last one wins."""
    once = layouts.distinct(target._layout)
    repeated = [n != m for n, m in zip(once.shape, target._layout.shape, strict=True)]
    index_shape = sources[0].layout.shape
    first = tensor(0)
    zero = Source(first._storage, views.expand(first._layout, index_shape))
    indexed = [repeat for repeat, given in zip(repeated, dims, strict=True) if given]
    kept = tuple(zero if repeat else s for s, repeat in zip(sources, indexed, strict=True))
    # Numbers of the target's dimensions, seen as sizes, show where the value has which of them.
    numbered = once._replace(shape=tuple(range(once.ndim)))
    places = _picked_layout(numbered, (once.ndim,) * len(index_shape), dims).shape
    layout = value.layout
    for place, d in enumerate(places):
        if d < once.ndim and repeated[d]:
            layout = pieces.narrow(layout, place, layout.shape[place] - 1, 1)
    return wrap(target._storage, once, target._dtype), value._replace(layout=layout), kept


def _expanded_value(layout: Layout, shape: tuple[int, ...]) -> Layout:
    try:
        return views.expand(layout, shape)
    except RuntimeError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(layout.shape)} cannot be broadcast to "
            f"indexing result of shape {list(shape)}"
        ) from None


Tensor.__getitem__ = _getitem
Tensor.__setitem__ = _setitem
