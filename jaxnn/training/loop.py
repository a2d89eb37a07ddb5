"""The loop of `fit` over epochs and parts of epochs, and all that happens between them."""

import functools
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn._rng import Rng
from jaxnn.evaluation import call, evaluate, is_stream
from jaxnn.training import meshes, saving, scaling
from jaxnn.training.display import Bar
from jaxnn.training.interrupts import Interrupts
from jaxnn.training.results import FitResult, Progress
from jaxnn.training.saving import Checkpoints, Saved
from jaxnn.training.sources import Arrays, Source, Stream
from jaxnn.training.steps import Carry, Run, start

#: The steps of the first part of an epoch; then as many as take about this long, in seconds.
FIRST_STEPS = 64
PART = 0.5
#: The batches of a stream that are on the device at once.
MOST_BATCHES = 16


class Settings(NamedTuple):
    """The arguments of `fit`, checked."""

    run: Run
    epochs: int
    validation: Any
    monitor: Callable[[Any], float] | None
    early_stopping: int | None
    callbacks: tuple[Callable[[Progress], bool | None], ...]
    checkpoint: Checkpoints | None
    recover: bool
    progress: bool


class Best(NamedTuple):
    """The epoch with the lowest monitored number so far."""

    value: float
    epoch: int
    params: Any


