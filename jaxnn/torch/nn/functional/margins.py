"""Losses that are 0 once a score is better than another by a margin."""

import numpy as np

from jaxnn import losses
from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.nn.functional.reducing import (
    is_half,
    pointwise_loss,
    reduced,
    reduction_of,
    require_floating,
)
from jaxnn.torch.operations.creation.creation import full
from jaxnn.torch.operations.definition.call import Result, apply
from jaxnn.torch.operations.definition.core import core_call
from jaxnn.torch.operations.indexing.selection import where
from jaxnn.torch.tensor import Tensor, is_traced, values


def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The distances of what belongs together, and how far within the margin the others are.

    Source: ``torch.nn.functional.hinge_embedding_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if is_half(input, target):
        rounded = full((), float(margin), dtype=input.dtype)
        apart = where(target != 1, (rounded - input).clamp_min(0), 0.0)
        return reduced(apart + where(target != -1, input, 0.0), reduction)
    numbers = {"margin": float(margin)}
    return pointwise_loss(losses.hinge_embedding_loss, (input, target), reduction, numbers=numbers)


def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """max(0, margin - target · (input1 - input2)).

    Source: ``torch.nn.functional.margin_ranking_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if not input1.ndim == input2.ndim == target.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.size()}, input2: {input2.size()}, target: {target.size()} "
        )
    numbers = {"margin": float(margin)}
    return pointwise_loss(
        losses.margin_ranking_loss, (input1, input2, target), reduction, numbers=numbers
    )


def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """How far within the margin of the right class each wrong one is.

    Source: ``torch.nn.functional.multi_margin_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if weight is not None and weight.ndim != 1:
        raise ValueError("weight must be one-dimensional")
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    _check_scores(input)
    classes, samples = _sizes(input)
    if target.ndim > 1 or target.numel() != samples:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input "
            f"samples (batch size). Expected target size [{samples}], but got "
            f"{list(target.shape)}. Input has shape {list(input.shape)}."
        )
    if weight is not None and weight.numel() != classes:
        raise RuntimeError(
            f"inconsistent weight size, expected {classes} but got {list(weight.shape)}"
        )
    _check_labels(target, classes, 0)
    require_floating("multi_margin_loss", input)
    labels = target.reshape(input.shape[:-1]) if input.ndim else target.reshape(())
    scores = input if input.ndim else input.reshape(1)
    shape = target.shape if reduction == "none" else ()
    named = {"margin": float(margin), "weight": weight}
    result = Result(layouts.contiguous(shape), input.dtype)
    call = core_call(
        losses.multi_margin_loss, (scores, labels), result, named, p=int(p), reduction=reduction
    )
    return apply(call)


def _sizes(input: Tensor) -> tuple[int, int]:
    """How many classes, how many samples."""
    classes = input.shape[-1] if input.ndim else 1
    return classes, input.shape[0] if input.ndim > 1 else 1


def _check_scores(input: Tensor) -> None:
    fits = input.ndim == 0 or (input.ndim <= 2 and input.shape[-1] != 0)
    if not fits:
        raise RuntimeError(
            "Expected non-empty vector or matrix with optional 0-dim batch size, "
            f"but got: {list(input.shape)}"
        )


def _check_labels(target: Tensor, classes: int, least: int) -> None:
    if target.dtype is not dtypes.int64:
        found = promotion.SCALAR_NAMES[target.dtype]
        raise RuntimeError(f"expected scalar type Long but found {found}")
    if is_traced(target):
        return
    array = np.asarray(values(target))
    if ((array < least) | (array >= classes)).any():
        raise RuntimeError("target out of range")


def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """How far within 1 of each right class each wrong one is.

    Source: ``torch.nn.functional.multilabel_margin_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    _check_scores(input)
    if target.shape != input.shape and not (target.numel() == input.numel() and input.ndim < 2):
        raise RuntimeError(
            f"inconsistent target size: {list(target.shape)} for input of size: {list(input.shape)}"
        )
    classes, _ = _sizes(input)
    _check_labels(target, classes, -1)
    require_floating("multilabel_margin_loss_forward_out_frame", input)
    scores = input if input.ndim else input.reshape(1)
    shape = input.shape[:-1] if reduction == "none" else ()
    result = Result(layouts.contiguous(shape), input.dtype)
    call = core_call(
        losses.multilabel_margin_loss,
        (scores, target.reshape(scores.shape)),
        result,
        reduction=reduction,
    )
    return apply(call)
