"""The different elements, or slices, of a tensor.

How many there are depends on the values, so these run on the host, and not in a traced function.
"""

import math
from typing import Any

import numpy as np

from jaxnn.torch import promotion
from jaxnn.torch.lacking import LackingError
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.tensor import Tensor, is_traced, of_array, values

_UNIQUE = (
    "Tensor input, bool sorted = True, bool return_inverse = False, bool return_counts = False, "
    "int? dim = None",
)
_CONSECUTIVE = (
    "Tensor input, bool return_inverse = False, bool return_counts = False, int? dim = None",
)


def _lines(x: Tensor, dim: int | None) -> np.ndarray:
    """What is told apart, a row each: elements, or slices along a dimension."""
    array = values(x)
    if dim is None:
        return array.reshape(-1, 1)
    rows = np.moveaxis(array, dim, 0)
    return rows.reshape(len(rows), math.prod(rows.shape[1:]))


def _order(lines: np.ndarray) -> np.ndarray:
    """The stable order of rows; the first column matters most."""
    # NumPy does not sort all the types of ml_dtypes; in 32 bits they are themselves.
    wide = lines if lines.dtype.kind in "biu" or lines.itemsize > 2 else lines.astype(np.float32)
    return np.lexsort(wide.T[::-1])


def _told_apart(lines: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, ...]:
    """Of rows in an order: the places of the first of its kind, each row's kind, and the counts."""
    sorted_lines = lines[order]
    differs = np.ones(len(lines), bool)
    differs[1:] = (sorted_lines[1:] != sorted_lines[:-1]).any(axis=1)
    starts = np.flatnonzero(differs)
    kinds = np.empty(len(lines), np.int64)
    kinds[order] = np.cumsum(differs) - 1
    return order[starts], kinds, np.diff(starts, append=len(lines))


def _check(name: str, x: Tensor, dim: int | None) -> None:
    if is_traced(x):
        raise LackingError(
            f"jaxnn.torch.{name} returns as many elements as there are different ones, which a "
            "traced function does not know. Use jnp.unique(x, size=...)"
        )
    if dim is not None:
        if not x.ndim:
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        _check_empty(x, wrap_dim(dim, x.ndim))
    if x._dtype.is_complex:
        raise promotion.not_implemented("unique" if dim is None else "unique_dim", x._dtype)


def _check_empty(x: Tensor, axis: int) -> None:
    empty = [d for d, n in enumerate(x._layout.shape) if not n]
    if len(empty) > 1:
        raise RuntimeError(
            "Number of zero sized dimensions is more than one, so unique cannot be applied "
        )
    if empty and empty != [axis]:
        raise RuntimeError(
            "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied"
        )


def _unique(
    name: str, input: Tensor, inverse: bool, counts: bool, dim: int | None, *, consecutive: bool
) -> Any:
    _check(name, input, dim)
    lines = _lines(input, dim)
    order = np.arange(len(lines)) if consecutive else _order(lines)
    firsts, kinds, times = _told_apart(lines, order)
    if dim is None:
        found = of_array(lines[firsts, 0])
        kinds = kinds.reshape(input._layout.shape)
    else:
        axis = wrap_dim(dim, input.ndim)
        rows = np.moveaxis(values(input), axis, 0)[firsts]
        found = of_array(rows).movedim(0, axis) if len(rows) else of_array(values(input))
    more = [of_array(each) for each, wanted in ((kinds, inverse), (times, counts)) if wanted]
    return (found, *more) if more else found


def _prepare_unique(
    input: Tensor, sorted: bool, return_inverse: bool, return_counts: bool, dim: int | None
) -> Any:
    return _unique("unique", input, return_inverse, return_counts, dim, consecutive=False)


def _prepare_unique_consecutive(
    input: Tensor, return_inverse: bool, return_counts: bool, dim: int | None
) -> Any:
    return _unique(
        "unique_consecutive", input, return_inverse, return_counts, dim, consecutive=True
    )


unique = define(
    Operation(
        "unique",
        _prepare_unique,
        "The different elements in their order; or the different slices along a dimension.",
        out=False,
        signatures=_UNIQUE,
    )
)
unique_consecutive = define(
    Operation(
        "unique_consecutive",
        _prepare_unique_consecutive,
        "The elements, or slices, without those that equal the one before.",
        out=False,
        signatures=_CONSECUTIVE,
    )
)
