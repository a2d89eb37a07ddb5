"""Losses of distributions."""

import math
import warnings
from typing import Any

from jaxnn import losses
from jaxnn.torch.nn.functional.reducing import is_half, pointwise_loss, reduced, reduction_of
from jaxnn.torch.operations.creation.creation import full
from jaxnn.torch.tensor import Tensor


def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """Kullback-Leibler divergence of probabilities from logarithms of others.

    Source: ``torch.nn.functional.kl_div``.
    """
    legacy = size_average is not None or reduce is not None
    if not legacy and reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math "
            "definition.'mean' will be changed to behave the same as 'batchmean' in the next major "
            "release.",
            stacklevel=2,
        )
    by_batch = not legacy and reduction == "batchmean"
    chosen = "sum" if by_batch else reduction_of(size_average, reduce, reduction)
    total = pointwise_loss(losses.kl_div, (input, target), chosen, log_target=bool(log_target))
    return total / input.size(0) if by_batch and input.ndim else total


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Surprise at counts, given the logarithms of their rates.

    Source: ``torch.nn.functional.poisson_nll_loss``.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if is_half(input, target):
        return reduced(_poisson_by_steps(input, target, log_input, full, eps), reduction)
    options: dict[str, Any] = {"log_input": bool(log_input), "full": bool(full)}
    numbers = {} if log_input else {"eps": float(eps)}
    return pointwise_loss(
        losses.poisson_nll_loss, (input, target), reduction, numbers=numbers, **options
    )


def _poisson_by_steps(
    input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float
) -> Tensor:
    each = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if not full:
        return each
    stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
    return each + stirling.masked_fill(target <= 1, 0)


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    """Surprise at numbers, given what was expected and its variance.

    Source: ``torch.nn.functional.gaussian_nll_loss``.
    """
    variances: Any = var
    if isinstance(var, float):
        variances = _filled(input, var)
    if (variances < 0).any():
        raise ValueError("var has negative entry/entries")
    if variances.size() != input.size():
        variances = _fitted(variances, input)
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not valid")
    numbers = {"eps": float(eps)}
    return pointwise_loss(
        losses.gaussian_nll_loss, (input, target, variances), reduction, numbers=numbers, full=full
    )


def _filled(input: Tensor, value: float) -> Tensor:
    return full(input.shape, value, dtype=input.dtype)


def _fitted(var: Tensor, input: Tensor) -> Tensor:
    """Variances of rows with the axis that they lack."""
    if input.size()[:-1] == var.size():
        return var.unsqueeze(-1)
    if var.ndim != input.ndim or any(
        n not in (1, m) for n, m in zip(var.shape, input.shape, strict=True)
    ):
        raise ValueError("var is of incorrect size")
    return var
