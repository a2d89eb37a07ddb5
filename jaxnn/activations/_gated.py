"""Activations that open a gate for their input: x times something between 0 and 1."""

import math

import jax
import jax.numpy as jnp
from jax import Array

from jaxnn._checks import check_axis, check_choice, complaint, describe
from jaxnn.activations._define import activation, finite, with_derivative

_SQRT_HALF = math.sqrt(0.5)
_SQRT_2_OVER_PI = math.sqrt(2 / math.pi)
_CUBIC = 0.044715  # Hendrycks and Gimpel's fit of x·Φ(x), section 2
_SATURATION = 30.0  # where the tanh form of GELU has its limits, in every dtype


def _bounded_below(x: Array) -> Array:
    """``x`` without -inf: times a gate that is shut there it is 0."""
    return jnp.maximum(x, jnp.finfo(x.dtype).min)


def _times_sigmoid(factor: Array, x: Array) -> Array:
    """A factor · sigmoid(x), right where XLA would take the sigmoid alone, too small, for 0."""
    root = jnp.exp(-jnp.abs(x) / 2)
    shut = factor * root * root / (1 + root * root)
    return jnp.where(x < 0, shut, factor * jax.nn.sigmoid(x))


def _silu_derivative(x: Array) -> Array:
    return _times_sigmoid(1 + finite(x) * jax.nn.sigmoid(-x), x)


@with_derivative(_silu_derivative)
def _silu(x: Array) -> Array:
    return _times_sigmoid(_bounded_below(x), x)


@activation
def silu(x: Array) -> Array:
    """SiLU, also called swish: x · sigmoid(x).

    Goes to 0 at -inf, where torch gives nan; the derivative goes to 0 and 1 at -inf and inf.

    Args:
        x: Floating point, any shape.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.silu(jnp.array([-jnp.inf, 0.0, 100.0]))
        Array([ -0.,   0., 100.], dtype=float32)

    Source: torch.nn.functional.silu; https://arxiv.org/abs/1702.03118.
    """
    return _silu(x)


def _mish_to_silu(x: Array) -> Array:
    """tanh(softplus(x)) / sigmoid(x), from 1 at either end to 1.2 at 0."""
    decay = jnp.exp(-jnp.abs(x))
    low = (2 + decay) / (2 + decay * (2 + decay))
    high = (1 + 2 * decay) / (1 + 2 * decay * (1 + decay))
    return (1 + decay) * jnp.where(x < 0, low, high)


def _mish_derivative(x: Array) -> Array:
    ratio = _mish_to_silu(x)
    opening = ratio * jax.nn.sigmoid(x)
    return _times_sigmoid(ratio + finite(x) * (1 - opening**2), x)


@with_derivative(_mish_derivative)
def _mish(x: Array) -> Array:
    return _times_sigmoid(_bounded_below(x) * _mish_to_silu(x), x)


@activation
def mish(x: Array) -> Array:
    """Mish: x · tanh(softplus(x)).

    Goes to 0 at -inf, where torch gives nan; the derivative goes to 0 and 1 at -inf and inf.

    Args:
        x: Floating point, any shape.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.mish(jnp.array([-jnp.inf, 0.0, 100.0]))
        Array([ -0.,   0., 100.], dtype=float32)

    Source: torch.nn.functional.mish; https://arxiv.org/abs/1908.08681.
    """
    return _mish(x)


def _normal_cdf(x: Array) -> Array:
    return jax.scipy.special.erfc(-x * _SQRT_HALF) / 2


def _normal_pdf(x: Array) -> Array:
    return jnp.exp(-(x**2) / 2) * (_SQRT_2_OVER_PI / 2)


@with_derivative(lambda x: _normal_cdf(x) + finite(x) * _normal_pdf(x))
def _gelu(x: Array) -> Array:
    return _bounded_below(x) * _normal_cdf(x)


def _gelu_tanh_opening(x: Array) -> Array:
    """(1 + tanh(u)) / 2 = sigmoid(2u), for ``x`` within saturation."""
    return jax.nn.sigmoid(2 * _SQRT_2_OVER_PI * (x + _CUBIC * x**3))


def _gelu_tanh_derivative(x: Array) -> Array:
    x = _saturated(x)
    opening = _gelu_tanh_opening(x)
    slope = 2 * _SQRT_2_OVER_PI * (1 + 3 * _CUBIC * x**2)
    return opening * (1 + x * slope * (1 - opening))


def _saturated(x: Array) -> Array:
    """``x`` clipped to where the gate is open or shut for good, so that no power overflows."""
    return jnp.clip(x, -_SATURATION, _SATURATION)


@with_derivative(_gelu_tanh_derivative)
def _gelu_tanh(x: Array) -> Array:
    return _bounded_below(x) * _gelu_tanh_opening(_saturated(x))


_GELUS = {"none": _gelu, "tanh": _gelu_tanh}


@activation
def gelu(x: Array, approximate: str = "none") -> Array:
    """GELU: x · Φ(x), where Φ is the normal distribution function.

    With ``approximate="tanh"``: x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2. Both go to 0 at
    -inf, where torch gives nan, and keep their digits in the left tail, where torch's cancel; the
    derivative goes to 0 and 1 at -inf and inf.

    Args:
        x: Floating point, any shape.
        approximate: "none" or "tanh".

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``approximate`` is neither.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.gelu(jnp.array([-jnp.inf, 0.0, 100.0]))
        Array([ -0.,   0., 100.], dtype=float32)

    Source: torch.nn.functional.gelu; https://arxiv.org/abs/1606.08415.
    """
    check_choice("gelu", "approximate", approximate, tuple(_GELUS))
    return _GELUS[approximate](x)


@activation
def glu(x: Array, axis: int = -1) -> Array:
    """Gated linear unit: a · sigmoid(b), where a and b are the halves of ``x``.

    Args:
        x: Floating point, even in size along ``axis``.
        axis: The axis to halve.

    Returns:
        With the dtype of ``x`` and half its size along ``axis``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``x`` lacks the axis, or its size there is odd.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.glu(jnp.array([3.0, 4.0, 0.0, jnp.inf]))
        Array([1.5, 4. ], dtype=float32)

    Source: torch.nn.functional.glu (its ``dim`` is ``axis``); https://arxiv.org/abs/1612.08083.
    """
    check_axis("glu", x, axis)
    if x.shape[axis] % 2:
        must, instead = f"axis {axis} must have an even size", "give it values and gates alike"
        raise ValueError(complaint("glu", must, describe(x), instead))
    values, gates = jnp.split(x, 2, axis)
    return values * jax.nn.sigmoid(gates)
