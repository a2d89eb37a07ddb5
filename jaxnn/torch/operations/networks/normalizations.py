"""Normalizations of each sample alone: the core's, on tensors."""

from typing import Any

import jax.numpy as jnp

from jaxnn import normalizations
from jaxnn._precision import sqrt, widen
from jaxnn.torch import formats, layouts, promotion
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.core import Core, core_call
from jaxnn.torch.operations.definition.elementwise import broadcast
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_AFFINE = "Tensor? weight = None, Tensor? bias = None"


def _check_shape(input: Tensor, shape: tuple[int, ...], star: str = "*, ", **params: Any) -> None:
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least "
            f"one element, but got normalized_shape = {list(shape)}"
        )
    for name, param in params.items():
        if param is not None and tuple(param.shape) != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(param.shape)} and normalized_shape = {list(shape)}"
            )
    if tuple(input.shape[-len(shape) :]) != shape:
        sizes = ", ".join(map(str, shape))
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [{star}{sizes}], but "
            f"got input of size{list(input.shape)}"
        )


def _check_types(kernel: str, input: Tensor, *params: Tensor | None) -> None:
    if not input.is_floating_point():
        raise promotion.not_implemented(kernel, input.dtype)
    wide = promotion.accumulator(input.dtype)
    for param in params:
        if param is not None and param.dtype not in (input.dtype, wide):
            raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")


def _prepare_layer_norm(
    input: Tensor,
    normalized_shape: tuple[int, ...],
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
    cudnn_enable: bool = True,
) -> Call:
    shape = tuple(normalized_shape)
    _check_shape(input, shape, weight=weight, bias=bias)
    _check_types("LayerNormKernelImpl", input, weight, bias)
    result = Result(layouts.contiguous(input.shape), input.dtype)
    named = {"weight": weight, "bias": bias, "eps": eps}
    return core_call(normalizations.layer_norm, (input,), result, named, normalized_shape=shape)


def _layer_norm_with_moments(
    x: Array, normalized_shape: tuple[int, ...], eps: Array, **affine: Array
) -> tuple[Array, Array, Array]:
    axes = tuple(range(x.ndim - len(normalized_shape), x.ndim))
    wide = widen(x)
    var = jnp.square(wide - wide.mean(axes, keepdims=True)).mean(axes, keepdims=True)
    y = normalizations.layer_norm(x, normalized_shape, eps=eps, **affine)
    return y, wide.mean(axes, keepdims=True), 1 / sqrt(var + eps)


def _prepare_native_layer_norm(
    input: Tensor,
    normalized_shape: tuple[int, ...],
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
) -> Call:
    call = _prepare_layer_norm(input, normalized_shape, weight, bias, eps)
    rest = input.shape[: input.ndim - len(normalized_shape)]
    moments = Result(layouts.contiguous((*rest, *(1 for _ in normalized_shape))), input.dtype)
    assert isinstance(call.function, Core)
    kernel = call.function._replace(function=_layer_norm_with_moments)
    results = (*call.results, moments, moments)
    return call._replace(function=kernel, results=results, pack=_several)


def _several(*tensors: Tensor) -> tuple[Tensor, ...]:
    return tensors


layer_norm = define(
    Operation(
        "layer_norm",
        _prepare_layer_norm,
        "Mean 0 and variance 1 over the last dimensions, then an affine map.",
        method=False,
        signatures=(
            f"Tensor input, tuple of ints normalized_shape, {_AFFINE}, float eps = 1e-05, "
            "bool cudnn_enable = True",
        ),
    )
)
native_layer_norm = define(
    Operation(
        "native_layer_norm",
        _prepare_native_layer_norm,
        "`layer_norm`, and the means and reciprocal deviations that it divided by.",
        method=False,
        signatures=(
            "Tensor input, tuple of ints normalized_shape, Tensor? weight, Tensor? bias, float eps",
        ),
    )
)


def _prepare_rms_norm(
    input: Tensor, normalized_shape: tuple[int, ...], weight: Tensor | None, eps: float | None
) -> Call:
    shape = tuple(normalized_shape)
    _check_shape(input, shape, "*", weight=weight)
    if not input.is_floating_point():
        raise promotion.not_implemented("rms_norm", input.dtype)
    factors = (input,) if weight is None else (input, weight)
    _, layout = broadcast(tuple(x._layout for x in factors))
    result = Result(layout, input.dtype)
    named = {"weight": weight, "eps": eps}
    return core_call(normalizations.rms_norm, (input,), result, named, normalized_shape=shape)


rms_norm = define(
    Operation(
        "rms_norm",
        _prepare_rms_norm,
        "Each element over the root of the mean square of the last dimensions.",
        method=False,
        signatures=(
            "Tensor input, tuple of ints normalized_shape, Tensor? weight = None, "
            "float? eps = None",
        ),
    )
)


def _prepare_group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
    cudnn_enabled: bool,
) -> Call:
    if input.ndim < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {input.ndim}"
        )
    if num_groups <= 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    if input.shape[1] % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of "
            f"shape {list(input.shape)} and num_groups={num_groups}"
        )
    for name, param in (("weight", weight), ("bias", bias)):
        if param is not None and (param.ndim != 1 or param.numel() != input.shape[1]):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                f"but got {name} of shape {list(param.shape)} and input of shape "
                f"{list(input.shape)}"
            )
    _check_types("GroupNormKernelImpl", input, weight, bias)
    layout = formats.layout_in(input.shape, formats.suggested(input._layout))
    result = Result(layout, input.dtype)
    named = {"weight": weight, "bias": bias, "eps": eps}
    return core_call(normalizations.group_norm, (input,), result, named, num_groups=num_groups)


group_norm = define(
    Operation(
        "group_norm",
        _prepare_group_norm,
        "Mean 0 and variance 1 over groups of channels, then an affine map.",
        method=False,
        signatures=(
            f"Tensor input, int num_groups, {_AFFINE}, float eps = 1e-05, "
            "bool cudnn_enabled = True",
        ),
    )
)
