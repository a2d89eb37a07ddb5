"""Choices between elements: where, and masks."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.arguments import require_operand, require_tensor
from jaxnn.torch.operations.call import Call, Result
from jaxnn.torch.operations.elementwise import elementwise
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _choose(condition: Array, a: Array, b: Array) -> Array:
    return jnp.where(condition.astype(bool), a, b)


def _prepare_where(condition: Any, input: Any, other: Any) -> Call:
    mask = require_tensor(condition, "where", "condition", 1)
    a = require_operand(input, "where", "input", 2)
    b = require_operand(other, "where", "other", 3)
    if mask.dtype is not dtypes.bool:
        name = promotion.SCALAR_NAMES[mask.dtype]
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {name}"
        )
    dtype = promotion.result_type(a, b)
    call = elementwise(_choose, (mask, a, b))
    # The condition rides along as zeros and ones of the type that is chosen among.
    return call._replace(results=(Result(call.results[0].layout, dtype),), compute=dtype)


def _fill(x: Array, mask: Array, value: Array) -> Array:
    return jnp.where(mask.astype(bool), value, x)


def _prepare_masked_fill(input: Any, mask: Any, value: Any) -> Call:
    x = require_tensor(input, "masked_fill", "input", 1)
    chosen = require_tensor(mask, "masked_fill", "mask", 2)
    filling = require_operand(value, "masked_fill", "value", 3)
    if chosen.dtype is not dtypes.bool:
        raise RuntimeError(
            "masked_fill_ only supports boolean masks, but got mask with dtype "
            f"{promotion.C_NAMES[chosen.dtype]}"
        )
    if isinstance(filling, Tensor) and filling.ndim:
        raise RuntimeError(
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{filling.ndim} dimension(s)."
        )
    if isinstance(filling, Tensor):
        filling = filling.clone()  # it may be one of the elements that are written
    call = elementwise(_fill, (x, chosen, filling))
    result = Result(call.results[0].layout, x.dtype)
    return call._replace(results=(result,), compute=x.dtype)


where = define(
    Operation(
        "where",
        _prepare_where,
        "``input`` where ``condition`` holds, elsewhere ``other``.",
        method=False,
    )
)
masked_fill = define(
    Operation(
        "masked_fill",
        _prepare_masked_fill,
        "``value`` where ``mask`` holds, elsewhere the element.",
        twin=True,
        out=False,
    )
)
