"""Lists of tensors as torch takes them."""

from collections.abc import Sequence
from typing import Any

from jaxnn.torch.size import type_name
from jaxnn.torch.tensor import Tensor


def tensors_of(values: Any) -> Sequence[Tensor]:
    """The values, provided that all are tensors.

    Raises:
        TypeError: one is not.
    """
    for place, x in enumerate(values):
        if not isinstance(x, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument 0, but got {type_name(x)}"
            )
    return values


def unpacked(values: tuple[Any, ...]) -> Sequence[Tensor]:
    """Tensors given one by one, or as one list."""
    alone = len(values) == 1 and isinstance(values[0], tuple | list)
    return tensors_of(values[0] if alone else values)
