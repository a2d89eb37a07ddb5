"""Learning rates along a cosine, once or with restarts."""

import jax.numpy as jnp
import numpy as np
from jax import Array

from jaxnn.optim.schedules.schedule import Schedule, check_positive, cosine, in_doubles


def cosine_annealing_lr(lr: float, T_max: int, eta_min: float = 0.0) -> Schedule:
    """A learning rate that falls, and then rises and falls again, along a cosine.

    ``eta_min + (lr - eta_min) * (1 + cos(pi * t / T_max)) / 2``

    Args:
        lr: The first and highest learning rate.
        T_max: The steps from the highest to the lowest.
        eta_min: The lowest.

    Raises:
        ValueError: If ``T_max`` is less than 1.

    Examples:
        >>> import numpy as np
        >>> cosine_annealing_lr(1.0, T_max=2)(np.arange(4)).round(3).tolist()
        [1.0, 0.5, 0.0, 0.5]

    Source: ``torch.optim.lr_scheduler.CosineAnnealingLR``; https://arxiv.org/abs/1608.03983.
    """
    check_positive("cosine_annealing_lr", "T_max", T_max)
    return in_doubles(lambda t: cosine(lr, eta_min, t / T_max))


def cosine_annealing_warm_restarts(
    lr: float,
    T_0: int,
    T_mult: int = 1,
    eta_min: float = 0.0,
) -> Schedule:
    """A learning rate that falls along a cosine, again and again, each time more slowly.

    ``eta_min + (lr - eta_min) * (1 + cos(pi * steps_since_restart / length_of_cycle)) / 2``

    Args:
        lr: The learning rate at each restart.
        T_0: The steps of the first cycle.
        T_mult: How many times as long each cycle is as the one before.
        eta_min: What the learning rate falls to.

    Raises:
        ValueError: If ``T_0`` or ``T_mult`` is less than 1.

    Examples:
        >>> import numpy as np
        >>> cosine_annealing_warm_restarts(1.0, T_0=2, T_mult=2)(np.arange(7)).round(3).tolist()
        [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0]

    Source: ``torch.optim.lr_scheduler.CosineAnnealingWarmRestarts``;
    https://arxiv.org/abs/1608.03983.
    """
    check_positive("cosine_annealing_warm_restarts", "T_0", T_0)
    check_positive("cosine_annealing_warm_restarts", "T_mult", T_mult)
    if T_mult == 1:
        return in_doubles(lambda t: cosine(lr, eta_min, t % T_0 / T_0))
    cycles = [T_0 * T_mult**n for n in range(64) if T_0 * T_mult**n < 2**62]
    lengths = np.asarray(cycles, np.float64)
    starts = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])

    def rate(t: Array) -> Array:
        cycle = jnp.searchsorted(starts, t, side="right") - 1
        return cosine(lr, eta_min, (t - jnp.asarray(starts)[cycle]) / jnp.asarray(lengths)[cycle])

    return in_doubles(rate)
