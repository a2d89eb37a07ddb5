"""Optimizers that step as torch's do, as optax transformations."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array, lax


class AdamState(NamedTuple):
    """The state of `adam`.

    Attributes:
        steps: i32[], how many were made.
        mean: A pytree like the parameters, the running mean of the gradient.
        square: A pytree like the parameters, the running mean of the squared gradient.

    Examples:
        >>> import jax.numpy as jnp
        >>> adam().init(jnp.zeros(2)).square
        Array([0., 0.], dtype=float32)
    """

    steps: Array
    mean: Any
    square: Any


def adam(
    lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8
) -> optax.GradientTransformation:
    """Adam, with torch's roundings.

    ``update = -lr / (1 - beta1**t) * mean / (sqrt(square) / sqrt(1 - beta2**t) + eps)``

    ``optax.adam`` is the same formula, but rounds ``1 - beta2**t`` in float32: 5e-5 off in the
    first step, and losses 1e-5 away from torch's after an epoch. Here that factor is made in
    float64, as torch makes it.

    Args:
        lr: The learning rate.
        betas: How much of the running means of gradient and square each step keeps.
        eps: What is added to the denominator.

    Returns:
        An optax transformation.

    Examples:
        >>> import jax.numpy as jnp, optax
        >>> optimizer = adam(lr=0.1)
        >>> params = jnp.array([1.0, -2.0])
        >>> updates, state = optimizer.update(params, optimizer.init(params), params)
        >>> optax.apply_updates(params, updates)
        Array([ 0.90000004, -1.9       ], dtype=float32)

    Source: ``torch.optim.Adam``; https://arxiv.org/abs/1412.6980.
    """
    beta1, beta2 = betas

    def init(params: Any) -> AdamState:
        zeros = jax.tree.map(jnp.zeros_like, params)
        return AdamState(jnp.zeros((), jnp.int32), zeros, zeros)

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, AdamState]:
        del params
        steps = state.steps + 1
        mean = jax.tree.map(lambda m, g: m + (g - m) * (1 - beta1), state.mean, updates)
        square = jax.tree.map(lambda v, g: v * beta2 + g * g * (1 - beta2), state.square, updates)
        with jax.enable_x64(True):
            t = lax.convert_element_type(steps, jnp.float64)
            rate, root = lr / (1 - beta1**t), jnp.sqrt(1 - beta2**t)

        def step(m: Array, v: Array) -> Array:
            rate_, root_ = (lax.convert_element_type(x, m.dtype) for x in (rate, root))
            return -rate_ * (m / (jnp.sqrt(v) / root_ + eps))

        return jax.tree.map(step, mean, square), AdamState(steps, mean, square)

    return optax.GradientTransformation(init, update)
