"""The family of Adam: running means of the gradient and of its square, freed of their bias."""

from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax

from jaxnn.optim.bounds import BELOW_1, NOT_NEGATIVE, check_scheduled, is_zero
from jaxnn.optim.stepping import Hyperparameter, Optimizer, Slots, decayed, optimizer

Betas = tuple[Hyperparameter, Hyperparameter]


def adam(
    lr: Hyperparameter = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: Hyperparameter = 1e-8,
    weight_decay: Hyperparameter = 0.0,
    amsgrad: bool = False,
    *,
    decoupled_weight_decay: bool = False,
    maximize: bool = False,
) -> Optimizer:
    """Adam, with torch's roundings.

    ``p -= lr / (1 - beta1**t) * mean / (sqrt(square) / sqrt(1 - beta2**t) + eps)``

    ``optax.adam`` is the same formula, but rounds ``1 - beta2**t`` in float32: 5e-5 off in the
    first step, and losses 1e-5 away from torch's after an epoch. Here that factor is made in
    float64, as torch makes it.

    Args:
        lr: The learning rate.
        betas: How much of the running means of gradient and square each step keeps.
        eps: What is added to the denominator.
        weight_decay: How much of the parameter is added to its gradient.
        amsgrad: Divide by the largest running mean of the square that there was.
        decoupled_weight_decay: Shrink the parameter by ``lr * weight_decay`` instead (`adamw`).
        maximize: Climb instead of descending.

    Returns:
        An optax transformation; it remembers ``exp_avg``, ``exp_avg_sq`` and, for ``amsgrad``,
        ``max_exp_avg_sq``.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import jax.numpy as jnp, optax
        >>> optimizer = adam(lr=0.1)
        >>> params = jnp.array([1.0, -2.0])
        >>> updates, state = optimizer.update(params, optimizer.init(params), params)
        >>> optax.apply_updates(params, updates)
        Array([ 0.90000004, -1.9       ], dtype=float32)

    Source: ``torch.optim.Adam``; https://arxiv.org/abs/1412.6980.
    """
    given = dict(locals())
    _check("adam", lr, betas, eps, weight_decay)
    decoupled = decoupled_weight_decay and not is_zero(weight_decay)

    def numbers(t: Array, now: dict[str, Any]) -> dict[str, Any]:
        beta1, beta2 = now["betas"]
        return {
            **_averaging(now),
            "rate": now["lr"] / (1 - beta1**t),
            "root": jnp.sqrt(1 - beta2**t),
        }

    def rule(g: Array, p: Array, slots: Slots, now: dict[str, Any]) -> tuple[Array, Slots]:
        g = g if decoupled else decayed(g, p, now["weight_decay"])
        mean, square = _means(g, slots, now)
        after = {"exp_avg": mean, "exp_avg_sq": square}
        if amsgrad:
            square = after["max_exp_avg_sq"] = jnp.maximum(slots["max_exp_avg_sq"], square)
        move = -now["rate"] * (mean / (jnp.sqrt(square) / now["root"] + now["eps"]))
        return (_shrunk(p, move, now["shrink"]) if decoupled else move), after

    names = ["exp_avg", "exp_avg_sq", *["max_exp_avg_sq"] * amsgrad]
    return optimizer("adam", rule, numbers, dict.fromkeys(names, jnp.zeros_like), given)


def adamw(
    lr: Hyperparameter = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: Hyperparameter = 1e-8,
    weight_decay: Hyperparameter = 1e-2,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
) -> Optimizer:
    """Adam that shrinks the parameters apart from the gradient.

    ``p -= lr * weight_decay * p``, then `adam`

    Args:
        lr: The learning rate.
        betas: How much of the running means of gradient and square each step keeps.
        eps: What is added to the denominator.
        weight_decay: How much, times ``lr``, each parameter shrinks in a step.
        amsgrad: Divide by the largest running mean of the square that there was.
        maximize: Climb instead of descending.

    Returns:
        An optax transformation, with the state of `adam`.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import jax.numpy as jnp, optax
        >>> optimizer = adamw(lr=0.1, weight_decay=0.5)
        >>> params = jnp.array([1.0, -2.0])
        >>> updates, state = optimizer.update(params, optimizer.init(params), params)
        >>> optax.apply_updates(params, updates).round(4)
        Array([ 0.84999996, -1.8       ], dtype=float32)

    Source: ``torch.optim.AdamW``; https://arxiv.org/abs/1711.05101.
    """
    _check("adamw", lr, betas, eps, weight_decay)
    return adam(
        lr, betas, eps, weight_decay, amsgrad, decoupled_weight_decay=True, maximize=maximize
    )


