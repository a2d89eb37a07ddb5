"""Comparisons, logic and bits, and the operators of them."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import promotion
from jaxnn.torch.operations.definition.elementwise import EITHER_NEW, SECOND, binary, unary
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, REAL, SAME, TRUTH, Rule
from jaxnn.torch.storage import Array


def _logical(function: Any) -> Any:
    """``function`` on whether elements are other than 0."""

    def compare(a: Array, b: Array) -> Array:
        return function(a.astype(bool), b.astype(bool))

    compare.__name__ = function.__name__
    return compare


def _not(x: Array) -> Array:
    return ~x.astype(bool)


def _bits(kernel: str) -> Rule:
    return SAME.refusing(kernel, REAL, COMPLEX)


def invert(self: Any) -> Any:
    """The operator ``~``."""
    if not promotion.is_integral(self.dtype):
        raise TypeError(
            "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
        )
    return bitwise_not(self)


eq = binary("eq", jnp.equal, TRUTH, "Where ``input == other``.", operator="eq", forms=SECOND)
ne = binary("ne", jnp.not_equal, TRUTH, "Where ``input != other``.", operator="ne", forms=SECOND)
lt = binary(
    "lt",
    jnp.less,
    TRUTH.refusing("lt_cpu", COMPLEX),
    "Where ``input < other``.",
    operator="lt",
    forms=SECOND,
)
le = binary(
    "le",
    jnp.less_equal,
    TRUTH.refusing("le_cpu", COMPLEX),
    "Where ``input <= other``.",
    operator="le",
    forms=SECOND,
)
gt = binary(
    "gt",
    jnp.greater,
    TRUTH.refusing("gt_cpu", COMPLEX),
    "Where ``input > other``.",
    operator="gt",
    forms=SECOND,
)
ge = binary(
    "ge",
    jnp.greater_equal,
    TRUTH.refusing("ge_cpu", COMPLEX),
    "Where ``input >= other``.",
    operator="ge",
    forms=SECOND,
)
logical_and = binary(
    "logical_and", _logical(jnp.logical_and), TRUTH, "Where both are other than 0."
)
logical_or = binary("logical_or", _logical(jnp.logical_or), TRUTH, "Where either is other than 0.")
logical_xor = binary(
    "logical_xor",
    _logical(jnp.logical_xor),
    TRUTH,
    "Where just one is other than 0.",
)
bitwise_and = binary(
    "bitwise_and",
    jnp.bitwise_and,
    _bits("bitwise_and_cpu"),
    "The bits that both have.",
    operator="and",
    forms=EITHER_NEW,
)
bitwise_or = binary(
    "bitwise_or",
    jnp.bitwise_or,
    _bits("bitwise_or_cpu"),
    "The bits that either has.",
    operator="or",
    forms=EITHER_NEW,
)
bitwise_xor = binary(
    "bitwise_xor",
    jnp.bitwise_xor,
    _bits("bitwise_xor_cpu"),
    "The bits that just one has.",
    operator="xor",
    forms=EITHER_NEW,
)
bitwise_left_shift = binary(
    "bitwise_left_shift",
    jnp.left_shift,
    SAME.refusing("lshift_cpu", BOOL, REAL, COMPLEX),
    "``input << other``.",
    operator="lshift",
    forms=EITHER_NEW,
)
bitwise_right_shift = binary(
    "bitwise_right_shift",
    jnp.right_shift,
    SAME.refusing("rshift_cpu", BOOL, REAL, COMPLEX),
    "``input >> other``.",
    operator="rshift",
    forms=EITHER_NEW,
)
bitwise_not = unary(
    "bitwise_not", jnp.invert, _bits("bitwise_not_cpu"), "Each element's bits inverted."
)
logical_not = unary("logical_not", _not, TRUTH, "Where elements are 0.")
