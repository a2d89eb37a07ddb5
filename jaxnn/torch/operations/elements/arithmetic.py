"""Sums, differences and products of two operands, and the operators of them."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.elementwise import ANY, ONE, OUT, binary, elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import SAME
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_REMEDY = "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
_SCALED = (
    f"Tensor~ input, Tensor~ other, *, Number alpha = 1, {OUT.removeprefix('*, ')}",
    f"Tensor~ input, Number alpha, Tensor~ other, {OUT}|deprecated",
)
_RSUB = (
    "Tensor input, Tensor other, *, Number alpha = 1",
    "Tensor input, Number other, Number alpha = 1",
)


def _add_scaled(a: Array, b: Array, alpha: Array) -> Array:
    return a + alpha * b


def _subtract_scaled(a: Array, b: Array, alpha: Array) -> Array:
    return a - alpha * b


def scaled(
    plain: Callable[..., Array],
    function: Callable[..., Array],
    a: Tensor | complex,
    b: Tensor | complex,
    alpha: complex,
) -> Call:
    """The call of ``a + alpha * b`` or another such function, ``plain`` where alpha is 1."""
    common = promotion.result_type(a, b)
    _check_alpha(alpha, common)
    # torch multiplies complex numbers by 1 as well, which makes nan of infinite ones.
    if alpha == 1 and not common.is_complex:
        return elementwise(plain, (a, b))
    call = elementwise(function, (a, b))
    factor = as_element(alpha, promotion.accumulator(common))
    return call._replace(operands=(*call.operands, factor))


def _check_alpha(alpha: complex, result: dtypes.dtype) -> None:
    if isinstance(alpha, bool) and result is not dtypes.bool:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if isinstance(alpha, float) and promotion.is_integral(result):
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
        )
    if isinstance(alpha, complex) and not result.is_complex:
        raise RuntimeError(
            "For non-complex input tensors, argument alpha must not be a complex number."
        )


def _check_subtraction(a: Tensor | complex, b: Tensor | complex) -> None:
    bools = [promotion.rank_of(x)[0] is dtypes.bool for x in (a, b)]
    if all(bools):
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. "
            "Use the `^` or `logical_xor()` operator instead."
        )
    if any(bools):
        raise RuntimeError(
            f"Subtraction, the `-` operator, with a bool tensor is not supported. {_REMEDY}"
        )


def _prepare_add(input: Any, other: Any, alpha: complex = 1) -> Call:
    return scaled(jnp.add, _add_scaled, input, other, alpha)


def _prepare_subtract(input: Any, other: Any, alpha: complex = 1) -> Call:
    _check_subtraction(input, other)
    return scaled(jnp.subtract, _subtract_scaled, input, other, alpha)


def _prepare_subtract_from(input: Any, other: Any, alpha: complex = 1) -> Call:
    return _prepare_subtract(other, input, alpha)


def _prepare_negative(input: Tensor) -> Call:
    if input.dtype is dtypes.bool:
        raise RuntimeError(
            f"Negation, the `-` operator, on a bool tensor is not supported. {_REMEDY}"
        )
    return elementwise(jnp.negative, (input,))


add = define(
    Operation(
        "add",
        _prepare_add,
        "``input + alpha * other``, element by element.",
        twin=True,
        operator="add",
        numbers=True,
        signatures=_SCALED,
    )
)
sub = define(
    Operation(
        "sub",
        _prepare_subtract,
        "``input - alpha * other``, element by element.",
        twin=True,
        operator="sub",
        numbers=True,
        signatures=_SCALED,
    )
)
rsub = define(
    Operation(
        "rsub",
        _prepare_subtract_from,
        "``other - alpha * input``, element by element.",
        method=False,
        out=False,
        signatures=_RSUB,
    )
)
mul = binary(
    "mul",
    jnp.multiply,
    SAME,
    "``input * other``, element by element.",
    forms=ANY,
    operator="mul",
)
neg = define(
    Operation(
        "neg", _prepare_negative, "Each element with the other sign.", twin=True, signatures=ONE
    )
)
