"""Losses of pairs and triplets of vectors."""

from collections.abc import Callable

from jaxnn import losses
from jaxnn.torch import layouts
from jaxnn.torch.nn.functional.reducing import common_type, reduced, reduction_of
from jaxnn.torch.operations.definition.call import Result, apply
from jaxnn.torch.operations.definition.core import core_call
from jaxnn.torch.operations.reductions.similarity import pairwise_distance
from jaxnn.torch.tensor import Tensor


def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """1 - cos of what belongs together, and how far above the margin the cosine of others is.

    Source: ``torch.nn.functional.cosine_embedding_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    _check_pairs(input1, input2, target)
    common = common_type(input1, input2)
    pair = [x.to(common) for x in (input1, input2)]
    signs = target.to(common).expand(input1.shape[:-1])
    shape = signs.shape if reduction == "none" else ()
    call = core_call(
        losses.cosine_embedding_loss,
        (*pair, signs),
        Result(layouts.contiguous(shape), common),
        {"margin": float(margin)},
        reduction=reduction,
    )
    return apply(call)


def _check_pairs(input1: Tensor, input2: Tensor, target: Tensor) -> None:
    if target.ndim not in (0, 1):
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if not input1.ndim == input2.ndim == target.ndim + 1:
        raise RuntimeError(
            f"{target.ndim}D target tensor expects {target.ndim + 1}D input tensors, but found "
            f"inputs with sizes {list(input1.shape)} and {list(input2.shape)}."
        )


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """max(0, margin + the distance of the positive - that of the negative).

    Source: ``torch.nn.functional.triplet_margin_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    _check_triplet(anchor, positive, negative, margin)

    def distance(x: Tensor, y: Tensor) -> Tensor:
        return pairwise_distance(x, y, p, eps)

    return _triplet(anchor, positive, negative, distance, margin, swap, reduction)


def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """`triplet_margin_loss` with any distance.

    Source: ``torch.nn.functional.triplet_margin_with_distance_loss``.
    """
    reduction = reduction_of(None, None, reduction)
    _check_triplet(anchor, positive, negative, margin)
    distance = distance_function or pairwise_distance
    return _triplet(anchor, positive, negative, distance, margin, swap, reduction)


def _check_triplet(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float) -> None:
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    a, b, c = (x.ndim for x in (anchor, positive, negative))
    if not a == b == c:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of "
            f"dimensions, but got: anchor {a}D, positive {b}D, and negative {c}D inputs"
        )


def _triplet(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    distance: Callable[[Tensor, Tensor], Tensor],
    margin: float,
    swap: bool,
    reduction: str,
) -> Tensor:
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return reduced((margin + near - far).clamp_min(0), reduction)
