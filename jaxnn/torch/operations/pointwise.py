"""Functions of one tensor, element by element: a row each."""

from typing import Any

import jax.numpy as jnp
from jax import lax
from jax.scipy import special

from jaxnn.torch.operations.arguments import require_tensor
from jaxnn.torch.operations.call import Call
from jaxnn.torch.operations.elementwise import elementwise, unary
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.rules import BOOL, COMPLEX, FLOAT, INTEGER, SAME, TRUTH, Rule
from jaxnn.torch.storage import Array


def _keeps_integers(function):
    """``function`` on real numbers; on whole ones there is nothing to round."""

    def rounding(x: Array) -> Array:
        return x if jnp.issubdtype(x.dtype, jnp.integer) else function(x)

    rounding.__name__ = function.__name__
    return rounding


def _sign(x: Array) -> Array:
    return x if x.dtype == bool else jnp.where(jnp.isnan(x), 0, jnp.sign(x))


def _fraction(x: Array) -> Array:
    return x - jnp.trunc(x)


def _reciprocal(x: Array) -> Array:
    return lax.full_like(x, 1) / x


def _square(x: Array, two: Array) -> Array:
    return x * x


def _prepare_square(input: Any) -> Call:
    # torch takes the power 2, so that bools become integers.
    return elementwise(_square, (require_tensor(input, "square", "input", 1), 2))


def _digamma(x: Array) -> Array:
    return jnp.where(x == 0, jnp.copysign(jnp.inf, -x).astype(x.dtype), special.digamma(x))


def _identity(x: Array) -> Array:
    return x


def _absolute(x: Array) -> Array:
    if jnp.issubdtype(x.dtype, jnp.unsignedinteger):
        return x
    # Of the two branches that meet at 0 neither has torch's gradient there, which is 0.
    return jnp.abs(jnp.where(x == 0, lax.stop_gradient(x), x))


def _not(x: Array) -> Array:
    return ~x.astype(bool)


def _no_integer(function, answer):
    """``function`` on real and complex numbers; ``answer`` for integers and bools, all finite."""

    def test(x: Array) -> Array:
        inexact = jnp.issubdtype(x.dtype, jnp.inexact)
        return function(x) if inexact else jnp.full(x.shape, answer)

    test.__name__ = function.__name__
    return test


def _real_only(kernel: str) -> Rule:
    return FLOAT.refusing(kernel, COMPLEX)


def _rounding(name: str) -> Rule:
    rule = SAME.refusing(f"{name}_vml_cpu", BOOL)
    return rule.raising(NotImplementedError, f"{name} is not supported for complex inputs", COMPLEX)


_MAGNITUDE = Rule(real=True).refusing("abs_cpu", BOOL)
_POSITIVE = SAME.raising(RuntimeError, "The `+` operator, on a bool tensor is not supported.", BOOL)
_SIGN = SAME.raising(
    NotImplementedError,
    "Unlike NumPy, torch.sign is not intended to support complex numbers. "
    "Please use torch.sgn instead.",
    COMPLEX,
)


def _round_to(x: Array, decimals: Array) -> Array:
    scale = 10.0 ** jnp.abs(decimals)
    return jnp.where(decimals < 0, jnp.round(x / scale) * scale, jnp.round(x * scale) / scale)


def _prepare_round(input: Any, *, decimals: int = 0) -> Call:
    x = require_tensor(input, "round", "input", 1)
    if not decimals:
        return elementwise(_round, (x,), SAME.refusing("round_vml_cpu", BOOL, COMPLEX))
    call = elementwise(_round_to, (x,), SAME.refusing("round_cpu", BOOL, INTEGER, COMPLEX))
    return call._replace(operands=(*call.operands, decimals))


_round = _keeps_integers(jnp.round)


