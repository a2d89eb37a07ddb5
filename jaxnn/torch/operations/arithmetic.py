"""Arithmetic on two operands, with torch's integer division, and the operators of it."""

from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.arguments import require_operand, require_tensor
from jaxnn.torch.operations.call import Call
from jaxnn.torch.operations.elementwise import Numbers, binary, elementwise, operands
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.rules import BOOL, COMPLEX, FLOAT, INTEGER, SAME, Rule
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, values

_REMEDY = "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."


def _multiply_add(a: Array, b: Array, alpha: Array) -> Array:
    return a + alpha * b


def _multiply_subtract(a: Array, b: Array, alpha: Array) -> Array:
    return a - alpha * b


def _scaled(name: str, plain: Any, scaled: Any) -> Any:
    """The preparation of ``a + alpha * b`` or ``a - alpha * b``."""

    def prepare(input: Any, other: Any, *, alpha: complex = 1) -> Call:
        a = require_operand(input, name, "input", 1)
        b = require_operand(other, name, "other", 2)
        if name == "sub":
            _check_subtraction(a, b)
        _check_alpha(alpha, promotion.result_type(a, b))
        if alpha == 1:
            return elementwise(plain, (a, b))
        call = elementwise(scaled, (a, b))
        return call._replace(operands=(*call.operands, alpha))

    return prepare


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


def _check_subtraction(a: Any, b: Any) -> None:
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


def _divide(a: Array, b: Array) -> Array:
    return a / b


def _truncated(a: Array, b: Array) -> Array:
    if jnp.issubdtype(a.dtype, jnp.integer):
        return lax.div(a, b)
    return jnp.trunc(a / b)


def _floored(a: Array, b: Array) -> Array:
    if jnp.issubdtype(a.dtype, jnp.integer):
        quotient = lax.div(a, b)
        return quotient - jnp.where((lax.rem(a, b) != 0) & ((a < 0) != (b < 0)), 1, 0).astype(
            a.dtype
        )
    return _floored_real(a, b)


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


def _power(a: Array, b: Array) -> Array:
    if jnp.issubdtype(a.dtype, jnp.integer):
        # A negative exponent leaves only powers of 1 and -1 whole.
        odd = jnp.where(b % 2 != 0, a, jnp.ones_like(a))
        below = jnp.where(jnp.abs(a) == 1, odd, jnp.zeros_like(a))
        return jnp.where(b < 0, below, jnp.power(a, jnp.maximum(b, 0)))
    return jnp.power(a, b)


def _power_of_truth(a: Array, b: Array) -> Array:
    return a | ~b


_ROUNDINGS = {
    None: (_divide, FLOAT),
    "trunc": (_truncated, SAME._replace(widened=False)),
    "floor": (_floored, SAME),
}


def _prepare_divide(input: Any, other: Any, *, rounding_mode: str | None = None) -> Call:
    if rounding_mode not in _ROUNDINGS:
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' "
            f"but found '{rounding_mode}'"
        )
    a = require_operand(input, "div", "input", 1)
    b = require_operand(other, "div", "other", 2)
    function, rule = _ROUNDINGS[rounding_mode]
    if rounding_mode is not None:
        _check_divisor(a, b, f"div_{rounding_mode}_cpu")
    return elementwise(function, (a, b), rule)


def _whole_division(name: str, function: Any, kernel: str, numbers: Numbers) -> Any:
    def prepare(input: Any, other: Any) -> Call:
        a, b = operands(name, input, other, numbers)
        _check_divisor(a, b, kernel)
        return elementwise(function, (a, b))

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


def _prepare_power(input: Any, exponent: Any) -> Call:
    base, power = operands("pow", input, exponent, "one")
    if isinstance(power, int) and power < 0 and promotion.is_integral(promotion.rank_of(base)[0]):
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    if isinstance(power, bool) and promotion.rank_of(base)[0] is dtypes.bool:
        return elementwise(_power_of_truth, (base, power))
    return elementwise(_power, (base, power), SAME.refusing("pow", BOOL))


