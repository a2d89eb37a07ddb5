"""Classifiers: what they take for what, and where."""

from collections.abc import Callable, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from jaxnn._checks import complaint
from jaxnn.plot.labels import name_columns, name_rows, room, text_width
from jaxnn.plot.style import DARK, finish, new_axes, palette

# A table of more classes is a texture, and would take gigabytes.
MOST_CLASSES = 2_000


def confusion_matrix(
    labels: ArrayLike,
    predictions: ArrayLike,
    *,
    classes: Sequence[str] | np.ndarray | None = None,
    axes: Axes | None = None,
) -> Figure:
    """Draw how often each class was taken for each: the right ones stand on the diagonal.

    The shade of a cell is its share of the samples of its true class. Numbers are left out where
    the cells are too small for them, and some names where there is no room for all.

    Args:
        labels: ``int[n]``, the true class of each sample.
        predictions: ``int[n]``, the class that the network chose.
        classes: Their names; by default their numbers.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Raises:
        ValueError: ``labels`` and ``predictions`` are not as many integers from 0 on, less than
            the number of ``classes``, or there are none, or too many classes for a picture.

    Examples:
        >>> figure = confusion_matrix([0, 1, 1, 2], [0, 1, 2, 2], classes=["cat", "dog", "cow"])
    """
    instead = "number the classes from 0 on, and use jnp.argmax(logits, axis=-1)"
    names = [] if classes is None else [str(name) for name in classes]
    if len(names) > MOST_CLASSES:
        must = f"classes must be {MOST_CLASSES} at the most"
        raise ValueError(complaint("confusion_matrix", must, str(len(names)), "leave some out"))
    check = partial(_classes, "confusion_matrix", of="sample", instead=instead)
    labels = check("labels", labels, np.size(labels), below=len(names))
    predictions = check("predictions", predictions, len(labels), below=len(names))
    count = len(names) or 1 + int(max(labels.max(), predictions.max()))
    table = np.zeros((count, count), int)
    np.add.at(table, (labels, predictions), 1)
    axes = axes or new_axes(6.0, 5.6)
    _draw_table(axes, table)
    names, pitch = names or [str(index) for index in range(count)], min(room(axes)) / count
    name_columns(axes, names, pitch)
    name_rows(axes, range(count), names, pitch)
    axes.set(xlabel="predicted class", ylabel="true class")
    right = np.trace(table)
    return finish(axes, f"{right:,} of {len(labels):,} right: {right / len(labels):.1%}")


def _draw_table(axes: Axes, table: np.ndarray) -> None:
    """Shade its cells, and write their numbers where they all fit."""
    count, pitch = len(table), min(room(axes)) / len(table)
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(np.arange(0.5, count), minor=True)
    axes.set_yticks(np.arange(0.5, count), minor=True)
    axes.grid(which="minor", color="white", linewidth=min(2, 0.1 * pitch))
    axes.tick_params(which="minor", length=0)
    if text_width(str(table.max())) > 0.9 * pitch:
        return
    for row, column in np.argwhere(table):
        color = "white" if share[row, column] > 0.5 else DARK
        axes.text(column, row, str(table[row, column]), ha="center", va="center", color=color)


def decision_boundary(
    predict: Callable[[jax.Array], ArrayLike],
    points: ArrayLike,
    labels: ArrayLike,
    *,
    axes: Axes | None = None,
) -> Figure:
    """Color the plane by the class that a network chooses there, under the points it learned.

    Args:
        predict: Maps ``f32[n, 2]`` points to ``int[n]`` classes.
        points: ``f32[n, 2]``.
        labels: ``int[n]``, the true class of each point.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Raises:
        ValueError: ``predict`` gives anything but one class for each point, ``labels`` are no
            such classes, or ``points`` are not finite, or none.

    Examples:
        >>> import numpy as np
        >>> points = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 2.0]])
        >>> figure = decision_boundary(lambda x: x[:, 0] > x[:, 1], points, [0, 1, 0])
    """
    points = np.asarray(points, np.float32)
    if points.shape[1:] != (2,) or not points.size or not np.isfinite(points).all():
        must, came = "points must be (n, 2), finite", f"{points.dtype} of shape {points.shape}"
        raise ValueError(complaint("decision_boundary", must, came, "choose two of the inputs"))
    check = partial(_classes, "decision_boundary", of="point")
    labels = check("labels", labels, len(points), instead="number the classes from 0 on")
    across, up = _plane_around(points)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    chosen = predict(jnp.asarray(grid.reshape(-1, 2)))
    instead = "end it with jnp.argmax(logits, axis=-1)"
    classes = check("what predict gives", chosen, grid[..., 0].size, instead=instead)
    colors = palette(1 + int(max(classes.max(), labels.max())))
    limits = {"cmap": ListedColormap(colors), "vmin": 0, "vmax": len(colors) - 1}
    axes = axes or new_axes(6.0, 5.2)
    axes.pcolormesh(across, up, classes.reshape(grid.shape[:2]), alpha=0.25, shading="nearest",
                    rasterized=True, **limits)  # fmt: skip
    axes.scatter(*points.T, c=labels, s=28, edgecolor="white", linewidth=0.6, **limits)
    axes.set(xlabel="first input", ylabel="second input")
    return finish(axes, "Decision boundary")


def _plane_around(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``f32[301]`` each, the places across and up of a plane that holds the points."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.where(high > low, 0.1 * (high - low), 1)
    across, up = np.linspace(low - margin, high + margin, 301, dtype=np.float32).T
    return across, up


def _classes(
    function: str,
    name: str,
    values: ArrayLike,
    count: int,
    *,
    of: str,
    instead: str,
    below: int = 0,
) -> np.ndarray:
    """The numbers of so many classes, or a ValueError where they are none."""
    values = np.asarray(values)
    if values.shape != (count,) or not count or values.dtype.kind not in "biu":
        must, came = f"{name} must be one integer for each {of}", f"{values.dtype}"
        raise ValueError(complaint(function, must, f"{came} of shape {values.shape}", instead))
    last = (below or MOST_CLASSES) - 1
    if values.min() < 0 or values.max() > last:
        must, came = f"{name} must be between 0 and {last}", f"{values.min()} to {values.max()}"
        raise ValueError(complaint(function, must, came, instead))
    return values.astype(int)
