"""Learning rates that fall or warm up by a rule of their own."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array

from jaxnn.optim.bounds import (
    FACTOR,
    NOT_NEGATIVE,
    POSITIVE_SHARE,
    SHARE,
    STEPS,
    STEPS_OR_NONE,
    check,
)
from jaxnn.optim.schedules.schedule import Number, Schedule, in_doubles


def step_lr(lr: Number, step_size: int, gamma: Number = 0.1) -> Schedule:
    """A learning rate that is multiplied by ``gamma`` every ``step_size`` steps.

    ``lr * gamma ** (t // step_size)``

    Args:
        lr: The first learning rate.
        step_size: The steps between two falls.
        gamma: The factor of each.

    Raises:
        ValueError: If ``step_size`` is no whole number above 0, or another is nan.

    Examples:
        >>> import numpy as np
        >>> step_lr(1.0, step_size=2, gamma=0.5)(np.arange(5)).tolist()
        [1.0, 1.0, 0.5, 0.5, 0.25]

    Source: ``torch.optim.lr_scheduler.StepLR``.
    """
    check("step_lr", FACTOR, lr=lr, gamma=gamma)
    check("step_lr", STEPS, step_size=step_size)

    def rate(t: Array, lr: Any, step_size: Any, gamma: Any) -> Array:
        return lr * gamma ** jnp.floor(t / step_size)

    return in_doubles(rate, lr, step_size, gamma)


def multi_step_lr(lr: Number, milestones: Sequence[int], gamma: Number = 0.1) -> Schedule:
    """A learning rate that is multiplied by ``gamma`` at each milestone.

    ``lr * gamma ** (how many milestones are t or less)``

    Args:
        lr: The first learning rate.
        milestones: The steps at which it falls, in any order.
        gamma: The factor of each fall.

    Raises:
        ValueError: If ``lr`` or ``gamma`` is nan.

    Examples:
        >>> import numpy as np
        >>> multi_step_lr(1.0, [1, 3], gamma=0.5)(np.arange(5)).tolist()
        [1.0, 0.5, 0.5, 0.25, 0.25]

    Source: ``torch.optim.lr_scheduler.MultiStepLR``.
    """
    check("multi_step_lr", FACTOR, lr=lr, gamma=gamma)
    marks = np.sort(np.asarray(milestones, np.float64))

    def rate(t: Array, lr: Any, gamma: Any) -> Array:
        passed = jnp.searchsorted(marks, t, side="right")
        return lr * gamma ** passed.astype(jnp.float64)

    return in_doubles(rate, lr, gamma)


def exponential_lr(lr: Number, gamma: Number) -> Schedule:
    """A learning rate that is multiplied by ``gamma`` at every step.

    ``lr * gamma ** t``

    Args:
        lr: The first learning rate.
        gamma: The factor of each step.

    Raises:
        ValueError: If ``lr`` or ``gamma`` is nan.

    Examples:
        >>> import numpy as np
        >>> exponential_lr(1.0, gamma=0.5)(np.arange(3)).tolist()
        [1.0, 0.5, 0.25]

    Source: ``torch.optim.lr_scheduler.ExponentialLR``.
    """
    check("exponential_lr", FACTOR, lr=lr, gamma=gamma)
    return in_doubles(lambda t, lr, gamma: lr * gamma**t, lr, gamma)


def linear_lr(
    lr: Number, start_factor: Number = 1 / 3, end_factor: Number = 1.0, total_iters: int = 5
) -> Schedule:
    """A learning rate whose factor goes from one number to another in a straight line: a warm-up.

    ``lr * (start_factor + (end_factor - start_factor) * min(t, total_iters) / total_iters)``

    Args:
        lr: The learning rate at a factor of 1.
        start_factor: The factor of the first step, in (0, 1].
        end_factor: The factor once ``total_iters`` steps are made, in [0, 1].
        total_iters: How many steps the change takes; if 0 there is none.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import numpy as np
        >>> linear_lr(1.0, start_factor=0.5, total_iters=2)(np.arange(4)).tolist()
        [0.5, 0.75, 1.0, 1.0]

    Source: ``torch.optim.lr_scheduler.LinearLR``.
    """
    check("linear_lr", FACTOR, lr=lr)
    check("linear_lr", POSITIVE_SHARE, start_factor=start_factor)
    check("linear_lr", SHARE, end_factor=end_factor)
    check("linear_lr", STEPS_OR_NONE, total_iters=total_iters)

    def rate(t: Array, lr: Any, start: Any, end: Any, total: Any) -> Array:
        return lr * (start + (end - start) * _done(t, total))

    return in_doubles(rate, lr, start_factor, end_factor, total_iters)


def constant_lr(lr: Number, factor: Number = 1 / 3, total_iters: int = 5) -> Schedule:
    """A learning rate times a factor for the first steps, and by itself afterwards.

    ``lr * factor if t < total_iters else lr``

    Args:
        lr: The learning rate afterwards.
        factor: The factor of the first steps, in [0, 1].
        total_iters: How many those are; if 0 there is no afterwards, as in torch.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import numpy as np
        >>> constant_lr(1.0, factor=0.5, total_iters=2)(np.arange(4)).tolist()
        [0.5, 0.5, 1.0, 1.0]

    Source: ``torch.optim.lr_scheduler.ConstantLR``.
    """
    check("constant_lr", FACTOR, lr=lr)
    check("constant_lr", SHARE, factor=factor)
    check("constant_lr", STEPS_OR_NONE, total_iters=total_iters)

    def rate(t: Array, lr: Any, factor: Any, total: Any) -> Array:
        # What torch does at the end of these steps is never done where there are none.
        return jnp.where((t < total) | (total == 0), lr * factor, lr)

    return in_doubles(rate, lr, factor, total_iters)


def polynomial_lr(lr: Number, total_iters: int = 5, power: Number = 1.0) -> Schedule:
    """A learning rate that falls to 0 as a power of the steps that remain.

    ``lr * (1 - min(t, total_iters) / total_iters) ** power``

    Args:
        lr: The first learning rate.
        total_iters: After how many steps it is 0; if 0 it never falls.
        power: The exponent.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> import numpy as np
        >>> polynomial_lr(1.0, total_iters=2)(np.arange(4)).tolist()
        [1.0, 0.5, 0.0, 0.0]

    Source: ``torch.optim.lr_scheduler.PolynomialLR``.
    """
    check("polynomial_lr", FACTOR, lr=lr)
    check("polynomial_lr", STEPS_OR_NONE, total_iters=total_iters)
    check("polynomial_lr", NOT_NEGATIVE, power=power)

    def rate(t: Array, lr: Any, total: Any, power: Any) -> Array:
        return lr * (1 - _done(t, total)) ** power

    return in_doubles(rate, lr, total_iters, power)


def _done(t: Array, total: Any) -> Array:
    """The part of the steps that is made: of none, never any."""
    return jnp.minimum(t, total) / jnp.maximum(total, 1)
