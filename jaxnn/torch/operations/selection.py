"""Choices between elements: where, clamp, masks, interpolation."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.arguments import require_operand, require_tensor
from jaxnn.torch.operations.call import Call, Result
from jaxnn.torch.operations.elementwise import elementwise
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.rules import BOOL, COMPLEX, INTEGER, SAME
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


def _at_least(x: Array, low: Array) -> Array:
    """The larger of both or nan; at the bound itself the gradient is the element's."""
    return jnp.where((x < low) | jnp.isnan(low), low, x)


def _at_most(x: Array, high: Array) -> Array:
    return jnp.where((x > high) | jnp.isnan(high), high, x)


def _clamp_both(x: Array, low: Array, high: Array) -> Array:
    return _at_most(_at_least(x, low), high)


def _prepare_clamp(input: Any, min: Any = None, max: Any = None) -> Call:
    x = require_tensor(input, "clamp", "input", 1)
    _CLAMP.check(x.dtype)
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    if min is None:
        return elementwise(_at_most, (x, require_operand(max, "clamp", "max", 3)))
    low = require_operand(min, "clamp", "min", 2)
    if max is None:
        return elementwise(_at_least, (x, low))
    high = require_operand(max, "clamp", "max", 3)
    return elementwise(_clamp_both, (x, low, high))


def _one_sided(name: str, function: Any, bound: str) -> Any:
    def prepare(input: Any, other: Any) -> Call:
        x = require_tensor(input, name, "input", 1)
        return elementwise(function, (x, require_operand(other, name, bound, 2)), _CLAMP)

    return prepare


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


_LERP = SAME.refusing("lerp_kernel_scalar", BOOL, INTEGER)
_CLAMP = SAME.raising(NotImplementedError, "clamp is not supported for complex types", COMPLEX)


def _interpolate(a: Array, b: Array, weight: Array) -> Array:
    """From the nearer end, so that weight 1 gives the end itself."""
    near_start = jnp.abs(weight) < 0.5
    return jnp.where(near_start, a + weight * (b - a), b - (b - a) * (1 - weight))


def _prepare_lerp(input: Any, end: Any, weight: Any) -> Call:
    a = require_tensor(input, "lerp", "input", 1)
    b = require_tensor(end, "lerp", "end", 2)
    _LERP.check(promotion.result_type(a, b))
    return elementwise(_interpolate, (a, b, weight))


def _add_product(x: Array, a: Array, b: Array, value: Array) -> Array:
    return x + value * a * b


def _add_quotient(x: Array, a: Array, b: Array, value: Array) -> Array:
    return x + value * (a / b)


def _prepare_add_of(name: str, function: Any) -> Any:
    def prepare(input: Any, tensor1: Any, tensor2: Any, *, value: complex = 1) -> Call:
        given = {"input": input, "tensor1": tensor1, "tensor2": tensor2}
        tensors = [
            require_tensor(x, name, argument, i) for i, (argument, x) in enumerate(given.items(), 1)
        ]
        if name == "addcdiv" and all(promotion.is_integral(x.dtype) for x in tensors[1:]):
            raise RuntimeError(
                "Integer division with addcdiv is no longer supported, and in a future  release "
                "addcdiv will perform a true division of tensor1 and tensor2. The historic addcdiv "
                "behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2))."
                "to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for "
                "float inputs. The future addcdiv behavior is just the latter implementation: "
                "(input + value * tensor1 / tensor2), for all dtypes."
            )
        call = elementwise(function, tensors, SAME.refusing(f"{name}_cpu_out", BOOL))
        return call._replace(operands=(*call.operands, value))

    return prepare


where = define(
    Operation(
        "where",
        _prepare_where,
        "``input`` where ``condition`` holds, elsewhere ``other``.",
        method=False,
    )
)
clamp = define(
    Operation("clamp", _prepare_clamp, "Each element, or the bound that it passes.", twin=True)
)
clamp_min = define(
    Operation(
        "clamp_min",
        _one_sided("clamp_min", _at_least, "min"),
        "Each element, but at least ``min``.",
        twin=True,
    )
)
clamp_max = define(
    Operation(
        "clamp_max",
        _one_sided("clamp_max", _at_most, "max"),
        "Each element, but at most ``max``.",
        twin=True,
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
lerp = define(Operation("lerp", _prepare_lerp, "``input + weight * (end - input)``.", twin=True))
addcmul = define(
    Operation(
        "addcmul",
        _prepare_add_of("addcmul", _add_product),
        "``input + value * tensor1 * tensor2``.",
        twin=True,
    )
)
addcdiv = define(
    Operation(
        "addcdiv",
        _prepare_add_of("addcdiv", _add_quotient),
        "``input + value * tensor1 / tensor2``.",
        twin=True,
    )
)
