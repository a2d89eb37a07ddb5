"""The view operations: pure functions from a layout to a layout.

Each is one of torch's view operations without its tensor; the errors are torch's.
"""

import functools
import math
from collections.abc import Sequence

from jaxnn.torch.layouts import Layout, contiguous, wrap_dim


def infer_shape(shape: Sequence[int], numel: int) -> tuple[int, ...]:
    """Replace the one size of -1 by what ``numel`` elements leave for it.

    Example:
        >>> infer_shape((2, -1), 6)
        (2, 3)
    """
    text = list(shape)
    known = math.prod(n for n in shape if n != -1)
    for d, size in enumerate(shape):
        if size < -1:
            raise RuntimeError(f"invalid shape dimension {size} at index {d} of shape {text}")
    if list(shape).count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    if -1 not in shape:
        if known != numel:
            raise RuntimeError(f"shape '{text}' is invalid for input of size {numel}")
        return tuple(shape)
    if known == 0 and numel == 0:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {text} because the unspecified "
            "dimension size -1 can be any value and is ambiguous"
        )
    if known == 0 or numel % known:
        raise RuntimeError(f"shape '{text}' is invalid for input of size {numel}")
    return tuple(numel // known if n == -1 else n for n in shape)


def _runs(layout: Layout) -> list[tuple[int, int]]:
    """(elements, stride) of the stretches that lie evenly in memory, innermost first."""
    runs: list[tuple[int, int]] = []
    for size, stride in reversed(list(zip(layout.shape, layout.strides, strict=True))):
        if runs:
            elements, step = runs[-1]
            if size == 1 or stride == elements * step:
                runs[-1] = (elements * size, step)
                continue
        runs.append((size, stride))
    return runs or [(1, 1)]


def try_view(layout: Layout, shape: Sequence[int]) -> Layout | None:
    """`view`, or None where the strides do not allow it and `reshape` has to copy."""
    shape = infer_shape(shape, layout.numel)
    if not layout.numel:
        strides = layout.strides if shape == layout.shape else contiguous(shape).strides
        return Layout(shape, strides, layout.offset)
    strides, rest = [], list(reversed(shape))
    for elements, step in _runs(layout):
        taken = 1
        while rest and (taken < elements or rest[0] == 1):
            strides.append(taken * step)
            taken *= rest.pop(0)
        if taken != elements:
            return None
    return Layout(shape, tuple(reversed(strides)), layout.offset)


def view(layout: Layout, shape: Sequence[int]) -> Layout:
    """Another shape over the same elements in the same order.

    Example:
        >>> view(contiguous((2, 3)), (3, -1)).shape
        (3, 2)
    """
    result = try_view(layout, shape)
    if result is None:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        )
    return result


def permute(layout: Layout, dims: Sequence[int]) -> Layout:
    """The dimensions in another order."""
    if len(dims) != layout.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {layout.ndim} is "
            f"not equal to len(dims) = {len(dims)}"
        )
    order = [wrap_dim(dim, layout.ndim) for dim in dims]
    if len(set(order)) != len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return Layout(
        tuple(layout.shape[d] for d in order),
        tuple(layout.strides[d] for d in order),
        layout.offset,
    )


def transpose(layout: Layout, dim0: int, dim1: int) -> Layout:
    """Two dimensions exchanged."""
    dim0, dim1 = wrap_dim(dim0, layout.ndim), wrap_dim(dim1, layout.ndim)
    order = list(range(layout.ndim))
    if order:
        order[dim0], order[dim1] = dim1, dim0
    return permute(layout, order)


def t(layout: Layout) -> Layout:
    """A matrix transposed; a vector as it is."""
    if layout.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {layout.ndim}D")
    return transpose(layout, 0, 1) if layout.ndim == 2 else layout


@functools.lru_cache(maxsize=4096)
def reverse_dims(layout: Layout) -> Layout:
    """All dimensions in reverse order (``T``)."""
    return permute(layout, range(layout.ndim - 1, -1, -1))


def movedim(layout: Layout, source: Sequence[int], destination: Sequence[int]) -> Layout:
    """Dimensions moved to other places, the rest in their order."""
    if len(source) != len(destination):
        raise RuntimeError(
            "movedim: Invalid source or destination dims: source "
            f"({list(source)} dims) should contain the same number of dims as destination "
            f"({list(destination)} dims)"
        )
    origin = [wrap_dim(d, layout.ndim) for d in source]
    target = [wrap_dim(d, layout.ndim) for d in destination]
    for name, dims, given in (("source", origin, source), ("destination", target, destination)):
        if len(set(dims)) != len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({list(given)})")
    if not layout.ndim:
        return layout
    order = [d for d in range(layout.ndim) if d not in origin]
    for place, dim in sorted(zip(target, origin, strict=True)):
        order.insert(place, dim)
    return permute(layout, order)


def squeeze(layout: Layout, dims: Sequence[int] | None = None) -> Layout:
    """Dimensions of size 1 left out: all, or those among ``dims``."""
    if dims is None:
        dims = range(layout.ndim)
    wrapped = [wrap_dim(d, layout.ndim) for d in dims]
    for d in wrapped:
        if wrapped.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    kept = [d for d in range(layout.ndim) if d not in wrapped or layout.shape[d] != 1]
    return permute_subset(layout, kept)


