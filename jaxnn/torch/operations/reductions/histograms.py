"""How many elements fall into each bin, or how much weight."""

import math
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.core import source
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.results import named_results
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, INTEGER, SAME
from jaxnn.torch.operations.reductions.extremes import aminmax
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, scalar

_HISTC = ("Tensor input, int bins = 100, Number min = 0, Number max = 0, *, Tensor out = None",)
_HISTOGRAM = (
    "Tensor input, Tensor bins, *, Tensor weight = None, bool density = False, "
    "tuple of Tensors out = None",
    "Tensor input, int bins = 100, *, tuple of floats range = None, Tensor weight = None, "
    "bool density = False, tuple of Tensors out = None",
)

_COUNTABLE = (
    SAME.refusing("aminmax_cpu", COMPLEX)
    .refusing("linspace_cpu", BOOL)
    .refusing("histogram_cpu", INTEGER)
)


def _widened(low: Array, high: Array, margin: float) -> tuple[Array, Array]:
    """A range of some width, with a margin around the only value where it had none."""
    single = low == high
    return jnp.where(single, low - margin, low), jnp.where(single, high + margin, high)


def _evenly_binned(
    x: Array, low: Array, high: Array, bins: int, exponent: int, mantissa: int
) -> Array:
    """By the place in the range, rounded at each step; what lies outside is not counted."""

    def rounded(value: Array) -> Array:
        return lax.reduce_precision(value, exponent, mantissa)

    x = x.reshape(-1)
    low, high = map(rounded, _widened(rounded(low), rounded(high), 1))
    inside = (x >= low) & (x <= high)
    part = rounded(jnp.where(inside, x - low, 0))
    share = rounded(rounded(part * rounded(jnp.asarray(bins, x.dtype))) / rounded(high - low))
    place = jnp.minimum(share.astype(np.int64), bins - 1)
    found = jnp.zeros(bins, x.dtype).at[place].add(inside.astype(x.dtype))
    return jnp.minimum(found, 2.0 ** (mantissa + 1))  # where adding 1 no longer changes it


