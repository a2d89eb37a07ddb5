"""When checkpoints are written, and how what they hold becomes a course again."""

import contextlib
import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.training import fingerprints, judging, loading, saving
from jaxnn.training.alerts import warn
from jaxnn.training.course import Best, Course, Earlier, Stop
from jaxnn.training.saving import CheckpointError, Checkpoints, Saved
from jaxnn.training.settings import Settings
from jaxnn.training.sources import Source


class Keeper:
    """Writes what a killed run goes on from, as often as is asked for.

    Args:
        where: The folder.
        settings: Those of the run.
        source: Its batches.
        identity: What has to be the same in the run that goes on.
    """

    def __init__(
        self, where: Checkpoints, settings: Settings, source: Source, identity: dict[str, Any]
    ) -> None:
        self.where, self.settings, self.source = where, settings, source
        self.identity = identity
        self._saved_at = time.monotonic()

    def opened(self) -> contextlib.AbstractContextManager[None]:
        """A block in which the folder is this run's."""
        return saving.opened(self.where)

    def save_if_due(self, course: Course) -> None:
        """Write a checkpoint if the last one is old enough; if that fails, another time."""
        if time.monotonic() - self._saved_at < self.where.seconds:
            return
        try:
            self._save(course)
        except OSError as error:
            warn(f"fit: no checkpoint could be written: {error}; the training goes on")
        self._saved_at = time.monotonic()

    def save_last(self, course: Course) -> None:
        """Write the last checkpoint.

        Raises:
            CheckpointError: It cannot be written; the result is in it.
        """
        try:
            self._save(course)
        except OSError as error:
            text = "fit: the last checkpoint could not be written; what was trained is .result of"
            raised = CheckpointError(error.errno, f"{text} this: {error.strerror}", error.filename)
            raised.result = course.result(self.source, self.settings.run.networks)
            raise raised from error

    def _save(self, course: Course) -> None:
        best, stop = course.best, course.stop
        extra = _numbered("validation", _stacked(course.measured))
        extra |= _numbered("earlier", course.before(self.source))
        if course.losses:
            extra["losses"] = np.concatenate(course.losses)
        if course.made and self.source.order is not None:
            extra["order"] = np.asarray(self.source.order)
        if best is not None:
            extra |= _numbered("best", best.params)
        meta = self.identity | {
            "epoch": course.epoch,
            "made": course.made,
            "steps": course.steps_of(self.source),
            "best": None if best is None else [best.value, best.epoch],
            "stop": stop.text if stop is not None and stop.cause == "callback" else None,
            "measured": judging.places(course.measured[0]) if course.measured else None,
            "rng now": fingerprints.of_arrays(course.carry.rng),
        }
        saving.save(self.where, course.epoch, course.step, Saved(course.carry, extra, meta))

    def restore(self, course: Course) -> Course:
        """How far the training in the folder has come; what is given, where there is none."""
        saving.check_types("carry", course.carry)
        saved = loading.load(self.where, course.carry, self._differences)
        if saved is None:
            return course
        self.identity = self.identity | {"rng": saved.meta["rng"]}  # not where it was left
        losses = [saved.extra["losses"]] if "losses" in saved.extra else []
        epoch, made = saved.meta["epoch"], saved.meta["made"]
        restored = Course(saved.tree, epoch, made, sum(map(len, losses)), losses)
        restored.measured = self._measured(restored, saved.extra, saved.meta["measured"])
        restored.best = _best(saved)
        restored.steps = saved.meta.get("steps")
        restored.stop = self._stop(restored, saved.meta["stop"])
        if self.settings.recover and "earlier.0" in saved.extra:
            restored.earlier = Earlier(_like(saved.tree, "earlier", saved.extra))
        if made:
            order = saved.extra.get("order")
            self.source.resume(None if order is None else jnp.asarray(order), made)
        return restored

    def _differences(self, meta: dict[str, Any]) -> list[str]:
        """What makes a checkpoint another training's.

        A Generator may also stand where the run that was interrupted has left it.
        """
        is_over = meta["epoch"] >= self.settings.epochs or meta["stop"] is not None
        is_left = not is_over and meta["rng now"] == self.identity["rng"]
        wanted = self.identity | ({"rng": meta["rng"]} if is_left else {})
        return fingerprints.differences(meta, wanted)

    def _stop(self, course: Course, text: str | None) -> Stop | None:
        """Whether the training was over; a callback's word holds as long as there is one."""
        stop = Stop("callback", text) if text and self.settings.callbacks else None
        return judging.out_of_patience(self.settings, course) or stop

    def _measured(
        self, course: Course, extra: dict[str, np.ndarray], first: str | None
    ) -> list[Any]:
        """The history, in the structure of what is measured now."""
        if "validation.0" not in extra:
            return [None] * course.epoch
        now = judging.measure(self.settings, judging.lasting(self.settings, course.carry))
        judging.check_alike(first, now)
        structure = jax.tree.structure(now)
        leaves = [extra[f"validation.{i}"] for i in range(structure.num_leaves)]
        return [structure.unflatten(leaf[i] for leaf in leaves) for i in range(course.epoch)]


def _stacked(measured: list[Any]) -> list[np.ndarray]:
    """What was measured after each epoch, leaf by leaf."""
    return [np.stack(each) for each in zip(*map(jax.tree.leaves, measured), strict=True)]


def _numbered(name: str, tree: Any) -> dict[str, np.ndarray]:
    """The leaves of a tree, as arrays that a checkpoint holds besides."""
    leaves = jax.tree.leaves(tree)
    return {f"{name}.{i}": np.asarray(saving.plain(leaf)) for i, leaf in enumerate(leaves)}


def _like(tree: Any, name: str, extra: dict[str, np.ndarray]) -> Any:
    """A tree of such leaves, of another one's structure and where that one lies."""
    leaves, structure = jax.tree.flatten(tree)
    return structure.unflatten(
        loading.placed(extra[f"{name}.{i}"], leaf) for i, leaf in enumerate(leaves)
    )


def _best(saved: Saved) -> Best | None:
    if saved.meta["best"] is None:
        return None
    value, epoch = saved.meta["best"]
    return Best(value, epoch, _like(saved.tree.params, "best", saved.extra))
