"""Views: tensors that share storage with their base, one row for each way to look at it."""

import warnings
from collections.abc import Callable
from typing import Any

from jaxnn.torch import kernels, pieces, views
from jaxnn.torch import layout as layouts
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Source
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations.arguments import missing, require_tensor, sizes, taking
from jaxnn.torch.operations.call import Call, Result, apply, resize
from jaxnn.torch.tensor import Tensor, wrap

#: Every view operation by name: what `define` makes faces of.
VIEWS: dict[str, Callable[..., Any]] = {}


def define(
    name: str, place: Callable[..., Any], doc: str, *, twin: bool = False, function: bool = True
) -> Callable[..., Any]:
    """Build a view operation from ``place``, which makes a layout (or several) from a layout."""
    place = VIEWS[name] = taking(name, place)

    def face(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        x = require_tensor(input, name, "input", 1)
        found = place(x._layout, *args, **kwargs)
        if isinstance(found, Layout):
            return wrap(x._storage, found, x._dtype)
        return tuple(wrap(x._storage, each, x._dtype) for each in found)

    def in_place(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        self._layout = place(self._layout, *args, **kwargs)
        return self

    return attach(name, face, doc, in_place if twin else None)


def attach(
    name: str, face: Callable[..., Any], doc: str, twin: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Name a method, attach it to `Tensor` with its in-place twin, and return it."""
    faces = {name: face} if twin is None else {name: face, name + "_": twin}
    for each, method in faces.items():
        method.__name__ = method.__qualname__ = each
        method.__module__ = "jaxnn.torch"
        method.__doc__ = f"{doc}\n\nSource: ``torch.Tensor.{each}``."
        setattr(Tensor, each, method)
    return face


def copy(tensor: Tensor, layout: Layout) -> Any:
    """A new tensor of the same elements, in memory as ``layout`` says."""
    source = Source(tensor._storage, tensor._layout)
    return apply(Call(kernels.identity, (source,), (Result(layout, tensor._dtype),)))


def _permute(layout: Layout, *dims: Any) -> Layout:
    return views.permute(layout, sizes(dims, "permute", "dims", 2))


def _expand(self: Tensor, *size: Any) -> Any:
    layout = views.expand(self._layout, sizes(size, "expand"), self.type())
    return wrap(self._storage, layout, self._dtype)


def _squeeze(layout: Layout, dim: Any = None) -> Layout:
    return views.squeeze(layout, [dim] if isinstance(dim, int) else dim)


def _movedim(layout: Layout, source: Any, destination: Any) -> Layout:
    if isinstance(source, int):
        source, destination = [source], [destination]
    return views.movedim(layout, source, destination)


def _unflatten(layout: Layout, dim: int, sizes: Any) -> Layout:
    return views.unflatten(layout, dim, tuple(sizes))


def _split(layout: Layout, split_size: Any, dim: int = 0) -> list[Layout]:
    if isinstance(split_size, int):
        return pieces.split(layout, split_size, dim)
    return pieces.split_with_sizes(layout, tuple(split_size), dim)


def _diagonal(layout: Layout, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Layout:
    return pieces.diagonal(layout, offset, dim1, dim2)


def _as_strided(
    layout: Layout, size: Any, stride: Any, storage_offset: int | None = None
) -> Layout:
    return Layout(
        tuple(size), tuple(stride), layout.offset if storage_offset is None else storage_offset
    )


transpose = define("transpose", views.transpose, "Two dimensions exchanged.", twin=True)
swapaxes = define("swapaxes", views.transpose, "Two dimensions exchanged.", twin=True)
swapdims = define("swapdims", views.transpose, "Two dimensions exchanged.", twin=True)
t = define("t", views.t, "A matrix transposed; a vector as it is.", twin=True)
permute = define("permute", _permute, "The dimensions in another order.")
movedim = define("movedim", _movedim, "Dimensions moved to other places.")
squeeze = define(
    "squeeze", _squeeze, "Dimensions of size 1 left out: all, or those named.", twin=True
)
unsqueeze = define("unsqueeze", views.unsqueeze, "A dimension of size 1 put in.", twin=True)
narrow = define("narrow", pieces.narrow, "Some consecutive indices of one dimension.")
select = define("select", pieces.select, "One index of one dimension, which goes.")
diagonal = define("diagonal", _diagonal, "The diagonal of two dimensions, as a last dimension.")
unflatten = define("unflatten", _unflatten, "One dimension split into several.")
chunk = define("chunk", pieces.chunk, "At most so many pieces of one length.")
split = define("split", _split, "Consecutive pieces of one length, or of given lengths.")
unbind = define("unbind", pieces.unbind, "Every index of one dimension on its own.")
as_strided = define("as_strided", _as_strided, "The same memory by other strides.", twin=True)


def _view(self: Tensor, *args: Any) -> Any:
    if len(args) == 1 and isinstance(args[0], DType):
        return _view_as_type(self, args[0])
    try:
        shape = sizes(args, "view")
    except TypeError:
        given = ", ".join(type(arg).__name__ for arg in args)
        invalid = (
            f"      didn't match because some of the arguments have invalid types: (!{given}!)\n"
        )
        raise TypeError(
            f"view() received an invalid combination of arguments - got ({given}), but expected "
            f"one of:\n * (torch.dtype dtype)\n{invalid} * (tuple of ints size)\n{invalid}"
        ) from None
    return wrap(self._storage, views.view(self._layout, shape), self._dtype)


def _view_as_type(self: Tensor, dtype: DType) -> Any:
    if dtype is self._dtype:
        return wrap(self._storage, self._layout, dtype)
    raise NotImplementedError(
        "jaxnn.torch has no Tensor.view(dtype) that reads the same bytes as another type. "
        "On arrays it is jax.Array.view: jnp.asarray(tensor).view(dtype.numpy)"
    )


def _reshape(input: Tensor, *shape: Any) -> Any:
    x = require_tensor(input, "reshape", "input", 1)
    if not shape:
        raise missing("reshape", "shape")
    return _reshaped(x, sizes(shape, "reshape", "shape"))


def _reshaped(x: Tensor, shape: tuple[int, ...]) -> Any:
    layout = views.try_view(x._layout, shape)
    if layout is not None:
        return wrap(x._storage, layout, x._dtype)
    layout = layouts.contiguous(views.infer_shape(shape, x._layout.numel))
    return wrap(copy(x, layouts.contiguous(x.shape))._storage, layout, x._dtype)


def _flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Any:
    x = require_tensor(input, "flatten", "input", 1)
    shape = views.flatten_shape(x._layout, start_dim, end_dim)
    return x if shape == x._layout.shape else _reshaped(x, shape)


def _ravel(input: Tensor) -> Any:
    return _flatten(input)


def _resize(self: Tensor, *size: Any) -> Tensor:
    shape = sizes(size, "resize_")
    for n in shape:
        if n < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {n}: {list(shape)}"
            )
    if shape != self._layout.shape:
        resize(self, shape)
    return self


def _contiguous(self: Tensor) -> Any:
    if layouts.is_contiguous(self._layout):
        return self
    return copy(self, layouts.contiguous(self._layout.shape))


def _clone(input: Tensor) -> Any:
    x = require_tensor(input, "clone", "input", 1)
    return copy(x, layouts.like(x._layout))


def _detach(input: Tensor) -> Any:
    return wrap(input._storage, input._layout, input._dtype)


def _view_as(self: Tensor, other: Tensor) -> Any:
    return _view(self, other.shape)


def _reshape_as(self: Tensor, other: Tensor) -> Any:
    return _reshaped(self, other._layout.shape)


def _expand_as(self: Tensor, other: Tensor) -> Any:
    return wrap(self._storage, views.expand(self._layout, other._layout.shape), self._dtype)


expand = attach("expand", _expand, "Dimensions of size 1 repeated, without memory.")
view = attach("view", _view, "Another shape over the same elements in the same order.")
reshape = attach("reshape", _reshape, "`view` where strides allow it, else a copy of that shape.")
flatten = attach("flatten", _flatten, "Consecutive dimensions made one.")
ravel = attach("ravel", _ravel, "All dimensions made one.")
resize_ = attach("resize_", _resize, "Another size over the same storage, which grows if it must.")
contiguous = attach("contiguous", _contiguous, "The tensor itself if contiguous, else such a copy.")
clone = attach("clone", _clone, "A copy, in the same order in memory.")
detach = attach("detach", _detach, "The same elements in a tensor of their own.")
view_as = attach("view_as", _view_as, "`view` in another tensor's shape.")
reshape_as = attach("reshape_as", _reshape_as, "`reshape` to another tensor's shape.")
expand_as = attach("expand_as", _expand_as, "`expand` to another tensor's shape.")


def _reversed(self: Tensor) -> Any:
    if self.ndim not in (0, 2):
        warnings.warn(
            "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is "
            "deprecated and it will throw an error in a future release. Consider `x.mT` to "
            "transpose batches of matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to "
            "reverse the dimensions of a tensor.",
            stacklevel=2,
        )
    return wrap(self._storage, views.reverse_dims(self._layout), self._dtype)


def _matrix_transposed(self: Tensor) -> Any:
    return wrap(self._storage, views.matrix_transpose(self._layout), self._dtype)


for _name, _place in {"T": _reversed, "mT": _matrix_transposed, "data": _detach}.items():
    setattr(Tensor, _name, property(_place))
