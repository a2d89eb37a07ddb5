"""Choices between the elements of two tensors."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.definition.call import Result
from jaxnn.torch.operations.definition.elementwise import elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.operations.indexing.nonzeros import nonzero
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _choose(condition: Array, a: Array, b: Array) -> Array:
    return jnp.where(condition.astype(bool), a, b)


def _prepare(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    if input is None:
        return nonzero(condition, as_tuple=True)
    if condition.dtype not in (dtypes.bool, dtypes.uint8):
        name = promotion.SCALAR_NAMES[condition.dtype]
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {name}"
        )
    dtype = promotion.result_type(input, other)
    call = elementwise(_choose, (condition, input, other))
    # The condition rides along as zeros and ones of the type that is chosen among.
    return call._replace(results=(Result(call.results[0].layout, dtype),), compute=dtype)


where = define(
    Operation(
        "where",
        _prepare,
        "``input`` where ``condition`` holds, elsewhere ``other``; alone, where it holds.",
        method=False,
        signatures=(
            "Tensor condition",
            "Tensor condition, Tensor input, Tensor other, *, Tensor out = None",
            "Tensor condition, Number self, Tensor other",
            "Tensor condition, Tensor input, Number other",
            "Tensor condition, Number self, Number other",
        ),
        out_type="same",
    )
)


@taking("where", "Tensor condition, Tensor other", "Tensor condition, Number other", method=True)
def _where(self: Tensor, condition: Tensor, other: Any) -> Tensor:
    return where(condition, self, other)


attach("where", _where, "Each element where ``condition`` holds, elsewhere ``other``.")
