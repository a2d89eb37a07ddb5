"""Real functions of two elements: a row each."""

import jax.numpy as jnp

from jaxnn.torch.operations.elementwise import EITHER, binary
from jaxnn.torch.operations.precision import InDouble
from jaxnn.torch.operations.rules import BOOL, COMPLEX, FLOAT, INTEGER, SAME
from jaxnn.torch.storage import Array


def _times_log(function):
    """``x * function(y)``, with 0 for x = 0 whatever the logarithm is, and nan for nan."""

    def product(x: Array, y: Array) -> Array:
        kept = jnp.where(x == 0, 1, y)  # keeps infinities out of the derivative
        return jnp.where(jnp.isnan(y), y, jnp.where(x == 0, 0, x * function(kept)))

    return product


atan2 = binary(
    "atan2",
    InDouble(jnp.arctan2),
    FLOAT.refusing("atan2_cpu", COMPLEX),
    "The angle of the point (other, input), in radians.",
)
hypot = binary(
    "hypot",
    InDouble(jnp.hypot),
    SAME.refusing("hypot_cpu", BOOL, INTEGER, COMPLEX),
    "sqrt(input² + other²), element by element.",
)
logaddexp = binary(
    "logaddexp",
    jnp.logaddexp,
    SAME.refusing("logaddexp_cpu", BOOL, INTEGER),
    "log(exp(input) + exp(other)), element by element.",
    twin=False,
)
logaddexp2 = binary(
    "logaddexp2",
    jnp.logaddexp2,
    SAME.refusing("logaddexp2_cpu", BOOL, INTEGER, COMPLEX),
    "The logarithm to base 2 of 2^input + 2^other, element by element.",
    twin=False,
)
xlogy = binary(
    "xlogy",
    _times_log(jnp.log),
    FLOAT.refusing("xlogy_cpu", COMPLEX),
    "``input * log(other)``; 0 where ``input`` is 0.",
    forms=EITHER,
)
xlog1py = binary(
    "special_xlog1py",
    _times_log(jnp.log1p),
    FLOAT.refusing("xlog1py_cpu", COMPLEX),
    "``input * log(1 + other)``; 0 where ``input`` is 0.",
    forms=EITHER,
    twin=False,
    method=False,
)
