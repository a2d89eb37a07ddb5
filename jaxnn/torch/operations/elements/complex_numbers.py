"""Complex numbers from their parts; magnitudes, angles and signs, of real numbers too."""

from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.derivatives import with_slopes
from jaxnn.torch.operations.definition.elementwise import OUT, elementwise, unary
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, EXACT, Rule
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def absolute(x: Array) -> Array:
    """The magnitude of each element."""
    if jnp.issubdtype(x.dtype, jnp.unsignedinteger):
        return x
    if x.dtype.kind == "c":  # of which 0 has no direction
        return jnp.abs(jnp.where(x == 0, lax.stop_gradient(x), x))
    return _magnitude(x)


def _sign(x: Array) -> Array:
    return x if x.dtype == bool else jnp.where(jnp.isnan(x) | (x == 0), 0, jnp.sign(x))


_magnitude = with_slopes(jnp.abs, lambda _, x: _sign(x))


def _direction(x: Array) -> Array:
    if x.dtype.kind != "c":
        return _sign(x)
    size = jnp.where(x == 0, 1, jnp.abs(x))
    return jnp.where(x == 0, 0, lax.complex(x.real / size, x.imag / size))


def _angle(x: Array) -> Array:
    if x.dtype.kind == "c":
        return jnp.angle(x)
    return jnp.where(jnp.isnan(x), x, jnp.where(x < 0, jnp.pi, 0))


def _polar(length: Array, angle: Array) -> Array:
    return lax.complex(length * jnp.cos(angle), length * jnp.sin(angle))


def _of_parts(function: Any, kernel: str) -> Any:
    """The preparation of a complex number of two real ones, which must be of one type."""

    def prepare(**parts: Tensor) -> Call:
        (a, b) = types = [each.dtype for each in parts.values()]
        takes = (dtypes.float16, dtypes.float32, dtypes.float64)
        names = [promotion.SCALAR_NAMES[each] for each in types]
        if not all(each in takes for each in types):
            raise RuntimeError(
                "Expected both inputs to be Half, Float or Double tensors but got "
                f"{names[0]} and {names[1]}"
            )
        if a is not b:
            raise RuntimeError(
                f"Expected object of scalar type {names[0]} but got scalar type {names[1]} for "
                "second argument"
            )
        if kernel == "polar_cpu" and a is dtypes.float16:
            raise promotion.not_implemented(kernel, a)
        dtype = promotion.to_complex(a)
        call = elementwise(function, tuple(parts.values()))
        return call._replace(results=(Result(call.results[0].layout, dtype),))

    return prepare


def _prepare_positive(input: Tensor) -> Tensor:
    if input.dtype is dtypes.bool:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


complex = define(
    Operation(
        "complex",
        _of_parts(lax.complex, "complex_cpu"),
        "``real + 1j * imag``, element by element.",
        method=False,
        out_type="same",
        signatures=(f"Tensor real, Tensor imag, {OUT}",),
    )
)
polar = define(
    Operation(
        "polar",
        _of_parts(_polar, "polar_cpu"),
        "The complex numbers of these magnitudes and angles.",
        method=False,
        out_type="same",
        signatures=(f"Tensor abs, Tensor angle, {OUT}",),
    )
)
abs = unary(
    "abs",
    absolute,
    Rule(real=True).refusing("abs_cpu", BOOL),
    "The absolute value of each element.",
)
angle = unary(
    "angle",
    _angle,
    Rule(to_float=True, real=True),
    "The angle of each element in the complex plane: 0 or π for real numbers.",
    twin=False,
)
sign = unary(
    "sign",
    _sign,
    EXACT.raising(
        NotImplementedError,
        "Unlike NumPy, torch.sign is not intended to support complex numbers. "
        "Please use torch.sgn instead.",
        COMPLEX,
    ),
    "-1, 0 or 1, by each element's sign.",
)
sgn = unary("sgn", _direction, EXACT, "Each element divided by its magnitude; 0 at 0.")
positive = define(
    Operation(
        "positive", _prepare_positive, "The tensor itself.", out=False, signatures=("Tensor input",)
    )
)
