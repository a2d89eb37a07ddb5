"""What the tensors in a file of torch's, and what belongs to them, become in Python."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from jaxnn.checkpoint.storages import View


@dataclass(frozen=True)
class Makers:
    """A function for each, which gets what has been checked.

    Args:
        kind: The type of tensors.
        tensor: A tensor, of its view of a storage.
        marks: What torch puts off until a tensor is read, by its name: conjugation and negation.
        size: A ``torch.Size``, of integers.
        device: A device, of its type and its index or None.
        layout: A layout, of its name.
        dtype: A type of torch's, of NumPy's; None where there is none.
        others: The types of what the other functions return.
    """

    kind: type
    tensor: Callable[[View], Any]
    marks: dict[str, Callable[[Any], Any]]
    size: Callable[[tuple[int, ...]], Any]
    device: Callable[[str, int | None], Any]
    layout: Callable[[str], Any]
    dtype: Callable[[np.dtype], Any]
    others: tuple[type, ...]


#: What torch puts off until a tensor is read, by the names that it has in files.
MARKS = {"conj": np.conjugate, "neg": np.negative}

#: Arrays of NumPy's, which share the memory that tensors shared, and its types.
ARRAYS = Makers(
    kind=np.ndarray,
    tensor=View.array,
    marks=MARKS,
    size=tuple,
    device=lambda kind, index: kind if index is None else f"{kind}:{index}",
    layout=str,
    dtype=np.dtype,
    others=(np.dtype,),
)
