"""What the losses share: their reductions, and the call of a loss of the core."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Result, apply
from jaxnn.torch.operations.definition.core import core_call
from jaxnn.torch.operations.definition.elementwise import broadcast
from jaxnn.torch.tensor import Tensor

_LEGACY = "size_average and reduce args will be deprecated, please use reduction='{}' instead."


def reduction_of(
    size_average: bool | None, reduce: bool | None, reduction: str, stacklevel: int = 3
) -> str:
    """The reduction that the arguments of before ``reduction`` ask for, with torch's warning.

    Raises:
        ValueError: there is no such reduction.
    """
    if size_average is not None or reduce is not None:
        averaged = size_average is None or size_average
        reduction = ("mean" if averaged else "sum") if reduce is None or reduce else "none"
        warnings.warn(_LEGACY.format(reduction), stacklevel=stacklevel)
    if reduction == "elementwise_mean":
        warnings.warn(
            "reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.",
            stacklevel=stacklevel,
        )
        return "mean"
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def common_type(*tensors: Tensor) -> DType:
    """The type that a loss of these has; of integers it is the default one."""
    common = promotion.result_type(*tensors)
    return dtypes.get_default_dtype() if promotion.is_integral(common) else common


def is_half(*tensors: Tensor) -> bool:
    """Whether a loss of these is in 16 bits.

    What torch composes of several operations is then rounded by each of them, and so has to be
    composed here too; everywhere else it is one kernel.
    """
    return common_type(*tensors).itemsize == 2


def reduced(losses: Tensor, reduction: str) -> Tensor:
    """Their mean, their sum, or all of them."""
    return losses if reduction == "none" else getattr(losses, reduction)()


def require_floating(kernel: str, *tensors: Tensor) -> None:
    """Raise torch's error for types that a loss's kernel lacks."""
    common = promotion.result_type(*tensors)
    if not common.is_floating_point:
        raise promotion.not_implemented(kernel, common)


def pointwise_loss(
    function: Callable[..., Any],
    tensors: Sequence[Tensor],
    reduction: str,
    spread: Mapping[str, Tensor | None] | None = None,
    numbers: Mapping[str, float] | None = None,
    **options: Any,
) -> Tensor:
    """A loss of the core of tensors that broadcast.

    Args:
        function: of the core.
        tensors: what it takes by position.
        reduction: "mean", "sum" or "none".
        spread: tensors that it takes by name, which broadcast too; None is left out.
        numbers: what it takes by name and needs no compilation of its own.
        options: what is fixed at compilation.
    """
    named = {name: x for name, x in (spread or {}).items() if x is not None}
    common = common_type(*tensors, *named.values())
    given = [x if x.dtype is common else x.to(common) for x in (*tensors, *named.values())]
    expanded, layout = broadcast(tuple(x._layout for x in given))
    sources = [
        Source(x._storage, place, x._layout) for x, place in zip(given, expanded, strict=True)
    ]
    count = len(tensors)
    by_name = dict(zip(named, sources[count:], strict=True))
    result = Result(layout if reduction == "none" else layouts.contiguous(()), common)
    call = core_call(
        function,
        sources[:count],
        result,
        {**by_name, **(numbers or {})},
        reduction=reduction,
        **options,
    )
    return apply(call)
