"""Python numbers as elements of a type, with torch's error where one does not fit."""

import cmath
from typing import Any

import numpy as np

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.dtypes import dtype

#: The names of C++ types in messages about numbers, where they are not those of `C_NAMES`.
_NAMES = {
    each: f"{each.numpy.name}_t"
    for each in promotion.C_NAMES
    if each.numpy.kind in "iu" and each is not dtypes.int32
}


#: The greatest float16: no floating-point type overflows up to here.
_FITS_ALL = 65504


def _overflow(d: dtype) -> RuntimeError:
    name = _NAMES.get(d, promotion.C_NAMES[d])
    return RuntimeError(f"value cannot be converted to type {name} without overflow")


def as_element(value: complex, d: dtype) -> Any:
    """A number as a NumPy scalar of type ``d``: fractions go, what does not fit is an error.

    Raises:
        RuntimeError: the number is beyond the type's range, or complex and the type is not.

    Example:
        >>> as_element(2.5, dtypes.int64).item(), as_element(-1, dtypes.uint8).item()
        (2, 255)
    """
    promotion.number_type(value)  # refuses what no type holds
    if d is dtypes.bool:
        return np.bool_(value)
    if isinstance(value, complex) and not d.is_complex:
        if value.imag:
            raise _overflow(d)
        value = value.real
    if d.is_floating_point or d.is_complex:
        return _as_real(value, d)
    return _as_integer(value, d)


def _as_real(value: complex, d: dtype) -> Any:
    if isinstance(value, int | float) and abs(value) <= _FITS_ALL:
        return np.asarray(value).astype(d.numpy)[()]
    with np.errstate(over="ignore"):
        made = np.asarray(value).astype(d.numpy)[()]
    if cmath.isfinite(value) and not cmath.isfinite(complex(made)):
        raise _overflow(d)
    return made


def _as_integer(value: Any, d: dtype) -> Any:
    limits = np.iinfo(d.numpy)
    if not cmath.isfinite(value):
        raise _overflow(d)
    whole = int(value)
    # Of an unsigned type torch takes the negatives, if they are integers, and wraps them.
    least = limits.min or (-limits.max if isinstance(value, int) else 0)
    if not least <= value <= limits.max:
        raise _overflow(d)
    return np.asarray(whole % (limits.max + 1) if not limits.min else whole, d.numpy)[()]
