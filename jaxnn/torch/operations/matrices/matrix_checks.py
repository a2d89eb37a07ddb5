"""What operations on matrices take, and torch's errors where they have no answer."""

from typing import Any

import numpy as np

from jaxnn.torch import promotion
from jaxnn.torch.tensor import Tensor, is_traced, values


class LinAlgError(RuntimeError):
    """A matrix for which there is no answer, as a singular one has no inverse.

    Source: ``torch.linalg.LinAlgError``.
    """


LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"


def check_matrices(name: str, x: Tensor, *, square: bool = False) -> None:
    """Raise torch's error for what is no stack of (square) matrices of real or complex numbers."""
    if x.ndim < 2:
        raise RuntimeError(f"{name}: The input tensor A must have at least 2 dimensions.")
    rows, columns = x._layout.shape[-2:]
    if square and rows != columns:
        raise RuntimeError(
            f"{name}: A must be batches of square matrices, but they are {rows} by {columns} "
            "matrices"
        )
    given = promotion.SCALAR_NAMES[x._dtype]
    if promotion.is_integral(x._dtype):
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got {given}"
        )
    if x._dtype.itemsize == 2:
        raise RuntimeError(f"{name}: Low precision dtypes not supported. Got {given}")


def check_info(info: Tensor, text: str, batched: str = "(Batch element {0}): ") -> None:
    """Raise torch's error where a computation noted a failure: a number above 0.

    Args:
        info: what each matrix's computation noted.
        text: the message, in which {0} is the note and {1} says which matrix.
        batched: how the message names a matrix among several.
    """
    if is_traced(info):
        return
    notes: Any = np.atleast_1d(values(info))
    if not notes.any():
        return
    place = int(np.flatnonzero(notes)[0])
    which = batched.format(place) if info.ndim else ""
    raise LinAlgError(text.format(int(notes.reshape(-1)[place]), which))
