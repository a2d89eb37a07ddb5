"""Reductions over some or all dimensions, running sums, and softmax."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import dtypes, promotion
from jaxnn.torch import layout as layouts
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Source
from jaxnn.torch.layout import wrap_dim
from jaxnn.torch.operations.arguments import dims, require_tensor
from jaxnn.torch.operations.call import Call, Result
from jaxnn.torch.operations.elementwise import elementwise
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.results import named_results
from jaxnn.torch.operations.rules import BOOL, COMPLEX, SAME
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def reduced(
    x: Tensor,
    function: Callable[..., Any],
    axes: tuple[int, ...],
    keepdim: bool,
    result: DType,
    compute: DType | None = None,
) -> Call:
    """The call of ``function(x, axis=, keepdims=)`` over some dimensions."""
    shape = _reduced_shape(x._layout.shape, axes, keepdim)
    compute = promotion.accumulator(compute or x._dtype)
    options = (("axis", axes), ("keepdims", keepdim))
    source = Source(x._storage, x._layout)
    return Call(function, (source,), (Result(layouts.contiguous(shape), result),), compute, options)


@functools.lru_cache(maxsize=4096)
def _reduced_shape(shape: tuple[int, ...], axes: tuple[int, ...], keepdim: bool) -> tuple[int, ...]:
    if keepdim:
        return tuple(1 if d in axes else n for d, n in enumerate(shape))
    return tuple(n for d, n in enumerate(shape) if d not in axes)


def _total(name: str, function: Callable[..., Any], *, many: bool = True) -> Callable[..., Call]:
    """The preparation of a sum or product: integers become int64, ``dtype=`` comes first."""

    def prepare(
        input: Any, dim: Any = None, keepdim: bool = False, *, dtype: DType | None = None
    ) -> Call:
        x = require_tensor(input, name, "input", 1)
        wanted = dtype or (dtypes.int64 if promotion.is_integral(x._dtype) else x._dtype)
        axes = dims(dim, x.ndim) if many or dim is None else _axis(dim, x.ndim)
        return reduced(x, function, axes, keepdim, wanted, wanted)

    return prepare


def _axis(dim: int, ndim: int) -> tuple[int, ...]:
    return (wrap_dim(dim, ndim),) if ndim else (wrap_dim(dim, ndim),)[:0]


def _prepare_mean(
    input: Any, dim: Any = None, keepdim: bool = False, *, dtype: DType | None = None
) -> Call:
    x = require_tensor(input, "mean", "input", 1)
    wanted = dtype or x._dtype
    if promotion.is_integral(wanted):
        which = "Input" if dtype is None else "Optional"
        name = promotion.SCALAR_NAMES[wanted]
        raise RuntimeError(
            f"mean(): could not infer output dtype. {which} dtype must be either a floating point "
            f"or complex dtype. Got: {name}"
        )
    return reduced(x, jnp.mean, dims(dim, x.ndim), keepdim, wanted, wanted)


def _truth(name: str, function: Callable[..., Any]) -> Callable[..., Call]:
    def prepare(input: Any, dim: Any = None, keepdim: bool = False) -> Call:
        x = require_tensor(input, name, "input", 1)
        result = dtypes.uint8 if x._dtype is dtypes.uint8 else dtypes.bool
        return reduced(x, function, dims(dim, x.ndim), keepdim, result)

    return prepare


def _extreme(name: str, function: Callable[..., Any]) -> Callable[..., Call]:
    """The preparation of ``amax`` and ``amin``."""

    def prepare(input: Any, dim: Any = (), keepdim: bool = False) -> Call:
        x = require_tensor(input, name, "input", 1)
        SAME.refusing(f"{name[1:]}_values_cpu", COMPLEX).check(x._dtype)
        axes = dims(dim, x.ndim)
        _refuse_empty(name, x, axes, dim == ())
        return reduced(x, function, axes, keepdim, x._dtype)

    return prepare


def _refuse_empty(name: str, x: Tensor, axes: tuple[int, ...], whole: bool) -> None:
    if x._layout.numel:
        return
    if whole:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )
    for axis in axes:
        if not x._layout.shape[axis]:
            raise IndexError(f"{name}(): Expected reduction dim {axis} to have non-zero size.")


def _arg_extreme(name: str, function: Callable[..., Any]) -> Callable[..., Call]:
    def prepare(input: Any, dim: int | None = None, keepdim: bool = False) -> Call:
        x = require_tensor(input, name, "input", 1)
        for kind, word in ((BOOL, "bool"), (COMPLEX, "complex")):
            SAME.raising(RuntimeError, f"{name}(): does not support {word} input", kind).check(
                x._dtype
            )
        axes = dims(dim, x.ndim)
        if dim is None and not x._layout.numel:
            raise IndexError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0."
            )
        _refuse_empty(name, x, axes, False)
        return reduced(x, function, axes, keepdim, dtypes.int64)

    return prepare


def _position(extreme: Callable[..., Any]) -> Callable[..., Any]:
    """The first place of the extreme, or of a nan, over one dimension or all of them.

    Not JAX's argmax: inside of a function traced in 32-bit mode it lowers to a wrong type.
    """

    def position(x: Array, axis: tuple[int, ...], keepdims: bool) -> Array:
        whole = len(axis) != 1
        line, along_axis = (x.reshape(-1), 0) if whole else (x, axis[0])
        best = extreme(line, axis=along_axis, keepdims=True)
        index = lax.broadcasted_iota(np.int32, line.shape, along_axis)
        last = np.int32(line.shape[along_axis])
        found = jnp.min(jnp.where((line == best) | (line != line), index, last), axis=along_axis)
        shape = [1 if d in axis else n for d, n in enumerate(x.shape)]
        return found.reshape(shape) if keepdims else found

    position.__name__ = f"arg{extreme.__name__}"
    return position


def _extreme_or_pair(name: str, extreme: Any, position: Any, pairwise: Any) -> Callable[..., Call]:
    """The preparation of ``max`` and ``min``, which are three operations by their arguments."""

    def with_position(x: Array, axis: tuple[int, ...], keepdims: bool) -> tuple[Array, Array]:
        return extreme(x, axis=axis, keepdims=keepdims), position(x, axis, keepdims)

    def prepare(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Call:
        x = require_tensor(input, name, "input", 1)
        if isinstance(dim, Tensor) or other is not None:
            return pairwise(x, dim if other is None else other)
        SAME.refusing(f"{name}_all" if dim is None else f"{name}_cpu", COMPLEX).check(x._dtype)
        if dim is None:
            _refuse_empty(name, x, (), True)
            return reduced(x, extreme, tuple(range(x.ndim)), False, x._dtype)
        axes = dims(dim, x.ndim)
        _refuse_empty(name, x, axes, False)
        call = reduced(x, with_position, axes, keepdim, x._dtype)
        (values,) = call.results
        indices = Result(values.layout, dtypes.int64)
        return call._replace(results=(values, indices), pack=named_results(name, "values indices"))

    return prepare


def _spread(name: str, function: Callable[..., Any]) -> Callable[..., Call]:
    """The preparation of ``std`` and ``var``."""

    def prepare(
        input: Any,
        dim: Any = None,
        unbiased: bool = True,
        keepdim: bool = False,
        *,
        correction: float | None = None,
    ) -> Call:
        x = require_tensor(input, name, "input", 1)
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        if promotion.is_integral(x._dtype):
            raise RuntimeError("std and var only support floating point and complex dtypes")
        ddof = correction if correction is not None else int(unbiased)
        call = reduced(x, function, dims(dim, x.ndim), keepdim, promotion.to_real(x._dtype))
        return call._replace(options=(*call.options, ("correction", ddof)))

    return prepare


def _variance(x: Array, axis: tuple[int, ...], keepdims: bool, correction: float) -> Array:
    return jnp.var(x, axis=axis, keepdims=keepdims, correction=correction)


def _deviation(x: Array, axis: tuple[int, ...], keepdims: bool, correction: float) -> Array:
    return jnp.sqrt(_variance(x, axis, keepdims, correction))


def _prepare_logsumexp(input: Any, dim: Any, keepdim: bool = False) -> Call:
    x = require_tensor(input, "logsumexp", "input", 1)
    wanted = dtypes.get_default_dtype() if promotion.is_integral(x._dtype) else x._dtype
    return reduced(x, jax.nn.logsumexp, dims(dim, x.ndim), keepdim, wanted, wanted)


def along(
    x: Tensor, function: Callable[..., Any], dim: int, result: DType, compute: DType | None = None
) -> Call:
    """The call of ``function(x, axis=)`` along one dimension, whose shape stays."""
    axis = wrap_dim(dim, x.ndim)
    source = Source(x._storage, x._layout)
    place = Result(layouts.contiguous(x._layout.shape), result)
    compute = promotion.accumulator(compute or result)
    return Call(function, (source,), (place,), compute, (("axis", axis),))


def _running(name: str, function: Callable[..., Any]) -> Callable[..., Call]:
    def accumulate(x: Array, axis: int) -> Array:
        return function(x, axis=axis) if x.ndim else x

    accumulate.__name__ = name

    def prepare(input: Any, dim: int, *, dtype: DType | None = None) -> Call:
        x = require_tensor(input, name, "input", 1)
        wanted = dtype or (dtypes.int64 if promotion.is_integral(x._dtype) else x._dtype)
        return along(x, accumulate, dim, wanted)

    return prepare


def _pairwise(name: str, function: Callable[..., Any]) -> Callable[..., Call]:
    def prepare(x: Tensor, other: Any) -> Call:
        return elementwise(function, (x, require_tensor(other, name, "other", 2)))

    return prepare


sum = define(
    Operation("sum", _total("sum", jnp.sum), "The sum of all elements, or over some dimensions.")
)
prod = define(
    Operation(
        "prod",
        _total("prod", jnp.prod, many=False),
        "The product of all elements, or over a dimension.",
    )
)
mean = define(
    Operation("mean", _prepare_mean, "The mean of all elements, or over some dimensions.")
)
any = define(Operation("any", _truth("any", jnp.any), "Whether any element is other than 0."))
all = define(Operation("all", _truth("all", jnp.all), "Whether all elements are other than 0."))
amax = define(
    Operation("amax", _extreme("amax", jnp.max), "The largest element over some dimensions.")
)
amin = define(
    Operation("amin", _extreme("amin", jnp.min), "The smallest element over some dimensions.")
)
argmax = define(
    Operation(
        "argmax", _arg_extreme("argmax", _position(jnp.max)), "The index of the largest element."
    )
)
argmin = define(
    Operation(
        "argmin",
        _arg_extreme("argmin", _position(jnp.min)),
        "The index of the smallest element.",
    )
)
max = define(
    Operation(
        "max",
        _extreme_or_pair("max", jnp.max, _position(jnp.max), _pairwise("max", jnp.maximum)),
        "The largest element; along a dimension, with its index; or of two tensors.",
    )
)
min = define(
    Operation(
        "min",
        _extreme_or_pair("min", jnp.min, _position(jnp.min), _pairwise("min", jnp.minimum)),
        "The smallest element; along a dimension, with its index; or of two tensors.",
    )
)
std = define(
    Operation("std", _spread("std", _deviation), "The standard deviation, of a sample by default.")
)
var = define(Operation("var", _spread("var", _variance), "The variance, of a sample by default."))
logsumexp = define(
    Operation("logsumexp", _prepare_logsumexp, "log(sum(exp(x))) over some dimensions.")
)
cumsum = define(
    Operation("cumsum", _running("cumsum", jnp.cumsum), "Sums of the elements so far.", twin=True)
)
cumprod = define(
    Operation(
        "cumprod", _running("cumprod", jnp.cumprod), "Products of the elements so far.", twin=True
    )
)
