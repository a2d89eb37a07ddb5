"""The loop of `fit` over epochs and parts of epochs."""

import time
import warnings
from typing import Any

import numpy as np

from jaxnn._rng import Rng
from jaxnn.evaluation import is_stream
from jaxnn.training import judging, meshes, scaling
from jaxnn.training.course import Course
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
        run = settings.run
        self.settings = settings
        self.source: Source = (
            Stream(run, data)
            if is_stream(data)
            else Arrays(run, data, in_place=not settings.recover)
        )
        scale = scaling.begin(loss_scale, run.networks)
        first = params, opt_state, statistics, scale, rng
        self.course = Course(start(run, *meshes.everywhere(run.mesh, first)))
        where = settings.checkpoint
        self._keeper = None if where is None else Keeper(where, settings, self.source)
        self._before: tuple[Carry, Any, int] | None = None
        self._part = Part(MOST_BATCHES if is_stream(data) else None)

    def run(self) -> FitResult:
        """Make all epochs, or as many as nothing stops."""
        if self._keeper is not None:
            self.course = self._keeper.restore(self.course)
        course, settings = self.course, self.settings
        try:
            with Interrupts() as interrupts, Bar(settings, self.source.steps) as bar:
                bar.show(course)
                while course.epoch < settings.epochs and course.stopped is None:
                    self._make_epoch(interrupts, bar)
        except KeyboardInterrupt:
            course.stopped = f"interrupted after step {course.step}"
        if self._keeper is not None and not self._is_bad():
            self._keeper.save(course)
        return course.result(self.source.steps, settings.run.networks)

    def _make_epoch(self, interrupts: Interrupts, bar: Bar) -> None:
        course = self.course
        if not course.made:
            course.carry = self.source.begin(course.carry)
        while (work := self.source.take(self._part.steps)) is not None:
            self._make(work)
            bar.show(course)
            if course.stopped is None and interrupts.asked:
                course.stopped = f"interrupted after step {course.step}"
            if course.stopped is not None:
                return
            self._save_if_due()
        judging.end_epoch(self.settings, course)
        bar.show(course)
        self._save_if_due()

    def _save_if_due(self) -> None:
        if self._keeper is not None and self._keeper.is_due():
            self._keeper.save(self.course)

    def _make(self, work: Any) -> None:
        """Make a part of an epoch, or go back to before a loss in it that is not finite."""
        course, recover = self.course, self.settings.recover
        with self._part.timed():
            after, losses = self.source.make(course.carry, work, None)
        course.losses.append(losses)
        course.made += len(losses)
        course.step += len(losses)
        if np.isfinite(losses[-1]).any():
            if recover:
                self._before = course.carry, work, len(losses)
            course.carry = after
            return
        value = losses[-1] if losses[-1].ndim == 0 else losses[-1][0]
        course.stopped = f"the loss of step {course.step - 1} is {value}"
        warnings.warn(f"fit: {course.stopped}; the training stops there", stacklevel=4)
        course.carry = self._last_good(work, len(losses)) if recover else after

    def _last_good(self, work: Any, count: int) -> Carry:
        """The carry whose loss was the last finite one."""
        if count > 1:
            return self.source.make(self.course.carry, work, count - 2)[0]
        if self._before is None:
            return self.course.carry
        carry, work, count = self._before
        return self.source.make(carry, work, count - 1)[0]

    def _is_bad(self) -> bool:
        return self.course.stopped is not None and self.course.stopped.startswith("the loss")


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
