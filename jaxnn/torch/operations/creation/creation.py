"""Functions that make tensors of one number, and of the identity matrix."""

from typing import Any

import numpy as np

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.options import LIKE, NEW, PLACED, Options, check_shape
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.tensor import Tensor


def _filler(name: str, value: int, doc: str) -> Any:
    def make(size: tuple[int, ...], **options: Any) -> Tensor:
        if name == "zeros" and min(size, default=0) < 0:
            raise RuntimeError("zeros: Dimension size must be non-negative.")
        chosen = Options(**options)
        return chosen.fill(chosen.layout_for(size), value)

    formatted = "torch.memory_format memory_format = None, " * (name == "empty")
    face = taking(name, f"tuple of ints size, *, {formatted}{NEW}")(make)
    return _named(face, name, doc)


def _like(name: str, value: int, doc: str) -> Any:
    def make(input: Tensor, **options: Any) -> Tensor:
        chosen = Options(otherwise=input._dtype, **options)
        return chosen.fill(chosen.layout_like(input._layout), value)

    return _named(taking(name, f"Tensor input, *, {LIKE}")(make), name, doc)


def _named(face: Any, name: str, doc: str) -> Any:
    face.__name__ = face.__qualname__ = name
    face.__doc__ = f"{doc}\n\nSource: ``torch.{name}``."
    return face


zeros = _filler("zeros", 0, "A tensor of zeros: ``zeros(2, 3)`` or ``zeros((2, 3))``.")
ones = _filler("ones", 1, "A tensor of ones: ``ones(2, 3)`` or ``ones((2, 3))``.")
empty = _filler("empty", 0, "A tensor whose elements mean nothing yet; here they are zeros.")
zeros_like = _like("zeros_like", 0, "Zeros of another tensor's shape, type and order in memory.")
ones_like = _like("ones_like", 1, "Ones of another tensor's shape, type and order in memory.")
empty_like = _like("empty_like", 0, "A tensor like another one whose elements mean nothing yet.")


@taking("full", f"tuple of ints size, Number fill_value, *, {NEW}")
def full(size: tuple[int, ...], fill_value: complex, **options: Any) -> Tensor:
    """A tensor of one number.

    >>> import jaxnn.torch as torch
    >>> torch.full((2,), 1.5)
    tensor([1.5000, 1.5000])

    Source: ``torch.full``.
    """
    is_whole = isinstance(fill_value, int) and not isinstance(fill_value, bool)
    inferred = dtypes.int64 if is_whole else promotion.number_type(fill_value)
    chosen = Options(otherwise=inferred, **options)
    return chosen.fill(chosen.layout_for(size), fill_value)


@taking("full_like", f"Tensor input, Number fill_value, *, {LIKE}")
def full_like(input: Tensor, fill_value: complex, **options: Any) -> Tensor:
    """One number in another tensor's shape, type and order in memory.

    Source: ``torch.full_like``.
    """
    chosen = Options(otherwise=input._dtype, **options)
    return chosen.fill(chosen.layout_like(input._layout), fill_value)


@taking("scalar_tensor", f"Number s, *, {PLACED}")
def scalar_tensor(s: complex, **options: Any) -> Tensor:
    """A tensor of no dimensions, of the default type where none is given.

    >>> import jaxnn.torch as torch
    >>> torch.scalar_tensor(2)
    tensor(2.)

    Source: ``torch.scalar_tensor``.
    """
    return Options(**options).fill(layouts.contiguous(()), s)


@taking("empty_permuted", f"tuple of ints size, tuple of ints physical_layout, *, {PLACED}")
def empty_permuted(
    size: tuple[int, ...], physical_layout: tuple[int, ...], **options: Any
) -> Tensor:
    """A tensor whose dimensions lie in memory in a given order, the slowest first.

    >>> import jaxnn.torch as torch
    >>> torch.empty_permuted((2, 3), (1, 0)).stride()
    (1, 2)

    Source: ``torch.empty_permuted``.
    """
    if len(size) != len(physical_layout):
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the physical_layout; i.e. "
            f"len(size) = {len(size)} is not equal to len(physical_layout) = {len(physical_layout)}"
        )
    for place, d in enumerate(physical_layout):
        if not 0 <= d < len(size):
            raise RuntimeError(
                f"Dimension out of range (expected to be between 0 and {len(size) - 1}, but got "
                f"{d} at index {place}).  NB: negative dims not currently supported; file an issue "
                "if you want it."
            )
    if len(set(physical_layout)) != len(size):
        raise RuntimeError("Duplicate dim not allowed")
    check_shape(tuple(size[d] for d in physical_layout))
    return Options(**options).fill(layouts.in_order(size, physical_layout), 0)


@taking("empty_strided", f"tuple of ints size, tuple of ints stride, *, {PLACED}")
def empty_strided(size: tuple[int, ...], stride: tuple[int, ...], **options: Any) -> Tensor:
    """A tensor of given strides, in as much memory as they reach.

    Source: ``torch.empty_strided``.
    """
    return Options(**options).fill(strided_layout(size, stride), 0)


def strided_layout(size: tuple[int, ...], stride: tuple[int, ...]) -> Layout:
    """The layout of these sizes and strides, with torch's errors."""
    if len(size) != len(stride):
        raise RuntimeError(
            f"dimensionality of sizes ({len(size)}) must match dimensionality of strides "
            f"({len(stride)})"
        )
    check_shape(size)
    if min(stride, default=0) < 0:
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(size)} and "
            f"strides={list(stride)}"
        )
    return Layout(size, stride)


@taking("eye", f"int n, *, {NEW}", f"int n, int m, *, {NEW}")
def eye(n: int, m: int | None = None, **options: Any) -> Tensor:
    """The matrix with ones on the diagonal and zeros elsewhere.

    >>> import jaxnn.torch as torch
    >>> torch.eye(2)
    tensor([[1., 0.],
            [0., 1.]])

    Source: ``torch.eye``.
    """
    for name, size in (("n", n), ("m", m)):
        if size is not None and size < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {size}")
    chosen = Options(**options)
    return chosen.hold(np.eye(n, m, dtype=chosen.dtype.numpy))
