"""The progress bar of `fit`."""

from typing import Self

import jax
import numpy as np
from tqdm import tqdm

from jaxnn.training.course import Course
from jaxnn.training.settings import Settings


class Bar:
    """Steps made, steps a second, the last losses' mean and what was measured last.

    Args:
        settings: Those of the run.
        steps: The steps of an epoch, where they are known.
    """

    def __init__(self, settings: Settings, steps: int | None) -> None:
        total = None if steps is None else steps * settings.epochs
        self._epochs = settings.epochs
        quiet = None if settings.progress else True  # None: quiet where there is no terminal
        self._bar = tqdm(total=total, unit="step", unit_scale=True, disable=quiet)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.close()

    def show(self, course: Course) -> None:
        """Show how far a run is."""
        if self._bar.disable:
            return
        # in front, for the end is cut off where the terminal is narrow
        self._bar.set_description(_figures(course, self._epochs), refresh=False)
        self._bar.update(course.step - self._bar.n)


def _figures(course: Course, epochs: int) -> str:
    figures = {"loss": course.losses[-1].mean()} if course.losses else {}
    if course.measured:
        for path, value in jax.tree.leaves_with_path(course.measured[-1]):
            name = jax.tree_util.keystr(path, simple=True, separator=".")
            figures[f"validation {name}".strip()] = value
    shown = [
        f" {name} {float(value):.4g}"
        for name, value in figures.items()
        if np.ndim(value) == 0 and not np.iscomplexobj(value)
    ]
    return f"epoch {course.epoch}/{epochs}" + "".join(shown)
