"""Pictures of networks and of how they learn.

Each function draws on the axes that it is given, or on a figure of its own, which it returns. None
touches pyplot's global state: save a figure with ``figure.savefig("name.png")``.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from jaxnn.benchmark import Comparison, in_units

COLORS = ("#2a6fbb", "#d9641e", "#3a9a5b", "#8a56ac", "#b8860b", "#c2417c")
POSITIVE, NEGATIVE = COLORS[:2]
GREY, DARK = "#9aa3ad", "#22272e"
DASHES = (0, (4, 2))
DOTS_PER_INCH = 150

# A layer with more units than this is drawn by its first and its last few.
MOST_UNITS_DRAWN = 12
# The steps over which the loss is averaged for the smooth curve: one in so many of all of them.
SMOOTHING = 50


def activation_curve(
    functions: Mapping[str, Callable[[jax.Array], jax.Array]],
    *,
    low: float = -5.0,
    high: float = 5.0,
    axes: Axes | None = None,
) -> Figure:
    """Draw activation functions, and dashed their derivatives.

    Args:
        functions: Names and elementwise functions.
        low: Where the input starts.
        high: Where it ends.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Examples:
        >>> import jax
        >>> figure = activation_curve({"sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu})
    """
    axes = axes or _new_axes(6.4, 4.4)
    x = jnp.linspace(low, high, 801)
    for index, (name, function) in enumerate(functions.items()):
        color = COLORS[index % len(COLORS)]
        _, slope = jax.jvp(function, (x,), (jnp.ones_like(x),))
        axes.plot(x, slope, color=color, linewidth=1.3, linestyle=DASHES)
        axes.plot(x, function(x), color=color, linewidth=2.2, label=name)
    axes.plot([], [], color=GREY, linewidth=1.3, linestyle=DASHES, label="derivative")
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=0)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    axes.set(xlabel="input x", ylabel="output f(x)", xlim=(low, high))
    axes.legend(frameon=False)
    return _finish(axes, "Activation and its derivative")


def network_diagram(
    sizes: Sequence[int],
    *,
    kernels: Sequence[ArrayLike] | None = None,
    activation: str = "activation",
    axes: Axes | None = None,
) -> Figure:
    """Draw the units of a fully connected network, layer by layer, and what connects them.

    Args:
        sizes: Units in each layer, as ``init_mlp`` takes them. Of a large layer the first and the
            last few are drawn.
        kernels: One ``(in, out)`` array of weights for each pair of layers. With them the lines
            show the weights: blue above zero, orange below, the stronger the larger.
        activation: What the hidden layers apply, for the caption.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Examples:
        >>> figure = network_diagram([64, 128, 64, 10], activation="relu")
    """
    drawn = [_drawn_units(size) for size in sizes]
    lowest = min(min(units.values()) for units in drawn)
    axes = axes or _new_axes(8.0, 1.8 - 0.6 * lowest)
    for layer in range(len(sizes) - 1):
        kernel = None if kernels is None else np.asarray(kernels[layer])
        axes.add_collection(_connections(layer, drawn[layer], drawn[layer + 1], kernel))
    for layer, (size, units) in enumerate(zip(sizes, drawn, strict=True)):
        color = COLORS[0] if layer in (0, len(sizes) - 1) else COLORS[2]
        axes.scatter([layer] * len(units), list(units.values()), s=130, color=color,
                     edgecolor="white", zorder=3)  # fmt: skip
        if size > len(units):
            axes.scatter([layer] * 3, [-0.35, 0.0, 0.35], s=7, color=DARK, zorder=3)
        caption = f"{size:,}\n{_layer_role(layer, len(sizes), activation)}"
        axes.text(layer, lowest - 0.7, caption, ha="center", va="top", color=DARK)
    axes.set_axis_off()
    axes.set(xlim=(-0.4, len(sizes) - 0.6), ylim=(lowest - 2.2, 0.5 - lowest))
    if kernels is not None:
        axes.set_title("weights: blue positive, orange negative", loc="right", fontsize=9)
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    return _finish(axes, f"Network with {count:,} parameters")


def training_history(
    losses: ArrayLike,
    *,
    steps_per_epoch: int = 1,
    validation: Mapping[str, ArrayLike] | None = None,
    axes: Axes | None = None,
) -> Figure:
    """Draw the loss of every training step, its moving average, and what was measured each epoch.

    Args:
        losses: ``f32[steps]``, as in ``FitResult.losses``.
        steps_per_epoch: Steps in an epoch; the horizontal axis counts epochs if it is not 1.
        validation: Names and ``f32[epochs]``, each value from the end of an epoch.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Examples:
        >>> figure = training_history([2.3, 1.1, 0.6, 0.5], steps_per_epoch=2,
        ...                           validation={"test loss": [0.9, 0.7]})
    """
    axes = axes or _new_axes(7.2, 4.4)
    losses = np.asarray(losses)
    position = np.arange(1, len(losses) + 1) / steps_per_epoch
    axes.plot(position, losses, color=COLORS[0], alpha=0.25, linewidth=0.8, label="loss of a step")
    window = max(1, len(losses) // SMOOTHING)
    smooth = np.convolve(losses, np.full(window, 1 / window), mode="valid")
    axes.plot(position[window - 1 :], smooth, color=COLORS[0], linewidth=2.0,
              label=f"mean of {window} steps")  # fmt: skip
    for index, (name, values) in enumerate((validation or {}).items(), start=1):
        values = np.asarray(values)
        epochs = np.arange(1, len(values) + 1)
        axes.plot(
            epochs, values, "o-", color=COLORS[index], markersize=4, label=name, clip_on=False
        )
    axes.set(xlabel="step" if steps_per_epoch == 1 else "epoch", ylabel="loss", yscale="log")
    axes.set_xlim(0, position[-1] if len(position) else 1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    axes.grid(axis="y", color=GREY, alpha=0.25)
    return _finish(axes, "Training")


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
    axes = axes or _new_axes(6.0, 5.6)
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
    return _finish(axes, f"{right:,} of {len(labels):,} right: {right / len(labels):.1%}")


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

    Examples:
        >>> import numpy as np
        >>> points = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 2.0]])
        >>> figure = decision_boundary(lambda x: x[:, 0] > x[:, 1], points, [0, 1, 0])
    """
    axes = axes or _new_axes(6.0, 5.2)
    points, labels = np.asarray(points, np.float32), np.asarray(labels)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.1 * (high - low)
    across, up = (np.linspace(a, b, 301) for a, b in zip(low - margin, high + margin, strict=True))
    grid = np.stack(np.meshgrid(across, up), axis=-1).astype(np.float32)
    classes = np.asarray(predict(jnp.asarray(grid.reshape(-1, 2)))).reshape(301, 301).astype(int)
    colors = ListedColormap(COLORS)
    limits = {"cmap": colors, "vmin": 0, "vmax": len(COLORS) - 1}
    axes.pcolormesh(across, up, classes, alpha=0.25, shading="nearest", rasterized=True, **limits)
    axes.scatter(*points.T, c=labels, s=28, edgecolor="white", linewidth=0.6, **limits)
    axes.set(xlabel="first input", ylabel="second input")
    return _finish(axes, "Decision boundary")


def benchmark_bars(comparison: Comparison, *, title: str, axes: Axes | None = None) -> Figure:
    """Draw a comparison as bars, the interquartile range of each as a whisker.

    Args:
        comparison: What ``jaxnn.benchmark.compare`` returned.
        title: What was compared.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Examples:
        >>> from jaxnn.benchmark import compare
        >>> functions = {"one": lambda: sum(range(9)), "two": lambda: sum(range(99))}
        >>> figure = benchmark_bars(compare(functions, seconds=0.01), title="sums")
    """
    rows = comparison.contestants
    axes = axes or _new_axes(7.2, 1.4 + 0.6 * len(rows))
    medians = [row.median for row in rows]
    position = range(len(rows))
    axes.barh(position, medians, height=0.6, color=[COLORS[0]] + [GREY] * (len(rows) - 1))
    axes.errorbar(medians, position, xerr=[row.spread / 2 for row in rows], fmt="none",
                  ecolor=DARK, capsize=3, linewidth=1)  # fmt: skip
    for place, row in zip(position, rows, strict=True):
        label = f"{in_units(row.median, 's')}  ({row.ratio:.2f} x)"
        axes.annotate(label, (row.median + row.spread / 2, place), xytext=(6, 0),
                      textcoords="offset points", va="center", color=DARK)  # fmt: skip
    axes.set_yticks(position, [row.name for row in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.5 * max(medians))
    axes.xaxis.set_major_formatter(lambda value, _: in_units(value, "s"))
    axes.set_xlabel(f"time of a call, median of {comparison.rounds} rounds")
    return _finish(axes, title)


def _new_axes(width: float, height: float) -> Axes:
    """Axes that fill a figure of so many inches."""
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout=layout)
    return figure.add_subplot()


def _finish(axes: Axes, title: str) -> Figure:
    """Give axes a title and take away the frame's upper and right edge."""
    axes.set_title(title, color=DARK, loc="left", fontweight="bold", pad=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(color=GREY)
    figure = axes.get_figure(root=True)
    assert figure is not None  # axes are born in a figure
    return figure


def _drawn_units(size: int) -> dict[int, float]:
    """The index and the height of each unit that is drawn, around the middle at 0."""
    if size <= MOST_UNITS_DRAWN:
        return {unit: (size - 1) / 2 - unit for unit in range(size)}
    half = MOST_UNITS_DRAWN // 2
    upper = {unit: float(half - unit) for unit in range(half)}
    lower = {size - 1 - unit: -height for unit, height in upper.items()}
    return upper | lower


def _connections(
    layer: int, left: dict[int, float], right: dict[int, float], kernel: np.ndarray | None
) -> LineCollection:
    """Lines from each unit drawn of a layer to each of the next, colored by weight if given."""
    pairs = [(i, j) for i in left for j in right]
    lines = [((layer, left[i]), (layer + 1, right[j])) for i, j in pairs]
    if kernel is None:
        return LineCollection(lines, colors=GREY, linewidths=0.4, zorder=1)
    weights = np.array([kernel[i, j] for i, j in pairs])
    strength = np.abs(weights) / max(np.abs(weights).max(), np.finfo(np.float32).tiny)
    colors = [
        to_rgba(POSITIVE if weight > 0 else NEGATIVE, alpha=0.08 + 0.92 * s**1.5)
        for weight, s in zip(weights, strength, strict=True)
    ]
    return LineCollection(lines, colors=colors, linewidths=0.3 + 1.2 * strength, zorder=1)


def _layer_role(layer: int, layers: int, activation: str) -> str:
    if layer == 0:
        return "input"
    return "output" if layer == layers - 1 else activation
