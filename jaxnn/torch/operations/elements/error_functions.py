"""The error function, its inverse, and the normal distribution's."""

import math

import jax.numpy as jnp
from jax.scipy import special

from jaxnn.torch.operations.definition.derivatives import with_slopes
from jaxnn.torch.operations.definition.elementwise import unary
from jaxnn.torch.operations.definition.precision import InDouble, rounded, widened
from jaxnn.torch.operations.definition.rules import COMPLEX, FLOAT, HALF, Rule
from jaxnn.torch.operations.elements.series import chebyshev
from jaxnn.torch.storage import Array


def _real(kernel: str) -> Rule:
    return FLOAT.refusing(kernel, COMPLEX)


def _wide(kernel: str) -> Rule:
    return FLOAT.refusing(kernel, COMPLEX, HALF)


def _entropy(x: Array) -> Array:
    positive = jnp.where(x > 0, x, 1)
    product = -positive * jnp.log(positive)
    return jnp.where(jnp.isnan(x), x, jnp.where(x > 0, product, jnp.where(x == 0, 0, -jnp.inf)))


def _normal(x: Array) -> Array:
    scaled = rounded(widened(x) * math.sqrt(0.5), x.dtype)
    return (rounded(1 + rounded(special.erf(scaled), x.dtype), x.dtype)) / 2


def _scaled_complement(x: Array) -> Array:
    size = jnp.abs(x)
    near = chebyshev("erfcx", 8 / (size + 4) - 1)
    above = jnp.where(size > 50, _asymptotic_complement(jnp.maximum(size, 50)), near)
    below = jnp.minimum(x, 0)
    return jnp.where(x < 0, 2 * jnp.exp(below * below) - above, above)


def _asymptotic_complement(x: Array) -> Array:
    """1 - u + 3u² - 15u³ + ... for u = 1 / 2x², over x √π: where x > 50, to the last bit or two."""
    u = 0.5 / x / x
    total = jnp.ones_like(x)
    for factor in (9, 7, 5, 3, 1):
        total = 1 - factor * u * total
    return total / (x * math.sqrt(math.pi))


_surprise = with_slopes(_entropy, lambda _, x: -jnp.log(x) - 1)
_log_normal = with_slopes(
    special.log_ndtr,
    lambda _, x: math.sqrt(2 / math.pi) / _scaled_complement(-x * math.sqrt(0.5)),
)
_quantile = with_slopes(
    special.ndtri, lambda result, _: math.sqrt(2 * math.pi) * jnp.exp(result * result / 2)
)

erf = unary(
    "erf", InDouble(special.erf), _real("erf_vml_cpu"), "The error function of each element."
)
erfc = unary("erfc", InDouble(special.erfc), _real("erfc_vml_cpu"), "1 - erf(x) of each element.")
erfinv = unary(
    "erfinv",
    InDouble(special.erfinv),
    _real("erfinv_vml_cpu"),
    "The inverse of erf at each element.",
)
erfcx = unary(
    "special_erfcx",
    InDouble(_scaled_complement),
    _wide("erfcx_cpu"),
    "exp(x²) erfc(x) of each element.",
    twin=False,
    method=False,
)
ndtr = unary(
    "special_ndtr",
    _normal,
    _real("erf_vml_cpu")._replace(widened=False),
    "The share of a standard normal distribution below each element.",
    twin=False,
    method=False,
)
log_ndtr = unary(
    "special_log_ndtr",
    _log_normal,
    _wide("log_ndtr_cpu"),
    "The logarithm of `ndtr`.",
    twin=False,
    method=False,
)
ndtri = unary(
    "special_ndtri",
    _quantile,
    _wide("ndtri_cpu"),
    "The inverse of `ndtr`.",
    twin=False,
    method=False,
)
entr = unary(
    "special_entr",
    _surprise,
    _real("entr_cpu"),
    "-x log(x) of each element: 0 at 0, -inf below.",
    twin=False,
    method=False,
)
