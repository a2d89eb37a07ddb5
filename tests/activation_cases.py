"""Every activation with the options worth trying, and what it means to agree with torch."""

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn
from tests.comparison import assert_close

# Programs that run once: optimising them would only cost time.
UNOPTIMISED = {"xla_backend_optimization_level": 0}
DTYPES = ("float16", "bfloat16", "float32", "float64")


class Case(NamedTuple):
    """An activation and its options; ``axis`` is torch's ``dim``."""

    name: str
    options: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{name}={value}" for name, value in self.options)])

    @property
    def function(self) -> Callable[[jax.Array], jax.Array]:
        """The activation with its options."""
        return functools.partial(getattr(jaxnn, self.name), **dict(self.options))


def case(name: str, **options: Any) -> Case:
    """A row of the tables below."""
    return Case(name, tuple(options.items()))


ELEMENTWISE = (
    case("sigmoid"),
    case("logsigmoid"),
    case("tanh"),
    case("relu"),
    case("relu6"),
    case("leaky_relu"),
    case("leaky_relu", negative_slope=-0.3),
    case("prelu", weight=0.25),
    case("elu"),
    case("elu", alpha=0.3),
    case("selu"),
    case("celu"),
    case("celu", alpha=0.3),
    case("gelu"),
    case("gelu", approximate="tanh"),
    case("silu"),
    case("mish"),
    case("softplus"),
    case("softplus", beta=3.0, threshold=6.0),
    case("softsign"),
    case("softshrink"),
    case("softshrink", lambd=0.0),
    case("hardshrink"),
    case("hardshrink", lambd=3.0),
    case("tanhshrink"),
    case("threshold", threshold=0.5, value=7.0),
    case("hardtanh"),
    case("hardtanh", min_val=-3.0, max_val=0.5),
    case("hardsigmoid"),
    case("hardswish"),
)
ALONG_AN_AXIS = tuple(
    case(name, axis=axis)
    for name in ("softmax", "softmin", "log_softmax", "glu")
    for axis in (0, -1)
)

# Limits (value, derivative) at -inf and inf, which hold where torch gives nan.
_GATE = ((0.0, 0.0), (math.inf, 1.0))
LIMITS = {
    "gelu": _GATE,
    "silu": _GATE,
    "mish": _GATE,
    "hardswish": _GATE,
    "softsign": ((-1.0, 0.0), (1.0, 0.0)),
}
# torch rounds a constant of these derivatives to float32 in float64 too.
SINGLE_PRECISION_DERIVATIVES = ("celu", "hardsigmoid")


@functools.partial(jax.jit, static_argnums=0)
def values_and_gradients(cases: tuple[Case, ...], xs: list, cotangents: list) -> list[tuple]:
    """What each activation gives, and the gradient of its sum weighted by the cotangent.

    All of them in one program, since compiling takes far longer than running.
    """

    def both(case: Case, x: jax.Array, cotangent: jax.Array) -> tuple:
        value, pull_back = jax.vjp(case.function, x)
        return value, *pull_back(cotangent)

    return list(map(both, cases, xs, cotangents))


def assert_agrees(case: Case, x: np.ndarray, ours: tuple, torchs: tuple) -> None:
    """Value and gradient are torch's, or the limits where torch gives nan at a number.

    Where a formula cancels (1 - tanh², the gates' 1 + erf), both are off by some units of the
    dtype's epsilon, each in its way, and a gate multiplies that by x.
    torch's gradient at nan depends on the element's place in memory, and is not compared here.
    """
    (value, gradient), (torchs_value, torchs_gradient) = ours, map(np.copy, torchs)
    if case.name in LIMITS:
        _fill_in_limits(LIMITS[case.name], x, torchs_value, torchs_gradient)
    if x.ndim == 1:
        gradient, torchs_gradient = (
            np.where(np.isnan(x), 0, g) for g in (gradient, torchs_gradient)
        )
    size = np.clip(np.abs(np.nan_to_num(x.astype(float))), 1, 32)
    if x.ndim > 1:
        size = size.max()
    assert_close(value, torchs_value, atol=8 * _epsilon(x.dtype) * size)
    single = case.name in SINGLE_PRECISION_DERIVATIVES
    epsilon = max(_epsilon(x.dtype), _epsilon(np.float32) if single else 0)
    assert_close(gradient, torchs_gradient, atol=8 * epsilon * size)


def _fill_in_limits(limits: tuple, x: np.ndarray, *value_and_gradient: np.ndarray) -> None:
    for order, array in enumerate(value_and_gradient):
        lost = np.isnan(array) & ~np.isnan(x)
        array[lost] = np.where(np.signbit(x), limits[0][order], limits[1][order])[lost]


def _epsilon(dtype: np.dtype | type) -> float:
    return float(jnp.finfo(dtype).eps)
