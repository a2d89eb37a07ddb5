"""The larger and the smaller of two elements, and bounds."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from jaxnn.torch import promotion
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.derivatives import Slope, with_slopes
from jaxnn.torch.operations.definition.elementwise import OUT, SECOND, binary, defined, elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, EXACT, Rule
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_CLAMP = tuple(
    f"Tensor input, {kind} min = None, {kind} max = None, {OUT}" for kind in ("Tensor", "Number")
)


def _at_least(x: Array, low: Array) -> Array:
    """The larger of both or nan; at the bound itself the gradient is the element's."""
    return jnp.where((x < low) | jnp.isnan(low), low, x)


def _at_most(x: Array, high: Array) -> Array:
    return jnp.where((x > high) | jnp.isnan(high), high, x)


def _first(compare: Callable[[Array, Array], Array], second: bool = False) -> Slope:
    """1 where the first of two is chosen, as it is of two equal ones, and 0 elsewhere."""

    def slope(_: Array, x: Array, y: Array) -> Array:
        return ((compare(x, y) | jnp.isnan(y)) != second).astype(x.dtype)

    return slope


_larger = with_slopes(jnp.fmax, _first(jnp.greater_equal), _first(jnp.greater_equal, second=True))
_smaller = with_slopes(jnp.fmin, _first(jnp.less_equal), _first(jnp.less_equal, second=True))


def _clamp_both(x: Array, low: Array, high: Array) -> Array:
    return _at_most(_at_least(x, low), high)


def _bounded(x: Tensor, bounds: list[Any], function: Any, kernel: str) -> Call:
    """The call of a function of ``x`` and its bounds, where the type has it and holds them."""
    operands = (x, *bounds)
    common = promotion.result_type(*operands)
    if common.is_complex:
        raise NotImplementedError("clamp is not supported for complex types")
    numbers = [bound for bound in bounds if not isinstance(bound, Tensor)]
    for bound in numbers:
        as_element(bound, common)
    return elementwise(function, operands, EXACT.refusing(kernel, BOOL))


def _prepare_clamp(input: Tensor, min: Any = None, max: Any = None) -> Call:
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    if min is None:
        return _prepare_clamp_max(input, max)
    if max is None:
        return _prepare_clamp_min(input, min)
    kernel = "clamp_cpu" if isinstance(min, Tensor) else "clamp_scalar_cpu"
    return _bounded(input, [min, max], _clamp_both, kernel)


def _prepare_clamp_min(input: Tensor, min: Any) -> Call:
    if isinstance(min, Tensor):
        return elementwise(_at_least, (input, min), _no_complex("maximum"))
    return _bounded(input, [min], _at_least, "clamp_min_scalar_cpu")


def _prepare_clamp_max(input: Tensor, max: Any) -> Call:
    if isinstance(max, Tensor):
        return elementwise(_at_most, (input, max), _no_complex("minimum"))
    return _bounded(input, [max], _at_most, "clamp_max_scalar_cpu")


def _no_complex(name: str) -> Rule:
    return EXACT.raising(RuntimeError, f"{name} not implemented for complex tensors.", COMPLEX)


maximum = binary(
    "maximum",
    jnp.maximum,
    _no_complex("maximum"),
    "The larger of two elements; nan if either is.",
    twin=False,
)
minimum = binary(
    "minimum",
    jnp.minimum,
    _no_complex("minimum"),
    "The smaller of two elements; nan if either is.",
    twin=False,
)
fmax = binary(
    "fmax",
    _larger,
    _no_complex("fmax"),
    "The larger of two elements; the other one if one is nan.",
    twin=False,
)
fmin = binary(
    "fmin",
    _smaller,
    _no_complex("fmin"),
    "The smaller of two elements; the other one if one is nan.",
    twin=False,
)
clamp = define(
    Operation(
        "clamp",
        _prepare_clamp,
        "Each element, or the bound that it passes.",
        twin=True,
        signatures=_CLAMP,
    )
)
clamp_min = defined(
    Operation("clamp_min", _prepare_clamp_min, "Each element, but at least ``min``.", twin=True),
    SECOND,
    "min",
)
clamp_max = defined(
    Operation("clamp_max", _prepare_clamp_max, "Each element, but at most ``max``.", twin=True),
    SECOND,
    "max",
)
