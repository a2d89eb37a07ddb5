"""Training: the losses of one network, or of many and how far they spread."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from jaxnn.plot.courses import (
    Scale,
    check_steps_per_epoch,
    epochs_of,
    losses_of,
    measured,
    moving_average,
    point_style,
    set_axes,
)
from jaxnn.plot.style import GREY, finish, new_axes, palette


def training_history(
    losses: ArrayLike,
    *,
    steps_per_epoch: int = 1,
    validation: Mapping[str, ArrayLike] | None = None,
    best_epoch: int | None = None,
    scale: Scale = "log",
    axes: Axes | None = None,
) -> Figure:
    """Draw the loss of every training step, its moving average, and what was measured each epoch.

    Args:
        losses: ``f32[steps]``, as in ``FitResult.losses``.
        steps_per_epoch: Steps in an epoch; the horizontal axis counts epochs if it is not 1.
        validation: Names and ``f32[epochs]``, each value from the end of an epoch.
        best_epoch: ``FitResult.best_epoch``, from 0 on, to mark.
        scale: Of the vertical axis.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure. Where no loss is above 0, its scale is linear.

    Raises:
        ValueError: ``losses`` are empty or those of many networks, an epoch has no step, or
            ``validation`` has no names or other shapes.

    Examples:
        >>> figure = training_history([2.3, 1.1, 0.6, 0.5], steps_per_epoch=2,
        ...                           validation={"test loss": [0.9, 0.7]}, best_epoch=1)
    """
    instead = "use ensemble_history for many networks"
    losses = losses_of("training_history", losses, ("steps",), instead)
    check_steps_per_epoch("training_history", steps_per_epoch)
    courses = measured("training_history", validation, ())
    axes, colors = axes or new_axes(7.2, 4.4), palette(1 + len(courses))
    position = np.arange(1, len(losses) + 1) / steps_per_epoch
    window, smooth = moving_average(losses)
    point = point_style(losses)
    axes.plot(position, losses, color=colors[0], alpha=0.25, linewidth=0.8, label="loss of a step",
              **point)  # fmt: skip
    axes.plot(position[window - 1 :], smooth, color=colors[0], linewidth=2.0,
              label=f"mean of {window} steps", **point)  # fmt: skip
    style = {"markersize": 4, "markeredgecolor": "white", "markeredgewidth": 0.6}
    for color, (name, course) in zip(colors[1:], courses.items(), strict=False):
        axes.plot(epochs_of(course), course, "o-", color=color, label=name, clip_on=False, **style)
    if best_epoch is not None:
        axes.axvline(best_epoch + 1, color=GREY, linewidth=1, zorder=0, label="best epoch")
    end = max([position[-1], *map(len, courses.values())])
    set_axes(axes, end, steps_per_epoch, scale)
    return finish(axes, "Training")


def ensemble_history(
    losses: ArrayLike,
    *,
    steps_per_epoch: int = 1,
    validation: Mapping[str, ArrayLike] | None = None,
    scale: Scale = "log",
    axes: Axes | None = None,
) -> Figure:
    """Draw how the losses of many networks spread: the median, the middle half, and all of them.

    What is not finite is left out of each step's spread; the title counts networks that have it.

    Args:
        losses: ``f32[networks, steps]``, as in ``FitResult.losses``: moving averages are drawn.
        steps_per_epoch: Steps in an epoch; the horizontal axis counts epochs if it is not 1.
        validation: Names and ``f32[networks, epochs]``, as in ``FitResult.validation``.
        scale: Of the vertical axis.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure. Where no loss is above 0, its scale is linear.

    Raises:
        ValueError: ``losses`` are empty or those of a single network, an epoch has no step, or
            ``validation`` has no names or is of others.

    Examples:
        >>> figure = ensemble_history([[2.3, 1.1, 0.6], [2.2, 1.3, 0.5]],
        ...                           validation={"test loss": [[0.9, 0.7], [0.8, 0.6]]})
    """
    instead = "use training_history for a single network"
    losses = losses_of("ensemble_history", losses, ("networks", "steps"), instead)
    check_steps_per_epoch("ensemble_history", steps_per_epoch)
    courses = measured("ensemble_history", validation, losses.shape[:1])
    axes, colors = axes or new_axes(7.2, 4.4), palette(1 + len(courses))
    window, _ = moving_average(losses[0])
    smooth = np.stack([moving_average(each)[1] for each in losses])
    position = np.arange(window, losses.shape[1] + 1) / steps_per_epoch
    _spread(axes, position, smooth, colors[0], f"mean of {window} steps")
    for color, (name, course) in zip(colors[1:], courses.items(), strict=False):
        _spread(axes, epochs_of(course), course, color, name)
    axes.fill_between([], [], [], color=GREY, alpha=0.5, linewidth=0, label="half of the networks")
    axes.fill_between([], [], [], color=GREY, alpha=0.2, linewidth=0, label="all of them")
    end = max([position[-1], *(course.shape[1] for course in courses.values())])
    set_axes(axes, end, steps_per_epoch, scale)
    not_finite = np.count_nonzero(~np.isfinite(losses).all(axis=1))
    note = f", {not_finite} not always finite" if not_finite else ""
    return finish(axes, f"Training of {len(losses)} networks{note}")


def _spread(axes: Axes, x: np.ndarray, values: np.ndarray, color: str, name: str) -> None:
    """The median of the networks as a line, and bands around it."""
    low, quarter, median, three_quarters, high = _quartiles(values)
    point = point_style(median)
    band, width = (axes.vlines, 14) if point else (axes.fill_between, 0)
    for below, above, alpha in ((low, high, 0.15), (quarter, three_quarters, 0.35)):
        drawn = band(x, below, above, color=color, alpha=alpha, linewidth=width)
        drawn.set_clip_on(not point)
    axes.plot(x, median, color=color, linewidth=2.0, label=name, **point)


def _quartiles(values: np.ndarray) -> np.ndarray:
    """``[5, n]``: the quartiles of what is finite in each column; nan where nothing is."""
    finite = np.where(np.isfinite(values), values, np.nan)
    some = np.isfinite(values).any(axis=0)
    quartiles = np.full((5, values.shape[1]), np.nan)
    if some.any():
        quartiles[:, some] = np.nanquantile(finite[:, some], [0, 0.25, 0.5, 0.75, 1], axis=0)
    return quartiles
