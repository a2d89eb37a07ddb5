"""Networks as units and lines."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from jaxnn.plot.style import COLORS, DARK, GREY, NEGATIVE, POSITIVE, finish, new_axes

# A layer with more units than this is drawn by its first and its last few.
MOST_UNITS_DRAWN = 12
# Up to so many lines between two layers are drawn bold.
FEW_LINES = 36


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
    axes = axes or new_axes(8.0, 1.8 - 0.6 * lowest)
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
        legend = "weights: blue positive, orange negative"
        axes.text(0.5, 0, legend, transform=axes.transAxes, ha="center", fontsize=9, color=DARK)
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    return finish(axes, f"Network with {count:,} parameters")


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
    faintest, boldness = (0.3, 2.0) if len(lines) <= FEW_LINES else (0.08, 1.0)
    colors = [
        to_rgba(POSITIVE if weight > 0 else NEGATIVE, alpha=faintest + (1 - faintest) * s**1.5)
        for weight, s in zip(weights, strength, strict=True)
    ]
    return LineCollection(
        lines, colors=colors, linewidths=boldness * (0.3 + 1.2 * strength), zorder=1
    )


def _layer_role(layer: int, layers: int, activation: str) -> str:
    if layer == 0:
        return "input"
    return "output" if layer == layers - 1 else activation
