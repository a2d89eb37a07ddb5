"""Division and what it leaves, with torch's rounding, and the operators of them."""

from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import promotion
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.elementwise import (
    ANY,
    ANY_LISTED,
    EITHER_NEW,
    OUT,
    SECOND,
    binary,
    defined,
    elementwise,
)
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import FLOAT, SAME
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, values

_ROUNDED = (
    *(form.format("other") for form in ANY),
    f"Tensor~ input, Tensor~ other, *, str? rounding_mode, {OUT.removeprefix('*, ')}",
    "Tensor input, Number other, *, str? rounding_mode",
)


def _divide(a: Array, b: Array) -> Array:
    return a / b


def _truncated(a: Array, b: Array) -> Array:
    if jnp.issubdtype(a.dtype, jnp.integer):
        return lax.div(a, b)
    return jnp.trunc(a / b)


def _floored(a: Array, b: Array) -> Array:
    if not jnp.issubdtype(a.dtype, jnp.integer):
        return _floored_real(a, b)
    rounded_up = (lax.rem(a, b) != 0) & ((a < 0) != (b < 0))
    return lax.div(a, b) - rounded_up.astype(a.dtype)


def _floored_real(a: Array, b: Array) -> Array:
    """Python's ``//``: from the exact remainder, so that 1 // 0.1 is 9."""
    remainder = lax.rem(a, b)
    quotient = (a - remainder) / b
    quotient = jnp.where((remainder != 0) & ((b < 0) != (remainder < 0)), quotient - 1, quotient)
    floor = jnp.floor(quotient)
    nearest = jnp.where(quotient - floor > 0.5, floor + 1, floor)
    whole = jnp.where(quotient != 0, nearest, jnp.copysign(jnp.zeros_like(a), a / b))
    return jnp.where(b == 0, a / b, whole)


def _remainder(a: Array, b: Array) -> Array:
    """Python's ``%``: with the divisor's sign."""
    left = lax.rem(a, b)
    return jnp.where((left != 0) & ((left < 0) != (b < 0)), left + b, left)


_ROUNDINGS = {
    None: (_divide, FLOAT),
    "trunc": (_truncated, SAME._replace(widened=False)),
    "floor": (_floored, SAME),
}


def _prepare_divide(input: Any, other: Any, rounding_mode: str | None = None) -> Call:
    if rounding_mode not in _ROUNDINGS:
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' "
            f"but found '{rounding_mode}'"
        )
    function, rule = _ROUNDINGS[rounding_mode]
    if rounding_mode is not None:
        _check_divisor(input, other, f"div_{rounding_mode}_cpu")
    return elementwise(function, (input, other), rule)


def _whole_division(function: Any, kernel: str) -> Any:
    def prepare(input: Any, other: Any) -> Call:
        _check_divisor(input, other, kernel)
        return elementwise(function, (input, other))

    return prepare


def _check_divisor(a: Any, b: Any, kernel: str) -> None:
    """Raise torch's error for an integer division by 0, where the divisor can be read."""
    common = promotion.result_type(a, b)
    if promotion.kind(common) in (0, 3):
        raise promotion.not_implemented(kernel, common)
    if promotion.kind(common) == 1 and _has_zero(b):
        raise RuntimeError("ZeroDivisionError")


def _has_zero(divisor: Any) -> bool:
    if not isinstance(divisor, Tensor):
        return divisor == 0
    return not is_traced(divisor) and not values(divisor).all()


div = define(
    Operation(
        "div",
        _prepare_divide,
        '``input / other``; with ``rounding_mode`` "trunc" towards 0, with "floor" down.',
        twin=True,
        operator="truediv",
        numbers=True,
        signatures=_ROUNDED,
    )
)
true_divide = binary(
    "true_divide",
    _divide,
    FLOAT,
    "``input / other``, element by element.",
    forms=ANY_LISTED,
)
floor_divide = defined(
    Operation(
        "floor_divide",
        _whole_division(_floored, "div_floor_cpu"),
        "``input / other`` rounded down, as Python's ``//``.",
        twin=True,
        operator="floordiv",
        numbers=True,
    ),
    ANY_LISTED,
)
remainder = defined(
    Operation(
        "remainder",
        _whole_division(_remainder, "remainder_cpu"),
        "What `floor_divide` leaves, with the divisor's sign, as Python's ``%``.",
        twin=True,
        operator="mod",
        numbers=True,
    ),
    EITHER_NEW,
)
fmod = defined(
    Operation(
        "fmod",
        _whole_division(lax.rem, "fmod_cpu"),
        "What division rounded towards 0 leaves, with the dividend's sign, as C's ``fmod``.",
        twin=True,
    ),
    SECOND,
)

for _prefix in ("", "r", "i"):  # under their names of Python 2, which torch keeps
    setattr(Tensor, f"__{_prefix}div__", getattr(Tensor, f"__{_prefix}truediv__"))
