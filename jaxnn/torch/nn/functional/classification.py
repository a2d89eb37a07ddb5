"""Losses of one right class among several."""

from typing import Any

import numpy as np

from jaxnn import losses
from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.nn.functional.reducing import reduction_of
from jaxnn.torch.operations.definition.call import Result, apply
from jaxnn.torch.operations.definition.core import core_call
from jaxnn.torch.tensor import Tensor, is_traced, values


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Surprise at the right classes: -input[target].

    Source: ``torch.nn.functional.nll_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    _check_indices(input, target, ignore_index)
    if not input.is_floating_point():
        raise promotion.not_implemented("nll_loss_out_frame", input.dtype)
    _check_weight("weight", input, weight)
    return _classified(
        losses.nll_loss, input, target, weight, reduction, ignore_index=int(ignore_index)
    )


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Cross entropy of softmax(input) and indices of classes, or their probabilities.

    Source: ``torch.nn.functional.cross_entropy``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    _check_smoothing(label_smoothing)
    options: dict[str, Any] = {"label_smoothing": float(label_smoothing)}
    if target.shape == input.shape:
        _check_probabilities(target, ignore_index)
        _check_cross_weight(input, weight)
        target = target.to(input.dtype)
    else:
        _check_indices(input, target, ignore_index)
        _check_weight("weight", input, weight)
        options["ignore_index"] = int(ignore_index)
    if not input.is_floating_point():
        raise promotion.not_implemented("log_softmax_lastdim_kernel_impl", input.dtype)
    return _classified(losses.cross_entropy, input, target, weight, reduction, **options)


def _check_smoothing(label_smoothing: float) -> None:
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}")


def _check_probabilities(target: Tensor, ignore_index: int) -> None:
    if not target.is_floating_point():
        name = promotion.SCALAR_NAMES[target.dtype]
        raise RuntimeError(
            f"Expected floating point type for target with class probabilities, got {name}"
        )
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")


def _class_count(input: Tensor) -> int:
    return input.shape[min(1, input.ndim - 1)]


def _check_cross_weight(input: Tensor, weight: Tensor | None) -> None:
    count = _class_count(input)
    if weight is not None and (weight.ndim != 1 or weight.numel() != count):
        raise RuntimeError(
            f"cross_entropy: weight tensor should be defined either for all {count} classes or no "
            f"classes but got weight tensor of shape: {list(weight.shape)}"
        )


def _check_weight(name: str, input: Tensor, weight: Tensor | None) -> None:
    if weight is None:
        return
    count = _class_count(input)
    if weight.ndim != 1 or weight.numel() != count:
        raise RuntimeError(
            f"weight tensor should be defined either for all {count} classes or no classes but got "
            f"weight tensor of shape: {list(weight.shape)}"
        )
    if weight.dtype is not input.dtype:
        wanted, found = (promotion.SCALAR_NAMES[x.dtype] for x in (input, weight))
        raise RuntimeError(f"expected scalar type {wanted} but found {found}")


def _check_indices(input: Tensor, target: Tensor, ignore_index: int) -> None:
    if not input.ndim:
        raise ValueError(f"Expected 1 or more dimensions (got {input.ndim})")
    batch, rest = input.shape[: input.ndim > 1], input.shape[2:]
    if batch and target.shape[:1] != batch:
        given = target.shape[0] if target.ndim else 0
        raise ValueError(
            f"Expected input batch_size ({batch[0]}) to match target batch_size ({given})."
        )
    if tuple(target.shape) != (*batch, *rest):
        raise RuntimeError(f"Expected target size {[*batch, *rest]}, got {list(target.shape)}")
    if target.dtype not in (dtypes.int64, dtypes.uint8):
        name = promotion.SCALAR_NAMES[target.dtype]
        raise RuntimeError(f"expected scalar type Long but found {name}")
    if not is_traced(target):
        _check_bounds(np.asarray(values(target)), _class_count(input), ignore_index)


def _check_bounds(labels: np.ndarray, count: int, ignore_index: int) -> None:
    wrong = (labels != ignore_index) & ((labels < 0) | (labels >= count))
    if wrong.any():
        raise IndexError(f"Target {labels[wrong].flat[0]} is out of bounds.")


def _classified(
    function: Any,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    reduction: str,
    **options: Any,
) -> Tensor:
    axis = min(1, input.ndim - 1)
    shape = (*input.shape[:axis], *input.shape[axis + 1 :]) if reduction == "none" else ()
    result = Result(layouts.contiguous(shape), input.dtype)
    named = {"weight": weight}
    return apply(
        core_call(function, (input, target), result, named, reduction=reduction, **options)
    )
