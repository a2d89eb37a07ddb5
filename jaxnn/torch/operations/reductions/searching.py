"""Values looked up among others: by bisection of sorted ones, or any of them."""

from typing import Any

import numpy as np

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.host import hosted
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import contiguous
from jaxnn.torch.operations.creation.conversion import tensor
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.indexing.placing import library
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, values


@hosted
def _search(boundaries: Array, x: Array, *sorter: Array, right: bool, dtype: np.dtype) -> Array:
    """Torch's bisection, step by step: what is not sorted is found where torch finds it."""
    of, size = library(x), boundaries.shape[-1]
    boundaries, x = boundaries.astype(dtype), x.astype(dtype)
    if sorter:
        boundaries = of.take_along_axis(boundaries, sorter[0], -1)
    low = of.zeros(x.shape, np.int64)
    high = of.full(x.shape, size, np.int64)
    for _ in range(size.bit_length()):
        middle = of.minimum((low + high) // 2, size - 1)
        if boundaries.ndim == 1:
            met = boundaries[middle]
        else:
            met = of.take_along_axis(boundaries, middle, -1)
        beyond = (met > x) if right else (met >= x)
        open_ = low < high
        low, high = (
            of.where(open_ & ~beyond, middle + 1, low),
            of.where(open_ & beyond, middle, high),
        )
    return low


def _searched(
    boundaries: Tensor,
    given: Any,
    out_int32: bool,
    right: bool,
    sorter: Tensor | None = None,
) -> Call:
    x = given if isinstance(given, Tensor) else tensor(given)
    ranks = [(each.dtype, "dimensions") for each in (boundaries, x)]
    common = boundaries.dtype if not isinstance(given, Tensor) else promotion.combine(tuple(ranks))
    if common.is_complex or common is dtypes.bool:
        raise promotion.not_implemented("searchsorted_out_cpu", boundaries.dtype)
    tensors = [boundaries, x] if sorter is None else [boundaries, x, sorter]
    sources = tuple(Source(each._storage, each._layout) for each in tensors)
    options = (("right", right), ("dtype", common.numpy))
    result = Result(contiguous(x._layout.shape), dtypes.int32 if out_int32 else dtypes.int64)
    return Call(_search, sources, (result,), None, options)


def _prepare_searchsorted(
    sorted_sequence: Tensor,
    input: Any,
    out_int32: bool,
    right: bool,
    side: str | None,
    sorter: Tensor | None,
) -> Call:
    _check_side(side, right)
    _check_shapes(sorted_sequence, input)
    if sorter is not None:
        _check_sorter(sorted_sequence, sorter)
    return _searched(sorted_sequence, input, out_int32, right or side == "right", sorter)


def _check_side(side: str | None, right: bool) -> None:
    if side not in (None, "left", "right"):
        raise RuntimeError(
            f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}"
        )
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left "
            "while right was True"
        )


def _check_shapes(boundaries: Tensor, given: Any) -> None:
    shape = list(given.shape) if isinstance(given, Tensor) else []
    if not shape and boundaries.ndim != 1:
        raise RuntimeError(
            "torch.searchsorted(): input value can be a scalar only when boundaries tensor "
            f"dimension is 1, but we got boundaries tensor dim({boundaries.ndim}) and input "
            "value's dim(0) numel(1)"
        )
    if not boundaries.ndim:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 "
            "dimension"
        )
    if boundaries.ndim != 1 and list(boundaries.shape[:-1]) != shape[:-1]:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
            "dimensions of boundaries tensor and input value tensor must match, but we got "
            f"boundaries tensor {list(boundaries.shape)} and input value tensor {shape}"
        )


def _check_sorter(boundaries: Tensor, sorter: Tensor) -> None:
    if sorter.shape != boundaries.shape:
        raise RuntimeError(
            "torch.searchsorted(): boundary and sorter must have the same size, but got boundary "
            f"tensor {list(boundaries.shape)}and got sorter tensor {list(sorter.shape)}"
        )
    if sorter.dtype is not dtypes.int64:
        raise RuntimeError(
            "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype "
            f"{promotion.SCALAR_NAMES[sorter.dtype]}"
        )
    if is_traced(sorter) or not sorter._layout.numel:
        return
    found = values(sorter)
    if found.min() < 0 or found.max() >= sorter.shape[-1]:
        raise RuntimeError("torch.searchsorted(): sorter index out of range")


def _prepare_bucketize(input: Any, boundaries: Tensor, out_int32: bool, right: bool) -> Call:
    if boundaries.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})")
    return _searched(boundaries, input, out_int32, right)


@hosted
def _is_in(elements: Array, among: Array, dtype: np.dtype, invert: bool) -> Array:
    found = library(elements).isin(elements.astype(dtype), among.astype(dtype))
    return ~found if invert else found


def _prepare_isin(
    elements: Any = None,
    test_elements: Any = None,
    assume_unique: bool = False,
    invert: bool = False,
    element: Any = None,
    test_element: Any = None,
) -> Call:
    given = [
        elements if element is None else element,
        test_elements if test_element is None else test_element,
    ]
    tensors = [each if isinstance(each, Tensor) else tensor(each) for each in given]
    for each in tensors:
        if each.dtype is dtypes.bool or each.dtype.is_complex:
            raise RuntimeError(
                "Unsupported input type encountered for isin(): "
                f"{promotion.SCALAR_NAMES[each.dtype]}"
            )
    common = promotion.result_type(*given)
    sources = tuple(Source(each._storage, each._layout) for each in tensors)
    result = Result(contiguous(tensors[0]._layout.shape), dtypes.bool)
    options = (("dtype", common.numpy), ("invert", invert))
    return Call(_is_in, sources, (result,), None, options)


_SIDES = "bool out_int32 = False, bool right = False"
_UNIQUE = "bool assume_unique = False, bool invert = False, Tensor out = None"

searchsorted = define(
    Operation(
        "searchsorted",
        _prepare_searchsorted,
        "Where each value belongs in a sorted sequence, so that it stays sorted.",
        method=False,
        signatures=tuple(
            f"Tensor sorted_sequence, {given}, *, {_SIDES}, str side = None, Tensor sorter = None, "
            "Tensor out = None"
            for given in ("Tensor input", "Number self")
        ),
        out_type="same",
    )
)
bucketize = define(
    Operation(
        "bucketize",
        _prepare_bucketize,
        "The number of the interval between boundaries in which each value lies.",
        method=False,
        signatures=(
            f"Tensor input, Tensor boundaries, *, {_SIDES}, Tensor out = None",
            f"Number self, Tensor boundaries, *, {_SIDES}",
        ),
        out_type="same",
    )
)
isin = define(
    Operation(
        "isin",
        _prepare_isin,
        "Whether each element is one of the test elements.",
        method=False,
        signatures=(
            f"Tensor elements, Tensor test_elements, *, {_UNIQUE}",
            f"Number element, Tensor test_elements, *, {_UNIQUE}",
            f"Tensor elements, Number test_element, *, {_UNIQUE}",
        ),
        out_type="same",
    )
)