class Loop:
    """A run of `fit` under way."""

    def __init__(
        self, settings: Settings, params: Any, opt_state: Any, statistics: Any, loss_scale: Any,
        data: Any, rng: Rng,
    ) -> None:  # fmt: skip
        run = settings.run
        self.settings, self.run_ = settings, run
        self.source: Source = (
            Stream(run, data)
            if is_stream(data)
            else Arrays(run, data, in_place=not settings.recover)
        )
        scale = scaling.begin(loss_scale, run.networks)
        first = params, opt_state, statistics, scale, rng
        self.carry: Carry = start(run, *meshes.everywhere(run.mesh, first))
        self.epoch = self.made = 0  # epochs that are over, and steps of the one under way
        self.step = 0  # how many steps were made in all
        self.losses: list[np.ndarray] = []
        self.measured: list[Any] = []
        self.best: Best | None = None
        self.stopped: str | None = None
        self._before: tuple[Carry, Any, int] | None = None
        self._part = Part(MOST_BATCHES if is_stream(data) else None)
        self._saved_at = time.monotonic()

    def run(self) -> FitResult:
        """Make all epochs, or as many as nothing stops."""
        if self.settings.checkpoint is not None:
            saving.prepare(self.settings.checkpoint)
            self._restore(self.settings.checkpoint)
        try:
            with Interrupts() as interrupts, Bar(self.settings, self.source.steps) as bar:
                bar.show(self)
                while self.epoch < self.settings.epochs and self.stopped is None:
                    self._make_epoch(interrupts, bar)
        except KeyboardInterrupt:
            self.stopped = f"interrupted after step {self.step}"
        if self.settings.checkpoint is not None and not self._is_bad():
            self._save(self.settings.checkpoint)
        return self._result()

    def _make_epoch(self, interrupts: Interrupts, bar: Bar) -> None:
        if not self.made:
            self.carry = self.source.begin(self.carry)
        while (work := self.source.take(self._part.steps)) is not None:
            self._make(work)
            bar.show(self)
            if self.stopped is None and interrupts.asked:
                self.stopped = f"interrupted after step {self.step}"
            if self.stopped is not None:
                return
            self._save_if_due()
        self._end_epoch()
        bar.show(self)
        self._save_if_due()

    def _make(self, work: Any) -> None:
        """Make a part of an epoch, or go back to before a loss in it that is not finite."""
        with self._part.timed():
            after, losses = self.source.make(self.carry, work, None)
        self.losses.append(losses)
        self.made += len(losses)
        self.step += len(losses)
        if np.isfinite(losses[-1]).any():
            if self.settings.recover:
                self._before = self.carry, work, len(losses)
            self.carry = after
            return
        value = losses[-1] if losses[-1].ndim == 0 else losses[-1][0]
        self.stopped = f"the loss of step {self.step - 1} is {value}"
        warnings.warn(f"fit: {self.stopped}; the training stops there", stacklevel=4)
        self.carry = self._last_good(work, len(losses)) if self.settings.recover else after

    def _last_good(self, work: Any, count: int) -> Carry:
        """The carry whose loss was the last finite one."""
        if count > 1:
            return self.source.make(self.carry, work, count - 2)[0]
        if self._before is None:
            return self.carry
        carry, work, count = self._before
        return self.source.make(carry, work, count - 1)[0]

    def _is_bad(self) -> bool:
        return self.stopped is not None and self.stopped.startswith("the loss")

    def _end_epoch(self) -> None:
        """Measure, compare with the best, and tell the callbacks."""
        losses = self._of_last_epoch()
        self.epoch, self.made = self.epoch + 1, 0
        measured = self._measure()
        self.measured.append(measured)
        self._compare(measured)
        told = Progress(
            self.epoch - 1, self.step, losses, measured, self._params(), self.carry.statistics
        )
        answers = [callback(told) for callback in self.settings.callbacks]
        if True in answers:
            self.stopped = f"a callback stopped it after epoch {told.epoch}"
        patience = self.settings.early_stopping
        if patience is not None and self.best and told.epoch - self.best.epoch >= patience:
            self.stopped = f"no better epoch in {patience} after epoch {self.best.epoch}"

    def _of_last_epoch(self) -> np.ndarray:
        """The losses of the epoch that is over."""
        parts, count = [], 0
        for part in reversed(self.losses):
            if count >= self.made:
                break
            parts.append(part)
            count += len(part)
        return np.moveaxis(np.concatenate(parts[::-1])[-self.made :], 0, -1)

    def _params(self) -> Any:
        """The parameters, to be kept: without `recover` the next step takes their memory."""
        return self.carry.params if self.settings.recover else _copy(self.carry.params)

    def _measure(self) -> Any:
        """What ``validation`` gives now."""
        validation = self.settings.validation
        if validation is None:
            return None
        with_statistics = self.run_.has_statistics
        if callable(validation):
            statistics = (self.carry.statistics,) * with_statistics
            return validation(self._params(), *statistics)
        params, statistics = self.carry.params, self.carry.statistics
        state = (params, statistics) if with_statistics else params
        return jax.device_get(evaluate(measure_of(self.run_), state, validation))

    def _compare(self, measured: Any) -> None:
        if measured is None or self.run_.networks is not None:
            return
        value = monitored(measured, self.settings.monitor)
        if value is not None and (self.best is None or value < self.best.value):
            self.best = Best(value, self.epoch - 1, self._params())

    def _save_if_due(self) -> None:
        where = self.settings.checkpoint
        if where is not None and time.monotonic() - self._saved_at >= where.seconds:
            self._save(where)

    def _save(self, where: Checkpoints) -> None:
        extra = {"losses": np.concatenate(self.losses)} if self.losses else {}
        if self.made and self.source.order is not None:
            extra["order"] = np.asarray(self.source.order)
        for i, leaf in enumerate(self._history()):
            extra[f"validation.{i}"] = leaf
        if self.best is not None:
            leaves = jax.tree.leaves(self.best.params)
            extra |= {f"best.{i}": np.asarray(leaf) for i, leaf in enumerate(leaves)}
        meta = self._identity() | {
            "epoch": self.epoch,
            "made": self.made,
            "best": None if self.best is None else [self.best.value, self.best.epoch],
        }
        saving.save(where, self.epoch, self.step, Saved(self.carry, extra, meta))
        self._saved_at = time.monotonic()

    def _identity(self) -> dict[str, Any]:
        """What has to be the same in the run that goes on."""
        run = self.run_
        return {
            "samples": getattr(self.source, "samples", None),
            "batch_size": run.batch_size,
            "drop_last": run.drop_last,
            "networks": run.networks,
        }

    def _history(self) -> list[np.ndarray]:
        """What was measured after each epoch, leaf by leaf."""
        return [np.stack(each) for each in zip(*map(jax.tree.leaves, self.measured), strict=True)]

    def _restore(self, where: Checkpoints) -> None:
        saved = saving.load(where, Saved(self.carry, {}, self._identity()))
        if saved is None:
            return
        self.carry, meta = meshes.everywhere(self.run_.mesh, saved.tree), saved.meta
        self.epoch, self.made = meta["epoch"], meta["made"]
        self.losses = [saved.extra["losses"]] if "losses" in saved.extra else []
        self.step = sum(map(len, self.losses))
        self._restore_measured(saved.extra)
        if meta["best"] is not None:
            leaves = [saved.extra[f"best.{i}"] for i in range(_leaves_of(self.carry.params))]
            params = jax.tree.unflatten(
                jax.tree.structure(self.carry.params), map(jnp.asarray, leaves)
            )
            value, epoch = meta["best"]
            self.best = Best(value, epoch, params)
        if self.made:
            order = saved.extra.get("order")
            self.source.resume(None if order is None else jnp.asarray(order), self.made)

    def _restore_measured(self, extra: dict[str, np.ndarray]) -> None:
        """The history, in the structure of what is measured now."""
        if "validation.0" not in extra:
            self.measured = [None] * self.epoch
            return
        structure = jax.tree.structure(self._measure())
        leaves = [extra[f"validation.{i}"] for i in range(structure.num_leaves)]
        self.measured = [
            jax.tree.unflatten(structure, [leaf[i] for leaf in leaves]) for i in range(self.epoch)
        ]

    def _result(self) -> FitResult:
        losses = np.concatenate(self.losses) if self.losses else np.zeros(0, np.float32)
        measured = [each for each in self.measured if each is not None]
        return FitResult(
            params=self.carry.params,
            opt_state=self.carry.opt_state,
            losses=np.moveaxis(losses, 0, -1),
            validation=jax.tree.map(self._course, *measured) if measured else None,
            steps_per_epoch=self.source.steps or 0 if self.losses else 0,
            statistics=self.carry.statistics,
            best_params=None if self.best is None else self.best.params,
            best_epoch=None if self.best is None else self.best.epoch,
            stopped=self.stopped,
        )

    def _course(self, *measured: Any) -> np.ndarray:
        """What was measured epoch by epoch as one array, networks first as in the losses."""
        course, networks = np.array(measured), self.run_.networks
        is_of_each = networks is not None and course.shape[1:2] == (networks,)
        return np.moveaxis(course, 0, 1) if is_of_each else course


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


def monitored(measured: Any, monitor: Callable[[Any], float] | None) -> float | None:
    """The number that decides which epoch is best, or None where there is none."""
    if monitor is not None:
        return float(monitor(measured))
    if isinstance(measured, dict):
        measured = measured.get("loss")
    return float(measured) if measured is not None and np.ndim(measured) == 0 else None


@functools.lru_cache(maxsize=64)
def measure_of(run: Run) -> Callable[..., Any]:
    """The loss as `evaluate` takes a measure: one function for each run, compiled once."""
    if run.networks is None and not run.has_statistics:
        return run.loss

    def measure(state: Any, x: Any, y: Any) -> Any:
        if not run.has_statistics:
            return call(run.loss, (state,), (x, y), None)
        return call(run.loss, state, (x, y), None)[0]

    if run.networks is None:
        return measure
    return lambda state, x, y: jax.vmap(measure, in_axes=(0, None, None))(state, x, y)


@jax.jit
def _copy(tree: Any) -> Any:
    return jax.tree.map(jnp.array, tree)


def _leaves_of(tree: Any) -> int:
    return len(jax.tree.leaves(tree))