def nadam(
    lr: Hyperparameter = 2e-3,
    betas: Betas = (0.9, 0.999),
    eps: Hyperparameter = 1e-8,
    weight_decay: Hyperparameter = 0.0,
    momentum_decay: Hyperparameter = 4e-3,
    *,
    decoupled_weight_decay: bool = False,
    maximize: bool = False,
) -> Optimizer:
    """Adam with Nesterov's momentum.

    ``mu[t] = beta1 * (1 - 0.96**(t * momentum_decay) / 2)``;
    ``p -= lr * ((1 - mu[t]) / (1 - mu[1]⋯mu[t]) * g + mu[t+1] / (1 - mu[1]⋯mu[t+1]) * mean)
    / (sqrt(square / (1 - beta2**t)) + eps)``

    Args:
        lr: The learning rate.
        betas: How much of the running means of gradient and square each step keeps.
        eps: What is added to the denominator.
        weight_decay: How much of the parameter is added to its gradient.
        momentum_decay: How fast the momentum comes near ``beta1``.
        decoupled_weight_decay: Shrink the parameter by ``lr * weight_decay`` instead.
        maximize: Climb instead of descending.

    Returns:
        An optax transformation; it remembers ``exp_avg``, ``exp_avg_sq`` and ``mu_product``, the
        product of all ``mu``, in float32 as torch does.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import jax.numpy as jnp, optax
        >>> optimizer = nadam(lr=0.1)
        >>> params = jnp.array([1.0, -2.0])
        >>> updates, state = optimizer.update(params, optimizer.init(params), params)
        >>> optax.apply_updates(params, updates).round(4)
        Array([ 0.8944, -1.8944], dtype=float32)

    Source: ``torch.optim.NAdam``; https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.
    """
    given = dict(locals())
    _check("nadam", lr, betas, eps, weight_decay)
    check_scheduled("nadam", NOT_NEGATIVE, momentum_decay=momentum_decay)
    decoupled = decoupled_weight_decay and not is_zero(weight_decay)

    def numbers(t: Array, now: dict[str, Any]) -> dict[str, Any]:
        beta1, beta2 = now["betas"]

        def momentum(t: Array) -> Array:
            return beta1 * (1 - 0.5 * 0.96 ** (t * now["momentum_decay"]))

        return {
            **_averaging(now),
            "lr": now["lr"],
            "mu": momentum(t),
            "next": momentum(t + 1),
            "bias": 1 - beta2**t,
        }

    def rule(g: Array, p: Array, slots: Slots, now: dict[str, Any]) -> tuple[Array, Slots]:
        g = g if decoupled else decayed(g, p, now["weight_decay"])
        mean, square = _means(g, slots, now)
        product = slots["mu_product"] * now["mu"].astype(slots["mu_product"].dtype)
        with jax.enable_x64(True):
            known = lax.convert_element_type(product, jnp.float64)
            mu, following, rate = (
                lax.convert_element_type(now[n], jnp.float64) for n in ("mu", "next", "lr")
            )
            of_gradient = lax.convert_element_type(rate * (1 - mu) / (1 - known), g.dtype)
            of_mean = lax.convert_element_type(rate * following / (1 - known * following), g.dtype)
        denominator = jnp.sqrt(square / now["bias"]) + now["eps"]
        move = -of_gradient * (g / denominator) - of_mean * (mean / denominator)
        after = {"exp_avg": mean, "exp_avg_sq": square, "mu_product": product}
        return (_shrunk(p, move, now["shrink"]) if decoupled else move), after

    slots = {
        "exp_avg": jnp.zeros_like,
        "exp_avg_sq": jnp.zeros_like,
        "mu_product": lambda p: jnp.ones((), jnp.float32),
    }
    return optimizer("nadam", rule, numbers, slots, given)


def _shrunk(p: Array, move: Array, factor: Any) -> Array:
    """The change to ``p * factor + move``, of which adding it to ``p`` makes just that again.

    For the difference of two numbers that are within a factor of 2 of each other is exact.
    """
    return (p * factor + move) - p


def _averaging(now: dict[str, Any]) -> dict[str, Any]:
    """What all of the family need of the hyper-parameters."""
    beta1, beta2 = now["betas"]
    return {
        "gain": 1 - beta1,
        "keep": beta2,
        "square_gain": 1 - beta2,
        "shrink": 1 - now["lr"] * now["weight_decay"],
        "weight_decay": now["weight_decay"],
        "eps": now["eps"],
    }


def _means(g: Array, slots: Slots, now: dict[str, Any]) -> tuple[Array, Array]:
    """The running means of the gradient and of its square, one step on."""
    mean = slots["exp_avg"] + (g - slots["exp_avg"]) * now["gain"]
    return mean, slots["exp_avg_sq"] * now["keep"] + g * g * now["square_gain"]


def _check(name: str, lr: Any, betas: Betas, eps: Any, weight_decay: Any) -> None:
    beta1, beta2 = betas
    check_scheduled(name, NOT_NEGATIVE, lr=lr, eps=eps, weight_decay=weight_decay)
    check_scheduled(name, BELOW_1, beta1=beta1, beta2=beta2)
