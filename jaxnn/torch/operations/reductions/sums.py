"""Sums, products, means and counts, over some or all dimensions."""

import builtins
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.definition.arguments import dims
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import one_dim, reduced
from jaxnn.torch.operations.definition.rules import COMPLEX, SAME
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

Prepare = Callable[..., Any]

_WHOLE = "Tensor input, *, torch.dtype dtype = None"
_OVER_DIMS = (
    "Tensor input, tuple of ints[1]? dim, bool keepdim = False, *, torch.dtype dtype = None, "
    "Tensor out = None"
)
_OVER_ONE = (
    "Tensor input, int dim, bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None"
)
_OVER_ANY = _OVER_DIMS.replace("[1]? dim", "[1] dim = None")
_TRUTH = (
    "Tensor input, *, Tensor out = None",
    "Tensor input, tuple of ints dim = None, bool keepdim = False, *, Tensor out = None",
    "Tensor input, int dim, bool keepdim = False, *, Tensor out = None",
)
_COUNT = ("Tensor input, int dim = None", "Tensor input, tuple of ints dim")


def _sum(x: Array, axis: tuple[int, ...], keepdims: bool) -> Array:
    """As torch's, which begins with 0 and so never ends with -0; XLA would leave out the 0."""
    if x.dtype == bool:
        return jnp.any(x, axis=axis, keepdims=keepdims)
    zero = lax.optimization_barrier(jnp.zeros((), x.dtype))
    return zero + jnp.sum(x, axis=axis, keepdims=keepdims, promote_integers=False)


def _prod(x: Array, axis: tuple[int, ...], keepdims: bool) -> Array:
    if x.dtype == bool:
        return jnp.all(x, axis=axis, keepdims=keepdims)
    return jnp.prod(x, axis=axis, keepdims=keepdims, promote_integers=False)


def _nansum(x: Array, axis: tuple[int, ...], keepdims: bool) -> Array:
    return _sum(jnp.where(x != x, jnp.zeros_like(x), x), axis, keepdims)


def _nanmean(x: Array, axis: tuple[int, ...], keepdims: bool) -> Array:
    count = jnp.sum((x == x).astype(x.dtype), axis=axis, keepdims=keepdims)
    return _nansum(x, axis, keepdims) / count


def _count(x: Array, axis: tuple[int, ...], keepdims: bool) -> Array:
    return jnp.sum(x.astype(bool).astype(dtypes.int64.numpy), axis=axis, keepdims=keepdims)


def total_type(given: DType, wanted: DType | None) -> DType:
    """The type of a total: integers become int64, unless ``dtype=`` says another."""
    return wanted or (dtypes.int64 if promotion.is_integral(given) else given)


def _total(function: Callable[..., Array], *, one: bool = False) -> Prepare:
    """The preparation of a sum or product."""

    def prepare(
        input: Tensor, dim: Any = None, keepdim: bool = False, dtype: DType | None = None
    ) -> Call:
        wanted = total_type(input._dtype, dtype)
        axes = one_dim(dim, input.ndim) if one and dim is not None else dims(dim, input.ndim)
        return reduced(input, function, axes, keepdim, wanted, wanted)

    return prepare


_REAL_TOTAL = SAME.raising(RuntimeError, "nansum on CPU does not support complex inputs", COMPLEX)


def _prepare_nansum(
    input: Tensor, dim: Any = None, keepdim: bool = False, dtype: DType | None = None
) -> Call:
    _REAL_TOTAL.check(input._dtype)
    return _total(_nansum)(input, dim, keepdim, dtype)


def _mean_type(name: str, given: DType, wanted: DType | None) -> DType:
    found = wanted or given
    if promotion.is_integral(found):
        which = "Input" if wanted is None else "Optional"
        raise RuntimeError(
            f"{name}(): could not infer output dtype. {which} dtype must be either a floating "
            f"point or complex dtype. Got: {promotion.SCALAR_NAMES[found]}"
        )
    return found


def _prepare_mean(
    input: Tensor, dim: Any = None, keepdim: bool = False, dtype: DType | None = None
) -> Call:
    wanted = _mean_type("mean", input._dtype, dtype)
    return reduced(input, jnp.mean, dims(dim, input.ndim), keepdim, wanted, wanted)


