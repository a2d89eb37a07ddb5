"""Sorting along a dimension, and what is read off sorted elements: the k-th, the largest k."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import layouts
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.core import source
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import (
    along,
    check_nonempty,
    one_dim,
    reduced,
    with_indices,
)
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, SAME
from jaxnn.torch.operations.reductions import ties
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, of_array

_SORT = (
    "Tensor input, *, bool? stable, int dim = -1, bool descending = False, "
    "tuple of Tensors out = None",
    "Tensor input, int dim = -1, bool descending = False, *, tuple of Tensors out = None",
)
_ARGSORT = (
    "Tensor input, *, bool stable, int dim = -1, bool descending = False, Tensor out = None",
    "Tensor input, int dim = -1, bool descending = False",
)
_TOPK = (
    "Tensor input, int k, int dim = -1, bool largest = True, bool sorted = True, *, "
    "tuple of Tensors out = None",
)
_KTHVALUE = (
    "Tensor input, int k, int dim = -1, bool keepdim = False, *, tuple of Tensors out = None",
)

_SORTABLE = SAME.raising(RuntimeError, " Sort does not support complex dtypes on CPU", COMPLEX)
_RANKABLE = SAME.raising(
    RuntimeError, " topk does not support complex dtypes on CPU", COMPLEX
).raising(RuntimeError, "topk does not support bool dtypes on CPU", BOOL)
_SELECTABLE = SAME.refusing("kthvalue_cpu", BOOL, COMPLEX)


def ordered(x: Array, axis: int, descending: bool = False) -> tuple[Array, Array]:
    """Elements in their order, equal ones in that of their places, and the places.

    A nan is more than any number.
    """
    if not x.ndim:
        return x, jnp.zeros((), np.int64)
    if descending:
        # Backwards twice, so that equal elements keep their order.
        values, places = ordered(jnp.flip(x, axis), axis)
        return jnp.flip(values, axis), x.shape[axis] - 1 - jnp.flip(places, axis)
    places = lax.broadcasted_iota(np.int64, x.shape, axis)
    values, places = lax.sort((x, places), dimension=axis, is_stable=True, num_keys=1)
    return values, places


def _places(x: Array, axis: int, descending: bool) -> Array:
    return ordered(x, axis, descending)[1]


def _taken_places(x: Array, places: Array, axis: int, keepdims: bool) -> Array:
    return places


def _top(x: Array, axis: int, k: int, largest: bool) -> tuple[Array, Array]:
    values, places = ordered(x, axis, largest)
    if not x.ndim:
        return values, places
    return lax.slice_in_dim(values, 0, k, axis=axis), lax.slice_in_dim(places, 0, k, axis=axis)


def _kth(x: Array, axis: tuple[int, ...], keepdims: bool, k: int) -> tuple[Array, Array]:
    if not axis:
        return x, jnp.zeros((), np.int64)
    along_axis = axis[0]
    results = (
        lax.index_in_dim(each, k - 1, along_axis, keepdims) for each in ordered(x, along_axis)
    )
    values, places = results
    return values, places


def _taken(x: Array, places: Array, axis: int, keepdims: bool = True) -> tuple[Array, Array]:
    """The elements at places that are known."""
    results = (jnp.take_along_axis(x, places, axis), places)
    values, places = results if keepdims else (each.squeeze(axis) for each in results)
    return values, places


def _at(call: Call, places: np.ndarray | None, axis: int, keepdim: bool = True) -> Call:
    """The call that takes the elements at known places, where they are."""
    if places is None:
        return call
    operands = (*call.operands, source(of_array(places)))
    options = (("axis", axis), ("keepdims", keepdim))
    return call._replace(function=_taken, operands=operands, compute=None, options=options)


def _prepare_sort(input: Tensor, dim: int, descending: bool, stable: bool | None = None) -> Call:
    _SORTABLE.check(input._dtype)
    call = along(input, ordered, dim, input._dtype, options=(("descending", descending),))
    place = Result(layouts.like(input._layout), input._dtype)
    call = with_indices(call._replace(results=(place,), compute=input._dtype), "sort")
    axis = wrap_dim(dim, input.ndim)
    find = ties.stable_places if stable else ties.sorted_places
    return _at(call, find(input, axis, descending), axis)


def _prepare_argsort(input: Tensor, dim: int, descending: bool, stable: bool | None = None) -> Call:
    call = _prepare_sort(input, dim, descending, stable)
    function = _places if call.function is ordered else _taken_places
    return call._replace(function=function, results=call.results[1:], pack=None)


def _prepare_msort(input: Tensor) -> Any:
    return sort(input, dim=0)[0]


def _prepare_topk(input: Tensor, k: int, dim: int, largest: bool, sorted: bool) -> Call:
    axis = wrap_dim(dim, input.ndim)
    shape = list(input._layout.shape)
    if not 0 <= k <= (shape[axis] if shape else 1):
        raise RuntimeError("selected index k out of range")
    _RANKABLE.check(input._dtype)
    shape[axis:] = [k, *shape[axis + 1 :]] if shape else []
    options = (("k", k), ("largest", largest))
    call = along(input, _top, dim, input._dtype, options=options)
    place = Result(layouts.contiguous(shape), input._dtype)
    call = with_indices(call._replace(results=(place,)), "topk")
    return _at(call, ties.top_places(input, axis, k, largest, sorted), axis)


def _prepare_kthvalue(input: Tensor, k: int, dim: int, keepdim: bool) -> Call:
    axes = one_dim(dim, input.ndim)
    check_nonempty("kthvalue()", input, axes)
    length = input._layout.shape[axes[0]] if axes else 1
    if not 1 <= k <= length:
        raise RuntimeError(
            f"kthvalue(): selected number k out of range for dimension {axes[0] if axes else 0}"
        )
    _SELECTABLE.check(input._dtype)
    call = reduced(input, _kth, axes, keepdim, input._dtype, options=(("k", k),))
    call = with_indices(call, "kthvalue")._replace(refused=layouts.overlap)
    axis = axes[0] if axes else 0
    return _at(call, ties.kth_places(input, axis, k), axis, keepdim)


sort = define(
    Operation(
        "sort",
        _prepare_sort,
        "The elements along a dimension in their order, and where each was.",
        signatures=_SORT,
        out_type="same",
    )
)
argsort = define(
    Operation(
        "argsort",
        _prepare_argsort,
        "Where the elements along a dimension are, in their order.",
        signatures=_ARGSORT,
        out_type="same",
    )
)
msort = define(
    Operation(
        "msort",
        _prepare_msort,
        "The elements along the first dimension in their order.",
        signatures=("Tensor input, *, Tensor out = None",),
    )
)
topk = define(
    Operation(
        "topk",
        _prepare_topk,
        "The ``k`` largest or smallest elements along a dimension, and where each was.",
        signatures=_TOPK,
        out_type="same",
    )
)
kthvalue = define(
    Operation(
        "kthvalue",
        _prepare_kthvalue,
        "The ``k``-th smallest element along a dimension, and where it is.",
        signatures=_KTHVALUE,
        out_type="same",
    )
)
