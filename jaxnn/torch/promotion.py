"""torch's type lattice: which type the result of several operands has.

Operands stand in three ranks: tensors with dimensions, 0-dim tensors, Python numbers. A lower rank
changes the result's type only where it is of a higher kind (bool < integer < real < complex), so
``float32_tensor * 2.5`` and ``int8_tensor + 1`` keep the tensor's type.
"""

import functools
from typing import Any, Literal

from jaxnn.torch import dtypes
from jaxnn.torch.dtypes import dtype

Rank = Literal["dimensions", "0-dim", "number"]
RANKS: tuple[Rank, ...] = ("dimensions", "0-dim", "number")

#: The names by which torch's messages call the types.
SCALAR_NAMES = {
    dtypes.float16: "Half",
    dtypes.bfloat16: "BFloat16",
    dtypes.float32: "Float",
    dtypes.float64: "Double",
    dtypes.int8: "Char",
    dtypes.int16: "Short",
    dtypes.int32: "Int",
    dtypes.int64: "Long",
    dtypes.uint8: "Byte",
    dtypes.uint16: "UInt16",
    dtypes.uint32: "UInt32",
    dtypes.uint64: "UInt64",
    dtypes.bool: "Bool",
    dtypes.complex64: "ComplexFloat",
    dtypes.complex128: "ComplexDouble",
}

#: The names of the C++ types behind them, which a few messages use.
C_NAMES = {
    **{each: name.lower() for each, name in SCALAR_NAMES.items()},
    dtypes.float16: "c10::Half",
    dtypes.bfloat16: "c10::BFloat16",
    dtypes.int8: "signed char",
    dtypes.int16: "short int",
    dtypes.int64: "long int",
    dtypes.uint8: "unsigned char",
    dtypes.uint16: "short unsigned int",
    dtypes.uint32: "unsigned int",
    dtypes.uint64: "long unsigned int",
    dtypes.complex64: "c10::complex<float>",
    dtypes.complex128: "c10::complex<double>",
}

_WIDE_UNSIGNED = (dtypes.uint16, dtypes.uint32, dtypes.uint64)


def not_implemented(kernel: str, d: dtype) -> NotImplementedError:
    """Torch's error for a type that an operation does not have."""
    return NotImplementedError(f"\"{kernel}\" not implemented for '{SCALAR_NAMES[d]}'")


def kind(d: dtype) -> int:
    """0 for bool, 1 for integers, 2 for real and 3 for complex numbers."""
    if d.is_complex:
        return 3
    if d.is_floating_point:
        return 2
    return 0 if d is dtypes.bool else 1


def is_integral(d: dtype) -> bool:
    """Whether elements are integers; bool counts among them, as in torch."""
    return kind(d) < 2


def to_complex(d: dtype) -> dtype:
    """The complex type whose parts hold ``d``."""
    if d is dtypes.float16:
        raise NotImplementedError(
            "jaxnn.torch has no complex32, the complex type of torch.float16: JAX has none. "
            "Use x.float(), whose complex type is torch.complex64"
        )
    return dtypes.complex128 if d in (dtypes.float64, dtypes.complex128) else dtypes.complex64


def to_real(d: dtype) -> dtype:
    """The type of a complex type's parts; any other type itself."""
    if not d.is_complex:
        return d
    return dtypes.float64 if d is dtypes.complex128 else dtypes.float32


def accumulator(d: dtype) -> dtype:
    """The type in which torch computes: float32 for the 16-bit types, else ``d`` itself."""
    return dtypes.float32 if d in (dtypes.float16, dtypes.bfloat16) else d


def promote(a: dtype, b: dtype) -> dtype:
    """The least type that holds both (``torch.promote_types``).

    Raises:
        RuntimeError: a wide unsigned type meets another one that is not real.

    Example:
        >>> promote(dtypes.uint8, dtypes.int8), promote(dtypes.int64, dtypes.float16)
        (torch.int16, torch.float16)
    """
    low, high = sorted((a, b), key=lambda d: (kind(d), d.itemsize))
    if low is high:
        return high
    if kind(high) != 2 and (a in _WIDE_UNSIGNED or b in _WIDE_UNSIGNED):
        raise RuntimeError(
            "Promotion for uint16, uint32, uint64 types is not supported, attempted to promote "
            f"{SCALAR_NAMES[a]} and {SCALAR_NAMES[b]}"
        )
    if kind(high) == 3:
        return dtypes.complex128 if low is dtypes.float64 else high
    if kind(low) != kind(high) or low.itemsize != high.itemsize:
        return high
    return dtypes.float32 if kind(high) == 2 else dtypes.int16


def can_cast(source: dtype, target: dtype) -> bool:
    """Whether a result of type ``source`` may be written into a tensor of type ``target``.

    Example:
        >>> can_cast(dtypes.float32, dtypes.int64), can_cast(dtypes.float64, dtypes.float16)
        (False, True)
    """
    if target is dtypes.bool:
        return source is dtypes.bool
    return kind(source) <= max(kind(target), 1)


def check_cast(source: dtype, target: dtype) -> None:
    """Raise torch's error where `can_cast` refuses."""
    if not can_cast(source, target):
        raise RuntimeError(
            f"result type {SCALAR_NAMES[source]} can't be cast to the desired output type "
            f"{SCALAR_NAMES[target]}"
        )


def number_type(value: complex) -> dtype:
    """The type that torch gives a Python number.

    Raises:
        OverflowError: it is an integer of more than 64 bits.
    """
    if isinstance(value, bool):
        return dtypes.bool
    if isinstance(value, int):
        if -(2**63) <= value < 2**63:
            return dtypes.int64
        if not 0 < value < 2**64:
            raise OverflowError("int too big to convert")
        return dtypes.uint64
    default = dtypes.get_default_dtype()
    return default if isinstance(value, float) else to_complex(default)


def rank_of(operand: Any) -> tuple[dtype, Rank]:
    """An operand's type and rank: that of a number, or of anything with ``dtype`` and ``ndim``."""
    if isinstance(operand, (bool, int, float, complex)):
        return number_type(operand), "number"
    return operand.dtype, "dimensions" if operand.ndim else "0-dim"


def result_type(*operands: Any) -> dtype:
    """The type of an elementwise result of tensors and Python numbers (``torch.result_type``)."""
    return combine(tuple(map(rank_of, operands)))


@functools.cache
def combine(operands: tuple[tuple[dtype, Rank], ...]) -> dtype:
    """`result_type` of operands that are given as (type, rank).

    Example:
        >>> combine(((dtypes.float32, "dimensions"), (dtypes.float64, "0-dim")))
        torch.float32
    """
    result: dtype | None = None
    for rank in RANKS:
        types = [d for d, r in operands if r == rank]
        if types:
            lower = functools.reduce(promote, types)
            result = lower if result is None else _outrank(result, lower)
    if result is None:
        raise RuntimeError("at least one operand is needed")
    return result


def _outrank(higher: dtype, lower: dtype) -> dtype:
    if kind(lower) <= kind(higher):
        return higher
    if kind(lower) == 3 and kind(higher) == 2:
        return to_complex(higher)
    return lower if kind(lower) > 1 else promote(higher, lower)
