"""Elementary functions of one tensor, element by element: a row each."""

import math

import jax.numpy as jnp
from jax import lax

from jaxnn import _precision
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.derivatives import with_slopes
from jaxnn.torch.operations.definition.elementwise import OUT, elementwise, unary
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.precision import InDouble, rounded, widened
from jaxnn.torch.operations.definition.rules import COMPLEX, FLOAT, Rule
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_RADIANS = math.pi / 180


def _power_of_two(x: Array) -> Array:
    """By way of the whole part of ``x``, which costs no precision."""
    if x.dtype.kind == "c":
        return jnp.exp2(x)
    whole = jnp.round(jnp.clip(x, -2e4, 2e4))
    return jnp.ldexp(jnp.exp2(x - whole), whole.astype(int))


power_of_two = with_slopes(_power_of_two, lambda power, _: power * math.log(2))


def _half_exponential(x: Array) -> Array:
    """exp(|x|) / 2, which is finite even where exp(|x|) is not."""
    root = jnp.exp(jnp.abs(x) / 2)
    return root / 2 * root


def _cosh(x: Array) -> Array:
    half = _half_exponential(x)
    return jnp.cosh(x) if x.dtype.kind == "c" else half + 0.25 / half


def _sinh_of_double(x: Array) -> Array:
    grown = jnp.expm1(jnp.abs(x))
    return jnp.copysign(grown / 2 * (1 + 1 / (1 + grown)), x)


def _sinh(x: Array) -> Array:
    if x.dtype.kind == "c":
        return jnp.sinh(x)
    half = _half_exponential(x)
    is_small = jnp.abs(x) < 1
    small = jnp.sinh(jnp.where(is_small, x, 0))
    return jnp.where(is_small, small, jnp.sign(x) * (half - 0.25 / half))


_hyperbolic_sine = with_slopes(_sinh, lambda _, x: _hyperbolic_cosine(x))
_hyperbolic_cosine = with_slopes(_cosh, lambda _, x: _hyperbolic_sine(x))


def _reciprocal(x: Array) -> Array:
    return lax.full_like(x, 1) / x


def _to_radians(x: Array) -> Array:
    return x * _RADIANS


def _to_degrees(x: Array) -> Array:
    return x * (1 / _RADIANS)


def _cardinal_sine(x: Array) -> Array:
    angle = math.pi * jnp.where(x == 0, 1, x)
    return jnp.where(x == 0, 1, jnp.sin(angle) / angle)


def _reciprocal_root(x: Array) -> Array:
    return lax.rsqrt(x) if x.dtype.kind == "c" else 1 / _precision.sqrt(x)


def _log_odds(x: Array) -> Array:
    """With the intermediate results rounded as torch rounds them for 16-bit types."""
    wide = widened(x)
    odds = wide / rounded(1 - wide, x.dtype)
    return jnp.log(rounded(odds, x.dtype))


def _slope_of_log_odds(_: Array, x: Array) -> Array:
    slope = jnp.where((x == 0) | (x == 1), jnp.inf, 1 / (x * (1 - x)))
    return jnp.where((x >= 0) & (x <= 1), slope, jnp.nan)


_logit = with_slopes(_log_odds, _slope_of_log_odds)


def _logit_within(x: Array, eps: Array) -> Array:
    eps = eps.astype(x.dtype)
    return _logit(jnp.where(x < eps, eps, jnp.where(x > 1 - eps, 1 - eps, x)))


def _prepare_logit(input: Tensor, eps: float | None = None) -> Call:
    rule = FLOAT._replace(widened=False).refusing("logit_cpu", COMPLEX)
    if eps is None or eps < 0:
        return elementwise(_logit, (input,), rule)
    call = elementwise(_logit_within, (input,), rule)
    return call._replace(operands=(*call.operands, eps))


def _real(name: str) -> Rule:
    return FLOAT.raising(RuntimeError, f"{name} is not supported for complex tensors.", COMPLEX)


exp = unary("exp", InDouble(jnp.exp), FLOAT, "e to the power of each element.")
exp2 = unary("exp2", InDouble(power_of_two, jnp.exp2), FLOAT, "2 to the power of each element.")
expm1 = unary("expm1", InDouble(jnp.expm1), FLOAT, "exp(x) - 1 of each element, exact near 0.")
log = unary("log", jnp.log, FLOAT, "The natural logarithm of each element.")
log2 = unary("log2", InDouble(jnp.log2), FLOAT, "The logarithm to base 2 of each element.")
log10 = unary("log10", InDouble(jnp.log10), FLOAT, "The logarithm to base 10 of each element.")
log1p = unary("log1p", InDouble(jnp.log1p), FLOAT, "log(1 + x) of each element, exact near 0.")
logit = define(
    Operation(
        "logit",
        _prepare_logit,
        "log(x / (1 - x)) of each element, which ``eps`` keeps from 0 and 1.",
        twin=True,
        signatures=(f"Tensor input, float eps = None, {OUT}",),
    )
)
sqrt = unary("sqrt", jnp.sqrt, FLOAT, "The square root of each element.")
rsqrt = unary("rsqrt", _reciprocal_root, FLOAT, "1 / sqrt(x) of each element.")
reciprocal = unary("reciprocal", _reciprocal, FLOAT, "1 / x of each element.")
sin = unary("sin", jnp.sin, FLOAT, "The sine of each element, in radians.")
cos = unary("cos", jnp.cos, FLOAT, "The cosine of each element, in radians.")
tan = unary("tan", jnp.tan, FLOAT, "The tangent of each element, in radians.")
asin = unary(
    "asin", InDouble(jnp.arcsin), FLOAT, "The angle in radians whose sine each element is."
)
acos = unary(
    "acos", InDouble(jnp.arccos), FLOAT, "The angle in radians whose cosine each element is."
)
atan = unary("atan", jnp.arctan, FLOAT, "The angle in radians whose tangent each element is.")
sinh = unary(
    "sinh",
    InDouble(_hyperbolic_sine, _sinh_of_double),
    FLOAT,
    "The hyperbolic sine of each element.",
)
cosh = unary("cosh", InDouble(_hyperbolic_cosine), FLOAT, "The hyperbolic cosine of each element.")
tanh = unary("tanh", InDouble(jnp.tanh), FLOAT, "The hyperbolic tangent of each element.")
asinh = unary("asinh", jnp.arcsinh, FLOAT, "The inverse hyperbolic sine of each element.")
acosh = unary(
    "acosh", InDouble(jnp.arccosh), FLOAT, "The inverse hyperbolic cosine of each element."
)
atanh = unary(
    "atanh", InDouble(jnp.arctanh), FLOAT, "The inverse hyperbolic tangent of each element."
)
sinc = unary("sinc", _cardinal_sine, FLOAT, "sin(πx) / πx of each element; 1 at 0.")
deg2rad = unary("deg2rad", _to_radians, _real("deg2rad"), "Each element, in degrees, in radians.")
rad2deg = unary("rad2deg", _to_degrees, _real("rad2deg"), "Each element, in radians, in degrees.")
