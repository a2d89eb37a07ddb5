"""The operators of one operand; those of two are faces of their operations."""

from jaxnn.torch.operations.elements import arithmetic, complex_numbers, logic
from jaxnn.torch.tensor import Tensor

Tensor.__neg__ = arithmetic.neg
Tensor.__pos__ = complex_numbers.positive
Tensor.__abs__ = complex_numbers.abs
Tensor.__invert__ = logic.invert
