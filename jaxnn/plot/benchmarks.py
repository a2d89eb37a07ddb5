"""Comparisons as bars."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jaxnn.benchmark import Comparison, in_units
from jaxnn.plot.style import COLORS, DARK, GREY, finish, new_axes


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
    axes = axes or new_axes(7.2, 1.4 + 0.6 * len(rows))
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
    return finish(axes, title)
