"""Schedules out of functions and of other schedules."""

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
from jax import Array

from jaxnn._checks import complaint
from jaxnn.optim.bounds import FACTOR, STEPS, check
from jaxnn.optim.schedules.schedule import Number, Schedule, in_doubles


def every(steps: int, schedule: Schedule) -> Schedule:
    """A schedule that goes on by one only after so many steps, such as those of an epoch.

    ``schedule(t // steps)``

    Args:
        steps: For how many optimizer steps each number stands.
        schedule: What is slowed down.

    Raises:
        ValueError: If ``steps`` is no whole number above 0.

    Examples:
        >>> import numpy as np
        >>> from jaxnn.optim import exponential_lr
        >>> every(2, exponential_lr(1.0, gamma=0.5))(np.arange(5)).tolist()
        [1.0, 1.0, 0.5, 0.5, 0.25]

    Source: ``scheduler.step()`` called once in so many steps.
    """
    check("every", STEPS, steps=steps)
    return in_doubles(lambda t, steps: schedule(jnp.floor(t / steps)), steps)


def lambda_lr(lr: Number, lr_lambda: Callable[[Array], Any]) -> Schedule:
    """A learning rate times a factor that you compute.

    ``lr * lr_lambda(t)``

    Torch's ``ChainedScheduler`` of schedulers that multiply is a product of schedules that begin
    with 1: ``lambda_lr(lr, lambda t: constant_lr(1.0)(t) * exponential_lr(1.0, 0.9)(t))``.

    Args:
        lr: The learning rate at a factor of 1.
        lr_lambda: From steps made, a traced f64[], to the factor: written with ``jnp``.

    Raises:
        ValueError: If ``lr`` is nan.

    Examples:
        >>> import numpy as np
        >>> lambda_lr(0.1, lambda t: 1 / (1 + t))(np.arange(2)).tolist()
        [0.1, 0.05]

    Source: ``torch.optim.lr_scheduler.LambdaLR``.
    """
    check("lambda_lr", FACTOR, lr=lr)
    return in_doubles(lambda t, lr: lr * lr_lambda(t), lr)


def sequential_lr(schedules: Sequence[Schedule], milestones: Sequence[int]) -> Schedule:
    """One schedule after another, each from its own beginning: a warm-up, then a decay.

    ``schedules[i](t - milestones[i - 1])``, where i milestones are t or less

    Args:
        schedules: The schedules, in order.
        milestones: The steps at which the second, the third, … begin; one fewer.

    Raises:
        ValueError: If there is not one milestone fewer than schedules.

    Examples:
        >>> import numpy as np
        >>> from jaxnn.optim import exponential_lr, linear_lr
        >>> warm_up = linear_lr(1.0, start_factor=0.5, total_iters=2)
        >>> sequential_lr([warm_up, exponential_lr(1.0, 0.5)], [2])(np.arange(5)).tolist()
        [0.5, 0.75, 1.0, 0.5, 0.25]

    Source: ``torch.optim.lr_scheduler.SequentialLR``.
    """
    if len(milestones) != len(schedules) - 1:
        must = "there must be one milestone fewer than schedules"
        came = f"{len(milestones)} milestones and {len(schedules)} schedules"
        raise ValueError(complaint("sequential_lr", must, came, "use milestones=[5] for two"))

    def rate(t: Array) -> Array:
        value = schedules[0](t)
        for start, following in zip(milestones, schedules[1:], strict=True):
            value = jnp.where(t < start, value, following(jnp.maximum(t - start, 0)))
        return value

    return in_doubles(rate)
