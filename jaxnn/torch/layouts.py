"""A tensor's place in memory: shape, strides and offset, and the arithmetic on them.

A `Layout` says which element of a flat storage each index of a tensor means: index ``(i, j, ...)``
is element ``offset + i * strides[0] + j * strides[1] + ...``. Nothing here knows an array; the
operations that make one layout from another stand in `views`.
"""

import functools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Layout(NamedTuple):
    """Shape, strides and offset, counted in elements.

    Example:
        >>> Layout((2, 3), (3, 1)).numel
        6
    """

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int = 0

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def numel(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    @property
    def extent(self) -> int:
        """One past the last element of the storage that the layout can reach.

        Example:
            >>> Layout((2, 3), (3, 1), offset=1).extent
            7
        """
        if not self.numel:
            return self.offset
        return (
            self.offset
            + 1
            + sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True))
        )


def contiguous(shape: Iterable[int], offset: int = 0) -> Layout:
    """The layout of a fresh tensor: the last dimension varies fastest.

    Example:
        >>> contiguous((2, 3)).strides
        (3, 1)
    """
    shape = tuple(shape)
    return Layout(shape, _packed(shape), offset)


@functools.lru_cache(maxsize=4096)
def _packed(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides without gaps."""
    strides, step = [], 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def is_contiguous(layout: Layout) -> bool:
    """Whether the elements lie one after another in the order of their indices."""
    return not layout.numel or _same_place(layout, contiguous(layout.shape))


def _same_place(layout: Layout, other: Layout) -> bool:
    """Whether equal indices mean equal elements; the stride of a single index does not matter."""
    return all(
        n == 1 or s == z
        for n, s, z in zip(layout.shape, layout.strides, other.strides, strict=True)
    )


def is_dense(layout: Layout) -> bool:
    """Whether the elements fill one block of memory without gaps or overlaps, in any order."""
    if is_contiguous(layout):
        return True
    step = 1
    for stride, size in sorted(
        (s, n) for n, s in zip(layout.shape, layout.strides, strict=True) if n > 1
    ):
        if stride != step:
            return False
        step *= size
    return True


def overlaps_itself(layout: Layout) -> bool:
    """Whether an expanded dimension makes several indices mean one element."""
    repeated = any(n > 1 and s == 0 for n, s in zip(layout.shape, layout.strides, strict=True))
    return repeated and layout.numel > 0


def memory_order(shape: Sequence[int], strides: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The dimensions from the slowest to the fastest in memory, as torch's iterator sorts them.

    The first operand that can tell two dimensions apart decides; a stride of 0 (a broadcast
    dimension) cannot, and equal strides are told apart by size. What nothing tells apart stays in
    the order of the indices.

    Example:
        >>> memory_order((2, 3), [(1, 2)])
        (1, 0)
    """

    def faster(a: int, b: int) -> int:
        for stride in strides:
            if stride[a] and stride[b]:
                if stride[a] != stride[b]:
                    return -1 if stride[a] < stride[b] else 1
                if shape[a] > shape[b]:
                    return 1
        return 0

    # An insertion sort, not `sorted`: the relation is not transitive, so the steps matter.
    order = list(reversed(range(len(shape))))
    for i in range(1, len(order)):
        here = i
        for there in range(i - 1, -1, -1):
            verdict = faster(order[there], order[here])
            if verdict < 0:
                break
            if verdict > 0:
                order[there], order[here] = order[here], order[there]
                here = there
    return tuple(reversed(order))


def in_order(shape: Sequence[int], order: Sequence[int]) -> Layout:
    """The gapless layout whose dimensions, slowest first, are ``order``.

    Example:
        >>> in_order((2, 3), (1, 0)).strides
        (1, 2)
    """
    packed = contiguous(shape[d] for d in order).strides
    strides = dict(zip(order, packed, strict=True))
    return Layout(tuple(shape), tuple(strides[d] for d in range(len(shape))))


def like(layout: Layout) -> Layout:
    """The layout of a copy (``torch.preserve_format``): same order in memory, no gaps.

    Example:
        >>> like(Layout((2, 3), (1, 4), offset=5))
        Layout(shape=(2, 3), strides=(1, 2), offset=0)
    """
    if is_dense(layout):
        return layout._replace(offset=0)
    return in_order(layout.shape, memory_order(layout.shape, [layout.strides]))


def channels_last(shape: Sequence[int]) -> Layout:
    """The layout of images (N, C, ..., H, W) whose channels are neighbours in memory.

    Example:
        >>> channels_last((2, 3, 4, 5)).strides
        (60, 1, 15, 3)
    """
    strides = [0] * len(shape)
    step = 1
    for d in (1, *range(len(shape) - 1, 1, -1), 0):
        strides[d] = step
        step *= shape[d]  # a size of 0 goes in here, unlike in `contiguous`
    return Layout(tuple(shape), tuple(strides))


def is_channels_last(layout: Layout) -> bool:
    """Whether the elements of four or five dimensions lie as in `channels_last`."""
    return layout.ndim in (4, 5) and _same_place(layout, channels_last(layout.shape))


def elementwise(shape: tuple[int, ...], operands: Sequence[Layout]) -> Layout:
    """The layout of an elementwise result over operands that were expanded to ``shape``.

    Example:
        >>> elementwise((2, 3), [Layout((2, 3), (1, 2))]).strides
        (1, 2)
    """
    if all(is_contiguous(operand) for operand in operands):
        return contiguous(shape)
    if all(is_channels_last(operand) for operand in operands):
        return channels_last(shape)
    if len({operand.strides for operand in operands}) == 1 and is_dense(operands[0]):
        return operands[0]._replace(offset=0)
    return iterated(shape, operands)


def iterated(shape: tuple[int, ...], operands: Sequence[Layout]) -> Layout:
    """The layout of a result over operands that torch goes through in the order of memory.

    Example:
        >>> iterated((2, 3), [Layout((2, 3), (1, 4))]).strides
        (1, 2)
    """
    order = memory_order(shape, [operand.strides for operand in operands])
    if 0 in shape and order != tuple(range(len(shape))):
        steps = [
            math.prod(shape[e] for e in order[order.index(d) + 1 :]) for d in range(len(shape))
        ]
        return Layout(shape, tuple(steps))  # torch's iterator multiplies the 0 in here
    return in_order(shape, order)


def broadcast_shapes(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The common shape of operands of these shapes.

    Raises:
        RuntimeError: two sizes of one dimension differ and neither is 1.

    Example:
        >>> broadcast_shapes((3, 1), (4,))
        (3, 4)
    """
    common: tuple[int, ...] = ()
    for shape in shapes:
        common = _broadcast_pair(common, tuple(shape))
    return common


def _broadcast_pair(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    if a == b:
        return a
    ndim = max(len(a), len(b))
    a, b = (1,) * (ndim - len(a)) + a, (1,) * (ndim - len(b)) + b
    for d in reversed(range(ndim)):
        if a[d] != b[d] and 1 not in (a[d], b[d]):
            raise RuntimeError(
                f"The size of tensor a ({a[d]}) must match the size of tensor b ({b[d]}) "
                f"at non-singleton dimension {d}"
            )
    return tuple(m if n == 1 else n for m, n in zip(a, b, strict=True))


def wrap_dim(dim: int, ndim: int) -> int:
    """The dimension that ``dim``, which may count from the end, means among ``ndim``.

    Raises:
        IndexError: there is no such dimension.

    Example:
        >>> wrap_dim(-1, 3)
        2
    """
    reach = max(ndim, 1)
    if not -reach <= dim < reach:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-reach}, {reach - 1}], "
            f"but got {dim})"
        )
    return dim % reach


def overlap(source: Layout, target: Layout) -> bool:
    """Whether two gapless views of one storage share elements; with gaps torch does not tell."""
    if not (source.numel and target.numel and is_dense(source) and is_dense(target)):
        return False
    return source.offset < target.extent and target.offset < source.extent


def partly_overlap(source: Layout, target: Layout) -> bool:
    """Whether two gapless views of one storage share some of their elements, not all in place."""
    in_place = (source.offset, source.extent, source.strides)
    return overlap(source, target) and in_place != (target.offset, target.extent, target.strides)


def in_bytes(layout: Layout, itemsize: int) -> Layout:
    """The layout of the elements' bytes, as a last dimension.

    Example:
        >>> in_bytes(Layout((3,), (2,), 1), 4)
        Layout(shape=(3, 4), strides=(8, 1), offset=4)
    """
    strides = (*(stride * itemsize for stride in layout.strides), 1)
    return Layout((*layout.shape, itemsize), strides, layout.offset * itemsize)


def distinct(layout: Layout) -> Layout:
    """The layout with one index left of each expanded dimension: the same elements, once each.

    Example:
        >>> distinct(Layout((4, 3), (0, 1)))
        Layout(shape=(1, 3), strides=(0, 1), offset=0)
    """
    sized = zip(layout.shape, layout.strides, strict=True)
    return layout._replace(shape=tuple(n if s else min(n, 1) for n, s in sized))