def _prepare_nanmean(
    input: Tensor, dim: Any = None, keepdim: bool = False, dtype: DType | None = None
) -> Call:
    if promotion.is_integral(input._dtype):
        raise RuntimeError(
            "nanmean(): expected input to have floating point or complex dtype but got "
            f"{promotion.SCALAR_NAMES[input._dtype]}"
        )
    _REAL_TOTAL.check(input._dtype)
    wanted = _mean_type("nanmean", input._dtype, dtype)
    return reduced(input, _nanmean, dims(dim, input.ndim), keepdim, wanted, wanted)


def _truth(function: Callable[..., Array]) -> Prepare:
    """The preparation of ``any`` and ``all``, which over no dimensions look at each element."""

    def prepare(input: Tensor, dim: Any = None, keepdim: bool = False) -> Call:
        result = dtypes.uint8 if input._dtype is dtypes.uint8 else dtypes.bool
        axes = () if dim == () else dims(dim, input.ndim)
        return reduced(input, function, axes, keepdim, result)

    return prepare


def _prepare_count_nonzero(input: Tensor, dim: Any = None) -> Call:
    if dim is None and input._dtype in (dtypes.uint16, dtypes.uint32, dtypes.uint64):
        raise promotion.not_implemented("nonzero_count_cpu", input._dtype)
    return reduced(input, _count, dims(dim, input.ndim), False, dtypes.int64)


def _prepare_sum_to_size(input: Tensor, size: tuple[int, ...]) -> Any:
    shape = input._layout.shape
    if not size:
        return sum(input)
    extra = len(shape) - len(size)
    kept = shape[extra:] if extra >= 0 else ()
    if extra < 0 or not builtins.all(n in (1, m) for n, m in zip(size, kept, strict=True)):
        raise RuntimeError(f"size {{{list(size)}}} is not expandable to size {{{list(shape)}}}.")
    smaller = [extra + d for d, (n, m) in enumerate(zip(size, kept, strict=True)) if n != m]
    axes = (*range(extra), *smaller)
    total = sum(input, axes, keepdim=True) if axes else input
    return total.view(size) if extra else total


sum = define(
    Operation(
        "sum",
        _total(_sum),
        "The sum of all elements, or over some dimensions.",
        signatures=(_WHOLE, _OVER_DIMS),
        out_type="dtype",
    )
)
prod = define(
    Operation(
        "prod",
        _total(_prod, one=True),
        "The product of all elements, or over a dimension.",
        signatures=(_WHOLE, _OVER_ONE),
        out_type="dtype",
    )
)
nansum = define(
    Operation(
        "nansum",
        _prepare_nansum,
        "The sum of the elements that are not nan.",
        signatures=(_OVER_ANY,),
        out_type="dtype",
    )
)
mean = define(
    Operation(
        "mean",
        _prepare_mean,
        "The mean of all elements, or over some dimensions.",
        signatures=(f"{_WHOLE}, Tensor out = None", _OVER_DIMS),
        out_type="dtype",
    )
)
nanmean = define(
    Operation(
        "nanmean",
        _prepare_nanmean,
        "The mean of the elements that are not nan.",
        signatures=(_OVER_ANY,),
        out_type="dtype",
    )
)
any = define(
    Operation(
        "any",
        _truth(jnp.any),
        "Whether any element is other than 0.",
        signatures=_TRUTH,
    )
)
all = define(
    Operation(
        "all",
        _truth(jnp.all),
        "Whether all elements are other than 0.",
        signatures=_TRUTH,
    )
)
count_nonzero = define(
    Operation(
        "count_nonzero",
        _prepare_count_nonzero,
        "How many elements are other than 0.",
        out=False,
        signatures=_COUNT,
    )
)
sum_to_size = define(
    Operation(
        "sum_to_size",
        _prepare_sum_to_size,
        "The sums over the dimensions that expansion from ``size`` would have added.",
        function=False,
        out=False,
        signatures=("Tensor input, tuple of ints size",),
    )
)
