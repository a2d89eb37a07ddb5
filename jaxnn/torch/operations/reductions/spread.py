"""Variances and standard deviations, of a sample by default, alone or beside the mean."""

import math
import warnings
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.kernels import Options
from jaxnn.torch.operations.definition.arguments import dims
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.derivatives import where_not_0
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.precision import InDouble
from jaxnn.torch.operations.definition.reduction import reduced, reduced_shape
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_FORMS = (
    "Tensor input, tuple of ints[1]? dim, bool unbiased = True, bool keepdim = False, *, "
    "Tensor out = None",
    "Tensor input, tuple of ints[1] dim = None, *, Number correction = None, "
    "bool keepdim = False, Tensor out = None",
    "Tensor input, bool unbiased = True",
)
_PAIRS = tuple(
    each.replace(", *, Tensor out = None", "").replace(", Tensor out = None", "") for each in _FORMS
)


def _variance(
    x: Array,
    axis: tuple[int, ...],
    keepdims: bool,
    correction: float,
    mean_type: np.dtype | None = None,
) -> Array:
    """About the mean, which is computed in ``mean_type``, or as all the rest."""
    count = 1
    for each in axis:
        count *= x.shape[each]
    mean = jnp.mean(x.astype(mean_type or x.dtype), axis=axis, keepdims=True)
    offset = x - mean.astype(x.dtype)
    parts = (offset.real, offset.imag) if x.dtype.kind == "c" else (offset,)
    totals = [jnp.sum(jnp.square(each), axis=axis, keepdims=keepdims) for each in parts]
    freedom = jnp.asarray(max(count - correction, 0), totals[0].dtype)
    # Each part by itself, which may be 0 / 0.
    return sum(each / freedom for each in totals[1:]) + totals[0] / freedom


def _deviation(x: Array, **options: Any) -> Array:
    """The root, whose derivative at 0 torch takes for 0."""
    return where_not_0(jnp.sqrt, _variance(x, **options), 0)


def _with_mean(spread: Callable[..., Array]) -> Callable[..., tuple[Array, Array]]:
    def both(x: Array, axis: tuple[int, ...], keepdims: bool, correction: float) -> Any:
        mean = jnp.mean(x, axis=axis, keepdims=keepdims)
        found = spread(x, axis=axis, keepdims=keepdims, correction=correction)
        return found, mean

    both.__name__ = f"{spread.__name__}_and_mean"
    return both


def _warn_without_freedom(name: str, x: Tensor, call: Call, correction: float) -> None:
    numel = call.results[0].layout.numel
    if (math.prod(x.shape) / numel if numel else 0) <= correction:
        warnings.warn(
            f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the "
            "reduction factor (input numel divided by output numel).",
            stacklevel=4,
        )


def _preparing(name: str, function: Callable[..., Any], *, pair: bool = False) -> Any:
    def prepare(
        input: Tensor,
        dim: Any = None,
        unbiased: bool = True,
        keepdim: bool = False,
        correction: float | None = None,
    ) -> Call:
        if promotion.is_integral(input._dtype):
            subject = name if pair else "std and var"
            raise RuntimeError(f"{subject} only support floating point and complex dtypes")
        correction = int(unbiased) if correction is None else correction
        options: Options = (("correction", correction),)
        real = promotion.to_real(input._dtype)
        axes = dims(dim, input.ndim)
        is_single = math.prod(reduced_shape(input._layout.shape, axes, keepdim)) == 1
        if is_single and not pair and input._dtype is dtypes.float32:
            # For one number torch has another kernel, which takes the mean of `Tensor.mean`.
            options = (*options, ("mean_type", input._dtype.numpy))
        call = reduced(input, function, axes, keepdim, real, options=options)
        _warn_without_freedom(name, input, call, correction)
        if not pair:
            return call
        mean = Result(call.results[0].layout, input._dtype)
        return call._replace(results=(*call.results, mean), pack=lambda *results: results)

    return prepare


std = define(
    Operation(
        "std",
        _preparing("std", InDouble(_deviation)),
        "The standard deviation, of a sample by default.",
        signatures=_FORMS,
    )
)
var = define(
    Operation(
        "var",
        _preparing("var", InDouble(_variance)),
        "The variance, of a sample by default.",
        signatures=_FORMS,
    )
)
std_mean = define(
    Operation(
        "std_mean",
        _preparing("std_mean", InDouble(_with_mean(_deviation)), pair=True),
        "The standard deviation and the mean.",
        method=False,
        out=False,
        signatures=_PAIRS,
    )
)
var_mean = define(
    Operation(
        "var_mean",
        _preparing("var_mean", InDouble(_with_mean(_variance)), pair=True),
        "The variance and the mean.",
        method=False,
        out=False,
        signatures=_PAIRS,
    )
)
