"""Comparisons as bars."""

from math import isfinite

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from jaxnn._checks import complaint
from jaxnn.benchmark import Comparison, in_units
from jaxnn.plot.labels import name_rows, room, text_width
from jaxnn.plot.style import COLORS, DARK, GREY, finish, new_axes

# Points from a bar to its label; points that a label below the axis takes.
GAP, TICK = 6, 60
# What names on the left leave of the axes; the share of it that the longest bar has at least.
NAMED, LEAST_BAR = 0.75, 0.15


def benchmark_bars(comparison: Comparison, *, title: str, axes: Axes | None = None) -> Figure:
    """Draw a comparison as bars, the interquartile range of each as a whisker.

    Args:
        comparison: What ``jaxnn.benchmark.compare`` returned.
        title: What was compared.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Raises:
        ValueError: Nothing was compared.

    Examples:
        >>> from jaxnn.benchmark import compare
        >>> functions = {"one": lambda: sum(range(9)), "two": lambda: sum(range(99))}
        >>> figure = benchmark_bars(compare(functions, seconds=0.01), title="sums")
    """
    rows = comparison.contestants
    if not rows:
        must, instead = "comparison must hold a function", "pass compare's functions some"
        raise ValueError(complaint("benchmark_bars", must, "none", instead))
    axes = axes or new_axes(7.2, 1.4 + 0.6 * len(rows))
    medians = [row.median for row in rows]
    places = range(len(rows))
    axes.barh(places, medians, height=0.6, color=[COLORS[0]] + [GREY] * (len(rows) - 1))
    axes.errorbar(medians, places, xerr=[row.spread / 2 for row in rows], fmt="none",
                  ecolor=DARK, capsize=3, linewidth=1)  # fmt: skip
    labels = [f"{in_units(row.median, 's')}{_times(row.ratio)}" for row in rows]
    ends = [row.median + row.spread / 2 for row in rows]
    for place, label, end in zip(places, labels, ends, strict=True):
        axes.annotate(label, (end, place), xytext=(GAP, 0), textcoords="offset points",
                      va="center", color=DARK)  # fmt: skip
    width, height = room(axes)
    name_rows(axes, places, [row.name for row in rows], height / len(rows))
    axes.invert_yaxis()
    axes.set_xlim(0, _limit(axes, ends, labels))
    axes.xaxis.set_major_locator(MaxNLocator(max(1, int(width / TICK))))
    axes.xaxis.set_major_formatter(lambda value, _: in_units(value, "s"))
    axes.set_xlabel(f"time of a call, median of {comparison.rounds} rounds")
    return finish(axes, title)


def _times(ratio: float) -> str:
    """A ratio with the digits that tell something; nothing where no time was taken."""
    if not isfinite(ratio):
        return ""
    digits = ",.0f" if ratio >= 100 else ".2f" if ratio >= 0.1 else ".2g"
    return f"  ({ratio:{digits}} x)"


def _limit(axes: Axes, ends: list[float], labels: list[str]) -> float:
    """Where the horizontal axis ends so that each bar's label has room behind it."""
    width, _ = room(axes)
    taken = [(text_width(label) + 2 * GAP) / (NAMED * width) for label in labels]
    limits = (end / max(1 - share, LEAST_BAR) for end, share in zip(ends, taken, strict=True))
    return max(limits) or 1.0
