"""What all pictures share: colors, new axes, the last strokes."""

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

COLORS = ("#2a6fbb", "#d9641e", "#3a9a5b", "#8a56ac", "#b8860b", "#c2417c")
POSITIVE, NEGATIVE = COLORS[:2]
GREY, DARK = "#9aa3ad", "#22272e"
DASHES = (0, (4, 2))
DOTS_PER_INCH = 150


def palette(count: int) -> tuple[str, ...]:
    """Colors for so many things, each its own."""
    if count <= len(COLORS):
        return COLORS
    return tuple(map(to_hex, matplotlib.colormaps["turbo"](np.linspace(0.05, 0.95, count))))


def new_axes(width: float, height: float) -> Axes:
    """Axes that fill a figure of so many inches."""
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout=layout)
    return figure.add_subplot()


def add_legend(axes: Axes) -> None:
    """A legend that stays legible over lines."""
    axes.legend(framealpha=0.8, edgecolor="none")


def finish(axes: Axes, title: str) -> Figure:
    """Give axes a title and take away the frame's upper and right edge."""
    axes.set_title(title, color=DARK, loc="left", fontweight="bold", pad=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(color=GREY)
    figure = axes.get_figure(root=True)
    assert figure is not None  # axes are born in a figure
    return figure
