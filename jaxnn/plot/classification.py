"""Classifiers: what they take for what, and where."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from jaxnn._checks import complaint
from jaxnn.plot.style import COLORS, DARK, finish, new_axes


def confusion_matrix(
    labels: ArrayLike,
    predictions: ArrayLike,
    *,
    classes: Sequence[str] | None = None,
    axes: Axes | None = None,
) -> Figure:
    """Draw how often each class was taken for each: the right ones stand on the diagonal.

    Args:
        labels: ``int[n]``, the true class of each sample.
        predictions: ``int[n]``, the class that the network chose.
        classes: Their names; by default their numbers.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Examples:
        >>> figure = confusion_matrix([0, 1, 1, 2], [0, 1, 2, 2], classes=["cat", "dog", "cow"])
    """
    axes = axes or new_axes(6.0, 5.6)
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    count = len(classes) if classes else 1 + int(max(labels.max(), predictions.max()))
    table = np.zeros((count, count), int)
    np.add.at(table, (labels, predictions), 1)
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(np.arange(0.5, count), minor=True)
    axes.set_yticks(np.arange(0.5, count), minor=True)
    axes.grid(which="minor", color="white", linewidth=2)
    axes.tick_params(which="minor", length=0)
    for row, column in np.argwhere(table):
        color = "white" if share[row, column] > 0.5 else DARK
        axes.text(column, row, str(table[row, column]), ha="center", va="center", color=color)
    names = classes or [str(index) for index in range(count)]
    axes.set_xticks(range(count), names)
    axes.set_yticks(range(count), names)
    axes.set(xlabel="predicted class", ylabel="true class")
    right = np.trace(table)
    return finish(axes, f"{right:,} of {len(labels):,} right: {right / len(labels):.1%}")


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
        ValueError: ``predict`` gives anything but one class for each point.

    Examples:
        >>> import numpy as np
        >>> points = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 2.0]])
        >>> figure = decision_boundary(lambda x: x[:, 0] > x[:, 1], points, [0, 1, 0])
    """
    axes = axes or new_axes(6.0, 5.2)
    points, labels = np.asarray(points, np.float32), np.asarray(labels)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.1 * (high - low)
    across, up = (np.linspace(a, b, 301) for a, b in zip(low - margin, high + margin, strict=True))
    grid = np.stack(np.meshgrid(across, up), axis=-1).astype(np.float32)
    classes = np.asarray(predict(jnp.asarray(grid.reshape(-1, 2))))
    if classes.shape != (grid[..., 0].size,):
        must, came = "predict must give one class for each point", f"an array {classes.shape}"
        instead = "end it with jnp.argmax(logits, axis=-1)"
        raise ValueError(complaint("decision_boundary", must, came, instead))
    classes = classes.reshape(grid.shape[:2]).astype(int)
    colors = ListedColormap(COLORS)
    limits = {"cmap": colors, "vmin": 0, "vmax": len(COLORS) - 1}
    axes.pcolormesh(across, up, classes, alpha=0.25, shading="nearest", rasterized=True, **limits)
    axes.scatter(*points.T, c=labels, s=28, edgecolor="white", linewidth=0.6, **limits)
    axes.set(xlabel="first input", ylabel="second input")
    return finish(axes, "Decision boundary")
