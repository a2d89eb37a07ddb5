"""Training: the losses of one network, or of many and how far they spread."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from numpy.typing import ArrayLike

from jaxnn._checks import complaint
from jaxnn.plot.style import COLORS, GREY, finish, new_axes

Scale = Literal["linear", "log"]

# The steps over which the loss is averaged for the smooth curve: one in so many of all of them.
SMOOTHING = 50


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
        The figure.

    Examples:
        >>> figure = training_history([2.3, 1.1, 0.6, 0.5], steps_per_epoch=2,
        ...                           validation={"test loss": [0.9, 0.7]}, best_epoch=1)
    """
    axes = axes or new_axes(7.2, 4.4)
    losses = np.asarray(losses)
    position = np.arange(1, len(losses) + 1) / steps_per_epoch
    axes.plot(position, losses, color=COLORS[0], alpha=0.25, linewidth=0.8, label="loss of a step")
    window, smooth = _moving_average(losses)
    label = f"mean of {window} steps"
    axes.plot(position[window - 1 :], smooth, color=COLORS[0], linewidth=2.0, label=label)
    for index, (name, values) in enumerate((validation or {}).items(), start=1):
        color, epochs = COLORS[index % len(COLORS)], _epochs(np.asarray(values))
        style = {"markersize": 4, "markeredgecolor": "white", "markeredgewidth": 0.6}
        axes.plot(epochs, values, "o-", color=color, label=name, clip_on=False, **style)
    if best_epoch is not None:
        axes.axvline(best_epoch + 1, color=GREY, linewidth=1, zorder=0, label="best epoch")
    _set_axes(axes, "step" if steps_per_epoch == 1 else "epoch", scale)
    axes.set_xlim(0, position[-1] if len(position) else 1)
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

    Args:
        losses: ``f32[networks, steps]``, as in ``FitResult.losses``: moving averages are drawn.
        steps_per_epoch: Steps in an epoch; the horizontal axis counts epochs if it is not 1.
        validation: Names and ``f32[networks, epochs]``, as in ``FitResult.validation``.
        scale: Of the vertical axis.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Raises:
        ValueError: ``losses`` are those of a single network, or ``validation`` is of others.

    Examples:
        >>> figure = ensemble_history([[2.3, 1.1, 0.6], [2.2, 1.3, 0.5]],
        ...                           validation={"test loss": [[0.9, 0.7], [0.8, 0.6]]})
    """
    losses = np.asarray(losses)
    if losses.ndim != 2:
        must, came = "losses must be (networks, steps)", f"an array of shape {losses.shape}"
        instead = "use training_history for a single network"
        raise ValueError(complaint("ensemble_history", must, came, instead))
    axes = axes or new_axes(7.2, 4.4)
    window, _ = _moving_average(losses[0])
    smooth = np.stack([_moving_average(each)[1] for each in losses])
    position = np.arange(window, losses.shape[1] + 1) / steps_per_epoch
    _spread(axes, position, smooth, COLORS[0], f"mean of {window} steps")
    for index, (name, values) in enumerate((validation or {}).items(), start=1):
        values = _of_networks(len(losses), name, values)
        _spread(axes, _epochs(values.T), values, COLORS[index % len(COLORS)], name)
    axes.fill_between([], [], [], color=GREY, alpha=0.5, linewidth=0, label="half of the networks")
    axes.fill_between([], [], [], color=GREY, alpha=0.2, linewidth=0, label="all of them")
    _set_axes(axes, "step" if steps_per_epoch == 1 else "epoch", scale)
    axes.set_xlim(0, losses.shape[1] / steps_per_epoch)
    return finish(axes, f"Training of {len(losses)} networks")


def _of_networks(networks: int, name: str, values: ArrayLike) -> np.ndarray:
    values = np.asarray(values)
    if values.shape[:1] != (networks,):
        must, came = f"{name} must be ({networks} networks, epochs)", f"{values.shape}"
        instead = "pass it as FitResult.validation has it"
        raise ValueError(complaint("ensemble_history", must, came, instead))
    return values


def _moving_average(losses: np.ndarray) -> tuple[int, np.ndarray]:
    """Over how many steps, and the average of each so many in a row."""
    window = max(1, len(losses) // SMOOTHING)
    return window, np.convolve(losses, np.full(window, 1 / window), mode="valid")


def _epochs(values: np.ndarray) -> np.ndarray:
    return np.arange(1, len(values) + 1)


def _spread(axes: Axes, x: np.ndarray, values: np.ndarray, color: str, name: str) -> None:
    """The median of the networks as a line, and bands around it."""
    low, quarter, median, three_quarters, high = np.quantile(values, [0, 0.25, 0.5, 0.75, 1], 0)
    axes.fill_between(x, low, high, color=color, alpha=0.15, linewidth=0)
    axes.fill_between(x, quarter, three_quarters, color=color, alpha=0.35, linewidth=0)
    axes.plot(x, median, color=color, linewidth=2.0, label=name)


def _set_axes(axes: Axes, unit: str, scale: Scale) -> None:
    axes.set(xlabel=unit, ylabel="loss", yscale=scale)
    if scale == "log":
        low, high = axes.get_ylim()
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,)))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    axes.grid(axis="y", color=GREY, alpha=0.25)
