"""Activations that turn an axis into probabilities, and the one that leaves everything as it is."""

import jax
from jax import Array

from jaxnn._checks import check_axis
from jaxnn.activations._define import activation


@activation
def softmax(x: Array, axis: int = -1) -> Array:
    """Softmax: exp(x) / Σ exp(x), the sum along an axis.

    An entry of -inf gets probability 0. An entry of inf, or nothing but -inf, makes its slice nan,
    as in torch.

    Args:
        x: Floating point, at least one axis.
        axis: Along which the result sums to 1.

    Returns:
        In [0, 1], with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``x`` lacks the axis.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.softmax(jnp.array([7.0, 7.0, -jnp.inf]))
        Array([0.5, 0.5, 0. ], dtype=float32)

    Source: torch.nn.functional.softmax (its ``dim`` is ``axis``).
    """
    check_axis("softmax", x, axis)
    return jax.nn.softmax(x, axis)


@activation
def softmin(x: Array, axis: int = -1) -> Array:
    """Softmin: exp(-x) / Σ exp(-x), the sum along an axis.

    An entry of inf gets probability 0. An entry of -inf, or nothing but inf, makes its slice nan,
    as in torch.

    Args:
        x: Floating point, at least one axis.
        axis: Along which the result sums to 1.

    Returns:
        In [0, 1], with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``x`` lacks the axis.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.softmin(jnp.array([7.0, 7.0, jnp.inf]))
        Array([0.5, 0.5, 0. ], dtype=float32)

    Source: torch.nn.functional.softmin (its ``dim`` is ``axis``).
    """
    check_axis("softmin", x, axis)
    return jax.nn.softmax(-x, axis)


@activation
def log_softmax(x: Array, axis: int = -1) -> Array:
    """Logarithm of the softmax: x - log Σ exp(x), the sum along an axis.

    It neither overflows nor underflows. An entry of -inf stays -inf. An entry of inf, or nothing
    but -inf, makes its slice nan, as in torch.

    Args:
        x: Floating point, at least one axis.
        axis: Along which the exponentials of the result sum to 1.

    Returns:
        At most 0, with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``x`` lacks the axis.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.log_softmax(jnp.array([0.0, 1000.0]))
        Array([-1000.,     0.], dtype=float32)

    Source: torch.nn.functional.log_softmax (its ``dim`` is ``axis``).
    """
    check_axis("log_softmax", x, axis)
    return jax.nn.log_softmax(x, axis)


@activation
def identity(x: Array) -> Array:
    """``x`` itself, for a layer without an activation.

    Args:
        x: Floating point, any shape.

    Returns:
        ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.identity(jnp.array([-1.0, 2.0]))
        Array([-1.,  2.], dtype=float32)

    Source: torch.nn.Identity.
    """
    return x
