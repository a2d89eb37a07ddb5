"""Comparison within a tolerance, and of tensors as a whole."""

import jax.numpy as jnp

from jaxnn.torch import promotion
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.elementwise import elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import TRUTH
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_CLOSE = "Tensor other, float rtol = 1e-05, float atol = 1e-08, bool equal_nan = False"


def _near(a: Array, b: Array, rtol: Array, atol: Array, equal_nan: bool) -> Array:
    if a.dtype == bool:
        return a == b
    finite = jnp.isfinite(a) & jnp.isfinite(b)
    near = finite & (jnp.abs(a - b) <= atol + rtol * jnp.abs(b))
    return near | (a == b) | (jnp.isnan(a) & jnp.isnan(b) & equal_nan)


def _prepare_isclose(
    input: Tensor,
    other: Tensor,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> Call:
    if input.dtype is not other.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (input, other)]
        raise RuntimeError(f"{names[0]} did not match {names[1]}")
    for name, tolerance in (("rtol", rtol), ("atol", atol)):
        if tolerance < 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {tolerance}")
    call = elementwise(_near, (input, other), TRUTH, (("equal_nan", equal_nan),))
    return call._replace(operands=(*call.operands, rtol, atol))


isclose = define(
    Operation(
        "isclose",
        _prepare_isclose,
        "Where elements are within a tolerance.",
        out=False,
        signatures=(f"Tensor input, {_CLOSE}",),
    )
)


@taking("allclose", f"Tensor input, {_CLOSE}")
def allclose(input: Tensor, other: Tensor, rtol: float, atol: float, equal_nan: bool) -> bool:
    """Whether all elements are within a tolerance of the other tensor's.

    Source: ``torch.allclose``.
    """
    return _all_close(input, other, rtol, atol, equal_nan)


def _all_close(self: Tensor, other: Tensor, rtol: float, atol: float, equal_nan: bool) -> bool:
    return bool(isclose(self, other, rtol, atol, equal_nan).all())


@taking("equal", "Tensor input, Tensor other")
def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have one shape and the same elements.

    Source: ``torch.equal``.
    """
    return _equal(input, other)


def _equal(self: Tensor, other: Tensor) -> bool:
    return self.shape == other.shape and bool((self == other).all())


attach(
    "allclose",
    taking("allclose", _CLOSE, method=True)(_all_close),
    "Whether all elements are within a tolerance of the other tensor's.",
)
attach(
    "equal",
    taking("equal", "Tensor other", method=True)(_equal),
    "Whether another tensor has the same shape and elements.",
)
