"""One rise and one fall: super-convergence."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import jax.numpy as jnp
from jax import Array

from jaxnn._checks import check_choice
from jaxnn.optim.bounds import FACTOR, POSITIVE, SHARE, STEPS, check, check_known
from jaxnn.optim.schedules.schedule import Number, Schedule, cosine, in_doubles


def one_cycle_lr(
    max_lr: Number,
    total_steps: int,
    *,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    """A learning rate that rises to its highest and falls far below where it began, once.

    From ``max_lr / div_factor`` up to ``max_lr`` in the first ``pct_start`` of the steps, then down
    to ``max_lr / div_factor / final_div_factor``, along cosines or straight lines. After
    ``total_steps`` it stays there.

    torch's scheduler moves the momentum too: `one_cycle_momentum` is that schedule.

    Args:
        max_lr: The highest learning rate.
        total_steps: The steps of the cycle.
        pct_start: The part of them in which it rises.
        anneal_strategy: "cos" or "linear".
        div_factor: How many times less the first learning rate is than the highest.
        final_div_factor: How many times less the last one is than the first.
        three_phase: Fall to the first learning rate as fast as it rose, and from there to the last.

    Raises:
        ValueError: If ``total_steps`` is no whole number above 0, ``pct_start`` not in [0, 1], a
            divisor not above 0, ``max_lr`` nan, or ``anneal_strategy`` another word.

    Examples:
        >>> import numpy as np
        >>> cycle = one_cycle_lr(1.0, 10, anneal_strategy="linear")
        >>> cycle(np.arange(0, 10, 3)).round(3).tolist()
        [0.04, 0.857, 0.429, 0.0]

    Source: ``torch.optim.lr_scheduler.OneCycleLR``; https://arxiv.org/abs/1708.07120.
    """
    check("one_cycle_lr", FACTOR, max_lr=max_lr)
    check("one_cycle_lr", POSITIVE, div_factor=div_factor, final_div_factor=final_div_factor)

    def rates(highest: Any) -> tuple[Any, ...]:
        first = highest / div_factor
        last = first / final_div_factor
        return (first, highest, first, last) if three_phase else (first, highest, last)

    cycle = _cycle("one_cycle_lr", total_steps, pct_start, anneal_strategy, three_phase)
    return in_doubles(lambda t, highest: cycle(t, rates(highest)), max_lr)


def one_cycle_momentum(
    total_steps: int,
    *,
    base_momentum: Number = 0.85,
    max_momentum: Number = 0.95,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    three_phase: bool = False,
) -> Schedule:
    """The momentum that goes with `one_cycle_lr`: low where the learning rate is high.

    Give it to `sgd` as ``momentum``, or to `adam` as the first of ``betas``.

    Args:
        total_steps: The steps of the cycle.
        base_momentum: The lowest momentum.
        max_momentum: The first, highest and last.
        pct_start: The part of the steps in which it falls.
        anneal_strategy: "cos" or "linear".
        three_phase: Whether the learning rate's cycle has three phases.

    Raises:
        ValueError: As `one_cycle_lr`.

    Examples:
        >>> import numpy as np
        >>> print(one_cycle_momentum(10, anneal_strategy="linear")(np.arange(0, 10, 3)).round(3))
        [0.95  0.864 0.907 0.95 ]

    Source: ``torch.optim.lr_scheduler.OneCycleLR`` with ``cycle_momentum=True``.
    """
    momenta = {"base_momentum": base_momentum, "max_momentum": max_momentum}
    check("one_cycle_momentum", FACTOR, **momenta)
    cycle = _cycle("one_cycle_momentum", total_steps, pct_start, anneal_strategy, three_phase)

    def momentum(t: Array, high: Any, low: Any) -> Array:
        return cycle(t, (high, low, high, high) if three_phase else (high, low, high))

    return in_doubles(momentum, max_momentum, base_momentum)


def _line(start: Any, end: Any, done: Any) -> Any:
    return start + (end - start) * done


_ANNEALING = {"cos": cosine, "linear": _line}


def _cycle(
    name: str, total_steps: int, pct_start: float, strategy: str, three_phase: bool
) -> Callable[[Array, Sequence[Any]], Array]:
    """From each value to the next in turn: the phases are as long as torch has them."""
    check_known(name, total_steps=total_steps, pct_start=pct_start)
    check(name, STEPS, total_steps=total_steps)
    check(name, SHARE, pct_start=pct_start)
    check_choice(name, "anneal_strategy", strategy, tuple(_ANNEALING))
    rise = pct_start * total_steps
    ends = [rise - 1, *[2 * rise - 2] * three_phase, total_steps - 1]
    starts = [0.0, *ends]

    def value(t: Array, values: Sequence[Any]) -> Array:
        t = jnp.minimum(t, ends[-1])
        phases = [
            _ANNEALING[strategy](a, b, (t - start) / (end - start) if end != start else 1.0)
            for (a, b), (start, end) in zip(pairwise(values), pairwise(starts), strict=True)
        ]
        chosen = phases[-1]
        for phase, end in reversed(list(zip(phases, ends, strict=True))[:-1]):
            chosen = jnp.where(t <= end, phase, chosen)
        return chosen

    return value
