"""The loop of `fit` over epochs and parts of epochs."""

import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from jaxnn._rng import Rng
from jaxnn.evaluation import is_stream
from jaxnn.training import fingerprints, judging, meshes, scaling
from jaxnn.training.alerts import warn
from jaxnn.training.course import Course, Earlier, Stop
from jaxnn.training.display import Bar
from jaxnn.training.interrupts import Interrupts
from jaxnn.training.keeping import Keeper
from jaxnn.training.results import FitResult
from jaxnn.training.settings import Settings
from jaxnn.training.sources import Arrays, Source, Stream
from jaxnn.training.steps import Carry, start

#: The steps of the first part of an epoch; then as many as take about this long, in seconds.
FIRST_STEPS = 64
PART = 0.5
#: The batches of a stream that are on the device at once.
MOST_BATCHES = 16


class Loop:
    """A run of `fit` under way."""

    def __init__(
        self, settings: Settings, params: Any, opt_state: Any, statistics: Any, loss_scale: Any,
        data: Any, rng: Rng,
    ) -> None:  # fmt: skip
        run, where = settings.run, settings.checkpoint
        self.settings = settings
        self.source: Source = (
            Stream(run, data)
            if is_stream(data)
            else Arrays(run, data, in_place=not settings.recover)
        )
        scale = scaling.begin(loss_scale, run.networks)
        first = params, opt_state, statistics, scale, rng
        self.course = Course(start(run, *meshes.everywhere(run.mesh, first)))
        self._keeper: Keeper | None = None
        if where is not None:
            trees = {"params": params, "opt_state": opt_state, "statistics": statistics, "rng": rng}
            identity = fingerprints.of_training(settings, data, loss_scale, **trees)
            self._keeper = Keeper(where, settings, self.source, identity)
        self._part = Part(MOST_BATCHES if is_stream(data) else None)
        self._interrupts = Interrupts()

    def run(self) -> FitResult:
        """Make all epochs, or as many as nothing stops."""
        keeper = self._keeper
        with self._interrupts, nullcontext() if keeper is None else keeper.opened():
            if keeper is not None:
                self.course = keeper.restore(self.course)
            self._train()
            if keeper is not None and not self.course.is_bad:
                keeper.save_last(self.course)
        result = self.course.result(self.source, self.settings.run.networks)
        if self.course.is_bad:
            warn(f"fit: {result.stopped}; the training stops there")
        elif self.settings.run.networks is not None:
            _warn_of_bad(result.losses)
        return result

    def _train(self) -> None:
        """Go on until it is over, or somebody interrupts it."""
        with Bar(self.settings, self.source.steps) as bar:
            bar.show(self.course)
            try:
                while not self._is_over():
                    self._go_on()
                    bar.show(self.course)
                    self._save_if_due()
            except KeyboardInterrupt:
                if not self._is_over():
                    text = f"interrupted after step {self.course.step}"
                    self.course.stop = Stop("interrupt", text)

    def _is_over(self) -> bool:
        return self.course.epoch >= self.settings.epochs or self.course.stop is not None

    def _go_on(self) -> None:
        """Make a part of an epoch, or end it."""
        if self._interrupts.asked:
            raise KeyboardInterrupt
        carry = self.course.carry if self.course.made else self.source.begin(self.course.carry)
        with self._interrupts.breakable():
            work = self.source.take(self._part.steps)
        if work is None:
            judging.end_epoch(self.settings, self.course, self._interrupts)
        else:
            self._make(carry, work)

    def _make(self, carry: Carry, work: Any) -> None:
        """Make a part of an epoch, or go back to before a loss in it that is not finite."""
        course, recover = self.course, self.settings.recover
        with self._part.timed(), self._may_break():
            after, losses = self.source.make(carry, work, None)
        course.losses.append(losses)
        course.made += len(losses)
        course.step += len(losses)
        if np.isfinite(losses[-1]).any():
            if recover:
                course.earlier = Earlier(carry, work, len(losses) - 1)
            course.carry = after
            return
        value = losses[-1] if losses[-1].ndim == 0 else losses[-1][0]
        course.stop = Stop("loss", f"the loss of step {course.step - 1} is {value}")
        course.carry = self._last_good(carry, work, len(losses)) if recover else after

    def _may_break(self) -> AbstractContextManager[None]:
        """Between the steps of a stream; one over arrays gives its memory to the next."""
        is_stream = isinstance(self.source, Stream)
        return self._interrupts.breakable() if is_stream else nullcontext()

    def _last_good(self, carry: Carry, work: Any, count: int) -> Carry:
        """The carry whose loss was the last finite one."""
        if count > 1:
            return self.source.make(carry, work, count - 2)[0]
        before = self.course.before(self.source)
        return carry if before is None else before

    def _save_if_due(self) -> None:
        if self._keeper is not None and not self.course.is_bad:
            with self._interrupts.breakable():
                self._keeper.save_if_due(self.course)


def _warn_of_bad(losses: np.ndarray) -> None:
    """Name the networks of many whose own training would have stopped."""
    bad = np.flatnonzero(~np.isfinite(losses).all(axis=-1))
    if bad.size:
        numbers = ", ".join(map(str, bad))
        warn(f"fit: losses of networks {numbers} are not finite; alone they would have stopped")


class Part:
    """How many steps to make before the host looks at them again.

    Args:
        most: The largest number.
    """

    def __init__(self, most: int | None) -> None:
        self.most = most or 2**30
        self.steps = min(FIRST_STEPS, self.most)
        self._compiled = False

    def timed(self) -> "Part":
        """A block whose duration decides the next number; the first one compiles, and does not."""
        return self

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *exception: object) -> None:
        took = time.perf_counter() - self._start
        if self._compiled and took < PART / 2:
            self.steps = min(4 * self.steps, self.most)
        elif self._compiled and took > 2 * PART:
            self.steps = max(self.steps // 2, 1)
        self._compiled = True
