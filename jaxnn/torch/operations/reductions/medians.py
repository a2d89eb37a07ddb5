"""The element in the middle, and the most frequent one."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import layouts
from jaxnn.torch.kernels import convert
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.core import source
from jaxnn.torch.operations.definition.derivatives import shared
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import (
    check_nonempty,
    one_dim,
    reduced,
    with_indices,
)
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, SAME
from jaxnn.torch.operations.reductions import ties
from jaxnn.torch.operations.reductions.sorting import ordered
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, of_array

_MEDIAN = (
    "Tensor input",
    "Tensor input, int dim, bool keepdim = False, *, tuple of Tensors out = None",
)
_MODE = ("Tensor input, int dim = -1, bool keepdim = False, *, tuple of Tensors out = None",)


def _picked(
    values: Array, places: Array, rank: Array, axis: int, keepdims: bool
) -> tuple[Array, Array]:
    """The values and places at a rank, which is given with the dimension kept."""
    found = (jnp.take_along_axis(each, rank, axis) for each in (values, places))
    value, place = found if keepdims else (each.squeeze(axis) for each in found)
    return value, place


def _sorted(x: Array, axis: int, order: tuple[Array, ...]) -> tuple[Array, Array]:
    """Elements and places, in an order that is known or in a stable one."""
    return (jnp.take_along_axis(x, order[0], axis), order[0]) if order else ordered(x, axis)


def _middle(
    x: Array, *order: Array, axis: tuple[int, ...], keepdims: bool, ignore_nan: bool
) -> tuple[Array, Array]:
    """The lower of two in the middle; the first nan, if there is one that counts."""
    if not axis:
        return x, jnp.zeros((), np.int64)
    values, places = _sorted(x, axis[0], order)
    numbers = jnp.sum((x == x).astype(np.int64), axis=axis[0], keepdims=True)
    count = x.shape[axis[0]]
    middle = jnp.maximum(numbers - 1, 0) // 2
    rank = middle if ignore_nan else jnp.where(numbers < count, numbers, (count - 1) // 2)
    return _picked(values, places, rank, axis[0], keepdims)


def _middle_of_all(
    x: Array, *order: Array, axis: tuple[int, ...], keepdims: bool, ignore_nan: bool
) -> Array:
    if not x.size:
        return convert(jnp.asarray(jnp.nan), x.dtype)  # by way of 32 bits or more
    line = x.reshape(-1)
    value, _ = _middle(line, *order, axis=(0,), keepdims=False, ignore_nan=ignore_nan)
    return shared(value, line) if jnp.issubdtype(x.dtype, jnp.floating) else value


def _most_frequent(
    x: Array, *order: Array, axis: tuple[int, ...], keepdims: bool
) -> tuple[Array, Array]:
    """The least of the most frequent elements, and its last place in the order of sorting."""
    if not axis:
        return x, jnp.zeros((), np.int64)
    values, places = _sorted(x, axis[0], order)
    rank = lax.broadcasted_iota(np.int64, x.shape, axis[0])
    differs = values != jnp.roll(values, 1, axis[0])
    start = lax.cummax(jnp.where(differs, rank, 0), axis=axis[0])
    length = rank - start
    longest = jnp.max(length, axis=axis[0], keepdims=True)
    first = jnp.where(length == longest, rank, x.shape[axis[0]])
    return _picked(values, places, jnp.min(first, axis[0], keepdims=True), axis[0], keepdims)


def _median(name: str, *, ignore_nan: bool) -> Callable[..., Call]:
    options = (("ignore_nan", ignore_nan),)

    def prepare(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Call:
        if dim is None:
            if input._layout.numel:
                SAME.refusing("median_cpu", BOOL, COMPLEX).check(input._dtype)
            every = tuple(range(input.ndim))
            call = reduced(input, _middle_of_all, every, False, input._dtype, options=options)
            return _in_order(call, ties.stable_places(input, None))
        axes = one_dim(dim, input.ndim)
        check_nonempty("median()", input, axes)
        SAME.refusing("median_out", BOOL, COMPLEX).check(input._dtype)
        call = reduced(input, _middle, axes, keepdim, input._dtype, options=options)
        call = with_indices(call, name)._replace(refused=layouts.overlap)
        return _in_order(call, ties.stable_places(input, axes[0]) if axes else None)

    return prepare


def _in_order(call: Call, places: np.ndarray | None) -> Call:
    """The call, told the order of the elements where it is known."""
    if places is None:
        return call
    return call._replace(operands=(*call.operands, source(of_array(places))), compute=None)


def _prepare_mode(input: Tensor, dim: int, keepdim: bool) -> Call:
    axes = one_dim(dim, input.ndim)
    check_nonempty("mode()", input, axes)
    SAME.refusing("mode_cpu", COMPLEX).check(input._dtype)
    call = with_indices(reduced(input, _most_frequent, axes, keepdim, input._dtype), "mode")
    return _in_order(call, ties.mode_places(input, axes[0] if axes else 0))


median = define(
    Operation(
        "median",
        _median("median", ignore_nan=False),
        "The element in the middle, the lower one of two; along a dimension, with its index.",
        signatures=_MEDIAN,
        out_type="same",
    )
)
nanmedian = define(
    Operation(
        "nanmedian",
        _median("nanmedian", ignore_nan=True),
        "The median of the elements that are not nan.",
        signatures=_MEDIAN,
        out_type="same",
    )
)
mode = define(
    Operation(
        "mode",
        _prepare_mode,
        "The most frequent element along a dimension, the least of several, and where it is.",
        signatures=_MODE,
        out_type="same",
    )
)
