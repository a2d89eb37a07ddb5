"""All combinations of vectors' elements; the shape that shapes broadcast to."""

import itertools
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from jaxnn.torch import views
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.sequences import tensors_of, unpacked
from jaxnn.torch.operations.views.joining import stack
from jaxnn.torch.size import Size
from jaxnn.torch.tensor import Tensor, of_array, wrap


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """Each vector expanded over a grid that has a dimension for every one of them.

    Args:
        tensors: vectors, or single numbers as tensors.
        indexing: ``"ij"`` for the dimensions in the order of the vectors (the default, of which
            torch warns); ``"xy"`` for the first two exchanged.

    >>> import jaxnn.torch as torch
    >>> rows, columns = torch.meshgrid(torch.arange(2), torch.arange(3), indexing="ij")
    >>> rows
    tensor([[0, 0, 0],
            [1, 1, 1]])

    Source: ``torch.meshgrid``.
    """
    given = unpacked(tensors)
    if indexing is None:
        warnings.warn(
            "torch.meshgrid: in an upcoming release, it will be required to pass the indexing "
            "argument.",
            stacklevel=2,
        )
    return _grid(given, indexing or "ij")


def _grid(given: Sequence[Tensor], indexing: str) -> tuple[Tensor, ...]:
    _check_grid(given, indexing)
    if indexing == "xy" and len(given) > 1:
        second, first, *rest = _grid([given[1], given[0], *given[2:]], "ij")
        return (first, second, *rest)
    shape = tuple(x.numel() for x in given)
    grids = []
    for d, x in enumerate(given):
        place = views.view(x._layout, [-1 if e == d else 1 for e in range(len(shape))])
        grids.append(wrap(x._storage, views.expand(place, shape), x._dtype))
    return tuple(grids)


def _check_grid(given: Sequence[Tensor], indexing: str) -> None:
    if not given:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    for x in given:
        if x._dtype is not given[0]._dtype:
            raise RuntimeError("meshgrid expects all tensors to have the same dtype")
        if x.ndim > 1:
            raise RuntimeError(
                f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {x}"
            )
    if indexing not in ("ij", "xy"):
        raise RuntimeError(
            'torch.meshgrid: indexing must be one of "xy" or "ij", but received: ' + indexing
        )


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All combinations of one element of each vector, as rows.

    Source: ``torch.cartesian_prod``.
    """
    given = tensors_of(tensors)
    for x in given:
        if x.ndim != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(x.shape)}")
    if len(given) == 1:
        return given[0]
    columns = [x.reshape(-1) for x in _grid(given, "ij")]
    return stack(columns, 1)


def _combinations(input: Any, r: int, with_replacement: bool) -> Tensor:
    if input.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input.shape)}")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return input.new_empty(0)
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = list(choose(range(len(input)), r))
    places = np.array(rows, np.int64).reshape(len(rows), r)
    return input.index_select(0, of_array(places.reshape(-1))).view(places.shape)


combinations = define(
    Operation(
        "combinations",
        _combinations,
        "All choices of r elements of a vector, as rows.",
        signatures=("Tensor input, int r = 2, bool with_replacement = False",),
    )
)


def broadcast_shapes(*shapes: int | Iterable[int]) -> Size:
    """The shape to which shapes, or single sizes, broadcast.

    >>> import jaxnn.torch as torch
    >>> torch.broadcast_shapes((2, 1), 3)
    torch.Size([2, 3])

    Source: ``torch.broadcast_shapes``.
    """
    listed = [(shape,) if isinstance(shape, int) else tuple(shape) for shape in shapes]
    common = [1] * max(map(len, listed), default=0)
    for place, shape in enumerate(listed):
        for d in range(-1, -1 - len(shape), -1):
            if shape[d] < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if common[d] == 1:
                common[d] = shape[d]
            elif shape[d] not in (1, common[d]):
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {shape[d]} at {d}! "
                    f"Mismatching argument at index {place} had {shape}; but expected shape should "
                    f"be broadcastable to {common}"
                )
    return Size(common)
