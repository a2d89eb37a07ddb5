"""The loss of sequences that are not aligned."""

from collections.abc import Sequence

import numpy as np

from jaxnn import losses
from jaxnn.torch import layouts, promotion
from jaxnn.torch.nn.functional.reducing import reduction_of
from jaxnn.torch.operations.definition.call import Result, apply
from jaxnn.torch.operations.definition.core import core_call
from jaxnn.torch.tensor import Tensor, of_array, values

Lengths = Tensor | Sequence[int]


def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Lengths,
    target_lengths: Lengths,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """-log of the summed probability of all alignments of targets with inputs.

    Source: ``torch.nn.functional.ctc_loss``.
    """
    reduction = reduction_of(None, None, reduction)
    steps, spoken = _numbers(input_lengths), _numbers(target_lengths)
    batch = log_probs.shape[1] if log_probs.ndim == 3 else 1
    _check(log_probs, targets, steps, spoken, batch, blank)
    rows = _rows(targets, spoken)
    inputs = log_probs if log_probs.ndim == 3 else log_probs.unsqueeze(1)
    shape = (batch,) if reduction == "none" and log_probs.ndim == 3 else ()
    call = core_call(
        losses.ctc_loss,
        (inputs, of_array(rows), of_array(steps), of_array(spoken)),
        Result(layouts.contiguous((batch,) if reduction == "none" else ()), log_probs.dtype),
        blank=int(blank),
        reduction=reduction,
        zero_infinity=bool(zero_infinity),
    )
    return apply(call).reshape(shape)


def _numbers(lengths: Lengths) -> np.ndarray:
    given = values(lengths) if isinstance(lengths, Tensor) else lengths
    return np.atleast_1d(np.array(given, np.int64))


def _check(
    log_probs: Tensor,
    targets: Tensor,
    steps: np.ndarray,
    spoken: np.ndarray,
    batch: int,
    blank: int,
) -> None:
    if log_probs.dtype.itemsize < 4 or not log_probs.is_floating_point():
        raise promotion.not_implemented("ctc_loss_cpu", log_probs.dtype)
    if not 0 <= blank < log_probs.shape[-1]:
        raise RuntimeError("blank must be in label range")
    for name, lengths in (("input_lengths", steps), ("target_lengths", spoken)):
        if len(lengths) != batch:
            raise RuntimeError(f"{name} must be of size batch_size")
    for length in steps:
        if length > log_probs.shape[0]:
            raise RuntimeError(
                "Expected input_lengths to have value at most "
                f"{log_probs.shape[0]}, but got value {length} (while checking arguments for "
                "ctc_loss_allocate_outputs)"
            )
    if targets.ndim > 1 and targets.shape[1] < spoken.max(initial=0):
        raise RuntimeError(
            f"Expected tensor to have size at least {spoken.max()} at dimension 1, but got size "
            f"{list(targets.shape)} for argument #2 'targets' (while checking arguments for "
            "ctc_loss_allocate_outputs)"
        )


def _rows(targets: Tensor, spoken: np.ndarray) -> np.ndarray:
    """The targets, one sequence a row; they may come one after the other."""
    labels = np.asarray(values(targets))
    if labels.ndim > 1:
        return labels[:, : spoken.max(initial=0)].astype(np.int32)
    if spoken.sum() != labels.size:
        raise RuntimeError(
            f"Expected tensor to have size {spoken.sum()} at dimension 0, but got size "
            f"{labels.size} for argument #2 'targets' (while checking arguments for "
            "ctc_loss_allocate_outputs)"
        )
    rows = np.zeros((len(spoken), spoken.max(initial=0)), np.int32)
    starts = np.cumsum(spoken) - spoken
    for row, start, length in zip(rows, starts, spoken, strict=True):
        row[:length] = labels[start : start + length]
    return rows