def _edges_between(low: Array, high: Array, bins: int) -> Array:
    """Evenly spaced edges, counted from the nearer end as ``linspace`` does."""
    low, high = _widened(low, high, 0.5)
    step = (high - low) / bins
    index = jnp.arange(bins + 1, dtype=low.dtype)
    return jnp.where(index < (bins + 1) // 2, low + step * index, high - step * (bins - index))


def _binned(x: Array, edges: Array, *weight: Array, density: bool) -> tuple[Array, Array]:
    """The weight between each two edges, the last edge included; and the edges."""
    x = x.reshape(-1)
    last = edges.shape[0] - 2
    place = jnp.clip(jnp.searchsorted(edges, x, side="right") - 1, 0, last)
    inside = (x >= edges[0]) & (x <= edges[-1])
    amount = weight[0].reshape(-1) if weight else jnp.ones_like(x)
    found = jnp.zeros(last + 1, x.dtype).at[place].add(jnp.where(inside, amount, 0))
    return (found / (jnp.sum(found) * jnp.diff(edges)) if density else found), edges


def _binned_between(
    x: Array, low: Array, high: Array, *weight: Array, bins: int, density: bool
) -> tuple[Array, Array]:
    return _binned(x, _edges_between(low, high, bins), *weight, density=density)


def _bounds(x: Tensor, low: float, high: float, not_finite: str) -> tuple[Any, Any]:
    """The ends of the range as operands: what was given, or the extremes of the elements."""
    if low == high and x._layout.numel:
        ends = aminmax(x)
        if is_traced(x):
            return tuple(map(source, ends))
        low, high = map(scalar, ends)
    elif low == high == 0 and not x._layout.numel:
        high = 1
    if not math.isfinite(low) or not math.isfinite(high):
        raise RuntimeError(not_finite.format(low, high))
    return float(low), float(high)


def _check_bins(bins: int) -> None:
    if bins <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0")


def _prepare_histc(input: Tensor, bins: int, min: float, max: float) -> Call:
    _check_bins(bins)
    if min > max:
        raise RuntimeError("torch.histc: max must be larger than min")
    _COUNTABLE.check(input._dtype)
    low, high = _bounds(input, min, max, "torch.histc: range of [{:g}, {:g}] is not finite")
    result = Result(layouts.contiguous((bins,)), input._dtype)
    bits = jnp.finfo(input._dtype.numpy)
    options = (("bins", bins), ("exponent", bits.nexp), ("mantissa", bits.nmant))
    compute = promotion.accumulator(input._dtype)
    return Call(_evenly_binned, (source(input), low, high), (result,), compute, options)


def _prepare_histogram(
    input: Tensor,
    bins: Any,
    weight: Tensor | None,
    density: bool,
    range: Sequence[float] | None = None,
) -> Call:
    if not isinstance(bins, Tensor):
        _check_bins(bins)
    if input._dtype not in (dtypes.float32, dtypes.float64):
        raise promotion.not_implemented("histogramdd", input._dtype)
    _check_weight(input, weight)
    weights = () if weight is None else (source(weight),)
    options: tuple[tuple[str, Any], ...] = (("density", density),)
    if isinstance(bins, Tensor):
        _check_edges(input, bins)
        count = bins._layout.numel - 1
        call = Call(_binned, (source(input), source(bins), *weights), (), input._dtype, options)
    else:
        count, low, high = bins, *_given_range(input, range)
        operands = (source(input), low, high, *weights)
        options = (("bins", bins), *options)
        call = Call(_binned_between, operands, (), input._dtype, options)
    sizes = (count, count + 1)
    results = tuple(Result(layouts.contiguous((n,)), input._dtype) for n in sizes)
    return call._replace(results=results, pack=named_results("histogram", "hist bin_edges"))


def _given_range(x: Tensor, given: Sequence[float] | None) -> tuple[Any, Any]:
    name = "torch.histogramdd:"
    low, high = (0.0, 0.0) if given is None else _pair(given)
    if low > high:
        raise RuntimeError(
            f"{name} min should not exceed max, but got min {low:g} max {high:g} for dimension 0"
        )
    not_finite = f"{name} dimension 0's range [{{:g}}, {{:g}}] is not finite"
    if given is None:
        return _bounds(x, low, high, not_finite)
    if not math.isfinite(low) or not math.isfinite(high):
        raise RuntimeError(not_finite.format(low, high))
    return low, high


def _pair(given: Sequence[float]) -> tuple[float, float]:
    if len(given) != 2:
        raise RuntimeError(
            "torch.histogramdd: for a 1-dimensional histogram range should have 2 elements, but "
            f"got {len(given)}"
        )
    return float(given[0]), float(given[1])


def _check_weight(x: Tensor, weight: Tensor | None) -> None:
    name = "torch.histogramdd: if weight tensor is provided it should have the same"
    if weight is None:
        return
    if weight._dtype is not x._dtype:
        kinds = promotion.C_NAMES[x._dtype], promotion.C_NAMES[weight._dtype]
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided, input tensor and weight tensor "
            "should have the same dtype, but got input(dtype={}), and weight(dtype={})".format(
                *kinds
            )
        )
    if weight._layout.shape != x._layout.shape:
        raise RuntimeError(
            f"{name} shape as the input tensor excluding its innermost dimension, but got input "
            f"with shape {[*x.shape, 1]} and weight with shape {list(weight.shape)}"
        )


def _check_edges(x: Tensor, edges: Tensor) -> None:
    if edges.ndim != 1:
        raise RuntimeError(
            f"torch.histogramdd: bins tensor should have one dimension, but got {edges.ndim} "
            "dimensions in the bins tensor for dimension 0"
        )
    if not edges._layout.numel:
        raise RuntimeError(
            "torch.histogramdd: bins tensor should have at least 1 element, but got 0 elements in "
            "the bins tensor for dimension 0"
        )
    if edges._dtype is not x._dtype:
        kinds = promotion.C_NAMES[x._dtype], promotion.C_NAMES[edges._dtype]
        raise RuntimeError(
            "torch.histogramdd: input tensor and bins tensors should have the same dtype, but got "
            "input with dtype {} and bins for dimension 0 with dtype {}".format(*kinds)
        )


histc = define(
    Operation(
        "histc",
        _prepare_histc,
        "How many elements are in each of some bins of equal width.",
        signatures=_HISTC,
        out_type="same",
    )
)
histogram = define(
    Operation(
        "histogram",
        _prepare_histogram,
        "How many elements, or how much weight, is in each bin; and the bins' edges.",
        signatures=_HISTOGRAM,
        out_type="same",
    )
)