def _prepare_negative(input: Any) -> Call:
    x = require_tensor(input, "neg", "input", 1)
    if x.dtype is dtypes.bool:
        raise RuntimeError(
            f"Negation, the `-` operator, on a bool tensor is not supported. {_REMEDY}"
        )
    return elementwise(jnp.negative, (x,))


def _no_complex(name: str) -> Rule:
    return SAME.raising(RuntimeError, f"{name} not implemented for complex tensors.", COMPLEX)


add = define(
    Operation(
        "add",
        _scaled("add", jnp.add, _multiply_add),
        "``input + alpha * other``, element by element.",
        twin=True,
        operator="add",
        numbers=True,
    )
)
sub = define(
    Operation(
        "sub",
        _scaled("sub", jnp.subtract, _multiply_subtract),
        "``input - alpha * other``, element by element.",
        twin=True,
        operator="sub",
        numbers=True,
    )
)
div = define(
    Operation(
        "div",
        _prepare_divide,
        '``input / other``; with ``rounding_mode`` "trunc" towards 0, with "floor" down.',
        twin=True,
        operator="truediv",
        numbers=True,
    )
)
floor_divide = define(
    Operation(
        "floor_divide",
        _whole_division("floor_divide", _floored, "div_floor_cpu", "both"),
        "``input / other`` rounded down, as Python's ``//``.",
        twin=True,
        operator="floordiv",
        numbers=True,
    )
)
remainder = define(
    Operation(
        "remainder",
        _whole_division("remainder", _remainder, "remainder_cpu", "one"),
        "What `floor_divide` leaves, with the divisor's sign, as Python's ``%``.",
        twin=True,
        operator="mod",
        numbers=True,
    )
)
fmod = define(
    Operation(
        "fmod",
        _whole_division("fmod", lax.rem, "fmod_cpu", "second"),
        "What division rounded towards 0 leaves, with the dividend's sign, as C's ``fmod``.",
        twin=True,
        numbers=True,
    )
)
pow = define(
    Operation(
        "pow",
        _prepare_power,
        "``input`` to the power of ``exponent``, element by element.",
        twin=True,
        operator="pow",
        numbers=True,
    )
)
neg = define(Operation("neg", _prepare_negative, "Each element with the other sign.", twin=True))
mul = binary("mul", jnp.multiply, SAME, "``input * other``, element by element.", operator="mul")
maximum = binary(
    "maximum",
    jnp.maximum,
    _no_complex("maximum"),
    "The larger of two elements; nan if either is.",
    twin=False,
    numbers="none",
)
minimum = binary(
    "minimum",
    jnp.minimum,
    _no_complex("minimum"),
    "The smaller of two elements; nan if either is.",
    twin=False,
    numbers="none",
)
fmax = binary(
    "fmax",
    jnp.fmax,
    _no_complex("fmax"),
    "The larger of two elements; the other one if one is nan.",
    twin=False,
    numbers="none",
)
fmin = binary(
    "fmin",
    jnp.fmin,
    _no_complex("fmin"),
    "The smaller of two elements; the other one if one is nan.",
    twin=False,
    numbers="none",
)
atan2 = binary(
    "atan2",
    jnp.arctan2,
    FLOAT.refusing("atan2_cpu", COMPLEX),
    "The angle of the point (other, input), in radians.",
    numbers="none",
)
hypot = binary(
    "hypot",
    jnp.hypot,
    SAME.refusing("hypot_cpu", BOOL, INTEGER, COMPLEX),
    "sqrt(input² + other²), element by element.",
    numbers="none",
)
logaddexp = binary(
    "logaddexp",
    jnp.logaddexp,
    SAME.refusing("logaddexp_cpu", BOOL, INTEGER, COMPLEX),
    "log(exp(input) + exp(other)), element by element.",
    twin=False,
    numbers="none",
)
copysign = binary(
    "copysign",
    jnp.copysign,
    FLOAT.refusing("copysign_cpu", COMPLEX),
    "The magnitude of ``input`` with the sign of ``other``.",
    numbers="second",
)
