"""Where a tensor lies in memory, changed: sizes, strides and storages given anew."""

from typing import Any

from jaxnn.torch import formats, layouts, promotion, views
from jaxnn.torch.aliases import detached, mapped_as
from jaxnn.torch.formats import memory_format as MemoryFormat
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach, attach_property, offer
from jaxnn.torch.storage import Storage, from_array
from jaxnn.torch.tensor import Tensor, refresh, wrap
from jaxnn.torch.untyped_storage import UntypedStorage

_STRIDED = "tuple of ints size, tuple of ints stride, int? storage_offset = None"


def _lay(tensor: Tensor, storage: Storage, layout: Layout) -> Tensor:
    """Lay a tensor over a storage, which grows to hold it.

    Raises:
        RuntimeError: the storage cannot grow; nothing has changed then.
    """
    if layout.numel:
        storage.grow(layout.extent)
    tensor._storage, tensor._layout = storage, layout
    return tensor


def _held(tensor: Tensor, layout: Layout) -> Layout:
    """A layout, provided that the tensor's storage holds it.

    Raises:
        RuntimeError: it ends behind the storage's end.
    """
    if min(layout.shape, default=0) < 0:
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(layout.shape)} and "
            f"strides={list(layout.strides)}"
        )
    storage = tensor._storage
    if layout.numel and layout.extent > storage.size:
        raise RuntimeError(
            f"setStorage: sizes {list(layout.shape)}, strides {list(layout.strides)}, storage "
            f"offset {layout.offset}, and itemsize {tensor.itemsize} requiring a storage size of "
            f"{layout.extent * tensor.itemsize} are out of bounds for storage of size "
            f"{storage.nbytes}"
        )
    return layout


def _as_strided(
    input: Tensor,
    size: tuple[int, ...],
    stride: tuple[int, ...],
    storage_offset: int | None = None,
) -> Any:
    layout = views.as_strided(input._layout, size, stride, storage_offset)
    return wrap(input._storage, _held(input, layout), input._dtype)


as_strided = offer("as_strided", _as_strided, "The same memory by other strides.", _STRIDED)


@taking("as_strided_", _STRIDED, method=True)
def _as_strided_(
    self: Tensor,
    size: tuple[int, ...],
    stride: tuple[int, ...],
    storage_offset: int | None,
) -> Tensor:
    layout = views.as_strided(self._layout, size, stride, storage_offset)
    self._layout = _held(self, layout)
    return self


_FORMAT = "*, torch.memory_format? memory_format = None"


@taking("resize_", f"tuple of ints size, {_FORMAT}", method=True)
def _resize_(self: Tensor, size: tuple[int, ...], memory_format: MemoryFormat | None) -> Tensor:
    if min(size, default=0) < 0:
        raise RuntimeError("numel: integer multiplication overflow")
    if memory_format is None and size == self._layout.shape:
        return self
    if memory_format is formats.preserve_format:
        raise RuntimeError("Unsupported memory formatPreserve")
    layout = formats.layout_in(size, memory_format or formats.contiguous_format)
    return _lay(self, self._storage, layout._replace(offset=self._layout.offset))


@taking("resize_as_", f"Tensor the_template, {_FORMAT}", method=True)
def _resize_as_(self: Tensor, the_template: Tensor, memory_format: MemoryFormat | None) -> Tensor:
    given = the_template._layout
    self.resize_(given.shape)
    if memory_format is None:
        return self
    if memory_format is formats.preserve_format:
        memory_format = formats.suggested(given)
    layout = formats.layout_in(given.shape, memory_format)
    return _lay(self, self._storage, layout._replace(offset=self._layout.offset))


_PLACE = "int storage_offset, tuple of ints size, tuple of ints stride = None"


@taking(
    "set_",
    "",
    "torch.Storage source",
    f"torch.Storage source, {_PLACE}",
    "Tensor source",
    f"Tensor source, {_PLACE}",
    method=True,
)
def _set_(
    self: Tensor,
    source: Tensor | UntypedStorage | None = None,
    storage_offset: int = 0,
    size: tuple[int, ...] | None = None,
    stride: tuple[int, ...] | None = None,
) -> Tensor:
    storage, layout = _whole(self, source)
    storage = mapped_as(storage, self._storage)
    if size is None:
        return _lay(self, storage, layout)
    if storage_offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {storage_offset}")
    if min(size, default=0) < 0:
        raise RuntimeError("numel: integer multiplication overflow")
    strides = stride or layouts.contiguous(size).strides
    return _lay(self, storage, Layout(size, strides, storage_offset))


def _whole(self: Tensor, source: Tensor | UntypedStorage | None) -> tuple[Storage, Layout]:
    """The storage that `set_` is given, and what it lays over it if told no more."""
    if source is None:
        return Storage(from_array(self._dtype.numpy.type([]))), layouts.contiguous((0,))
    if isinstance(source, UntypedStorage):
        storage = source.as_type(self._dtype.numpy)
        return storage, layouts.contiguous((storage.size,))
    if source._dtype is not self._dtype:
        names = [promotion.C_NAMES[x._dtype] for x in (source, self)]
        raise RuntimeError(
            f"Could not set tensor of type {names[0]} to a tensor of type {names[1]}"
        )
    return source._storage, source._layout


def _detach_(self: Tensor) -> Tensor:
    self._storage = detached(self._storage)
    refresh(self)
    return self


def _data(self: Tensor) -> Tensor:
    return wrap(detached(self._storage), self._layout, self._dtype)


def _set_data(self: Tensor, value: Any) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
    self._storage, self._layout, self._dtype = value._storage, value._layout, value._dtype


def _untyped_storage(self: Tensor) -> UntypedStorage:
    return UntypedStorage(self._storage.origin)


@taking("is_set_to", "Tensor tensor", method=True)
def _is_set_to(self: Tensor, tensor: Tensor) -> bool:
    return self._layout == tensor._layout and self._storage.shows_as(tensor._storage)


attach("as_strided_", _as_strided_, "The same memory by other strides, in this tensor.")
attach("resize_", _resize_, "Another size over the same storage, which grows if it must.")
attach("resize_as_", _resize_as_, "Another tensor's size, over the same storage.")
attach("set_", _set_, "Another storage, or another place in it.")
attach("detach_", _detach_, "The tensor itself, from now on constant to derivatives.")
attach("untyped_storage", _untyped_storage, "The memory that all views of the tensor share.")
attach("is_set_to", _is_set_to, "Whether another tensor is the same view of the same memory.")

attach_property("data", _data, "The same elements in a tensor of their own.", _set_data)
attach_property("layout", lambda self: formats.strided, "How elements are stored: by strides.")