exp = unary("exp", jnp.exp, FLOAT, "e to the power of each element.")
exp2 = unary("exp2", jnp.exp2, FLOAT, "2 to the power of each element.")
expm1 = unary("expm1", jnp.expm1, FLOAT, "exp(x) - 1 of each element, exact near 0.")
log = unary("log", jnp.log, FLOAT, "The natural logarithm of each element.")
log2 = unary("log2", jnp.log2, FLOAT, "The logarithm to base 2 of each element.")
log10 = unary("log10", jnp.log10, FLOAT, "The logarithm to base 10 of each element.")
log1p = unary("log1p", jnp.log1p, FLOAT, "log(1 + x) of each element, exact near 0.")
sqrt = unary("sqrt", jnp.sqrt, FLOAT, "The square root of each element.")
rsqrt = unary("rsqrt", lax.rsqrt, FLOAT, "1 / sqrt(x) of each element.")
reciprocal = unary("reciprocal", _reciprocal, FLOAT, "1 / x of each element.")
square = define(Operation("square", _prepare_square, "x * x of each element.", twin=True))
sin = unary("sin", jnp.sin, FLOAT, "The sine of each element, in radians.")
cos = unary("cos", jnp.cos, FLOAT, "The cosine of each element, in radians.")
tan = unary("tan", jnp.tan, FLOAT, "The tangent of each element, in radians.")
asin = unary("asin", jnp.arcsin, FLOAT, "The angle in radians whose sine each element is.")
acos = unary("acos", jnp.arccos, FLOAT, "The angle in radians whose cosine each element is.")
atan = unary("atan", jnp.arctan, FLOAT, "The angle in radians whose tangent each element is.")
sinh = unary("sinh", jnp.sinh, FLOAT, "The hyperbolic sine of each element.")
cosh = unary("cosh", jnp.cosh, FLOAT, "The hyperbolic cosine of each element.")
tanh = unary("tanh", jnp.tanh, FLOAT, "The hyperbolic tangent of each element.")
asinh = unary("asinh", jnp.arcsinh, FLOAT, "The inverse hyperbolic sine of each element.")
acosh = unary("acosh", jnp.arccosh, FLOAT, "The inverse hyperbolic cosine of each element.")
atanh = unary("atanh", jnp.arctanh, FLOAT, "The inverse hyperbolic tangent of each element.")
erf = unary(
    "erf",
    special.erf,
    _real_only("erf_vml_cpu"),
    "The error function of each element.",
)
erfc = unary("erfc", special.erfc, _real_only("erfc_vml_cpu"), "1 - erf(x) of each element.")
erfinv = unary(
    "erfinv",
    special.erfinv,
    _real_only("erfinv_vml_cpu"),
    "The inverse of erf at each element.",
)
lgamma = unary(
    "lgamma",
    special.gammaln,
    _real_only("lgamma_vml_cpu"),
    "log |gamma(x)| of each element.",
)
digamma = unary(
    "digamma",
    _digamma,
    _real_only("digamma"),
    "The derivative of lgamma at each element.",
)

abs = unary(
    "abs",
    _absolute,
    _MAGNITUDE,
    "The absolute value of each element.",
)
positive = unary("positive", _identity, _POSITIVE, "Each element as it is.", twin=False)
sign = unary("sign", _sign, _SIGN, "-1, 0 or 1, by each element's sign.")
round = define(
    Operation("round", _prepare_round, "Each element rounded, halves to even.", twin=True)
)
floor = unary("floor", _keeps_integers(jnp.floor), _rounding("floor"), "Each element rounded down.")
ceil = unary("ceil", _keeps_integers(jnp.ceil), _rounding("ceil"), "Each element rounded up.")
trunc = unary(
    "trunc",
    _keeps_integers(jnp.trunc),
    _rounding("trunc"),
    "Each element rounded towards 0.",
)
frac = unary(
    "frac",
    _fraction,
    SAME.refusing("frac_cpu", BOOL, INTEGER, COMPLEX),
    "What `trunc` takes off each element.",
)

isnan = unary("isnan", _no_integer(jnp.isnan, False), TRUTH, "Where elements are nan.", twin=False)
isinf = unary(
    "isinf", _no_integer(jnp.isinf, False), TRUTH, "Where elements are infinite.", twin=False
)
isfinite = unary(
    "isfinite",
    _no_integer(jnp.isfinite, True),
    TRUTH,
    "Where elements are neither infinite nor nan.",
    twin=False,
)
logical_not = unary("logical_not", _not, TRUTH, "Where elements are 0.")
