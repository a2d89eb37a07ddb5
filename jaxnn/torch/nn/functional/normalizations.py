"""Normalizations, with the checks that torch makes in Python."""

import math
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn import distances
from jaxnn import normalizations as core
from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result, apply, apply_out
from jaxnn.torch.operations.definition.core import core_call
from jaxnn.torch.operations.networks import batch_normalizations, normalizations
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Mean 0 and variance 1 in each channel, then an affine map.

    In training the moments are the batch's, and the running ones are moved towards them in place.

    Source: ``torch.nn.functional.batch_norm``.
    """
    if training:
        batch_normalizations.check_batch(input.size(), input.size())
    return batch_normalizations.batch_norm(
        input, weight, bias, running_mean, running_var, training, momentum, eps, True
    )


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Mean 0 and variance 1 in each channel of each sample, then an affine map.

    Source: ``torch.nn.functional.instance_norm``.
    """
    if use_input_stats and math.prod(input.size()[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 spatial element when training, got input size {input.size()}"
        )
    return batch_normalizations.instance_norm(
        input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, True
    )


def layer_norm(
    input: Tensor,
    normalized_shape: list[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Mean 0 and variance 1 over the last dimensions, then an affine map.

    Source: ``torch.nn.functional.layer_norm``.
    """
    return normalizations.layer_norm(input, normalized_shape, weight, bias, eps)


def rms_norm(
    input: Tensor,
    normalized_shape: list[int],
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    """Each element over the root of the mean square of the last dimensions.

    Source: ``torch.nn.functional.rms_norm``.
    """
    return normalizations.rms_norm(input, normalized_shape, weight, eps)


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Mean 0 and variance 1 over groups of channels, then an affine map.

    Source: ``torch.nn.functional.group_norm``.
    """
    if input.ndim < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {input.ndim}"
        )
    size = [input.size(0) * input.size(1) // num_groups, num_groups, *input.size()[2:]]
    batch_normalizations.check_batch(size, size)
    return normalizations.group_norm(input, num_groups, weight, bias, eps)


_TOO_FLAT = (
    "Expected 3D or higher dimensionality                          input (got {} dimensions)"
)


def local_response_norm(
    input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Tensor:
    """Each element over a power of the mean square of its neighbours in other channels.

    Source: ``torch.nn.functional.local_response_norm``.
    """
    if input.ndim < 3:
        raise ValueError(_TOO_FLAT.format(input.ndim))
    if not input.numel():
        return input
    whole = promotion.is_integral(input.dtype)
    function = _of_integers if whole else core.local_response_norm
    dtype = dtypes.get_default_dtype() if whole else input.dtype
    result = Result(layouts.like(input._layout), dtype)
    numbers = {"alpha": float(alpha), "beta": float(beta), "k": float(k)}
    return apply(core_call(function, (input,), result, numbers, size=int(size)))


def _of_integers(x: Array, size: int, alpha: Array, beta: Array, k: Array) -> Array:
    """Torch pools integers as integers, so that means are cut off."""
    squares = jnp.pad(
        x * x, [(size // 2, (size - 1) // 2) if d == 1 else (0, 0) for d in range(x.ndim)]
    )
    channels = x.shape[1]
    total = sum(lax.slice_in_dim(squares, i, i + channels, axis=1) for i in range(size))
    mean = jnp.asarray(total) // size
    alpha, beta, k = (
        jnp.asarray(each, dtypes.get_default_dtype().numpy) for each in (alpha, beta, k)
    )
    return x.astype(alpha.dtype) / (mean.astype(alpha.dtype) * alpha + k) ** beta


def normalize(
    input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12, out: Tensor | None = None
) -> Tensor:
    """Vectors along a dimension over their p-norms.

    Source: ``torch.nn.functional.normalize``.
    """
    if not input.is_floating_point():
        name = promotion.SCALAR_NAMES[input.dtype]
        raise RuntimeError(
            f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {name}"
        )
    call = _normalized(input, p, wrap_dim(dim, input.ndim), eps)
    return apply(call) if out is None else apply_out(call, out)


def _normalized(input: Tensor, p: float, axis: int, eps: float) -> Call:
    result = Result(layouts.like(input._layout), input.dtype)
    options: dict[str, Any] = {"p": float(p), "axis": axis, "eps": float(eps)}
    return core_call(_line if not input.ndim else distances.normalize, (input,), result, **options)


def _line(x: Array, p: float, axis: int, eps: float) -> Array:
    return distances.normalize(x.reshape(1), p=p, axis=0, eps=eps).reshape(())
