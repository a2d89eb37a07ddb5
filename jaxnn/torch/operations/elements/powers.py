"""Powers, and the operator of them."""

from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.derivatives import with_slopes
from jaxnn.torch.operations.definition.elementwise import EITHER, ONE, defined, elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, SAME
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _slope_of_base(_: Array, a: Array, b: Array) -> Array:
    return jnp.where(b == 0, 0, b * _real_power(a, b - 1))


def _slope_of_exponent(power: Array, a: Array, b: Array) -> Array:
    return jnp.where((a == 0) & (b.real >= 0), 0, power * jnp.log(a))


_real_power = with_slopes(jnp.power, _slope_of_base, _slope_of_exponent)


def _power(a: Array, b: Array) -> Array:
    if not jnp.issubdtype(a.dtype, jnp.integer):
        return _real_power(a, b)
    # A negative exponent leaves only powers of 1 and -1 whole.
    odd = jnp.where(b % 2 != 0, a, jnp.ones_like(a))
    below = jnp.where(jnp.abs(a) == 1, odd, jnp.zeros_like(a))
    return jnp.where(b < 0, below, _whole_power(a, jnp.maximum(b, 0)))


def _whole_power(a: Array, b: Array) -> Array:
    """By squaring, for exponents of any size: the product wraps."""

    def square(state: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        base, left, product = state
        return base * base, left >> 1, jnp.where(left & 1, product * base, product)

    a, b = jnp.broadcast_arrays(a, b)
    start = a, b, jnp.ones_like(a)
    return lax.while_loop(lambda state: jnp.any(state[1] > 0), square, start)[2]


def _power_of_truth(a: Array, b: Array) -> Array:
    return a | ~b


def _prepare_power(input: Any, exponent: Any) -> Call:
    base = promotion.rank_of(input)[0]
    if isinstance(exponent, int) and exponent < 0 and promotion.is_integral(base):
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    if isinstance(exponent, bool) and base is dtypes.bool:
        return elementwise(_power_of_truth, (input, exponent))
    if not isinstance(exponent, Tensor):
        common = promotion.result_type(input, exponent)
        if promotion.kind(common) == 1:
            as_element(exponent, common)
    return elementwise(_power, (input, exponent), SAME.refusing("pow", BOOL))


def _prepare_float_power(input: Any, exponent: Any) -> Call:
    """All of it in doubles, whatever the operands' type."""
    is_complex = any(promotion.rank_of(x)[0].is_complex for x in (input, exponent))
    dtype = dtypes.complex128 if is_complex else dtypes.float64
    call = elementwise(_power, (input, exponent))
    return call._replace(results=(Result(call.results[0].layout, dtype),), compute=dtype)


def _square(x: Array, two: Array) -> Array:
    return x * x


def _prepare_square(input: Tensor) -> Call:
    # torch takes the power 2, so that bools become integers.
    return elementwise(_square, (input, 2))


pow = defined(
    Operation(
        "pow",
        _prepare_power,
        "``input`` to the power of ``exponent``, element by element.",
        twin=True,
        operator="pow",
        numbers=True,
    ),
    EITHER,
    "exponent",
)
float_power = defined(
    Operation(
        "float_power",
        _prepare_float_power,
        "``input`` to the power of ``exponent``, in double precision.",
        twin=True,
        out_type="same",
    ),
    EITHER,
    "exponent",
)
square = define(
    Operation("square", _prepare_square, "x * x of each element.", twin=True, signatures=ONE)
)
