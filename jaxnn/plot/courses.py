"""The course of losses: what of it can be drawn, how it is averaged, the axes for it."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from numpy.typing import ArrayLike

from jaxnn._checks import complaint
from jaxnn.plot.style import GREY, add_legend

Scale = Literal["linear", "log"]

# The steps over which the loss is averaged for the smooth curve: one in so many of all of them.
SMOOTHING = 50


def losses_of(
    function: str, losses: ArrayLike, dimensions: tuple[str, ...], instead: str
) -> np.ndarray:
    """The losses as an array of these dimensions, none of them empty."""
    losses = np.asarray(losses, np.float64)
    came = f"an array of shape {losses.shape}"
    if not losses.size:
        must = "losses must hold a step"
        raise ValueError(complaint(function, must, came, "train for an epoch first"))
    if losses.ndim != len(dimensions):
        must = f"losses must be ({', '.join(dimensions)})"
        raise ValueError(complaint(function, must, came, instead))
    return losses


def check_steps_per_epoch(function: str, steps: int) -> None:
    """Refuse an epoch without a step."""
    if not steps >= 1:
        must, instead = "steps_per_epoch must be at least 1", "use 1 to count steps"
        raise ValueError(complaint(function, must, str(steps), instead))


def measured(
    function: str, validation: Mapping[str, ArrayLike] | None, networks: tuple[int, ...]
) -> dict[str, np.ndarray]:
    """What was measured each epoch, by name: ``[*networks, epochs]``."""
    if not isinstance(validation, Mapping | None):
        must, came = "validation must have names", f"a {type(validation).__name__}"
        instead = 'use validation={"test loss": result.validation}'
        raise ValueError(complaint(function, must, came, instead))
    courses = {name: np.asarray(x, np.float64) for name, x in (validation or {}).items()}
    for name, course in courses.items():
        if course.shape[:-1] != networks or course.ndim != 1 + len(networks):
            shape = ", ".join([*(f"{count} networks" for count in networks), "epochs"])
            must, instead = f"{name} must be ({shape})", "pass it as FitResult.validation has it"
            raise ValueError(complaint(function, must, f"{course.shape}", instead))
    return courses


def moving_average(losses: np.ndarray) -> tuple[int, np.ndarray]:
    """Over how many steps, and the average of each so many in a row."""
    window = max(1, len(losses) // SMOOTHING)
    return window, np.convolve(losses, np.full(window, 1 / window), mode="valid")


def epochs_of(course: np.ndarray) -> np.ndarray:
    """The epochs, from 1 on, at whose end it was measured."""
    return np.arange(1, course.shape[-1] + 1)


def point_style(values: np.ndarray) -> dict[str, Any]:
    """How to draw a line through them that is a single point, which plain lines do not show."""
    return {"marker": "o", "clip_on": False} if np.isfinite(values).sum() == 1 else {}


def set_axes(axes: Axes, end: float, steps_per_epoch: int, scale: Scale) -> None:
    """Scale and label the axes on which losses are drawn, up to the last step or epoch."""
    scale = scale if np.isfinite(axes.dataLim.minposy) else "linear"  # nothing above 0: no log
    unit = "step" if steps_per_epoch == 1 else "epoch"
    axes.set(xlabel=unit, ylabel="loss", yscale=scale, xlim=(0, end))
    if scale == "log":
        low, high = axes.get_ylim()
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,)))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    add_legend(axes)
    axes.grid(axis="y", color=GREY, alpha=0.25)
