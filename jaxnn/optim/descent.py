"""Gradient descent, with momentum."""

from typing import Any

import jax.numpy as jnp
from jax import Array

from jaxnn._checks import complaint
from jaxnn.optim.bounds import FACTOR, NOT_NEGATIVE, check_scheduled, is_zero
from jaxnn.optim.stepping import Hyperparameter, Optimizer, Slots, decayed, optimizer


def sgd(
    lr: Hyperparameter = 1e-3,
    momentum: Hyperparameter = 0.0,
    dampening: Hyperparameter = 0.0,
    weight_decay: Hyperparameter = 0.0,
    nesterov: bool = False,
    *,
    maximize: bool = False,
) -> Optimizer:
    """Stochastic gradient descent, with momentum.

    ``buffer = momentum * buffer + (1 - dampening) * g``, in the first step ``g``;
    ``p -= lr * buffer``, with ``nesterov`` ``p -= lr * (g + momentum * buffer)``

    Args:
        lr: The learning rate.
        momentum: How much of the buffer each step keeps.
        dampening: How much of the gradient the buffer leaves out.
        weight_decay: How much of the parameter is added to its gradient.
        nesterov: Look ahead by one step of the momentum.
        maximize: Climb instead of descending.

    Returns:
        An optax transformation; it remembers ``momentum_buffer`` unless ``momentum`` is Python's 0.

    Raises:
        ValueError: If a number is out of range, or ``nesterov`` without momentum or with
            dampening.

    Examples:
        >>> import jax.numpy as jnp, optax
        >>> optimizer = sgd(lr=0.5)
        >>> params = jnp.array([1.0, -2.0])
        >>> updates, state = optimizer.update(params, optimizer.init(params), params)
        >>> optax.apply_updates(params, updates)
        Array([ 0.5, -1. ], dtype=float32)

    Source: ``torch.optim.SGD``.
    """
    given = dict(locals())
    check_scheduled("sgd", NOT_NEGATIVE, lr=lr, momentum=momentum, weight_decay=weight_decay)
    check_scheduled("sgd", FACTOR, dampening=dampening)
    has_momentum = not is_zero(momentum)
    is_dampened = not (is_zero(dampening) or isinstance(dampening, Array))  # which may be 0
    if nesterov and (is_dampened or not has_momentum):
        must = "nesterov must come with momentum and without dampening"
        came = f"momentum={momentum} and dampening={dampening}"
        raise ValueError(complaint("sgd", must, came, "use momentum=0.9, dampening=0"))

    def numbers(t: Array, now: dict[str, Any]) -> dict[str, Any]:
        # Without momentum torch has no buffer, and nothing dampens.
        whole = (t == 1) | (now["momentum"] == 0)
        return now | {"gain": 1 - now["dampening"], "whole": jnp.asarray(whole)}

    def rule(g: Array, p: Array, slots: Slots, now: dict[str, Any]) -> tuple[Array, Slots]:
        g = decayed(g, p, now["weight_decay"])
        if not has_momentum:
            return -now["lr"] * g, {}
        kept = now["momentum"] * slots["momentum_buffer"] + now["gain"] * g
        buffer = jnp.where(now["whole"], g, kept)
        ahead = g + now["momentum"] * buffer if nesterov else buffer
        return -now["lr"] * ahead, {"momentum_buffer": buffer}

    slots = {"momentum_buffer": jnp.zeros_like} if has_momentum else {}
    return optimizer("sgd", rule, numbers, slots, given)
