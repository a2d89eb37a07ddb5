"""The types of arguments by torch's names: what each takes, and what becomes of it."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from jaxnn.torch import dtypes
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.generator import Generator
from jaxnn.torch.operations.arguments import is_int
from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor, of_array


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) or (
        isinstance(value, Tensor) and value.ndim == 0
    )


def _never(value: Any) -> bool:
    return False


def _is_dtype(value: Any) -> bool:
    return isinstance(value, DType) or (isinstance(value, type) and value in dtypes.PYTHON_TYPES)


#: What a parameter of each type takes, by the name that torch gives the type.
TAKES: dict[str, Callable[[Any], bool]] = {
    "Tensor": lambda value: isinstance(value, Tensor | jax.Array),
    "float": _is_number,
    "Number": _is_number,
    "int": is_int,
    "bool": lambda value: isinstance(value, bool),
    "tuple of ints": lambda value: isinstance(value, tuple | list),
    "torch.Generator": lambda value: isinstance(value, Generator),
    "torch.dtype": _is_dtype,
    "torch.device": lambda value: isinstance(value, str | int | Device),
    # The adapter has no names of these.
    "torch.layout": _never,
    "torch.memory_format": _never,
}


def _as_int64(value: Any) -> int:
    value = int(value)
    if not -(2**63) <= value < 2**63:
        raise ValueError("Overflow when unpacking long long")
    return value


#: What a function is given of an argument of each type, where that is not the argument itself.
CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "Tensor": lambda value: value if isinstance(value, Tensor) else of_array(value),
    "float": float,
    "Number": float,
    "int": _as_int64,
    "torch.dtype": lambda value: dtypes.PYTHON_TYPES.get(value, value),
    "torch.device": Device,
}


def name_of_type(value: Any) -> str:
    """The name by which torch's messages call an argument's type."""
    modules = {Generator: "torch._C.Generator", DType: "torch.dtype", Device: "torch.device"}
    return modules.get(type(value)) or type_name(value)
