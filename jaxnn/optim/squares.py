"""Optimizers that divide by the root of a running mean, or a sum, of squared gradients."""

from typing import Any

import jax.numpy as jnp
from jax import Array, lax

from jaxnn._precision import sqrt
from jaxnn.optim.bounds import NOT_NEGATIVE, SHARE, check, check_scheduled, is_zero
from jaxnn.optim.stepping import Hyperparameter, Optimizer, Slots, decayed, optimizer


def rmsprop(
    lr: Hyperparameter = 1e-2,
    alpha: Hyperparameter = 0.99,
    eps: Hyperparameter = 1e-8,
    weight_decay: Hyperparameter = 0.0,
    momentum: Hyperparameter = 0.0,
    centered: bool = False,
    *,
    maximize: bool = False,
) -> Optimizer:
    """Steps divided by the root of the running mean of the squared gradient.

    ``square = alpha * square + (1 - alpha) * g²``; ``p -= lr * g / (sqrt(square) + eps)``

    Args:
        lr: The learning rate.
        alpha: How much of the running means each step keeps.
        eps: What is added to the denominator.
        weight_decay: How much of the parameter is added to its gradient.
        momentum: How much of a buffer of the quotients each step keeps.
        centered: Divide by the root of the variance: subtract the squared running mean of ``g``.
        maximize: Climb instead of descending.

    Returns:
        An optax transformation; it remembers ``square_avg`` and, where they are needed,
        ``momentum_buffer`` and ``grad_avg``.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import jax.numpy as jnp, optax
        >>> optimizer = rmsprop(lr=0.1)
        >>> params = jnp.array([1.0, -2.0])
        >>> updates, state = optimizer.update(params, optimizer.init(params), params)
        >>> optax.apply_updates(params, updates).round(4)
        Array([ 0., -1.], dtype=float32)

    Source: ``torch.optim.RMSprop``.
    """
    given = dict(locals())
    check_scheduled("rmsprop", NOT_NEGATIVE, lr=lr, alpha=alpha, eps=eps)
    check_scheduled("rmsprop", NOT_NEGATIVE, weight_decay=weight_decay, momentum=momentum)
    has_momentum = not is_zero(momentum)

    def numbers(t: Array, now: dict[str, Any]) -> dict[str, Any]:
        del t
        return now | {"gain": 1 - now["alpha"]}

    def rule(g: Array, p: Array, slots: Slots, now: dict[str, Any]) -> tuple[Array, Slots]:
        g = decayed(g, p, now["weight_decay"])
        square = slots["square_avg"] * now["alpha"] + g * g * now["gain"]
        after, variance = {"square_avg": square}, square
        if centered:
            mean = slots["grad_avg"] + (g - slots["grad_avg"]) * now["gain"]
            after["grad_avg"], variance = mean, square - mean * mean
        quotient = g / (jnp.sqrt(variance) + now["eps"])
        if has_momentum:
            quotient = slots["momentum_buffer"] * now["momentum"] + quotient
            after["momentum_buffer"] = quotient
        return -now["lr"] * quotient, after

    names = ["square_avg", *["momentum_buffer"] * has_momentum, *["grad_avg"] * centered]
    zeros = dict.fromkeys(names, jnp.zeros_like)
    return optimizer("rmsprop", rule, numbers, zeros, given)


