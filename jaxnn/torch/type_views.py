"""Views of the same bytes as elements of another size: pure functions from a layout to a layout.

The errors are torch's.
"""

from jaxnn.torch.layouts import Layout


def view_as_size(layout: Layout, itemsize: int, wanted: int, names: str) -> Layout:
    """The layout of the same bytes as elements of ``wanted`` bytes each.

    Example:
        >>> view_as_size(Layout((2, 4), (4, 1)), 4, 8, "Float as Double")
        Layout(shape=(2, 2), strides=(2, 1), offset=0)
    """
    if itemsize == wanted:
        return layout
    sizes = f"to view {names} (different element sizes)"
    if not layout.ndim:
        raise RuntimeError(f"self.dim() cannot be 0 {sizes}")
    if wanted < itemsize:
        _check_neighbours(layout, sizes)
        ratio = itemsize // wanted
        return Layout(
            (*layout.shape[:-1], layout.shape[-1] * ratio),
            (*(stride * ratio for stride in layout.strides[:-1]), 1),
            layout.offset * ratio,
        )
    return _in_groups(layout, wanted // itemsize, sizes)


def _check_neighbours(layout: Layout, sizes: str) -> None:
    if layout.strides[-1] != 1:
        raise RuntimeError(f"self.stride(-1) must be 1 {sizes}, but got {layout.strides[-1]}")


def _in_groups(layout: Layout, ratio: int, sizes: str) -> Layout:
    def check(name: str, value: int) -> None:
        if value % ratio:
            raise RuntimeError(f"self.{name} must be divisible by {ratio} {sizes}, but got {value}")

    check("size(-1)", layout.shape[-1])
    check("storage_offset()", layout.offset)
    _check_neighbours(layout, sizes)
    for d, stride in enumerate(layout.strides[:-1]):
        check(f"stride({d})", stride)
    return Layout(
        (*layout.shape[:-1], layout.shape[-1] // ratio),
        (*(stride // ratio for stride in layout.strides[:-1]), 1),
        layout.offset // ratio,
    )


def complex_as_pairs(layout: Layout) -> Layout:
    """The layout of complex numbers' parts, as a last dimension."""
    return Layout(
        (*layout.shape, 2), (*(stride * 2 for stride in layout.strides), 1), layout.offset * 2
    )


def pairs_as_complex(layout: Layout) -> Layout:
    """The layout of the complex numbers whose parts lie in a last dimension."""
    if not layout.ndim:
        raise RuntimeError("Input tensor must have one or more dimensions")
    if layout.shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    if layout.strides[-1] != 1:
        raise RuntimeError("Tensor must have a last dimension with stride 1")
    sized = zip(layout.shape[:-1], layout.strides[:-1], strict=True)
    if any(size != 1 and stride % 2 for size, stride in sized):
        raise RuntimeError("Tensor must have a stride divisible by 2 for all but last dimension")
    if layout.offset % 2:
        raise RuntimeError("Tensor must have a storage_offset divisible by 2")
    strides = tuple(stride // 2 for stride in layout.strides[:-1])
    return Layout(layout.shape[:-1], strides, layout.offset // 2)
