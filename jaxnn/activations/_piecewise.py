"""Activations of straight pieces (and one parabola): clipped, shrunk, or both."""

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import check_range
from jaxnn.activations._define import activation, flat_at_nan
from jaxnn.activations._rectifiers import relu


@activation
def hardtanh(x: Array, min_val: ArrayLike = -1.0, max_val: ArrayLike = 1.0) -> Array:
    """``x`` clipped to [min_val, max_val].

    The derivative is 1 strictly between the bounds, 0 at them and outside.

    Args:
        x: Floating point, any shape.
        min_val: The lower bound.
        max_val: The upper bound.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``max_val`` is below ``min_val``.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.hardtanh(jnp.array([-jnp.inf, 0.5, 3.0]))
        Array([-1. ,  0.5,  1. ], dtype=float32)

    Source: torch.nn.functional.hardtanh.
    """
    check_range("hardtanh", "max_val", max_val, min_val, float("inf"))
    return jnp.where(x <= min_val, min_val, jnp.where(x >= max_val, max_val, flat_at_nan(x)))


@activation
def relu6(x: Array) -> Array:
    """ReLU that saturates: min(max(x, 0), 6).

    The derivative is 0 at 0 and at 6.

    Args:
        x: Floating point, any shape.

    Returns:
        In [0, 6], with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.relu6(jnp.array([-1.0, 3.0, 7.0]))
        Array([0., 3., 6.], dtype=float32)

    Source: torch.nn.functional.relu6.
    """
    return hardtanh(x, 0.0, 6.0)


@activation
def hardsigmoid(x: Array) -> Array:
    """Sigmoid of three straight pieces: min(max(x + 3, 0), 6) / 6.

    The derivative is 1/6 strictly between -3 and 3, 0 elsewhere.

    Args:
        x: Floating point, any shape.

    Returns:
        In [0, 1], with the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.hardsigmoid(jnp.array([-3.0, 0.0, jnp.inf]))
        Array([0. , 0.5, 1. ], dtype=float32)

    Source: torch.nn.functional.hardsigmoid.
    """
    return jnp.where(jnp.abs(x) < 3, (x + 3) / 6, (1 + jnp.sign(x)) / 2)


@activation
def hardswish(x: Array) -> Array:
    """Swish of three pieces: x · min(max(x + 3, 0), 6) / 6.

    0 up to -3 (torch gives nan at -inf), x from 3 on; the derivative is 0 at -3 and 1 at 3.

    Args:
        x: Floating point, any shape.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.hardswish(jnp.array([-jnp.inf, -1.5, 3.0]))
        Array([ 0.   , -0.375,  3.   ], dtype=float32)

    Source: torch.nn.functional.hardswish; https://arxiv.org/abs/1905.02244.
    """
    bent = ~(jnp.abs(x) >= 3)  # nan too: there the derivative is nan
    inner = jnp.where(bent, x, 0)  # the parabola must not overflow where it is not taken
    return jnp.where(bent, inner * (inner + 3) / 6, relu(x))


@activation
def softshrink(x: Array, lambd: ArrayLike = 0.5) -> Array:
    """``x`` drawn towards 0 by lambd: sign(x) · max(|x| - lambd, 0).

    The derivative is 0 up to ±lambd, inclusive, and 1 beyond.

    Args:
        x: Floating point, any shape.
        lambd: By how much, at least 0.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.
        ValueError: ``lambd`` is negative.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.softshrink(jnp.array([-2.0, 0.5, 3.0]))
        Array([-1.5,  0. ,  2.5], dtype=float32)

    Source: torch.nn.functional.softshrink.
    """
    check_range("softshrink", "lambd", lambd, 0.0, float("inf"))
    return jnp.where(jnp.abs(x) <= lambd, 0, flat_at_nan(x) - jnp.sign(x) * lambd)


@activation
def hardshrink(x: Array, lambd: ArrayLike = 0.5) -> Array:
    """``x`` with 0 in the place of what is at most lambd in size.

    The derivative is 0 up to ±lambd, inclusive, and 1 beyond.

    Args:
        x: Floating point, any shape.
        lambd: Up to where.

    Returns:
        Of the shape and dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.hardshrink(jnp.array([-2.0, 0.5, 3.0]))
        Array([-2.,  0.,  3.], dtype=float32)

    Source: torch.nn.functional.hardshrink.
    """
    return jnp.where(jnp.abs(x) <= lambd, 0, flat_at_nan(x))
