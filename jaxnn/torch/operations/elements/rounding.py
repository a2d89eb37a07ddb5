"""Elements rounded to whole numbers, and what that takes off them."""

from collections.abc import Callable

import jax.numpy as jnp

from jaxnn.torch import promotion
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.elementwise import ONE, elementwise, unary
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, INTEGER, SAME, Rule
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _keeps_integers(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """``function`` on real numbers; on whole ones there is nothing to round."""

    def rounding(x: Array) -> Array:
        return x if jnp.issubdtype(x.dtype, jnp.integer) else function(x)

    rounding.__name__ = function.__name__
    return rounding


def _rounding(name: str) -> Rule:
    rule = SAME.refusing(f"{name}_vml_cpu", BOOL)
    return rule.raising(NotImplementedError, f"{name} is not supported for complex inputs", COMPLEX)


def _fraction(x: Array) -> Array:
    return x - jnp.trunc(x)


_round = _keeps_integers(jnp.round)


def _round_to(x: Array, decimals: Array) -> Array:
    scale = 10.0 ** jnp.abs(decimals)
    return jnp.where(decimals < 0, jnp.round(x / scale) * scale, jnp.round(x * scale) / scale)


def _prepare_round(input: Tensor, decimals: int = 0) -> Call:
    if not decimals:
        return elementwise(_round, (input,), SAME.refusing("round_vml_cpu", BOOL, COMPLEX))
    call = elementwise(_round_to, (input,), SAME.refusing("round_cpu", BOOL, INTEGER, COMPLEX))
    return call._replace(operands=(*call.operands, decimals))


round = define(
    Operation(
        "round",
        _prepare_round,
        "Each element rounded to so many decimals, halves to even.",
        twin=True,
        signatures=(*ONE, "Tensor input, *, int decimals, Tensor out = None"),
    )
)


def _prepare_special_round(input: Tensor, decimals: int) -> Call:
    if not decimals and promotion.is_integral(input._dtype):  # which torch.round takes
        raise promotion.not_implemented("round_vml_cpu", input._dtype)
    return _prepare_round(input, decimals)


special_round = define(
    Operation(
        "special_round",
        _prepare_special_round,
        "Each real element rounded to so many decimals, halves to even.",
        method=False,
        signatures=("Tensor input, *, int decimals = 0, Tensor out = None",),
    )
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
