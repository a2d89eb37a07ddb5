"""Sums of weighted elements: interpolation, and products and quotients added."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import promotion
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.elementwise import OUT, elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, INTEGER, SAME
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_LERP = tuple(f"Tensor input, Tensor end, {kind} weight, {OUT}" for kind in ("Tensor", "Number"))
_ADDED = (
    "Tensor input, Tensor tensor1, Tensor tensor2, *, Number value = 1, Tensor out = None",
    f"Tensor input, Number value, Tensor tensor1, Tensor tensor2, {OUT}|deprecated",
)
_WHOLE = (
    "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will "
    "perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be "
    "implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer "
    "inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv "
    "behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all "
    "dtypes."
)


def _interpolate(a: Array, b: Array, weight: Array) -> Array:
    """From the nearer end, so that weight 1 gives the end itself."""
    near_start = jnp.abs(weight) < 0.5
    return jnp.where(near_start, a + weight * (b - a), b - (b - a) * (1 - weight))


def _prepare_lerp(input: Tensor, end: Tensor, weight: Any) -> Call:
    tensors = {"end": end} | ({"weight": weight} if isinstance(weight, Tensor) else {})
    for name, each in tensors.items():
        if each.dtype is not input.dtype:
            expected, got = (promotion.C_NAMES[x.dtype] for x in (input, each))
            raise RuntimeError(f"expected dtype {expected} for `{name}` but got dtype {got}")
    kernel = "lerp_kernel_tensor" if "weight" in tensors else "lerp_kernel_scalar"
    rule = SAME.refusing(kernel, BOOL, INTEGER)
    rule.check(input.dtype)
    if "weight" in tensors:
        return elementwise(_interpolate, (input, end, weight), rule)
    call = elementwise(_interpolate, (input, end), rule)
    return call._replace(operands=(*call.operands, weight))


def _add_product(x: Array, a: Array, b: Array, value: Array) -> Array:
    return x + value * a * b


def _add_quotient(x: Array, a: Array, b: Array, value: Array) -> Array:
    return x + value * (a / b)


def _adding(function: Any, kernel: str) -> Any:
    def prepare(input: Tensor, tensor1: Tensor, tensor2: Tensor, value: complex = 1) -> Call:
        tensors = (input, tensor1, tensor2)
        if function is _add_quotient and all(promotion.is_integral(x.dtype) for x in tensors[1:]):
            raise RuntimeError(_WHOLE)
        common = promotion.accumulator(promotion.result_type(*tensors))
        call = elementwise(function, tensors, SAME.refusing(kernel, BOOL))
        return call._replace(operands=(*call.operands, as_element(value, common)))

    return prepare


lerp = define(
    Operation(
        "lerp",
        _prepare_lerp,
        "``input + weight * (end - input)``.",
        twin=True,
        signatures=_LERP,
    )
)
addcmul = define(
    Operation(
        "addcmul",
        _adding(_add_product, "addcmul_cpu_out"),
        "``input + value * tensor1 * tensor2``.",
        twin=True,
        signatures=_ADDED,
    )
)
addcdiv = define(
    Operation(
        "addcdiv",
        _adding(_add_quotient, "addcdiv_cpu_out"),
        "``input + value * tensor1 / tensor2``.",
        twin=True,
        signatures=_ADDED,
    )
)
