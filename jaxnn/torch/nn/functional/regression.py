"""Losses of numbers."""

import warnings
from collections.abc import Callable
from typing import Any

from jaxnn import losses
from jaxnn.torch.nn.functional.reducing import (
    pointwise_loss,
    reduced,
    reduction_of,
    require_floating,
)
from jaxnn.torch.tensor import Tensor

_SIZES = (
    "Using a target size ({target}) that is different to the input size ({input}). This will "
    "likely lead to incorrect results due to broadcasting. Please ensure they have the same size."
)


def _reduced(
    function: Callable[..., Any],
    input: Tensor,
    target: Tensor,
    reduction: str,
    weight: Tensor | None = None,
    **numbers: float,
) -> Tensor:
    if target.size() != input.size():
        text = _SIZES.format(target=target.size(), input=input.size())
        warnings.warn(text, stacklevel=3)
    if weight is not None and weight.size() != input.size():
        raise ValueError("Weights and input must have the same size.")
    return pointwise_loss(function, (input, target), reduction, {"weight": weight}, numbers)


def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """Squared error: (input - target)².

    Source: ``torch.nn.functional.mse_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    require_floating("mse_cpu", input, target)
    return _reduced(losses.mse_loss, input, target, reduction, weight)


def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """Absolute error: abs(input - target).

    Source: ``torch.nn.functional.l1_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if input.is_floating_point() and target.is_floating_point():
        return _reduced(losses.l1_loss, input, target, reduction, weight)
    return reduced((input - target).abs(), reduction)


def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """Absolute error with a parabola up to beta.

    Source: ``torch.nn.functional.smooth_l1_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    require_floating("smooth_l1_cpu", input, target)
    return _reduced(losses.smooth_l1_loss, input, target, reduction, beta=float(beta))


def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Squared error that is straight from delta on.

    Source: ``torch.nn.functional.huber_loss``.
    """
    reduction = reduction_of(None, None, reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    require_floating("huber_cpu", input, target)
    return _reduced(losses.huber_loss, input, target, reduction, weight, delta=float(delta))
