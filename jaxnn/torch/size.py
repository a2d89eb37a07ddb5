"""A tensor's shape."""

import math
import operator
from collections.abc import Iterator
from typing import Any, Self, SupportsIndex, overload

__all__ = ["Size"]

_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1


class Size(tuple[int, ...]):
    """A shape: a tuple of ints that prints as torch's and stays a ``Size`` under slicing, + and *.

    Args:
        iterable: the sizes; empty for a single number's shape.

    Raises:
        TypeError: an item is not an integer, or what is added is not a tuple.

    Source: ``torch.Size``.

    >>> Size([1, 5]), Size([1, 5])[1:], Size([2, 3]) + (4,), Size([2, 3]).numel()
    (torch.Size([1, 5]), torch.Size([5]), torch.Size([2, 3, 4]), 6)
    """

    __slots__ = ()
    __module__ = "jaxnn.torch"

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Take what ``tuple`` takes, provided that every item is an integer."""
        items = tuple.__new__(tuple, *args, **kwargs)
        return tuple.__new__(cls, _integers(items))

    def numel(self) -> int:
        """The number of elements of a tensor of this shape.

        >>> Size([2, 3]).numel(), Size([]).numel()
        (6, 1)
        """
        return math.prod(self)

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> "Size": ...
    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return Size(found) if isinstance(index, slice) else found

    def __add__(self, other: Any) -> "Size":
        if not isinstance(other, tuple):
            given = type_name(other)
            raise TypeError(f"can only concatenate tuple (not {given}) to torch.Size")
        return Size((*self, *other))

    def __radd__(self, other: Any) -> "Size":
        return Size((*other, *self)) if isinstance(other, tuple) else NotImplemented

    def __mul__(self, times: SupportsIndex) -> "Size":
        return Size(tuple(self) * times)

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"


def _integers(items: tuple[Any, ...]) -> Iterator[int]:
    for place, item in enumerate(items):
        try:
            integer = int(operator.index(item))
        except TypeError:
            given = type_name(item)
            raise TypeError(
                f"torch.Size() takes an iterable of 'int' (item {place} is '{given}')"
            ) from None
        if not _INT64_MIN <= integer <= _INT64_MAX:
            raise ValueError("Overflow when unpacking long long")
        yield integer


def type_name(value: Any) -> str:
    """The name by which torch's messages call a value's type.

    Built-in types and classes written in Python go by their bare name, NumPy's with its module.

    >>> import numpy as np
    >>> type_name(1.5), type_name(np.float32(1.5))
    ('float', 'numpy.float32')
    """
    kind = type(value)
    return f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__
