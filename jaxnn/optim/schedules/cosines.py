"""Learning rates along a cosine, once or with restarts."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array

from jaxnn.optim.bounds import FACTOR, POSITIVE, STEPS, check, check_known
from jaxnn.optim.schedules.schedule import Number, Schedule, cosine, in_doubles


def cosine_annealing_lr(lr: Number, T_max: int, eta_min: Number = 0.0) -> Schedule:
    """A learning rate that falls, and then rises and falls again, along a cosine.

    ``eta_min + (lr - eta_min) * (1 + cos(pi * t / T_max)) / 2``

    Args:
        lr: The first and highest learning rate.
        T_max: The steps from the highest to the lowest.
        eta_min: The lowest.

    Raises:
        ValueError: If ``T_max`` is not above 0, or another number nan.

    Examples:
        >>> import numpy as np
        >>> cosine_annealing_lr(1.0, T_max=2)(np.arange(4)).round(3).tolist()
        [1.0, 0.5, 0.0, 0.5]

    Source: ``torch.optim.lr_scheduler.CosineAnnealingLR``; https://arxiv.org/abs/1608.03983.
    """
    check("cosine_annealing_lr", FACTOR, lr=lr, eta_min=eta_min)
    check("cosine_annealing_lr", POSITIVE, T_max=T_max)

    def rate(t: Array, lr: Any, T_max: Any, eta_min: Any) -> Array:
        return cosine(lr, eta_min, t / T_max)

    return in_doubles(rate, lr, T_max, eta_min)


def cosine_annealing_warm_restarts(
    lr: Number,
    T_0: int,
    T_mult: int = 1,
    eta_min: Number = 0.0,
) -> Schedule:
    """A learning rate that falls along a cosine, again and again, each time more slowly.

    ``eta_min + (lr - eta_min) * (1 + cos(pi * steps_since_restart / length_of_cycle)) / 2``

    Args:
        lr: The learning rate at each restart.
        T_0: The steps of the first cycle.
        T_mult: How many times as long each cycle is as the one before.
        eta_min: What the learning rate falls to.

    Raises:
        ValueError: If ``T_0`` or ``T_mult`` is no whole number above 0, or another nan.

    Examples:
        >>> import numpy as np
        >>> cosine_annealing_warm_restarts(1.0, T_0=2, T_mult=2)(np.arange(7)).round(3).tolist()
        [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0]

    Source: ``torch.optim.lr_scheduler.CosineAnnealingWarmRestarts``;
    https://arxiv.org/abs/1608.03983.
    """
    check("cosine_annealing_warm_restarts", FACTOR, lr=lr, eta_min=eta_min)
    check_known("cosine_annealing_warm_restarts", T_0=T_0, T_mult=T_mult)
    check("cosine_annealing_warm_restarts", STEPS, T_0=T_0, T_mult=T_mult)
    if T_mult == 1:
        return in_doubles(lambda t, lr, eta_min: cosine(lr, eta_min, t % T_0 / T_0), lr, eta_min)
    cycles = [T_0 * T_mult**n for n in range(64) if T_0 * T_mult**n < 2**62]
    lengths = np.asarray(cycles, np.float64)
    starts = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])

    def rate(t: Array, lr: Any, eta_min: Any) -> Array:
        cycle = jnp.searchsorted(starts, t, side="right") - 1
        return cosine(lr, eta_min, (t - jnp.asarray(starts)[cycle]) / jnp.asarray(lengths)[cycle])

    return in_doubles(rate, lr, eta_min)
