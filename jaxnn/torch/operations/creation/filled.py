"""Tensors as given ones are, with one number in every element."""

from typing import Any

from jaxnn.torch import layouts
from jaxnn.torch.operations.creation.filling import VALUES, check_single, copied, number_everywhere
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.tensor import Tensor


def _prepare_fill(input: Tensor, value: Any) -> Call:
    layout = layouts.like(input._layout)
    if not isinstance(value, Tensor):
        return number_everywhere(input, layout, value)
    check_single(value)
    return copied(value, input, layout)


fill = define(
    Operation(
        "fill",
        _prepare_fill,
        "A tensor as the given one, with one number in every element.",
        method=False,
        out=False,
        signatures=tuple(f"Tensor input, {value}" for value in VALUES),
    )
)
