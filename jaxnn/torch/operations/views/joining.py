"""Tensors put together."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import jax.scipy.linalg

from jaxnn.torch import dtypes, formats, layouts, promotion, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout, wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result, apply, check_shared
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.sequences import tensors_of
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


def _concatenate(*arrays: Array, axis: int) -> Array:
    return jnp.concatenate(arrays, axis)


def _prepare_cat(tensors: Any, dim: int) -> Call:
    given = tensors_of(tensors)
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
    axis = wrap_dim(dim, first.ndim) if first._layout.shape != (0,) else 0
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


def _prepare_stack(tensors: Any, dim: int) -> Call:
    given = tensors_of(tensors)
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


def _at_least(x: Tensor, ndim: int) -> Tensor:
    """The tensor with dimensions of size 1, as ``atleast_1d`` to ``atleast_3d`` put them in."""
    layout = x._layout
    while layout.ndim < ndim:
        layout = views.unsqueeze(layout, 0 if layout.ndim < 2 else 2)
    return wrap(x._storage, layout, x._dtype)


def _stacker(name: str, ndim: int, dim: int) -> Callable[..., Call]:
    def prepare(tensors: Any) -> Call:
        given = [_at_least(x, ndim) for x in tensors_of(tensors)]
        if not given:
            raise RuntimeError(f"{name} expects a non-empty TensorList")
        return _prepare_cat(given, 0 if given[0].ndim == 1 else dim)

    return prepare


def _as_columns(tensors: Any) -> Call:
    given = tensors_of(tensors)
    if not given:
        raise RuntimeError("column_stack expects a non-empty TensorList")
    return _prepare_cat([x if x.ndim > 1 else x.reshape(-1, 1) for x in given], 1)


def _block_diagonal(*matrices: Array) -> Array:
    return jax.scipy.linalg.block_diag(*matrices) if matrices else jnp.zeros((1, 0))


def block_diag(*tensors: Tensor) -> Tensor:
    """The matrix that has matrices on its diagonal, corner to corner, and zeros elsewhere.

    >>> import jaxnn.torch as torch
    >>> torch.block_diag(torch.tensor([[1, 2]]), torch.tensor(3))
    tensor([[1, 2, 0],
            [0, 0, 3]])

    Source: ``torch.block_diag``.
    """
    given = tensors_of(tensors)
    for place, x in enumerate(given):
        if x.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input "
                f"{place} has {x.ndim} dimensions"
            )
    matrices = [_at_least(x, 2) for x in given]
    types = [x._dtype for x in matrices] or [dtypes.get_default_dtype()]
    dtype = functools.reduce(promotion.promote, types)
    sides = [sum(x._layout.shape[d] for x in matrices) for d in (0, 1)]
    result = Result(layouts.contiguous(sides if given else (1, 0)), dtype)
    sources = tuple(Source(x._storage, x._layout) for x in matrices)
    return apply(Call(_block_diagonal, sources, (result,), dtype))


def _define(name: str, prepare: Any, doc: str, rest: str = "") -> Callable[..., Any]:
    signatures = (f"tuple of Tensors tensors{rest}, *, Tensor out = None",)
    return define(Operation(name, prepare, doc, method=False, signatures=signatures))


def _apart(join: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which refuses to write over what it joins, even element by element."""

    @functools.wraps(join)
    def face(*args: Any, **kwargs: Any) -> Any:
        out, given = kwargs.get("out"), args[0] if args else kwargs.get("tensors")
        if isinstance(out, Tensor) and isinstance(given, tuple | list):
            sources = [Source(x._storage, x._layout) for x in given if isinstance(x, Tensor)]
            check_shared(out, sources, layouts.overlap)
        return join(*args, **kwargs)

    return face


_DIM = ", int dim = 0"
_CAT = "Tensors one after another along a dimension."
cat, concat, concatenate = (
    _apart(_define(name, _prepare_cat, _CAT, _DIM)) for name in ("cat", "concat", "concatenate")
)
stack = _define("stack", _prepare_stack, "Tensors along a new dimension.", _DIM)
hstack = _define("hstack", _stacker("hstack", 1, 1), "Tensors side by side.")
vstack, row_stack = (
    _define(name, _stacker("vstack", 2, 0), "Tensors one below another.")
    for name in ("vstack", "row_stack")
)
dstack = _define("dstack", _stacker("dstack", 3, 2), "Tensors one behind another.")
column_stack = _define("column_stack", _as_columns, "Vectors as columns side by side.")
