"""Views of some of a tensor's elements: pure functions from a layout to one or several.

The errors are torch's.
"""

from collections.abc import Sequence

from jaxnn.torch.layout import Layout, wrap_dim
from jaxnn.torch.views import permute_subset


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
    size = layout.shape[wrap_dim(dim, layout.ndim)]
    if sum(sizes) != size or min(sizes, default=0) < 0:
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
