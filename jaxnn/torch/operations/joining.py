"""Tensors put together."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from jaxnn.torch import formats, promotion, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.layout import Layout, wrap_dim
from jaxnn.torch.operations.arguments import wrong_argument
from jaxnn.torch.operations.call import Call, Result
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


def _concatenate(*arrays: Array, axis: int) -> Array:
    return jnp.concatenate(arrays, axis)


def _sequence(tensors: Any, name: str) -> Sequence[Tensor]:
    if not isinstance(tensors, tuple | list):
        raise wrong_argument(name, "tensors", 1, "tuple of Tensors", tensors)
    for place, x in enumerate(tensors):
        if not isinstance(x, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument 0, but got {type(x).__name__}"
            )
    return tensors


def _prepare_cat(tensors: Any, dim: int = 0) -> Call:
    given = _sequence(tensors, "cat")
    if not given:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    for place, each in enumerate(given):
        if not each.ndim:
            raise RuntimeError(
                f"zero-dimensional tensor (at position {place}) cannot be concatenated"
            )
    # Vectors of no elements join with anything: so torch has it from its early days.
    shaped = [x for x in given if x._layout.shape != (0,)] or list(given[:1])
    first = shaped[0]
    axis = wrap_dim(dim, first.ndim)
    for x in shaped:
        _check_joins(first, x, axis, [each is x for each in given].index(True))
    length = sum(x._layout.shape[axis] for x in shaped)
    shape = (*first._layout.shape[:axis], length, *first._layout.shape[axis + 1 :])
    dtype = promotion.result_type(*given)
    sources = tuple(Source(x._storage, x._layout) for x in shaped)
    result = Result(_joined(shape, [x._layout for x in shaped]), dtype)
    return Call(_concatenate, sources, (result,), dtype, (("axis", axis),))


def _joined(shape: tuple[int, ...], parts: Sequence[Layout]) -> Layout:
    """Contiguous, unless all are images with their channels last in memory."""
    shown = set(map(formats.suggested, parts))
    return formats.layout_in(shape, shown.pop() if len(shown) == 1 else formats.contiguous_format)


def _check_joins(first: Tensor, x: Tensor, axis: int, place: int) -> None:
    if x.ndim != first.ndim:
        raise RuntimeError(
            f"Tensors must have same number of dimensions: got {first.ndim} and {x.ndim}"
        )
    for d, (expected, found) in enumerate(zip(first.shape, x.shape, strict=True)):
        if d != axis and expected != found:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {axis}. Expected size "
                f"{expected} but got size {found} for tensor number {place} in the list."
            )


def _prepare_stack(tensors: Any, dim: int = 0) -> Call:
    given = _sequence(tensors, "stack")
    if not given:
        raise RuntimeError("stack expects a non-empty TensorList")
    axis = wrap_dim(dim, given[0].ndim + 1)
    for place, x in enumerate(given):
        if x.shape != given[0].shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(given[0].shape)} at "
                f"entry 0 and {list(x.shape)} at entry {place}"
            )
    rows = [wrap(x._storage, views.unsqueeze(x._layout, axis), x._dtype) for x in given]
    return _prepare_cat(rows, axis)


_DOC = "Tensors one after another along a dimension."
cat = define(Operation("cat", _prepare_cat, _DOC, method=False, sequence=True))
stack = define(
    Operation(
        "stack", _prepare_stack, "Tensors along a new dimension.", method=False, sequence=True
    )
)


def concat(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors one after another along a dimension: `cat` by NumPy's name.

    Source: ``torch.concat``.
    """
    return cat(tensors, dim, out=out)


concatenate = concat
