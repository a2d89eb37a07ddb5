"""Arguments as torch takes them: numbers, tensors, sizes and dimensions, with torch's errors."""

import functools
import inspect
from collections.abc import Callable, Container, Sequence
from typing import Any

import jax
import numpy as np

from jaxnn.torch import dtypes
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor, of_array

Number = bool | int | float | complex
NUMBER = (bool, int, float, complex)


#: Names of NumPy's that torch takes for its own.
NUMPY_NAMES = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "a": "input",
    "x1": "input",
    "x2": "other",
}


def wrong_argument(function: str, name: str, position: int, expected: str, given: Any) -> TypeError:
    """The error for an argument of the wrong type, by name and position."""
    error = TypeError(
        f"{function}(): argument '{name}' (position {position}) must be {expected}, "
        f"not {type_name(given)}"
    )
    vars(error)["parts"] = (function, name, position, expected, given)
    return error


def of_method(error: TypeError, suffix: str = "") -> TypeError:
    """The same error for a method, whose tensor is not counted."""
    if "parts" not in vars(error):
        return error
    function, name, position, expected, given = vars(error)["parts"]
    return wrong_argument(function + suffix, name, position - 1, expected, given)


def missing(function: str, *names: str) -> TypeError:
    """The error for arguments that were not given."""
    quoted = ", ".join(f'"{name}"' for name in names)
    noun = "arguments" if len(names) == 1 else "argument"  # as torch has it, the wrong way round
    return TypeError(f"{function}() missing {len(names)} required positional {noun}: {quoted}")


def taking(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` with arguments as torch takes them: NumPy's names too, and with its errors."""
    parameters = inspect.signature(function).parameters
    needed = [
        each.name
        for each in parameters.values()
        if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
    ]

    def torch_name(given: str, names: Container[str]) -> str:
        own = NUMPY_NAMES.get(given, given)
        return own if own in parameters and own not in names else given

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            kwargs = {torch_name(key, kwargs): value for key, value in kwargs.items()}
            if "dtype" in kwargs:
                kwargs["dtype"] = as_dtype(kwargs["dtype"], name)
        absent = [each for each in needed[len(args) :] if each not in kwargs]
        if absent:
            raise missing(name, *absent)
        return function(*args, **kwargs)

    return call


def as_dtype(dtype: Any, function: str) -> Any:
    """A dtype argument: a torch dtype, one of Python's number types, or None.

    Raises:
        TypeError: it is something else.
    """
    found = dtypes.PYTHON_TYPES.get(dtype, dtype) if isinstance(dtype, type) else dtype
    if found is None or isinstance(found, dtypes.dtype):
        return found
    given = type_name(dtype)
    raise TypeError(f"{function}(): argument 'dtype' must be torch.dtype, not {given}")


def operand(value: Any) -> Any:
    """What an operator can take, as a tensor or a Python number; None where it cannot.

    A NumPy array it leaves to NumPy's own operators, which end in ``Tensor.__array_wrap__``.
    """
    if isinstance(value, (Tensor, *NUMBER)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    return of_array(value) if isinstance(value, jax.Array) else None


def require_tensor(value: Any, function: str, name: str, position: int) -> Tensor:
    """A tensor, or a JAX array as one.

    Raises:
        TypeError: it is something else.
    """
    if isinstance(value, Tensor):
        return value
    if isinstance(value, jax.Array):
        return of_array(value)
    raise wrong_argument(function, name, position, "Tensor", value)


def require_operand(value: Any, function: str, name: str, position: int) -> Tensor | Number:
    """A tensor or a number."""
    if isinstance(value, (Tensor, *NUMBER)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    return require_tensor(value, function, name, position)


def sizes(
    args: Sequence[Any], function: str, name: str = "size", position: int = 1
) -> tuple[int, ...]:
    """Sizes given one by one or as one sequence, as in ``zeros(2, 3)`` and ``zeros((2, 3))``."""
    if len(args) == 1 and isinstance(args[0], tuple | list):
        if all(type(n) is int and -(2**63) <= n < 2**63 for n in args[0]):
            return tuple(args[0])
        return tuple(_size(n, function, name, i) for i, n in enumerate(args[0], start=1))
    for n in args:
        if not is_int(n):
            raise wrong_argument(function, name, position, "tuple of ints", n)
    return tuple(int(n) for n in args)


def given_sizes(args: Sequence[Any], size: Any, function: str) -> tuple[int, ...]:
    """`sizes` given by position or as ``size=``."""
    if size is not None:
        if args:
            raise TypeError(f"{function}() got multiple values for argument 'size'")
        return one_size(size, function)
    if not args:
        raise missing(function, "size")
    return sizes(args, function)


def one_size(size: Any, function: str) -> tuple[int, ...]:
    """A size given as one sequence only."""
    if not isinstance(size, tuple | list):
        raise wrong_argument(function, "size", 1, "tuple of ints", size)
    return sizes([size], function)


def _size(value: Any, function: str, name: str, place: int) -> int:
    reason = f"type must be tuple of ints,but got {type_name(value)}"
    if is_int(value):
        if -(2**63) <= int(value) < 2**63:
            return int(value)
        reason = "Overflow when unpacking long long"
    raise TypeError(
        f"{function}(): argument '{name}' failed to unpack the object at pos {place} with error "
        f'"{reason}"'
    )


def is_int(value: Any) -> bool:
    """Whether a value can be a size or a dimension."""
    if isinstance(value, int | np.integer):
        return not isinstance(value, bool)
    return isinstance(value, Tensor) and value.ndim == 0 and value.dtype.numpy.kind in "iu"


def dims(dim: Any, ndim: int) -> tuple[int, ...]:
    """The dimensions of a reduction: one, several, or (None or empty) all."""
    if dim is None or (isinstance(dim, tuple | list) and not dim):
        return tuple(range(ndim))
    several = dim if isinstance(dim, tuple | list) else [dim]
    wrapped = [wrap_dim(int(d), ndim) for d in several]
    for d in wrapped:
        if wrapped.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return tuple(sorted(d for d in wrapped if d < ndim))
