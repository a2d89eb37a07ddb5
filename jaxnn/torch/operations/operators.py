"""The operators of one operand; those of two are faces of their operations."""

from jaxnn.torch.operations import arithmetic, logic, pointwise
from jaxnn.torch.tensor import Tensor

Tensor.__neg__ = arithmetic.neg
Tensor.__pos__ = pointwise.positive
Tensor.__abs__ = pointwise.abs
Tensor.__invert__ = logic.invert
