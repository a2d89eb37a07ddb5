"""Arguments as torch takes them: numbers, tensors, sizes and dimensions, with torch's errors."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from jaxnn.torch.layout import wrap_dim
from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor, of_array

Number = bool | int | float | complex
NUMBER = (bool, int, float, complex)


class ArgumentError(TypeError):
    """An argument of the wrong type, by name and position among a function's arguments."""

    def __init__(self, function: str, name: str, position: int, expected: str, given: Any) -> None:
        self.parts = (function, name, position, expected, given)
        super().__init__(
            f"{function}(): argument '{name}' (position {position}) must be {expected}, "
            f"not {type_name(given)}"
        )

    def of_method(self, suffix: str = "") -> "ArgumentError":
        """The same error for a method, whose tensor is not counted."""
        function, name, position, expected, given = self.parts
        return ArgumentError(function + suffix, name, position - 1, expected, given)


def operand(value: Any) -> Any:
    """What an operator can take, as a tensor or a Python number; None where it cannot."""
    if isinstance(value, (Tensor, *NUMBER)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray | jax.Array):
        return of_array(value)
    return None


def require_tensor(value: Any, function: str, name: str, position: int) -> Tensor:
    """A tensor, or a JAX array as one.

    Raises:
        ArgumentError: it is something else.
    """
    if isinstance(value, Tensor):
        return value
    if isinstance(value, jax.Array):
        return of_array(value)
    raise ArgumentError(function, name, position, "Tensor", value)


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
        return tuple(_size(n, function, name, i) for i, n in enumerate(args[0], start=1))
    for n in args:
        if not is_int(n):
            raise ArgumentError(function, name, position, "tuple of ints", n)
    return tuple(int(n) for n in args)


def _size(value: Any, function: str, name: str, place: int) -> int:
    if is_int(value):
        return int(value)
    raise TypeError(
        f"{function}(): argument '{name}' failed to unpack the object at pos {place} with error "
        f'"type must be tuple of ints,but got {type_name(value)}"'
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
