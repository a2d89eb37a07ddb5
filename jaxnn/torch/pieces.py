"""Views of some of a tensor's elements: pure functions from a layout to one or several.

The errors are torch's.
"""

import functools
import itertools
from collections.abc import Sequence

from jaxnn.torch.layouts import Layout, wrap_dim
from jaxnn.torch.views import permute_subset


@functools.lru_cache(maxsize=4096)
def select(layout: Layout, dim: int, index: int) -> Layout:
    """One index of one dimension, which goes."""
    if not layout.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, layout.ndim)
    size = layout.shape[dim]
    if not -size <= index < size:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(layout.shape)} "
            f"at dimension {dim}"
        )
    kept = [d for d in range(layout.ndim) if d != dim]
    offset = layout.offset + index % size * layout.strides[dim]
    return permute_subset(layout, kept)._replace(offset=offset)


def slice_dim(layout: Layout, dim: int, start: int | None, stop: int | None, step: int) -> Layout:
    """Every ``step``-th index of one dimension, a step above 0, from ``start`` up to ``stop``."""
    dim = wrap_dim(dim, layout.ndim)
    size = layout.shape[dim]
    start, stop, _ = slice(start, stop).indices(size)
    length = max(0, -(-(stop - start) // step))
    shape, strides = list(layout.shape), list(layout.strides)
    shape[dim], strides[dim] = length, strides[dim] * step
    offset = layout.offset + start * layout.strides[dim]
    return Layout(tuple(shape), tuple(strides), offset)


def narrow(layout: Layout, dim: int, start: int, length: int) -> Layout:
    """``length`` indices of one dimension from ``start``."""
    if not layout.ndim:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    dim = wrap_dim(dim, layout.ndim)
    size = layout.shape[dim]
    if not -size <= start <= size:
        raise IndexError(
            f"start out of range (expected to be in range of [{-size}, {size}], but got {start})"
        )
    start = start + size if start < 0 else start
    if start > size - length:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return slice_dim(layout, dim, start, start + length, 1)


def diagonal(layout: Layout, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Layout:
    """The diagonal of two dimensions, as a last dimension in their place."""
    first, second = wrap_dim(dim1, layout.ndim), wrap_dim(dim2, layout.ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    rows, columns = layout.shape[first], layout.shape[second]
    length = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    start = layout.strides[second] * offset if offset >= 0 else -layout.strides[first] * offset
    rest = permute_subset(layout, [d for d in range(layout.ndim) if d not in (first, second)])
    return Layout(
        (*rest.shape, length),
        (*rest.strides, layout.strides[first] + layout.strides[second]),
        layout.offset + (start if length else 0),
    )


def split_with_sizes(layout: Layout, sizes: Sequence[int], dim: int = 0) -> list[Layout]:
    """Consecutive pieces of the given lengths."""
    if not layout.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    size = layout.shape[wrap_dim(dim, layout.ndim)]
    if min(sizes, default=0) < 0:
        raise RuntimeError(
            "split_with_sizes expects split_sizes have only non-negative entries, but got "
            f"split_sizes={list(sizes)}"
        )
    if sum(sizes) != size:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {size} (input tensor's size "
            f"at dimension {dim}), but got split_sizes={list(sizes)}"
        )
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    return [narrow(layout, dim, start, length) for start, length in zip(starts, sizes, strict=True)]


def split(layout: Layout, split_size: int, dim: int = 0) -> list[Layout]:
    """Consecutive pieces of one length, the last perhaps shorter."""
    if not layout.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    if split_size < 0:
        raise RuntimeError(
            f"split expects split_size be non-negative, but got split_size={split_size}"
        )
    size = layout.shape[wrap_dim(dim, layout.ndim)]
    if split_size == 0 and size:
        raise RuntimeError(
            f"split_size can only be 0 if dimension size is 0, but got dimension size of {size}"
        )
    lengths = [min(split_size, size - i) for i in range(0, size, split_size or 1)] or [size]
    return split_with_sizes(layout, lengths, dim)


def chunk(layout: Layout, chunks: int, dim: int = 0) -> list[Layout]:
    """At most ``chunks`` pieces of one length."""
    if not layout.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    size = layout.shape[wrap_dim(dim, layout.ndim)]
    if not size:
        return split_with_sizes(layout, [0] * chunks, dim)
    return split(layout, -(-size // chunks), dim)


def unbind(layout: Layout, dim: int = 0) -> list[Layout]:
    """Every index of one dimension on its own."""
    dim = wrap_dim(dim, layout.ndim)
    if not layout.ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return [select(layout, dim, i) for i in range(layout.shape[dim])]


def sections(layout: Layout, count: int, dim: int = 0) -> list[Layout]:
    """So many pieces, the first ones longer by one where they cannot be equal."""
    dim = _splittable(layout, dim)
    if count <= 0:
        raise RuntimeError(f"number of sections must be larger than 0, got {count}")
    length, longer = divmod(layout.shape[dim], count)
    ends = [length * i + min(i, longer) for i in range(count + 1)]
    return [slice_dim(layout, dim, *pair, 1) for pair in itertools.pairwise(ends)]


def split_at(layout: Layout, indices: Sequence[int], dim: int = 0) -> list[Layout]:
    """The pieces between indices, each read as a slice's bounds are.

    Example:
        >>> [piece.shape for piece in split_at(Layout((5,), (1,)), (1, 3))]
        [(1,), (2,), (2,)]
    """
    dim = _splittable(layout, dim)
    bounds = itertools.pairwise((0, *indices, layout.shape[dim]))
    return [slice_dim(layout, dim, *pair, 1) for pair in bounds]


def _splittable(layout: Layout, dim: int) -> int:
    if not layout.ndim:
        raise RuntimeError(
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )
    return wrap_dim(dim, layout.ndim)


def unfold(layout: Layout, dimension: int, size: int, step: int) -> Layout:
    """Windows of one dimension, ``step`` apart, each along a new last dimension.

    Example:
        >>> unfold(Layout((5,), (1,)), 0, 3, 2)
        Layout(shape=(2, 3), strides=(2, 1), offset=0)
    """
    dim = wrap_dim(dimension, layout.ndim)
    length = layout.shape[dim] if layout.ndim else 1
    stride = layout.strides[dim] if layout.ndim else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > length:
        raise RuntimeError(
            f"maximum size for tensor at dimension {dim} is {length} but size is {size}"
        )
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    shape, strides = list(layout.shape), list(layout.strides)
    if layout.ndim:
        shape[dim], strides[dim] = (length - size) // step + 1, step * stride
    return Layout((*shape, size), (*strides, stride), layout.offset)
