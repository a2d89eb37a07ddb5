"""Numbers that stand in Python, alone or in nested sequences, as one array of one type.

What counts as a sequence, what as a number of which type, and what is refused in which words, is as
in torch: the shape is that of the first elements, the type the least that holds every element.
"""

import functools
import math
import operator
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import numpy as np

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.definition.arguments import NUMBER
from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor

_MOST_DIMENSIONS = 128
_SLOW = (
    "Creating a tensor from a list of numpy.ndarrays is extremely slow. Please consider converting "
    "the list to a single numpy.ndarray with numpy.array() before converting to a tensor."
)


def array_of_numbers(data: Any, dtype: DType | None) -> np.ndarray:
    """Python's numbers as an array of ``dtype``, or of the type that torch infers.

    Raises:
        ValueError: sequences of one depth differ in length, or an integer has over 64 bits.
        TypeError: something is no number, or none of this type.
        RuntimeError: a number is beyond the type's range, or of no type that torch knows.

    Example:
        >>> array_of_numbers([[1, 2.5]], None)
        array([[1. , 2.5]], dtype=float32)
    """
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    shape = tuple(_shape(data))
    wanted = dtype or _least_type(data)
    cast = _CASTS[promotion.kind(wanted)]
    elements = [cast(each, wanted) for each in _elements(data, shape, 0)]
    with np.errstate(over="ignore"):
        made = np.array(elements, _PYTHON_TYPES.get(promotion.kind(wanted), wanted.numpy))
        if wanted.itemsize == 2 and wanted.is_floating_point:  # rounded twice, as torch does it
            made = made.astype(np.float32)
        return made.astype(wanted.numpy).reshape(shape)


def _is_sequence(data: Any) -> bool:
    return hasattr(type(data), "__getitem__") and not isinstance(data, (dict, np.generic, Tensor))


def _shape(data: Any) -> Iterator[int]:
    for _ in range(_MOST_DIMENSIONS):
        if not _is_sequence(data):
            return
        yield len(data)
        if not len(data):
            return
        try:
            data = data[0]
        except (NotImplementedError, LookupError):  # as a memoryview of a matrix
            kind = type_name(data)
            text = f"could not determine the shape of object type '{kind}'"
            raise ValueError(text) from None
    if _is_sequence(data):
        raise ValueError(f"too many dimensions '{type_name(data)}'")


_OF_PYTHON = frozenset(NUMBER)


def _least_type(data: Any) -> DType:
    types = set(_types(data)) or {dtypes.get_default_dtype()}
    return functools.reduce(promotion.promote, types)


def _types(data: Any) -> Iterator[DType]:
    if isinstance(data, list) and _OF_PYTHON.issuperset(map(type, data)):
        kinds: set[Any] = set(map(type, data))
        yield from (promotion.number_type(kind()) for kind in kinds)
    elif isinstance(data, Tensor):
        yield data.dtype
    elif isinstance(data, int) and not isinstance(data, bool):
        yield dtypes.int64  # too large a one is refused as an element
    elif isinstance(data, NUMBER) and not isinstance(data, np.generic):
        yield promotion.number_type(data)
    elif isinstance(data, np.generic | np.ndarray | jax.Array):
        if isinstance(data, np.ndarray):
            warnings.warn(_SLOW, stacklevel=2)
        yield dtypes.from_jax(data.dtype) if isinstance(data, jax.Array) else _of_numpy(data)
    elif isinstance(data, str | bytes):
        raise TypeError(f"new(): invalid data type '{type_name(data)}'")
    elif _is_sequence(data):
        for each in data:
            yield from _types(each)
    else:
        raise RuntimeError(f"Could not infer dtype of {type_name(data)}")


def _of_numpy(data: np.ndarray | np.generic) -> DType:
    return dtypes.from_numpy(data.dtype)


def _elements(data: Any, shape: Sequence[int], depth: int) -> Iterator[Any]:
    if depth == len(shape):
        yield data
        return
    try:
        row = list(data)
    except TypeError:
        raise TypeError("not a sequence") from None
    if len(row) != shape[depth]:
        raise ValueError(
            f"expected sequence of length {shape[depth]} at dim {depth} (got {len(row)})"
        )
    for each in row:
        yield from _elements(each, shape, depth + 1)


def _integer(element: Any, dtype: DType) -> int:
    if dtype is dtypes.uint64:
        return _widest(element)
    limits = np.iinfo(dtype.numpy)
    if isinstance(element, float):
        least, most = float(limits.min), float(limits.max)
        fits = least <= element <= most
        whole = int(element) if fits else 0
    else:
        whole = operator.index(element)
        if not -(2**63) <= whole < 2**63:
            raise ValueError("Overflow when unpacking long long")
        fits = (limits.min or -limits.max) <= whole <= limits.max
    if not fits:
        name = dtype.numpy.name
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")
    return (whole - limits.min) % (limits.max - limits.min + 1) + limits.min


def _widest(element: Any) -> int:
    if not isinstance(element, int):
        raise TypeError("an integer is required")
    if element < 0:
        raise OverflowError("can't convert negative int to unsigned")
    if element >= 2**64:
        raise OverflowError("int too big to convert")
    return element


def _real(element: Any, dtype: DType) -> float:
    return math.ldexp(element, 0)  # float() also takes text, and says other words


def _truth(element: Any, dtype: DType) -> bool:
    is_number = isinstance(element, bool | np.bool_ | int | float | complex)
    return bool(element if is_number else operator.index(element))


def _complex(element: Any, dtype: DType) -> complex:
    return complex(element)


#: For each kind of type: what makes one of its Python numbers of an element.
_CASTS: tuple[Callable[[Any, DType], complex], ...] = (_truth, _integer, _real, _complex)
#: For each kind that needs it: the type in which its numbers are gathered.
_PYTHON_TYPES = {2: np.float64, 3: np.complex128}
