"""Views of the same elements in another shape, and copies where strides allow no view."""

from collections.abc import Sequence
from typing import Any

from jaxnn.torch import layouts, views
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.signatures import Signature, bind
from jaxnn.torch.operations.definition.viewing import View, copy, define, offer
from jaxnn.torch.operations.views.reinterpreting import view_as_type
from jaxnn.torch.tensor import Tensor, wrap


def _squeeze(layout: Layout, dim: int | Sequence[int] | None = None) -> Layout:
    return views.squeeze(layout, [dim] if isinstance(dim, int) else dim)


squeeze = define(
    "squeeze",
    _squeeze,
    "Dimensions of size 1 left out: all, or those named.",
    *("", "int dim", "tuple of ints dim"),
    twin=True,
)
unsqueeze = define(
    "unsqueeze", views.unsqueeze, "A dimension of size 1 put in.", "int dim", twin=True
)
unflatten = define(
    "unflatten",
    views.unflatten,
    "One dimension split into several.",
    "int dim, tuple of ints sizes",
)


def _view(input: Tensor, size: tuple[int, ...] | None = None, dtype: DType | None = None) -> Any:
    if dtype is not None:
        return view_as_type(input, dtype)
    assert size is not None  # by the signatures it is one or the other
    return wrap(input._storage, views.view(input._layout, size), input._dtype)


def _view_place(layout: Layout, size: tuple[int, ...]) -> Layout:
    return views.view(layout, size)


def _view_as(input: Tensor, other: Tensor) -> Any:
    return _view(input, other._layout.shape)


def _reshape(input: Tensor, shape: tuple[int, ...]) -> Any:
    layout = views.try_view(input._layout, shape)
    if layout is not None:
        return wrap(input._storage, layout, input._dtype)
    layout = layouts.contiguous(views.infer_shape(shape, input._layout.numel))
    return wrap(copy(input, layouts.contiguous(input.shape))._storage, layout, input._dtype)


def _view_or_copy(
    input: Tensor, size: tuple[int, ...] | None = None, dtype: DType | None = None
) -> Any:
    return _view(input, dtype=dtype) if size is None else _reshape(input, size)


def _reshape_place(layout: Layout, shape: tuple[int, ...]) -> Layout | None:
    return views.try_view(layout, shape)


def _reshape_as(input: Tensor, other: Tensor) -> Any:
    return _reshape(input, other._layout.shape)


def _flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Any:
    shape = views.flatten_shape(input._layout, start_dim, end_dim)
    return input if shape == input._layout.shape else _reshape(input, shape)


def _flatten_place(layout: Layout, start_dim: int, end_dim: int) -> Layout | None:
    shape = views.flatten_shape(layout, start_dim, end_dim)
    return None if shape == layout.shape else views.try_view(layout, shape)


def _ravel(input: Tensor) -> Any:
    return _reshape(_contiguous(input), (-1,))


def _contiguous(input: Tensor) -> Any:
    if layouts.is_contiguous(input._layout):
        return input
    return copy(input, layouts.contiguous(input._layout.shape))


def _expand(input: Tensor, size: tuple[int, ...], implicit: bool = False) -> Any:
    layout = views.expand(input._layout, size, input.type())
    return wrap(input._storage, layout, input._dtype)


def _expand_place(layout: Layout, size: tuple[int, ...], implicit: bool = False) -> Layout:
    return views.expand(layout, size)


def _expand_as(input: Tensor, other: Tensor) -> Any:
    return _expand(input, other._layout.shape)


view = offer(
    "view",
    _view,
    "Another shape over the same elements in the same order, or their bytes as another type.",
    *("torch.dtype dtype", "tuple of ints size"),
    function=False,
    place=_view_place,
)
#: What ``view_copy`` copies: unlike `view`, it takes any strides.
VIEW_OR_COPY = View("view", _view_or_copy, ("torch.dtype dtype", "tuple of ints size"))
view_as = offer("view_as", _view_as, "`view` in another's shape.", "Tensor other", function=False)
reshape = offer(
    "reshape",
    _reshape,
    "`view` where strides allow it, else a copy of that shape.",
    "tuple of ints shape",
    place=_reshape_place,
)
reshape_as = offer(
    "reshape_as", _reshape_as, "`reshape` to another's shape.", "Tensor other", function=False
)
flatten = offer(
    "flatten",
    _flatten,
    "Consecutive dimensions made one.",
    "int start_dim = 0, int end_dim = -1",
    place=_flatten_place,
)
ravel = offer("ravel", _ravel, "All dimensions made one.", "")
expand = offer(
    "expand",
    _expand,
    "Dimensions of size 1 repeated, without memory.",
    "tuple of ints size, *, bool implicit = False",
    function=False,
    place=_expand_place,
)
expand_as = offer(
    "expand_as", _expand_as, "`expand` to another's shape.", "Tensor other", function=False
)
broadcast_to = offer(
    "broadcast_to",
    _expand,
    "Dimensions of size 1 repeated, without memory.",
    "tuple of ints size",
    place=_expand_place,
)


def _tensors(function: str, given: Sequence[Any]) -> list[Tensor]:
    for place, each in enumerate(given):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument 0, but got {type(each).__name__}"
            )
    return list(given)


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Tensors expanded to their common shape, without memory.

    Source: ``torch.broadcast_tensors``.
    """
    given = _tensors("broadcast_tensors", tensors)
    shape = layouts.broadcast_shapes(*(each._layout.shape for each in given))
    return tuple(_expand(each, shape) for each in given)


def _at_least(ndim: int) -> Any:
    name = f"atleast_{ndim}d"
    forms = (Signature("Tensor input"), Signature("tuple of Tensors tensors"))

    def one(x: Tensor) -> Any:
        layout = views.at_least(x._layout, ndim)
        return x if layout is x._layout else wrap(x._storage, layout, x._dtype)

    def function(*tensors: Any) -> Any:
        if len(tensors) != 1:
            return tuple(map(one, _tensors(name, tensors)))
        found = bind(name, forms, tensors, {})
        if "input" in found:
            return one(found["input"])
        return tuple(map(one, _tensors(name, found["tensors"])))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Tensors with at least so many dimensions.\n\nSource: ``torch.{name}``."
    return function


atleast_1d, atleast_2d, atleast_3d = map(_at_least, (1, 2, 3))
