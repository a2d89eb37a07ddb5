"""ReLU and its kin: the identity above a kink, something smaller below it."""

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import complaint, describe
from jaxnn.activations._define import activation, with_derivative

# Klambauer et al. 2017, equation 14: the fixed point has mean 0 and variance 1.
_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_SCALE = 1.0507009873554804934193349852946


@activation
def threshold(x: Array, threshold: ArrayLike, value: ArrayLike) -> Array:
    """``x`` where it is above the threshold, ``value`` elsewhere.

    The derivative at the threshold is 0.

    Args:
        x: Floating point, any shape.
        threshold: What ``x`` must exceed.
        value: What replaces it where it does not.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.threshold(jnp.array([1.0, 2.0, 3.0]), 2.0, -5.0)
        Array([-5., -5.,  3.], dtype=float32)

    Source: torch.nn.functional.threshold.
    """
    return jnp.where(x <= threshold, value, x)


@activation
def relu(x: Array) -> Array:
    """Rectified linear unit: max(x, 0).

    The derivative at 0 is 0.

    Args:
        x: Floating point, any shape.

    Returns:
        At least 0, with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.relu(jnp.array([-2.0, 0.0, 3.0]))
        Array([0., 0., 3.], dtype=float32)

    Source: torch.nn.functional.relu.
    """
    return jnp.where(x <= 0, 0, x)


@activation
def leaky_relu(x: Array, negative_slope: ArrayLike = 0.01) -> Array:
    """Leaky ReLU: x above 0, negative_slope · x elsewhere.

    The derivative at 0 is the negative slope.

    Args:
        x: Floating point, any shape.
        negative_slope: The slope below 0.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.leaky_relu(jnp.array([-2.0, 0.0, 3.0]), negative_slope=0.5)
        Array([-1.,  0.,  3.], dtype=float32)

    Source: torch.nn.functional.leaky_relu.
    """
    return jnp.where(x > 0, x, negative_slope * x)


@activation
def prelu(x: Array, weight: ArrayLike) -> Array:
    """Leaky ReLU with a learned slope: x above 0, weight · x elsewhere.

    The derivative at 0 is the weight, and nothing flows to a weight from above 0.

    Args:
        x: Floating point, any shape; axis 1 holds the channels.
        weight: One slope, or one for each channel: shape (), (1,) or (channels,).

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``weight`` has another shape.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.prelu(jnp.array([[-2.0, -2.0, 3.0]]), jnp.array([0.5, 0.25, 1.0]))
        Array([[-1. , -0.5,  3. ]], dtype=float32)

    Source: torch.nn.functional.prelu; https://arxiv.org/abs/1502.01852.
    """
    weight = jnp.asarray(weight)
    channels = x.shape[1] if x.ndim > 1 else 1
    if weight.shape not in {(), (1,), (channels,)}:
        must = f"weight must have shape (), (1,) or ({channels},)"
        came = f"x {describe(x)} and weight {describe(weight)}"
        raise ValueError(complaint("prelu", must, came, "put the channels on axis 1 of x"))
    weight = weight.reshape(() if weight.size == 1 else (1, channels, *(1,) * (x.ndim - 2)))
    return jnp.where(x > 0, x, weight * jnp.where(x > 0, 0, x))


@with_derivative(jnp.exp)
def _expm1(x: Array) -> Array:
    return jnp.expm1(x)


@activation
def elu(x: Array, alpha: ArrayLike = 1.0) -> Array:
    """Exponential linear unit: x above 0, alpha · (exp(x) - 1) elsewhere.

    The derivative at 0 is alpha; at -inf the value is -alpha and the derivative 0.

    Args:
        x: Floating point, any shape.
        alpha: The depth that it falls to.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.elu(jnp.array([-jnp.inf, 0.0, 3.0]), alpha=2.0)
        Array([-2.,  0.,  3.], dtype=float32)

    Source: torch.nn.functional.elu; https://arxiv.org/abs/1511.07289.
    """
    return jnp.where(x > 0, x, alpha * _expm1(_below_zero(x)))


def _below_zero(x: Array) -> Array:
    """``x`` with 0 where it is positive, so that the branch not taken cannot overflow."""
    return jnp.where(x > 0, 0, x)


@activation
def selu(x: Array) -> Array:
    """Self-normalising ELU: scale · elu(x, alpha).

    alpha ≈ 1.6733 and scale ≈ 1.0507 keep mean 0 and variance 1 from layer to layer.
    The derivative at 0 is scale · alpha.

    Args:
        x: Floating point, any shape.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.selu(jnp.array([-jnp.inf, 0.0, 1.0]))
        Array([-1.7580993,  0.       ,  1.050701 ], dtype=float32)

    Source: torch.nn.functional.selu; https://arxiv.org/abs/1706.02515.
    """
    return _SELU_SCALE * elu(x, _SELU_ALPHA)


@activation
def celu(x: Array, alpha: ArrayLike = 1.0) -> Array:
    """Continuously differentiable ELU: x above 0, alpha · (exp(x / alpha) - 1) elsewhere.

    The derivative is 1 at 0, whatever alpha is; at -inf the value is -alpha.

    Args:
        x: Floating point, any shape.
        alpha: The depth that it falls to, not 0.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.celu(jnp.array([-jnp.inf, 0.0, 3.0]), alpha=2.0)
        Array([-2.,  0.,  3.], dtype=float32)

    Source: torch.nn.functional.celu; https://arxiv.org/abs/1704.07483.
    """
    return jnp.where(x > 0, x, alpha * _expm1(_below_zero(x) / alpha))
