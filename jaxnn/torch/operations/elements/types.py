"""What type a result has, asked without making it."""

from typing import Any

from jaxnn.torch import promotion
from jaxnn.torch.dtypes import dtype
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.tensor import Tensor


@taking(
    "result_type",
    "Tensor tensor, Tensor other",
    "Number scalar, Tensor tensor",
    "Tensor tensor, Number other",
    "Number scalar1, Number scalar2",
)
def result_type(**operands: Any) -> dtype:
    """The type of an elementwise result of two tensors or numbers.

    Source: ``torch.result_type``.
    """
    return promotion.result_type(*operands.values())


@taking("can_cast", "torch.dtype from_, torch.dtype to")
def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether a result of one type may be written into a tensor of another.

    Source: ``torch.can_cast``.
    """
    return promotion.can_cast(from_, to)


@taking("promote_types", "torch.dtype type1, torch.dtype type2")
def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The least type that holds both.

    Source: ``torch.promote_types``.
    """
    return promotion.promote(type1, type2)


@taking("is_nonzero", "Tensor input")
def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is not zero.

    Source: ``torch.is_nonzero``.
    """
    return bool(input)
