"""Checks of indices against the sizes of what they index, with each operation's own errors."""

import numpy as np

from jaxnn.torch import dtypes
from jaxnn.torch.tensor import Tensor, is_traced, values

INDICES = (dtypes.int64, dtypes.int32)


def check(
    index: Tensor,
    size: int,
    text: str,
    *,
    error: type[Exception] = RuntimeError,
    negative: bool = False,
) -> None:
    """Raise torch's error for the first index that is beyond a size, where it can be read.

    Args:
        index: the indices.
        size: how many elements there are.
        text: of the error, in which {} is the index.
        error: its type.
        negative: whether indices may count from the end.
    """
    if is_traced(index):
        return
    found = values(index)
    wrong = (found >= size) | (found < (-size if negative else 0))
    if np.count_nonzero(wrong):
        raise error(text.format(found.flat[np.flatnonzero(wrong)[0]]))


def size_along(x: Tensor, axis: int) -> int:
    """The size of a dimension; a tensor without dimensions has one element."""
    return x._layout.shape[axis] if x.ndim else 1