def adagrad(
    lr: Hyperparameter = 1e-2,
    lr_decay: Hyperparameter = 0.0,
    weight_decay: Hyperparameter = 0.0,
    initial_accumulator_value: float | Array = 0.0,
    eps: Hyperparameter = 1e-10,
    *,
    maximize: bool = False,
) -> Optimizer:
    """Steps divided by the root of the sum of all squared gradients.

    ``sum += g²``; ``p -= lr / (1 + (t - 1) * lr_decay) * g / (sqrt(sum) + eps)``

    Args:
        lr: The learning rate.
        lr_decay: How fast the learning rate falls.
        weight_decay: How much of the parameter is added to its gradient.
        initial_accumulator_value: Where the sum begins.
        eps: What is added to the denominator.
        maximize: Climb instead of descending.

    Returns:
        An optax transformation; it remembers ``sum``.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import jax.numpy as jnp, optax
        >>> optimizer = adagrad(lr=0.1)
        >>> params = jnp.array([1.0, -2.0])
        >>> updates, state = optimizer.update(params, optimizer.init(params), params)
        >>> optax.apply_updates(params, updates)
        Array([ 0.9, -1.9], dtype=float32)

    Source: ``torch.optim.Adagrad``; https://jmlr.org/papers/v12/duchi11a.html.
    """
    given = dict(locals())
    check_scheduled(
        "adagrad", NOT_NEGATIVE, lr=lr, lr_decay=lr_decay, weight_decay=weight_decay, eps=eps
    )
    check("adagrad", NOT_NEGATIVE, initial_accumulator_value=initial_accumulator_value)

    def numbers(t: Array, now: dict[str, Any]) -> dict[str, Any]:
        return now | {"lr": now["lr"] / (1 + (t - 1) * now["lr_decay"])}

    def rule(g: Array, p: Array, slots: Slots, now: dict[str, Any]) -> tuple[Array, Slots]:
        g = decayed(g, p, now["weight_decay"])
        total = slots["sum"] + g * g
        return -now["lr"] * (g / (jnp.sqrt(total) + now["eps"])), {"sum": total}

    def start(p: Array) -> Array:
        value = jnp.full_like(p.real, initial_accumulator_value)
        return lax.complex(value, value) if jnp.iscomplexobj(p) else value

    return optimizer("adagrad", rule, numbers, {"sum": start}, given)


def adadelta(
    lr: Hyperparameter = 1.0,
    rho: Hyperparameter = 0.9,
    eps: Hyperparameter = 1e-6,
    weight_decay: Hyperparameter = 0.0,
    *,
    maximize: bool = False,
) -> Optimizer:
    """Steps in the parameter's own unit: the running size of steps over that of gradients.

    ``delta = sqrt(steps + eps) / sqrt(square + eps) * g``; ``p -= lr * delta``, where ``square``
    and ``steps`` are the running means of ``g²`` and of ``delta²``

    Args:
        lr: The learning rate.
        rho: How much of the running means each step keeps.
        eps: What is added under both roots.
        weight_decay: How much of the parameter is added to its gradient.
        maximize: Climb instead of descending.

    Returns:
        An optax transformation; it remembers ``square_avg`` and ``acc_delta``.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import jax.numpy as jnp, optax
        >>> optimizer = adadelta()
        >>> params = jnp.array([1.0, -2.0])
        >>> updates, state = optimizer.update(params, optimizer.init(params), params)
        >>> optax.apply_updates(params, updates).round(4)
        Array([ 0.99679995, -1.9968    ], dtype=float32)

    Source: ``torch.optim.Adadelta``; https://arxiv.org/abs/1212.5701.
    """
    given = dict(locals())
    check_scheduled("adadelta", NOT_NEGATIVE, lr=lr, eps=eps, weight_decay=weight_decay)
    check_scheduled("adadelta", SHARE, rho=rho)

    def numbers(t: Array, now: dict[str, Any]) -> dict[str, Any]:
        del t
        return now | {"gain": 1 - now["rho"]}

    def rule(g: Array, p: Array, slots: Slots, now: dict[str, Any]) -> tuple[Array, Slots]:
        g = decayed(g, p, now["weight_decay"])
        square = slots["square_avg"] * now["rho"] + g * g * now["gain"]
        delta = jnp.sqrt(slots["acc_delta"] + now["eps"]) / sqrt(square + now["eps"]) * g
        steps = slots["acc_delta"] * now["rho"] + delta * delta * now["gain"]
        return -now["lr"] * delta, {"square_avg": square, "acc_delta": steps}

    names = ["square_avg", "acc_delta"]
    zeros = dict.fromkeys(names, jnp.zeros_like)
    return optimizer("adadelta", rule, numbers, zeros, given)
