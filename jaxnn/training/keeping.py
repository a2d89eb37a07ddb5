"""When checkpoints are written, and how what they hold becomes a course again."""

import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.training import judging, meshes, saving
from jaxnn.training.course import Best, Course
from jaxnn.training.saving import Checkpoints, Saved
from jaxnn.training.settings import Settings
from jaxnn.training.sources import Source


class Keeper:
    """Writes what a killed run goes on from, as often as is asked for.

    Args:
        where: The folder.
        settings: Those of the run.
        source: Its batches.
    """

    def __init__(self, where: Checkpoints, settings: Settings, source: Source) -> None:
        self.where, self.settings, self.source = where, settings, source
        self._saved_at = time.monotonic()

    def is_due(self) -> bool:
        """Whether the last checkpoint is old enough for another one."""
        return time.monotonic() - self._saved_at >= self.where.seconds

    def save(self, course: Course) -> None:
        """Write a checkpoint."""
        extra = {"losses": np.concatenate(course.losses)} if course.losses else {}
        if course.made and self.source.order is not None:
            extra["order"] = np.asarray(self.source.order)
        for i, leaf in enumerate(_stacked(course.measured)):
            extra[f"validation.{i}"] = leaf
        if course.best is not None:
            leaves = jax.tree.leaves(course.best.params)
            extra |= {f"best.{i}": np.asarray(leaf) for i, leaf in enumerate(leaves)}
        meta = self._identity() | {
            "epoch": course.epoch,
            "made": course.made,
            "best": None if course.best is None else [course.best.value, course.best.epoch],
        }
        saving.save(self.where, course.epoch, course.step, Saved(course.carry, extra, meta))
        self._saved_at = time.monotonic()

    def restore(self, course: Course) -> Course:
        """How far the training in the folder has come; what is given, where there is none."""
        saving.prepare(self.where)
        saved = saving.load(self.where, Saved(course.carry, {}, self._identity()))
        if saved is None:
            return course
        carry = meshes.everywhere(self.settings.run.mesh, saved.tree)
        losses = [saved.extra["losses"]] if "losses" in saved.extra else []
        epoch, made = saved.meta["epoch"], saved.meta["made"]
        restored = Course(carry, epoch, made, sum(map(len, losses)), losses)
        restored.measured = self._measured(restored, saved.extra)
        restored.best = _best(restored, saved)
        if made:
            order = saved.extra.get("order")
            self.source.resume(None if order is None else jnp.asarray(order), made)
        return restored

    def _identity(self) -> dict[str, Any]:
        """What has to be the same in the run that goes on."""
        run = self.settings.run
        return {
            "samples": getattr(self.source, "samples", None),
            "batch_size": run.batch_size,
            "drop_last": run.drop_last,
            "networks": run.networks,
        }

    def _measured(self, course: Course, extra: dict[str, np.ndarray]) -> list[Any]:
        """The history, in the structure of what is measured now."""
        if "validation.0" not in extra:
            return [None] * course.epoch
        structure = jax.tree.structure(judging.measure(self.settings, course.carry))
        leaves = [extra[f"validation.{i}"] for i in range(structure.num_leaves)]
        return [structure.unflatten(leaf[i] for leaf in leaves) for i in range(course.epoch)]


def _stacked(measured: list[Any]) -> list[np.ndarray]:
    """What was measured after each epoch, leaf by leaf."""
    return [np.stack(each) for each in zip(*map(jax.tree.leaves, measured), strict=True)]


def _best(course: Course, saved: Saved) -> Best | None:
    if saved.meta["best"] is None:
        return None
    value, epoch = saved.meta["best"]
    structure = jax.tree.structure(course.carry.params)
    leaves = [jnp.asarray(saved.extra[f"best.{i}"]) for i in range(structure.num_leaves)]
    return Best(value, epoch, structure.unflatten(leaves))