def permute_subset(layout: Layout, dims: Sequence[int]) -> Layout:
    """Only these dimensions, each at its index 0 elsewhere."""
    return Layout(
        tuple(layout.shape[d] for d in dims),
        tuple(layout.strides[d] for d in dims),
        layout.offset,
    )


def unsqueeze(layout: Layout, dim: int) -> Layout:
    """A dimension of size 1 put in at ``dim``."""
    dim = wrap_dim(dim, layout.ndim + 1)
    stride = layout.shape[dim] * layout.strides[dim] if dim < layout.ndim else 1
    return Layout(
        (*layout.shape[:dim], 1, *layout.shape[dim:]),
        (*layout.strides[:dim], stride, *layout.strides[dim:]),
        layout.offset,
    )


def flatten_shape(layout: Layout, start_dim: int = 0, end_dim: int = -1) -> tuple[int, ...]:
    """The shape after the dimensions ``start_dim`` to ``end_dim`` became one.

    Example:
        >>> flatten_shape(contiguous((2, 3, 4)), 1)
        (2, 12)
    """
    start, end = wrap_dim(start_dim, layout.ndim), wrap_dim(end_dim, layout.ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    merged = math.prod(layout.shape[start : end + 1])
    return (*layout.shape[:start], merged, *layout.shape[end + 1 :])


def unflatten(layout: Layout, dim: int, sizes: Sequence[int]) -> Layout:
    """One dimension split into several."""
    dim = wrap_dim(dim, layout.ndim)
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    unexpected = "unflatten got an unexpected error:\n"
    if not layout.ndim:
        raise RuntimeError(f"{unexpected}Dimension specified as 0 but tensor has no dimensions")
    size = layout.shape[dim]
    try:
        inferred = infer_shape(sizes, size)
    except RuntimeError as error:
        if "is invalid for input of size" not in str(error):
            raise RuntimeError(f"{unexpected}{error}") from None
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {dim} "
            f"({size}) in the input tensor"
        ) from None
    return view(layout, (*layout.shape[:dim], *inferred, *layout.shape[dim + 1 :]))


def expand(layout: Layout, shape: Sequence[int], type_name: str = "torch.FloatTensor") -> Layout:
    """Dimensions of size 1 repeated without memory, by a stride of 0.

    Example:
        >>> expand(contiguous((3, 1)), (2, 3, 4))
        Layout(shape=(2, 3, 4), strides=(0, 1, 0), offset=0)
    """
    if not layout.shape and min(shape, default=0) >= 0:
        return Layout(tuple(shape), (0,) * len(shape), layout.offset)
    new = len(shape) - layout.ndim
    if new < 0:
        raise RuntimeError(
            f"expand({type_name}{{{list(layout.shape)}}}, size={list(shape)}): the number of sizes "
            f"provided ({len(shape)}) must be greater or equal to the number of dimensions in the "
            f"tensor ({layout.ndim})"
        )
    sizes: list[int] = []
    strides: list[int] = []
    for d in reversed(range(len(shape))):
        if d >= new:
            size, stride = layout.shape[d - new], layout.strides[d - new]
        else:  # as if it had been unsqueezed
            size, stride = 1, sizes[-1] * strides[-1] if layout.ndim else 0
        sizes.append(_expanded_size(size, shape[d], d, d < new, layout.shape, shape))
        strides.append(stride if sizes[-1] == size else 0)
    if min(sizes, default=0) < 0:
        raise RuntimeError("numel: integer multiplication overflow")
    return Layout(tuple(reversed(sizes)), tuple(reversed(strides)), layout.offset)


def _expanded_size(
    size: int, target: int, dim: int, leading: bool, old: Sequence[int], new: Sequence[int]
) -> int:
    if target == -1 and leading:
        if not old:
            return target  # which no tensor can have
        raise RuntimeError(
            f"The expanded size of the tensor ({target}) isn't allowed in a leading, "
            f"non-existing dimension {dim}"
        )
    if target == -1 or target == size:
        return size
    if size != 1:
        raise RuntimeError(
            f"The expanded size of the tensor ({target}) must match the existing size ({size}) at "
            f"non-singleton dimension {dim}.  Target sizes: {list(new)}.  Tensor sizes: {list(old)}"
        )
    return target


def at_least(layout: Layout, ndim: int) -> Layout:
    """Dimensions of size 1 put in up to ``ndim``, at most 3: in front, the third one at the end.

    Example:
        >>> at_least(contiguous((4, 5)), 3).shape, at_least(contiguous((4,)), 3).shape
        ((4, 5, 1), (1, 4, 1))
    """
    while layout.ndim < ndim:
        layout = unsqueeze(layout, layout.ndim if layout.ndim == 2 else 0)
    return layout


def as_strided(
    layout: Layout, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Layout:
    """Any layout of the same memory, which need not hold it."""
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    if min(stride, default=0) < 0:
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, "
            f"got strides: {list(stride)}"
        )
    offset = layout.offset if storage_offset is None else storage_offset
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    return Layout(tuple(size), tuple(stride), offset)
