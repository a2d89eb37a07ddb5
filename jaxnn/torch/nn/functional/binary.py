"""Losses of yes and no."""

from jaxnn import losses
from jaxnn.torch import promotion
from jaxnn.torch.nn.functional.reducing import (
    is_half,
    pointwise_loss,
    reduced,
    reduction_of,
    require_floating,
)
from jaxnn.torch.operations.elements.activation import logsigmoid
from jaxnn.torch.tensor import Tensor, is_traced, values


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Cross entropy of probabilities: -(target · log(input) + (1 - target) · log(1 - input)).

    Source: ``torch.nn.functional.binary_cross_entropy``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target.size() != input.size():
        raise ValueError(
            f"Using a target size ({target.size()}) that is different to the input size "
            f"({input.size()}) is deprecated. Please ensure they have the same size."
        )
    if weight is not None:
        weight = weight.expand(input.shape)
    require_floating("binary_cross_entropy", input)
    for each in (target, weight):
        if each is not None and each.dtype is not input.dtype:
            found, expected = (promotion.SCALAR_NAMES[x.dtype] for x in (each, input))
            raise RuntimeError(f"Found dtype {found} but expected {expected}")
    for name, each in (("input", input), ("target", target)):
        _check_probabilities(name, each)
    spread = {"weight": weight}
    return pointwise_loss(losses.binary_cross_entropy, (input, target), reduction, spread)


def _check_probabilities(name: str, x: Tensor) -> None:
    if is_traced(x):
        return
    array = values(x)
    if not ((array >= 0) & (array <= 1)).all():
        raise RuntimeError(f"all elements of {name} should be between 0 and 1")


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """`binary_cross_entropy` of sigmoid(input), computed so that nothing overflows.

    Source: ``torch.nn.functional.binary_cross_entropy_with_logits``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target.size() != input.size():
        raise ValueError(
            f"Target size ({target.size()}) must be the same as input size ({input.size()})"
        )
    if is_half(input, target):
        return reduced(_by_steps(input, target, weight, pos_weight), reduction)
    spread = {"weight": weight, "pos_weight": pos_weight}
    function = losses.binary_cross_entropy_with_logits
    return pointwise_loss(function, (input, target), reduction, spread)


def _by_steps(
    input: Tensor, target: Tensor, weight: Tensor | None, pos_weight: Tensor | None
) -> Tensor:
    likely = logsigmoid(input)
    if pos_weight is not None:
        likely = likely * ((pos_weight - 1) * target + 1)
    each = (1 - target) * input - likely
    return each if weight is None else each * weight


def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Logistic loss of signs: log(1 + exp(-target · input)).

    Source: ``torch.nn.functional.soft_margin_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    return pointwise_loss(losses.soft_margin_loss, (input, target), reduction)


def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over the classes of `binary_cross_entropy_with_logits`.

    Source: ``torch.nn.functional.multilabel_soft_margin_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    each = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    each = each if weight is None else each * weight
    means = each.sum(each.ndim - 1) / input.size(input.ndim - 1)
    return reduced(means, reduction)
