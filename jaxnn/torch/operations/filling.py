"""Writes of given numbers into a tensor, and its comparison as a whole."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import kernels, promotion, views
from jaxnn.torch import layout as layouts
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.arguments import require_operand, require_tensor
from jaxnn.torch.operations.call import Call, Result, apply_in_place
from jaxnn.torch.operations.elementwise import broadcast, elementwise
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.rules import TRUTH
from jaxnn.torch.operations.viewing import attach
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


def fill(target: Tensor, value: complex) -> Tensor:
    """Write one number into every element."""
    call = Call(kernels.identity, (value,), (Result(target._layout, target._dtype),), target._dtype)
    return apply_in_place(call, target)


def copy(target: Tensor, source: Tensor) -> Tensor:
    """Write another tensor's elements, expanded to the target's shape, whatever their type."""
    layout = views.expand(source._layout, target._layout.shape)
    result = Result(target._layout, target._dtype)
    call = Call(kernels.identity, (Source(source._storage, layout),), (result,))
    return apply_in_place(call, target)


def _fill_(self: Tensor, value: Any) -> Tensor:
    number = require_operand(value, "fill_", "value", 1)
    if not isinstance(number, Tensor):
        return _fill_everywhere(self, number)
    if number.ndim:
        raise RuntimeError(
            "fill_ only supports 0-dimension value tensor but got tensor with "
            f"{number.ndim} dimensions."
        )
    return copy(self, number)


def _zero_(self: Tensor) -> Tensor:
    return _fill_everywhere(self, 0)


def _fill_everywhere(self: Tensor, value: complex) -> Tensor:
    """Fill a tensor of which several indices may mean one element."""
    fill(wrap(self._storage, layouts.distinct(self._layout), self._dtype), value)
    return self


def _copy_(self: Tensor, other: Any, non_blocking: bool = False) -> Tensor:
    source = require_tensor(other, "copy_", "other", 1)
    (_, place), joint = broadcast((self._layout, source._layout))
    result = Result(joint, self._dtype)
    call = Call(kernels.identity, (Source(source._storage, place, source._layout),), (result,))
    return apply_in_place(call, self)


attach("fill_", _fill_, "Writes one number into every element.")
attach("zero_", _zero_, "Writes 0 into every element.")
attach("copy_", _copy_, "Writes another tensor's elements, broadcast and converted.")


def _near(a: Array, b: Array, rtol: Array, atol: Array, equal_nan: bool) -> Array:
    if a.dtype == bool:
        return a == b
    finite = jnp.isfinite(a) & jnp.isfinite(b)
    near = finite & (jnp.abs(a - b) <= atol + rtol * jnp.abs(b))
    return near | (a == b) | (jnp.isnan(a) & jnp.isnan(b) & equal_nan)


def _prepare_isclose(
    input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> Call:
    a = require_tensor(input, "isclose", "input", 1)
    b = require_tensor(other, "isclose", "other", 2)
    if a.dtype is not b.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (a, b)]
        raise RuntimeError(f"{names[0]} did not match {names[1]}")
    for name, tolerance in (("rtol", rtol), ("atol", atol)):
        if tolerance < 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {tolerance}")
    call = elementwise(_near, (a, b), TRUTH, (("equal_nan", equal_nan),))
    return call._replace(operands=(*call.operands, rtol, atol))


isclose = define(
    Operation("isclose", _prepare_isclose, "Where elements are within a tolerance.", out=False)
)


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> bool:
    """Whether all elements are within a tolerance of the other tensor's.

    Source: ``torch.allclose``.
    """
    return bool(isclose(input, other, rtol, atol, equal_nan).all())


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have one shape and the same elements.

    Source: ``torch.equal``.
    """
    a = require_tensor(input, "equal", "input", 1)
    b = require_tensor(other, "equal", "other", 2)
    if a.dtype is not b.dtype:
        raise RuntimeError(
            f"Expected object of data type {promotion.C_NAMES[a.dtype]} but got data type "
            f"{promotion.C_NAMES[b.dtype]} for argument 'other' in call to equal"
        )
    return a.shape == b.shape and bool((a == b).all())


attach("allclose", allclose, "Whether all elements are within a tolerance of the other tensor's.")
attach("equal", equal, "Whether another tensor has the same shape and elements.")
