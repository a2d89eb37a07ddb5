"""Networks as units and lines."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from jaxnn._checks import complaint
from jaxnn.plot.labels import name_columns, room
from jaxnn.plot.style import COLORS, DARK, GREY, NEGATIVE, POSITIVE, finish, new_axes

# A layer with more units than this is drawn by its first and its last few.
MOST_UNITS_DRAWN = 12
# Up to so many lines between two layers are drawn bold.
FEW_LINES = 36
# The diameter of a unit: points at most, and at most so much of the room for it.
DIAMETER, SHARE_OF_ROOM = 11.4, 0.75


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
            show the weights: blue above zero, orange below, the stronger the larger; grey at
            zero, black where they are not finite.
        activation: What the hidden layers apply, for the caption.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Raises:
        ValueError: There are no two layers, one has no unit, or the kernels do not connect them.

    Examples:
        >>> figure = network_diagram([64, 128, 64, 10], activation="relu")
    """
    kernels = _check(sizes, kernels)
    drawn = [_drawn_units(size) for size in sizes]
    lowest = min(min(units.values()) for units in drawn)
    axes = axes or new_axes(max(8.0, 0.3 * len(sizes)), 1.8 - 0.6 * lowest)
    axes.set(xlim=(-0.4, len(sizes) - 0.6), ylim=(lowest - 0.6, 0.6 - lowest))
    for layer, kernel in enumerate(kernels or [None] * (len(sizes) - 1)):
        axes.add_collection(_connections(layer, drawn[layer], drawn[layer + 1], kernel))
    pitch = room(axes)[0] / len(sizes)
    _draw_units(axes, sizes, drawn, pitch)
    roles = ["input", *[activation] * (len(sizes) - 2), "output"]
    captions = [f"{size:,}\n{role}" for size, role in zip(sizes, roles, strict=True)]
    name_columns(axes, captions, pitch)
    axes.tick_params(length=0)
    axes.set(yticks=[], xlabel=_legend(kernels))
    axes.spines[:].set_visible(False)
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    return finish(axes, f"Network with {count:,} parameters")


def _check(sizes: Sequence[int], kernels: Sequence[ArrayLike] | None) -> list[np.ndarray] | None:
    """Refuse sizes that are no network, and kernels that do not connect its layers."""
    if len(sizes) < 2 or min(sizes) < 1:
        must, instead = "sizes must name input and output, with a unit each", "use (3, 2, 1)"
        raise ValueError(complaint("network_diagram", must, f"{tuple(sizes)}", instead))
    if kernels is None:
        return None
    arrays = [np.asarray(kernel, np.float64) for kernel in kernels]
    shapes = [array.shape for array in arrays]
    if shapes != list(pairwise(sizes)):
        must, instead = f"kernels must be {list(pairwise(sizes))}", "pass layer.kernel of each"
        raise ValueError(complaint("network_diagram", must, str(shapes), instead))
    return arrays


def _legend(kernels: list[np.ndarray] | None) -> str:
    if kernels is None:
        return ""
    finite = all(np.isfinite(kernel).all() for kernel in kernels)
    return "weights: blue positive, orange negative" + ("" if finite else ", black not finite")


def _drawn_units(size: int) -> dict[int, float]:
    """The index and the height of each unit that is drawn, around the middle at 0."""
    if size <= MOST_UNITS_DRAWN:
        return {unit: (size - 1) / 2 - unit for unit in range(size)}
    half = MOST_UNITS_DRAWN // 2
    upper = {unit: float(half - unit) for unit in range(half)}
    lower = {size - 1 - unit: -height for unit, height in upper.items()}
    return upper | lower


def _draw_units(
    axes: Axes, sizes: Sequence[int], drawn: list[dict[int, float]], pitch: float
) -> None:
    """Draw the units of each layer, and three dots where some are left out."""
    rows = np.ptp(axes.get_ylim())
    diameter = min(DIAMETER, SHARE_OF_ROOM * min(pitch, room(axes)[1] / rows))
    for layer, (size, units) in enumerate(zip(sizes, drawn, strict=True)):
        color = COLORS[0] if layer in (0, len(sizes) - 1) else COLORS[2]
        axes.scatter([layer] * len(units), list(units.values()), s=diameter**2, color=color,
                     edgecolor="white", zorder=3)  # fmt: skip
        if size > len(units):
            axes.scatter([layer] * 3, [-0.35, 0.0, 0.35], s=diameter**2 / 18, color=DARK, zorder=3)


def _connections(
    layer: int, left: dict[int, float], right: dict[int, float], kernel: np.ndarray | None
) -> LineCollection:
    """Lines from each unit drawn of a layer to each of the next, colored by weight if given."""
    pairs = [(i, j) for i in left for j in right]
    lines = [((layer, left[i]), (layer + 1, right[j])) for i, j in pairs]
    if kernel is None:
        return LineCollection(lines, colors=GREY, linewidths=0.4, zorder=1)
    weights = np.array([kernel[i, j] for i, j in pairs])
    finite = np.isfinite(weights)
    sizes = np.abs(np.where(finite, weights, 0))
    strength = np.where(finite, sizes / max(sizes.max(), np.finfo(np.float32).tiny), 1)
    faintest, boldness = (0.3, 2.0) if len(lines) <= FEW_LINES else (0.08, 1.0)
    colors = [
        to_rgba(_color_of(weight), alpha=faintest + (1 - faintest) * s**1.5)
        for weight, s in zip(weights, strength, strict=True)
    ]
    return LineCollection(
        lines, colors=colors, linewidths=boldness * (0.3 + 1.2 * strength), zorder=1
    )


def _color_of(weight: float) -> str:
    if not np.isfinite(weight):
        return DARK
    return {1: POSITIVE, 0: GREY, -1: NEGATIVE}[int(np.sign(weight))]
