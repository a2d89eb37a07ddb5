"""The types of arguments by torch's names: what each takes, and what becomes of it."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from jaxnn.torch import dtypes, formats
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.generator import Generator
from jaxnn.torch.operations.definition.arguments import NUMBER, is_int
from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor, of_array
from jaxnn.torch.untyped_storage import UntypedStorage


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) or (
        isinstance(value, Tensor) and value.ndim == 0
    )


def _is_sizes(value: Any) -> bool:
    # The first alone decides; the others fail later, with an error of their own.
    return isinstance(value, tuple | list) and (not value or is_int(value[0]))


def _is_dtype(value: Any) -> bool:
    return isinstance(value, DType) or (isinstance(value, type) and value in dtypes.PYTHON_TYPES)


#: What a parameter of each type takes, by the name that torch gives the type.
TAKES: dict[str, Callable[[Any], bool]] = {
    "Tensor": lambda value: isinstance(value, Tensor | jax.Array),
    "Tensor~": lambda value: isinstance(value, Tensor | jax.Array | complex) or _is_number(value),
    "float": _is_number,
    "Number": lambda value: isinstance(value, complex) or _is_number(value),
    "int": is_int,
    "bool": lambda value: isinstance(value, bool),
    "str": lambda value: isinstance(value, str),
    "object": lambda value: True,
    "tuple of Tensors": lambda value: isinstance(value, tuple | list),
    "tuple of floats": lambda value: isinstance(value, tuple | list),
    "tuple of ints": _is_sizes,
    "torch.Generator": lambda value: isinstance(value, Generator),
    "torch.dtype": _is_dtype,
    "torch.device": lambda value: isinstance(value, str | int | Device),
    "torch.Storage": lambda value: isinstance(value, UntypedStorage),
    "torch.layout": lambda value: isinstance(value, formats.layout),
    "torch.memory_format": lambda value: isinstance(value, formats.memory_format),
}

_NUMBERS = frozenset(NUMBER)
#: The types of values that a parameter of each type takes as they are.
PLAIN: dict[str, frozenset[type]] = {
    "Tensor": frozenset({Tensor}),
    "Tensor~": _NUMBERS | {Tensor},
    "float": frozenset({float}),
    "Number": _NUMBERS,
    "bool": frozenset({bool}),
    "str": frozenset({str}),
    "torch.dtype": frozenset({DType}),
}


def _as_int64(value: Any) -> int:
    value = int(value)
    if not -(2**63) <= value < 2**63:
        raise ValueError("Overflow when unpacking long long")
    return value


def _as_operand(value: Any) -> Any:
    """A tensor or a number."""
    if isinstance(value, jax.Array):
        return of_array(value)
    return value.item() if isinstance(value, np.generic) else value


#: What a function is given of an argument of each type, where that is not the argument itself.
CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "Tensor": lambda value: value if isinstance(value, Tensor) else of_array(value),
    "Tensor~": _as_operand,
    "float": float,
    "Number": lambda value: value.item() if hasattr(value, "item") else value,
    "int": _as_int64,
    "torch.dtype": lambda value: dtypes.PYTHON_TYPES.get(value, value),
    "torch.device": Device,
}


def name_of_type(value: Any) -> str:
    """The name by which torch's messages call an argument's type."""
    modules = {
        Generator: "torch._C.Generator",
        DType: "torch.dtype",
        Device: "torch.device",
        formats.memory_format: "torch.memory_format",
        formats.layout: "torch.layout",
    }
    return modules.get(type(value)) or type_name(value)


def contents(value: Any) -> str:
    """The name of a type, and of a sequence the names of what is in it."""
    inside = ", ".join(map(name_of_type, value)) if isinstance(value, tuple | list) else ""
    if isinstance(value, list):
        return f"list of [{inside}]"
    return f"tuple of ({inside})" if isinstance(value, tuple) else name_of_type(value)


def what_came(expected: str, value: Any) -> str:
    """How torch's message ends that says which type an argument must be."""
    if expected == "tuple of ints" and isinstance(value, tuple | list):
        return f"but found element of type {name_of_type(value[0])} at pos 0"
    return f"not {name_of_type(value)}"
