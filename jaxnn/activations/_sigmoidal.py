"""Sigmoid, tanh and the smooth functions built from them."""

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn.activations._define import activation, finite, with_derivative


@activation
def sigmoid(x: Array) -> Array:
    """Logistic sigmoid: 1 / (1 + exp(-x)).

    Goes to 0 at -inf and to 1 at inf, with derivative 0 at both.

    Args:
        x: Floating point, any shape.

    Returns:
        In (0, 1), with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.sigmoid(jnp.array([-jnp.inf, 0.0, jnp.inf]))
        Array([0. , 0.5, 1. ], dtype=float32)

    Source: torch.nn.functional.sigmoid.
    """
    return jax.nn.sigmoid(x)


def _sech_squared(x: Array) -> Array:
    """1 - tanh(x)², which keeps its digits where the tanh is nearly 1."""
    decay = jnp.exp(-jnp.abs(x))
    return (2 * decay / (1 + decay * decay)) ** 2


@with_derivative(_sech_squared)
def _tanh(x: Array) -> Array:
    return jnp.tanh(x)


@activation
def tanh(x: Array) -> Array:
    """Hyperbolic tangent: (exp(x) - exp(-x)) / (exp(x) + exp(-x)).

    Goes to ±1 at ±inf, with derivative 0 at both.

    Args:
        x: Floating point, any shape.

    Returns:
        In (-1, 1), with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.tanh(jnp.array([-jnp.inf, 0.0, jnp.inf]))
        Array([-1.,  0.,  1.], dtype=float32)

    Source: torch.nn.functional.tanh.
    """
    return _tanh(x)


@with_derivative(lambda x: jnp.tanh(x) ** 2)
def _tanhshrink(x: Array) -> Array:
    return x - jnp.tanh(x)


@activation
def tanhshrink(x: Array) -> Array:
    """What tanh takes away: x - tanh(x).

    The derivative is tanh(x)², 0 at 0 and 1 at ±inf.

    Args:
        x: Floating point, any shape.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.tanhshrink(jnp.array([-100.0, 0.0, 100.0]))
        Array([-99.,   0.,  99.], dtype=float32)

    Source: torch.nn.functional.tanhshrink.
    """
    return _tanhshrink(x)


@with_derivative(lambda x: 1 / (1 + jnp.abs(x)) ** 2)
def _softsign(x: Array) -> Array:
    return finite(x) / (1 + jnp.abs(finite(x)))


@activation
def softsign(x: Array) -> Array:
    """Softsign: x / (1 + |x|).

    Goes to ±1 at ±inf, where torch gives nan; the derivative is 1 at 0 and 0 at ±inf.

    Args:
        x: Floating point, any shape.

    Returns:
        In [-1, 1], with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.softsign(jnp.array([-jnp.inf, 0.0, 1.0]))
        Array([-1. ,  0. ,  0.5], dtype=float32)

    Source: torch.nn.functional.softsign.
    """
    return _softsign(x)


@with_derivative(jax.nn.sigmoid)
def softplus_unit(x: Array) -> Array:
    return jnp.maximum(x, 0) + jnp.log1p(jnp.exp(-jnp.abs(x)))


@activation
def softplus(x: Array, beta: ArrayLike = 1.0, threshold: ArrayLike = 20.0) -> Array:
    """Softplus, a smooth ReLU: log(1 + exp(beta · x)) / beta.

    Where beta · x is above the threshold it is x itself, with derivative 1.

    Args:
        x: Floating point, any shape.
        beta: Steepness, not 0.
        threshold: Where the function becomes the identity.

    Returns:
        Of the shape and dtype of ``x``; 0 at -inf, inf at inf.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.softplus(jnp.array([-jnp.inf, 0.0, 100.0]))
        Array([  0.        ,   0.6931472, 100.        ], dtype=float32)

    Source: torch.nn.functional.softplus.
    """
    scaled = x * beta
    return jnp.where(scaled > threshold, x, softplus_unit(scaled) / beta)


@activation
def logsigmoid(x: Array) -> Array:
    """Logarithm of the sigmoid: log(1 / (1 + exp(-x))).

    It neither overflows nor underflows: -inf at -inf with derivative 1, 0 at inf with derivative 0.

    Args:
        x: Floating point, any shape.

    Returns:
        At most 0, with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.logsigmoid(jnp.array([-1000.0, 1000.0]))
        Array([-1000.,    -0.], dtype=float32)

    Source: torch.nn.functional.logsigmoid.
    """
    return -softplus_unit(-x)
