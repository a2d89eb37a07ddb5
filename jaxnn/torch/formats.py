"""torch's memory formats: in which order a new tensor's dimensions lie in memory.

`memory_format` is what a user names; `layout_in` is the layout that it means for a shape, and
`layout_of_copy` for a copy of a tensor.
"""

from collections.abc import Sequence
from typing import Any, Self

from jaxnn.torch import layouts
from jaxnn.torch.layouts import Layout


class _Constant:
    """One of a closed set of torch's names."""

    __slots__ = ("_name",)

    _name: str

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        raise TypeError(f"cannot create 'torch.{cls.__name__}' instances")

    def __repr__(self) -> str:
        return f"torch.{self._name}"

    def __reduce__(self) -> str:
        return self._name


class memory_format(_Constant):  # noqa: N801 - torch's name
    """An order of dimensions in memory; the four below are all there are.

    Source: ``torch.memory_format``.

    >>> channels_last
    torch.channels_last
    """

    __slots__ = ()
    __module__ = "jaxnn.torch"


class layout(_Constant):  # noqa: N801 - torch's name
    """How elements are stored at all: here always by strides.

    Source: ``torch.layout``.

    >>> strided
    torch.strided
    """

    __slots__ = ()
    __module__ = "jaxnn.torch"


def _make(kind: type[Any], name: str) -> Any:
    made = object.__new__(kind)
    made._name = name
    return made


contiguous_format: memory_format = _make(memory_format, "contiguous_format")
channels_last: memory_format = _make(memory_format, "channels_last")
channels_last_3d: memory_format = _make(memory_format, "channels_last_3d")
preserve_format: memory_format = _make(memory_format, "preserve_format")
strided: layout = _make(layout, "strided")

#: The number of dimensions of the formats that hold for one only.
_RANKS = {channels_last: 4, channels_last_3d: 5}


def layout_in(shape: Sequence[int], format: memory_format = contiguous_format) -> Layout:
    """The layout of a new tensor of this shape.

    Raises:
        RuntimeError: the format is for another number of dimensions, or to be preserved.

    >>> layout_in((2, 3, 4, 5), channels_last).strides
    (60, 1, 15, 3)
    """
    if format is contiguous_format:
        return layouts.contiguous(shape)
    if format is preserve_format:
        raise RuntimeError("unsupported memory format Preserve")
    rank = _RANKS[format]
    if len(shape) != rank:
        raise RuntimeError(f"required rank {rank} tensor to use {format._name} format")
    return layouts.channels_last(shape)


def layout_of_copy(source: Layout, format: memory_format | None = None) -> Layout:
    """The layout of a copy: by default in the order of its source.

    >>> layout_of_copy(Layout((2, 3), (1, 2), offset=4)).strides
    (1, 2)
    """
    if format is None or format is preserve_format:
        return layouts.like(source)
    return layout_in(source.shape, format)


def is_in(source: Layout, format: memory_format = contiguous_format) -> bool:
    """Whether elements lie as the format has them.

    >>> is_in(layout_in((2, 3, 4, 5), channels_last), channels_last)
    True
    """
    if format in _RANKS:
        return source.ndim == _RANKS[format] and layouts.is_channels_last(source)
    return layouts.is_contiguous(source)


def suggested(source: Layout) -> memory_format:
    """The format that a tensor's strides show; the contiguous one for all without another.

    >>> suggested(layout_in((2, 3, 4, 5), channels_last))
    torch.channels_last
    """
    for format, rank in _RANKS.items():
        if source.ndim == rank and _descends(source):
            return format
    return contiguous_format


def _descends(source: Layout) -> bool:
    """Whether the strides grow from the channels' to the images', as torch decides it."""
    images, channels = 0, 1
    if not source.strides[channels]:
        return False
    least = 0
    for d in (channels, *range(source.ndim - 1, 1, -1), images):
        if not source.shape[d] or source.strides[d] < least:
            return False
        if d == images and least == source.strides[channels]:
            return False  # a single pixel or channel shows no order
        least = source.strides[d] * max(source.shape[d], 1)
    return True
