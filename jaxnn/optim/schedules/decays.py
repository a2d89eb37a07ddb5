"""Learning rates that fall or warm up by a rule of their own."""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jax import Array

from jaxnn.optim.schedules.schedule import Schedule, check_positive, in_doubles


def step_lr(lr: float, step_size: int, gamma: float = 0.1) -> Schedule:
    """A learning rate that is multiplied by ``gamma`` every ``step_size`` steps.

    ``lr * gamma ** (t // step_size)``

    Args:
        lr: The first learning rate.
        step_size: The steps between two falls.
        gamma: The factor of each.

    Raises:
        ValueError: If ``step_size`` is less than 1.

    Examples:
        >>> import numpy as np
        >>> step_lr(1.0, step_size=2, gamma=0.5)(np.arange(5)).tolist()
        [1.0, 1.0, 0.5, 0.5, 0.25]

    Source: ``torch.optim.lr_scheduler.StepLR``.
    """
    check_positive("step_lr", "step_size", step_size)
    return in_doubles(lambda t: lr * gamma ** jnp.floor(t / step_size))


def multi_step_lr(lr: float, milestones: Sequence[int], gamma: float = 0.1) -> Schedule:
    """A learning rate that is multiplied by ``gamma`` at each milestone.

    ``lr * gamma ** (how many milestones are t or less)``

    Args:
        lr: The first learning rate.
        milestones: The steps at which it falls, in any order.
        gamma: The factor of each fall.

    Examples:
        >>> import numpy as np
        >>> multi_step_lr(1.0, [1, 3], gamma=0.5)(np.arange(5)).tolist()
        [1.0, 0.5, 0.5, 0.25, 0.25]

    Source: ``torch.optim.lr_scheduler.MultiStepLR``.
    """
    marks = np.sort(np.asarray(milestones, np.float64))

    def rate(t: Array) -> Array:
        passed = jnp.searchsorted(marks, t, side="right")
        return lr * gamma ** passed.astype(jnp.float64)

    return in_doubles(rate)


def exponential_lr(lr: float, gamma: float) -> Schedule:
    """A learning rate that is multiplied by ``gamma`` at every step.

    ``lr * gamma ** t``

    Args:
        lr: The first learning rate.
        gamma: The factor of each step.

    Examples:
        >>> import numpy as np
        >>> exponential_lr(1.0, gamma=0.5)(np.arange(3)).tolist()
        [1.0, 0.5, 0.25]

    Source: ``torch.optim.lr_scheduler.ExponentialLR``.
    """
    return in_doubles(lambda t: lr * gamma**t)


def linear_lr(
    lr: float, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
) -> Schedule:
    """A learning rate whose factor goes from one number to another in a straight line: a warm-up.

    ``lr * (start_factor + (end_factor - start_factor) * min(t, total_iters) / total_iters)``

    Args:
        lr: The learning rate at a factor of 1.
        start_factor: The factor of the first step.
        end_factor: The factor once ``total_iters`` steps are made.
        total_iters: How many steps the change takes.

    Raises:
        ValueError: If ``total_iters`` is less than 1.

    Examples:
        >>> import numpy as np
        >>> linear_lr(1.0, start_factor=0.5, total_iters=2)(np.arange(4)).tolist()
        [0.5, 0.75, 1.0, 1.0]

    Source: ``torch.optim.lr_scheduler.LinearLR``.
    """
    check_positive("linear_lr", "total_iters", total_iters)

    def rate(t: Array) -> Array:
        done = jnp.minimum(t, total_iters) / total_iters
        return lr * (start_factor + (end_factor - start_factor) * done)

    return in_doubles(rate)


def constant_lr(lr: float, factor: float = 1 / 3, total_iters: int = 5) -> Schedule:
    """A learning rate times a factor for the first steps, and by itself afterwards.

    ``lr * factor if t < total_iters else lr``

    Args:
        lr: The learning rate afterwards.
        factor: The factor of the first steps.
        total_iters: How many those are.

    Examples:
        >>> import numpy as np
        >>> constant_lr(1.0, factor=0.5, total_iters=2)(np.arange(4)).tolist()
        [0.5, 0.5, 1.0, 1.0]

    Source: ``torch.optim.lr_scheduler.ConstantLR``.
    """
    return in_doubles(lambda t: jnp.where(t < total_iters, lr * factor, lr))


def polynomial_lr(lr: float, total_iters: int = 5, power: float = 1.0) -> Schedule:
    """A learning rate that falls to 0 as a power of the steps that remain.

    ``lr * (1 - min(t, total_iters) / total_iters) ** power``

    Args:
        lr: The first learning rate.
        total_iters: After how many steps it is 0.
        power: The exponent.

    Raises:
        ValueError: If ``total_iters`` is less than 1.

    Examples:
        >>> import numpy as np
        >>> polynomial_lr(1.0, total_iters=2)(np.arange(4)).tolist()
        [1.0, 0.5, 0.0, 0.0]

    Source: ``torch.optim.lr_scheduler.PolynomialLR``.
    """
    check_positive("polynomial_lr", "total_iters", total_iters)
    return in_doubles(lambda t: lr * (1 - jnp.minimum(t, total_iters) / total_iters) ** power)
