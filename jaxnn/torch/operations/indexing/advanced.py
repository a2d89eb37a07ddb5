"""Index tensors as torch joins them: masks as indices, one shape, and where its dimensions go."""

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jaxnn.torch import dtypes, layouts, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.indexing.indices import MASKS, truths
from jaxnn.torch.storage import Storage
from jaxnn.torch.tensor import Tensor, wrap

_INDICES = (dtypes.int64, dtypes.int32)


class Places(NamedTuple):
    """Where the elements of a tensor lie that index tensors select.

    Attributes:
        indices: the layouts of the index tensors, expanded to one shape.
        dims: of each dimension of the tensor, whether an index tensor stands for it.
        layout: the selected elements in the tensor's memory, with strides of 0 in the dimensions of
            the index. They stand in the place of the indexed dimensions where these are neighbours,
            else in front.
        before: the number of dimensions in front of them.
        sizes: of the indexed dimensions.
    """

    indices: tuple[Layout, ...]
    dims: tuple[bool, ...]
    layout: Layout
    before: int
    sizes: tuple[int, ...]

    @property
    def index_shape(self) -> tuple[int, ...]:
        """The shape that the index tensors have in common."""
        return self.indices[0].shape if self.indices else ()

    @property
    def reshaped(self) -> tuple[int, ...]:
        """The index's shape with a 1 for each other dimension of what is selected."""
        index = self.index_shape
        after = self.layout.ndim - self.before - len(index)
        return (1,) * self.before + index + (1,) * after

    @property
    def spread(self) -> list[Layout]:
        """The index tensors' layouts over all dimensions of what is selected."""
        shape, reshaped = self.layout.shape, self.reshaped
        spread = []
        for index in self.indices:
            packed = views.try_view(index, reshaped) or layouts.contiguous(reshaped)
            sized = zip(packed.strides, reshaped, shape, strict=True)
            spread.append(Layout(shape, tuple(s if n == m else 0 for s, n, m in sized)))
        return spread


def select(layout: Layout, parts: Sequence[Tensor | None]) -> tuple[Places, tuple[Source, ...]]:
    """What index tensors and masks select, each for the next dimension (None for all of it).

    Returns:
        The places, and the index tensors expanded to one shape.

    Raises:
        IndexError: an index is of another type, or does not fit the tensor or the others.
    """
    check_count(layout, parts)
    _check_types(parts)
    tensors = _without_masks(layout, parts)
    sources = _expanded([each for each in tensors if each is not None])
    if len(tensors) > layout.ndim:
        layouts.wrap_dim(layout.ndim, layout.ndim)
    tensors += [None] * (layout.ndim - len(tensors))
    dims = tuple(each is not None for each in tensors)
    places = _place(layout, tuple(each.layout for each in sources), dims)
    if 0 in places.sizes and 0 not in places.index_shape:
        raise IndexError("index is out of bounds for dimension with size 0")
    return places, sources


def check_bounds(places: Places, sources: Sequence[Source]) -> None:
    """Raise torch's error for the first element that an index tensor misplaces.

    The error counts the index tensors, not the dimensions of the tensor.
    """
    if not places.layout.numel:
        return
    first: list[tuple[int, int, int, int]] = []
    for order, (source, size) in enumerate(zip(sources, places.sizes, strict=True)):
        if source.storage.is_traced:
            continue
        found = source.storage.values(source.layout)
        wrong = (found < -size) | (found >= size)
        if np.count_nonzero(wrong):
            at = int(np.flatnonzero(wrong)[0])
            first.append((at, order, int(found.flat[at]), size))
    if first:
        _, order, index, size = min(first)
        raise IndexError(f"index {index} is out of bounds for dimension {order} with size {size}")


def check_count(layout: Layout, parts: Sequence[Tensor | None]) -> None:
    """Raise torch's error where there are more index tensors than dimensions."""
    if len(parts) > layout.ndim:
        raise IndexError(
            f"too many indices for tensor of dimension {layout.ndim} (got {len(parts)})"
        )


def _check_types(parts: Sequence[Tensor | None]) -> None:
    for part in parts:
        if part is not None and part.dtype not in (*_INDICES, *MASKS):
            raise IndexError("tensors used as indices must be long, int, byte or bool tensors")


def check_mask(layout: Layout, mask: Tensor, dim: int) -> None:
    """Raise torch's error where a mask has not the shape of the dimensions from ``dim``."""
    for d, size in enumerate(mask.shape):
        if size != layout.shape[layouts.wrap_dim(dim + d, layout.ndim)]:
            raise IndexError(
                f"The shape of the mask {list(mask.shape)} at index {d} does not match the shape "
                f"of the indexed tensor {list(layout.shape)} at index {dim + d}"
            )


def _without_masks(layout: Layout, parts: Sequence[Tensor | None]) -> list[Tensor | None]:
    found: list[Tensor | None] = []
    for part in parts:
        if part is None or part.dtype not in MASKS:
            found.append(part)
            continue
        check_mask(layout, part, len(found))
        found += [_of_found(each) for each in np.atleast_1d(truths(part)).nonzero()[: part.ndim]]
    return found


def _of_found(indices: np.ndarray) -> Tensor:
    """Indices that NumPy found, over its memory."""
    layout = layouts.contiguous(indices.shape)
    return wrap(Storage(np.ascontiguousarray(indices)), layout, dtypes.int64)


def _expanded(tensors: Sequence[Tensor]) -> tuple[Source, ...]:
    try:
        shape = layouts.broadcast_shapes(*(each._layout.shape for each in tensors))
    except RuntimeError:
        shapes = ", ".join(str(list(each.shape)) for each in tensors)
        raise IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        ) from None
    given = [(each._storage, each._layout) for each in tensors]
    return tuple(
        Source(storage, layout if layout.shape == shape else views.expand(layout, shape), layout)
        for storage, layout in given
    )


@functools.lru_cache(maxsize=4096)
def _place(layout: Layout, indices: tuple[Layout, ...], dims: tuple[bool, ...]) -> Places:
    indexed = [d for d, given in enumerate(dims) if given] or [len(dims)]
    rest = [d for d, given in enumerate(dims) if not given]
    neighbours = indexed == list(range(indexed[0], indexed[-1] + 1))
    before = [d for d in rest if d < indexed[0]] if neighbours else []
    after = [d for d in rest if d not in before]
    index = indices[0].shape if indices else ()

    def around(sizes: Sequence[int], middle: Sequence[int]) -> tuple[int, ...]:
        return (*(sizes[d] for d in before), *middle, *(sizes[d] for d in after))

    strides = around(layout.strides, (0,) * len(index))
    selected = Layout(around(layout.shape, index), strides, layout.offset)
    sizes = tuple(layout.shape[d] for d in indexed if d < layout.ndim)
    return Places(indices, dims, selected, len(before), sizes)
