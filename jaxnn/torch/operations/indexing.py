"""Square brackets: reading and assigning through views and index tensors."""

from typing import Any

import numpy as np

from jaxnn.torch import layout as layouts
from jaxnn.torch import pieces, promotion, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations import indices
from jaxnn.torch.operations.arguments import operand
from jaxnn.torch.operations.call import Call, Result, apply, apply_in_place
from jaxnn.torch.operations.casting import cast
from jaxnn.torch.operations.conversion import tensor
from jaxnn.torch.operations.filling import copy, fill
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


def _places(index: tuple[Array | None, ...]) -> tuple[Any, ...]:
    return tuple(slice(None) if each is None else each for each in index)


def _pick(x: Array, *tensors: Array, dims: tuple[bool, ...]) -> Array:
    return x[_places(_spread(tensors, dims))]


def _put(x: Array, value: Array, *tensors: Array, dims: tuple[bool, ...]) -> Array:
    return x.at[_places(_spread(tensors, dims))].set(value)


def _add(x: Array, value: Array, *tensors: Array, dims: tuple[bool, ...]) -> Array:
    return x.at[_places(_spread(tensors, dims))].add(value)


def _spread(tensors: tuple[Array, ...], dims: tuple[bool, ...]) -> tuple[Array | None, ...]:
    """The index tensors, each in its dimension's place."""
    rest = iter(tensors)
    return tuple(next(rest) if indexed else None for indexed in dims)


def _index_sources(index: indices.Indexed) -> tuple[tuple[Source, ...], tuple[bool, ...]]:
    """The index tensors expanded to one shape, and which dimensions they are for."""
    tensors = [t for t in index.tensors if t is not None]
    try:
        shape = layouts.broadcast_shapes(*(t._layout.shape for t in tensors))
    except RuntimeError:
        shapes = ", ".join(str(list(t.shape)) for t in tensors)
        raise IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        ) from None
    sources = tuple(Source(t._storage, views.expand(t._layout, shape)) for t in tensors)
    return sources, tuple(t is not None for t in index.tensors)


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
    found = indices.parse(self._layout, index)
    if not any(t is not None for t in found.tensors):
        return wrap(self._storage, found.layout, self._dtype)
    sources, dims = _index_sources(found)
    layout = _picked_layout(found.layout, sources[0].layout.shape, dims)
    operands = (Source(self._storage, found.layout), *sources)
    result = Result(layout, self._dtype)
    return apply(Call(_pick, operands, (result,), None, (("dims", dims),)))


def _setitem(self: Tensor, index: Any, value: Any) -> None:
    found = indices.parse(self._layout, index)
    target = wrap(self._storage, found.layout, self._dtype)
    given = None if isinstance(value, np.ndarray) else operand(value)
    if given is None:
        raise TypeError(f"can't assign a {_kind(value)} to a torch.{_class_name(self)}")
    if all(t is None for t in found.tensors):
        _assign(target, given)
    else:
        put(target, found, given, _put)


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


def put(target: Tensor, index: indices.Indexed, value: Any, function: Any) -> None:
    """Write into the elements that index tensors select."""
    sources, dims = _index_sources(index)
    shape = _picked_layout(target._layout, sources[0].layout.shape, dims).shape
    if not isinstance(value, Tensor):
        value = tensor(value, dtype=target._dtype)
    if value._dtype is not target._dtype:
        if value.ndim or not index.masked:
            names = [promotion.SCALAR_NAMES[x._dtype] for x in (target, value)]
            raise RuntimeError(
                "Index put requires the source and destination dtypes match, "
                f"got {names[0]} for the destination and {names[1]} for the source."
            )
        value = cast(value, target._dtype)
    layout = value._layout
    while layout.ndim > len(shape) and layout.shape[0] == 1:
        layout = pieces.select(layout, 0, 0)
    layout = _expanded_value(layout, shape)
    own = Source(target._storage, target._layout)
    result = Result(target._layout, target._dtype)
    value_source = Source(value._storage, layout)
    call = Call(function, (own, value_source, *sources), (result,), None, (("dims", dims),))
    apply_in_place(call, target)


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
