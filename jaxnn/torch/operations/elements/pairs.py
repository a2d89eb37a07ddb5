"""Real functions of two elements: a row each."""

from collections.abc import Callable

import jax.numpy as jnp

from jaxnn.torch.operations.definition.derivatives import with_slopes
from jaxnn.torch.operations.definition.elementwise import EITHER, binary
from jaxnn.torch.operations.definition.precision import InDouble
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, FLOAT, INTEGER, SAME
from jaxnn.torch.storage import Array


def _times_log(log: Callable[[Array], Array], least: int) -> Callable[..., Array]:
    """``x * log(y)``, with 0 for x = 0 whatever the logarithm is, and nan for nan.

    Args:
        log: the logarithm.
        least: the number at which it is -inf.
    """

    def product(x: Array, y: Array) -> Array:
        return jnp.where(jnp.isnan(y), y, jnp.where(x == 0, 0, x * log(y)))

    def by_factor(_: Array, x: Array, y: Array) -> Array:
        return jnp.where((x == 0) & (y <= least), 0, log(y))

    return with_slopes(product, by_factor, lambda _, x, y: x / (y - least))


def _log_of_sum(
    function: Callable[..., Array], power: Callable[[Array], Array]
) -> Callable[..., Array]:
    """The logarithm of a sum of two powers, whose slopes are the shares that each has in it."""
    return with_slopes(
        function, lambda _, x, y: 1 / (1 + power(y - x)), lambda _, x, y: 1 / (1 + power(x - y))
    )


def _reciprocal_square(y: Array, x: Array) -> Array:
    square = y * y + x * x
    return jnp.where(square == 0, 0, 1 / square)


_angle = with_slopes(
    jnp.arctan2,
    lambda _, y, x: x * _reciprocal_square(y, x),
    lambda _, y, x: -y * _reciprocal_square(y, x),
)
_length = with_slopes(jnp.hypot, lambda length, x, _: x / length, lambda length, _, y: y / length)

atan2 = binary(
    "atan2",
    InDouble(_angle),
    FLOAT.refusing("atan2_cpu", COMPLEX),
    "The angle of the point (other, input), in radians.",
)
hypot = binary(
    "hypot",
    InDouble(_length),
    SAME.refusing("hypot_cpu", BOOL, INTEGER, COMPLEX),
    "sqrt(input² + other²), element by element.",
)
logaddexp = binary(
    "logaddexp",
    _log_of_sum(jnp.logaddexp, jnp.exp),
    SAME.refusing("logaddexp_cpu", BOOL, INTEGER),
    "log(exp(input) + exp(other)), element by element.",
    twin=False,
)
logaddexp2 = binary(
    "logaddexp2",
    _log_of_sum(jnp.logaddexp2, jnp.exp2),
    SAME.refusing("logaddexp2_cpu", BOOL, INTEGER, COMPLEX),
    "The logarithm to base 2 of 2^input + 2^other, element by element.",
    twin=False,
)
xlogy = binary(
    "xlogy",
    _times_log(jnp.log, 0),
    FLOAT.refusing("xlogy_cpu", COMPLEX),
    "``input * log(other)``; 0 where ``input`` is 0.",
    forms=EITHER,
)
xlog1py = binary(
    "special_xlog1py",
    _times_log(jnp.log1p, -1),
    FLOAT.refusing("xlog1py_cpu", COMPLEX),
    "``input * log(1 + other)``; 0 where ``input`` is 0.",
    forms=EITHER,
    twin=False,
    method=False,
)
