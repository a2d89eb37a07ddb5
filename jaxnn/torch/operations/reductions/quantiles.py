"""Quantiles: the element, or the point between two, that a given share is not above."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, layouts
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.core import source
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import reduced_shape
from jaxnn.torch.operations.reductions import ties
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, of_array, values

_FORMS = tuple(
    f"Tensor input, {kind} q, int dim = None, bool keepdim = False, *, "
    'str interpolation = "linear", Tensor out = None'
    for kind in ("Tensor", "float")
)
_WAYS = ("linear", "lower", "higher", "midpoint", "nearest")
_ROUNDING = {"lower": jnp.floor, "higher": jnp.ceil, "nearest": jnp.round}
_MOST = 16_000_000


def _quantile(
    x: Array,
    q: Array,
    *order: Array,
    axis: int | None,
    keepdims: bool,
    way: str,
    ignore_nan: bool,
) -> Array:
    """The shares' places among the sorted elements come first, as torch has it."""
    ndim = x.ndim

    def in_line(array: Array) -> Array:
        return array.reshape(-1) if axis is None or not ndim else jnp.moveaxis(array, axis, -1)

    line = in_line(x)
    line = jnp.take_along_axis(line, in_line(order[0]), -1) if order else jnp.sort(line, axis=-1)
    found = _at_ranks(line, q.reshape(-1).astype(x.dtype), way, ignore_nan)
    if keepdims:
        shape = reduced_shape(x.shape, tuple(range(ndim)) if axis is None else (axis,), True)
        found = found.reshape(found.shape[:1] + shape)
    return found if q.ndim else found[0]


def _at_ranks(ordered: Array, shares: Array, way: str, ignore_nan: bool) -> Array:
    """Interpolate in the last dimension; the result has the shares in the first."""
    last = ordered.shape[-1] - 1
    numbers = jnp.sum((ordered == ordered).astype(np.int64), axis=-1)[None]
    shares = shares.reshape(-1, *[1] * (ordered.ndim - 1))
    if ignore_nan:
        rank = jnp.maximum(shares * (numbers - 1).astype(shares.dtype), 0)
    else:
        rank = jnp.where(numbers <= last, last, shares * last).astype(shares.dtype)
    if way in _ROUNDING:
        return _at(ordered, _ROUNDING[way](rank))
    below = jnp.floor(rank)
    weight = jnp.full_like(rank, 0.5) if way == "midpoint" else rank - below
    low, high = _at(ordered, below), _at(ordered, jnp.ceil(rank))
    step = high - low
    return jnp.where(weight < 0.5, low + weight * step, high - step * (1 - weight))


def _at(ordered: Array, rank: Array) -> Array:
    index = jnp.moveaxis(jnp.broadcast_to(rank, (rank.shape[0], *ordered.shape[:-1])), 0, -1)
    return jnp.moveaxis(jnp.take_along_axis(ordered, index.astype(np.int64), -1), -1, 0)


def _check_input(input: Tensor) -> None:
    if not input._layout.numel:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if input._dtype not in (dtypes.float32, dtypes.float64):
        raise RuntimeError("quantile() input tensor must be either float or double dtype")


def _check_shares(input: Tensor, q: Tensor) -> None:
    if q.ndim > 1:
        raise RuntimeError("quantile() q must be a scalar or 1D tensor")
    if q._dtype is not input._dtype:
        raise RuntimeError("quantile() q tensor must be same dtype as the input tensor")
    if not is_traced(q) and not ((values(q) >= 0) & (values(q) <= 1)).all():
        raise RuntimeError("quantile() q values must be in the range [0, 1]")


def _preparing(name: str, *, ignore_nan: bool) -> Any:
    def prepare(
        input: Tensor, q: Tensor | float, dim: int | None, keepdim: bool, interpolation: str
    ) -> Call:
        if isinstance(q, float) and not 0 <= q <= 1:
            raise RuntimeError(f"quantile() q must be in the range [0, 1] but got {q:g}")
        _check_input(input)
        if isinstance(q, Tensor):
            _check_shares(input, q)
        if interpolation not in _WAYS:
            raise RuntimeError(
                "quantile() interpolation must be one of linear, lower, higher, midpoint or "
                f"nearest, but got {interpolation}"
            )
        axis = None if dim is None else wrap_dim(dim, input.ndim)
        if input._layout.numel > _MOST and axis is None:
            raise RuntimeError("quantile() input tensor is too large")
        axes = tuple(range(input.ndim)) if axis is None else (axis,)
        shares = q._layout.shape if isinstance(q, Tensor) else ()
        kept = reduced_shape(input._layout.shape, axes, keepdim)
        # The shares vary fastest in memory, and come first.
        order = (*range(len(shares), len(shares) + len(kept)), *range(len(shares)))
        options = {"axis": axis, "keepdims": keepdim, "way": interpolation}
        places = ties.stable_places(input, axis)
        operands = (
            source(input),
            source(q) if isinstance(q, Tensor) else q,
            *([] if places is None else [source(of_array(places))]),
        )
        result = Result(layouts.in_order((*shares, *kept), order), input._dtype)
        options = (*options.items(), ("ignore_nan", ignore_nan))
        return Call(_quantile, operands, (result,), None, options)

    return prepare


quantile = define(
    Operation(
        "quantile",
        _preparing("quantile", ignore_nan=False),
        "The point that a share ``q`` of the elements is not above.",
        signatures=_FORMS,
    )
)
nanquantile = define(
    Operation(
        "nanquantile",
        _preparing("nanquantile", ignore_nan=True),
        "The quantile of the elements that are not nan.",
        signatures=_FORMS,
    )
)
