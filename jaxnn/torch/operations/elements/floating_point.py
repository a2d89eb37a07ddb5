"""Operations on how real numbers are represented: sign, exponent, mantissa, neighbours."""

import jax.numpy as jnp

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.derivatives import with_slopes
from jaxnn.torch.operations.definition.elementwise import (
    OUT,
    SECOND,
    TENSORS,
    binary,
    defined,
    elementwise,
)
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.results import named_results
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, EXACT, FLOAT, INTEGER
from jaxnn.torch.operations.elements.pointwise import power_of_two
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _slope_of_magnitude(result: Array, x: Array, _: Array) -> Array:
    return jnp.where(x == 0, 0, result / x)


def _one(_: Array, x: Array, __: Array) -> Array:
    return jnp.ones_like(x)


def _zero(_: Array, x: Array, __: Array) -> Array:
    return jnp.zeros_like(x)


_with_sign = with_slopes(jnp.copysign, _slope_of_magnitude, _zero)


def _step(x: Array, values: Array) -> Array:
    zero = jnp.zeros_like(x)
    return jnp.where(x == zero, values, (x > zero).astype(x.dtype))


def _prepare_heaviside(input: Tensor, values: Tensor) -> Call:
    if input.dtype.is_complex or values.dtype.is_complex:
        raise RuntimeError("heaviside is not yet implemented for complex tensors.")
    if input.dtype is not values.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    return elementwise(_step, (input, values), EXACT)


def _scale(x: Array, exponent: Array) -> Array:
    return x * power_of_two(exponent)


def _prepare_ldexp(input: Tensor, other: Tensor) -> Call:
    # The power of two has a type of its own, which then meets the input's.
    powers = promotion.result_type(2.0, other), promotion.rank_of(other)[1]
    common = promotion.combine((promotion.rank_of(input), powers))
    call = elementwise(_scale, (input, other))
    result = Result(call.results[0].layout, common)
    return call._replace(results=(result,), compute=promotion.accumulator(common))


_PARTS = named_results("frexp", "mantissa exponent")


def _prepare_frexp(input: Tensor) -> Call:
    if not input.dtype.is_floating_point:
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    call = elementwise(jnp.frexp, (input,))
    [mantissa] = call.results
    return call._replace(results=(mantissa, mantissa._replace(dtype=dtypes.int32)), pack=_PARTS)


def _replace(x: Array, nan: Array, high: Array, low: Array) -> Array:
    if x.dtype.kind == "c":
        return _replace(x.real, nan, high, low) + 1j * _replace(x.imag, nan, high, low)
    nan, high, low = (each.astype(x.dtype) for each in (nan, high, low))
    finite = jnp.where(x == jnp.inf, high, jnp.where(x == -jnp.inf, low, x))
    return jnp.where(jnp.isnan(x), nan, finite)


def _prepare_nan_to_num(
    input: Tensor,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Call:
    if promotion.is_integral(input.dtype):
        return elementwise(_as_it_is, (input,), EXACT)
    limits = jnp.finfo(promotion.to_real(input.dtype).numpy)
    given = zip((nan, posinf, neginf), (0.0, limits.max, limits.min), strict=True)
    numbers = [float(default) if value is None else value for value, default in given]
    call = elementwise(_replace, (input,), EXACT)
    return call._replace(operands=(*call.operands, *numbers), compute=None)


def _as_it_is(x: Array) -> Array:
    return x


heaviside = defined(
    Operation(
        "heaviside",
        _prepare_heaviside,
        "0 where ``input`` is negative, 1 where it is positive, else ``values``.",
        twin=True,
    ),
    TENSORS,
    "values",
)
copysign = binary(
    "copysign",
    _with_sign,
    FLOAT.refusing("copysign_cpu", COMPLEX),
    "The magnitude of ``input`` with the sign of ``other``.",
    forms=SECOND,
)
nextafter = binary(
    "nextafter",
    with_slopes(jnp.nextafter, _one, _zero),
    EXACT.refusing("nextafter_cpu", BOOL, INTEGER, COMPLEX),
    "The next representable number from ``input`` towards ``other``.",
)
ldexp = defined(
    Operation("ldexp", _prepare_ldexp, "``input * 2 ** other``, element by element.", twin=True),
    TENSORS,
)
frexp = define(
    Operation(
        "frexp",
        _prepare_frexp,
        "Mantissa in [0.5, 1) and exponent of 2 of each element.",
        signatures=("Tensor input, *, tuple of Tensors out = None",),
    )
)
nan_to_num = define(
    Operation(
        "nan_to_num",
        _prepare_nan_to_num,
        "Each element, but finite numbers for nan and infinities.",
        twin=True,
        signatures=(
            f"Tensor input, float nan = None, float posinf = None, float neginf = None, {OUT}",
        ),
    )
)
