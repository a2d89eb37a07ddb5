"""How far a training has come: what a checkpoint holds, and the result is made of."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import jax
import numpy as np

from jaxnn.training.results import FitResult
from jaxnn.training.sources import Source
from jaxnn.training.steps import Carry


class Best(NamedTuple):
    """The epoch with the lowest monitored number so far."""

    value: float
    epoch: int
    params: Any


class Stop(NamedTuple):
    """Why a training does not go on."""

    cause: Literal["callback", "interrupt", "loss", "patience"]
    text: str


class Earlier(NamedTuple):
    """The way to the carry before the last step: from another one, so many steps of some work."""

    carry: Carry
    work: Any = None
    steps: int = 0


@dataclass
class Course:
    """How far a training has come.

    Attributes:
        carry: What the last step handed on.
        epoch: How many epochs are over.
        made: The steps of the epoch under way.
        step: How many steps were made in all.
        losses: Theirs, a part of an epoch an array, steps first.
        measured: What was measured after each epoch.
        best: The best epoch so far, where there is one.
        stop: Why the training does not go on, if it does not.
        earlier: The way to the carry before the last step, where it is kept.
        steps: Those of an epoch, where a run before this one has counted them.
    """

    carry: Carry
    epoch: int = 0
    made: int = 0
    step: int = 0
    losses: list[np.ndarray] = field(default_factory=list)
    measured: list[Any] = field(default_factory=list)
    best: Best | None = None
    stop: Stop | None = None
    earlier: Earlier | None = None
    steps: int | None = None

    def before(self, source: Source) -> Carry | None:
        """The carry before the last step, where it is kept."""
        if self.earlier is None:
            return None
        carry, work, steps = self.earlier
        if steps:
            self.earlier = Earlier(source.make(carry, work, steps)[0])
        return self.earlier.carry

    def steps_of(self, source: Source) -> int | None:
        """The steps of an epoch, where they are known."""
        return self.steps if source.steps is None else source.steps

    @property
    def is_bad(self) -> bool:
        """Whether it ended with a loss that is not finite: not to be gone on from."""
        return self.stop is not None and self.stop.cause == "loss"

    def of_epoch(self) -> np.ndarray:
        """The losses of the epoch under way, steps last."""
        parts, count = [], 0
        for part in reversed(self.losses):
            if count >= self.made:
                break
            parts.append(part)
            count += len(part)
        return np.moveaxis(np.concatenate(parts[::-1])[-self.made :], 0, -1)

    def result(self, source: Source, networks: int | None) -> FitResult:
        """What `fit` returns."""

        def history(*measured: Any) -> np.ndarray:  # networks first, as in the losses
            course = np.array(measured)
            is_of_each = networks is not None and course.shape[1:2] == (networks,)
            return np.moveaxis(course, 0, 1) if is_of_each else course

        losses = np.concatenate(self.losses) if self.losses else np.zeros(0, np.float32)
        measured = [each for each in self.measured if each is not None]
        return FitResult(
            params=self.carry.params,
            opt_state=self.carry.opt_state,
            losses=np.moveaxis(losses, 0, -1),
            validation=jax.tree.map(history, *measured) if measured else None,
            steps_per_epoch=self.steps_of(source) or 0 if self.losses else 0,
            statistics=self.carry.statistics,
            best_params=None if self.best is None else self.best.params,
            best_epoch=None if self.best is None else self.best.epoch,
            stopped=None if self.stop is None else self.stop.text,
        )
