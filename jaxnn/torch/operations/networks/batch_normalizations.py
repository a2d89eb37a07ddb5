"""Normalizations over a batch, with statistics that are written in place."""

import math
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn import normalizations
from jaxnn._precision import sqrt, widen
from jaxnn.normalizations import Statistics
from jaxnn.torch import formats, kernels, layouts, promotion
from jaxnn.torch.kernels import Sink
from jaxnn.torch.operations.creation.creation import empty
from jaxnn.torch.operations.definition.call import Result, resize_output
from jaxnn.torch.operations.definition.core import Core, source
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


def _batch_normalized(
    x: Array,
    *,
    training: bool,
    rounded: bool,
    momentum: Array,
    eps: Array,
    mean: Array | None = None,
    var: Array | None = None,
    **affine: Array,
) -> tuple[Array, ...]:
    """The result, the moments that it was made by, and the statistics then."""
    seen = None if mean is None or var is None else Statistics(mean, var)
    y, then = normalizations.batch_norm(
        x, seen, training=training, momentum=momentum, eps=eps, **affine
    )
    if not training:
        return (y,)
    moments, then = lax.stop_gradient((_moments(x, eps), then))
    if rounded:
        y = _normalized_by(*(_rounded(each, x) for each in moments), x=widen(x), **affine)
    return y, *moments, *(then or ())


def _moments(x: Array, eps: Array) -> tuple[Array, Array]:
    """Each channel's mean and reciprocal deviation."""
    axes = (0, *range(2, x.ndim))
    wide = widen(x)
    var = jnp.square(wide - wide.mean(axes, keepdims=True)).mean(axes)
    return wide.mean(axes), 1 / sqrt(var + eps)


def _rounded(wide: Array, like: Array) -> Array:
    kind = jnp.finfo(like.dtype)
    return lax.reduce_precision(wide, kind.nexp, kind.nmant)


def _normalized_by(
    mean: Array, scale: Array, x: Array, weight: Array | None = None, bias: Array | None = None
) -> Array:
    """By moments that torch has stored in 16 bits before it uses them."""
    shape = (1, -1, *(1,) * (x.ndim - 2))
    y = (x - mean.reshape(shape)) * scale.reshape(shape)
    y = y if weight is None else y * widen(weight).reshape(shape)
    return y if bias is None else y + widen(bias).reshape(shape)


def _check_channels(input: Tensor, training: bool, **params: Tensor | None) -> None:
    if input.ndim < 2:
        raise IndexError("Dimension out of range (expected to be in range of [-1, 0], but got 1)")
    channels = input.shape[1]
    for name, param in params.items():
        if param is not None and param.numel() != channels:
            raise RuntimeError(f"{name} should contain {channels} elements not {param.numel()}")
        if param is None and name.startswith("running") and not training:
            raise RuntimeError(f"{name} must be defined in evaluation mode")


def native_batch_norm_call(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
) -> list[Tensor]:
    """The result and, in training, the batch's mean and reciprocal deviation."""
    _check_channels(
        input,
        training,
        running_mean=running_mean,
        running_var=running_var,
        weight=weight,
        bias=bias,
    )
    if not input.is_floating_point():
        raise promotion.not_implemented("batch_norm", input.dtype)
    given = {"weight": weight, "bias": bias, "mean": running_mean, "var": running_var}
    named = {name: x for name, x in given.items() if x is not None}
    kernel = Core(_batch_normalized, (*named, "momentum", "eps"))
    operands = (source(input), *map(source, named.values()), momentum, eps)
    layout = formats.layout_in(input.shape, formats.suggested(input._layout))
    places = [Result(layout, input.dtype)]
    saved = next((x.dtype for x in named.values()), input.dtype)
    if training:
        places += [Result(layouts.contiguous(input.shape[1:2]), saved)] * 2
    sinks = [Sink(place.layout, place.dtype.numpy) for place in places]
    remembered = [running_mean, running_var] if training and running_mean is not None else []
    sinks += [Sink(x._layout, x.dtype.numpy, x._storage) for x in remembered if x is not None]
    rounded = training and saved.itemsize == 2
    options = (("training", training), ("rounded", rounded))
    storages = kernels.run(kernel, operands, sinks, None, options)
    made = zip(storages, places, strict=False)
    return [wrap(storage, place.layout, place.dtype) for storage, place in made]


_NAMES = ("weight", "bias", "running_mean", "running_var")
_STATISTICS = "Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var"


@taking(
    "native_batch_norm",
    f"Tensor input, {_STATISTICS}, bool training, float momentum, float eps, *, "
    "tuple of Tensors out = None",
)
def native_batch_norm(
    input: Tensor, out: Sequence[Tensor] | None, **options: Any
) -> tuple[Tensor, ...]:
    """`batch_norm`, and in training the batch's means and reciprocal deviations.

    Source: ``torch.native_batch_norm``.
    """
    made = native_batch_norm_call(input, **options)
    if len(made) == 1:
        saved = next((options[n].dtype for n in _NAMES if options[n] is not None), input.dtype)
        made += [empty(0, dtype=saved), empty(0, dtype=saved)]
    if out is None:
        return tuple(made)
    for target, each in zip(out, made, strict=True):
        resize_output(target, each._layout.shape)
        target.copy_(each)
    return tuple(out)


def _prepare_batch_norm(input: Tensor, cudnn_enabled: bool, **options: Any) -> Tensor:
    if not input.numel():
        return input.clone()
    return native_batch_norm_call(input, **options)[0]


batch_norm = define(
    Operation(
        "batch_norm",
        _prepare_batch_norm,
        "Mean 0 and variance 1 in each channel, then an affine map; in training the running "
        "statistics are moved towards the batch's.",
        method=False,
        signatures=(
            f"Tensor input, {_STATISTICS}, bool training, float momentum, float eps, "
            "bool cudnn_enabled",
        ),
    )
)


def _prepare_instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError(
            "Expected running_mean and running_var to be defined when use_input_stats is false"
        )
    n, c, *rest = input.shape
    many = input.contiguous().reshape(1, n * c, *rest)
    given = (weight, bias, running_mean, running_var)
    w, b, mean, var = (None if x is None else x.expand(n, c).reshape(n * c) for x in given)
    result, *_ = native_batch_norm_call(many, w, b, mean, var, use_input_stats, momentum, eps)
    for seen, moved in ((running_mean, mean), (running_var, var)):
        if seen is not None and moved is not None and use_input_stats:
            seen.copy_(moved.reshape(n, c).mean(0))
    return result.reshape(input.shape)


instance_norm = define(
    Operation(
        "instance_norm",
        _prepare_instance_norm,
        "`batch_norm` of each sample alone.",
        method=False,
        signatures=(
            f"Tensor input, {_STATISTICS}, bool use_input_stats, float momentum, float eps, "
            "bool cudnn_enabled",
        ),
    )
)


def check_batch(size: Sequence[int], shown: Any) -> None:
    """Refuse a batch with one number for each channel, whose variance is 0."""
    if size[0] * math.prod(size[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 value per channel when training, got input size {shown}"
        )
