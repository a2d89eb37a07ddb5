"""Parameters as histograms."""

from typing import Any

import jax
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jaxnn._checks import complaint
from jaxnn.plot.labels import name_rows, room
from jaxnn.plot.style import COLORS, DARK, GREY, finish, new_axes

# A histogram has about twice as many bins as the root of its numbers, within these bounds.
FEWEST_BINS, MOST_BINS = 12, 80
# The height of a histogram, where the next one starts at 1.
HEIGHT = 0.82


def weight_histograms(params: Any, *, before: Any = None, axes: Axes | None = None) -> Figure:
    """Draw how the numbers in each array of parameters are spread, one array above another.

    Every histogram is as high as the others; arrays of one network that stand out are wider.

    Args:
        params: A pytree of arrays, such as `init_mlp` and `fit` return.
        before: Others of the same structure, such as the first ones, drawn as outlines.
        axes: Where to draw; by default a figure of its own.

    Returns:
        The figure.

    Raises:
        ValueError: There is nothing to draw, or the structures differ.

    Examples:
        >>> import jax, jaxnn
        >>> figure = weight_histograms(jaxnn.init_mlp(jax.random.key(0), (64, 128, 64, 10)))
    """
    names, arrays = _arrays(params)
    names_before, first = (names, arrays) if before is None else _arrays(before)
    _check(names, names_before)
    axes = axes or new_axes(7.2, 1.4 + 0.55 * len(arrays))
    limit = _limit([*arrays, *first])
    places = range(len(arrays) - 1, -1, -1)
    step = name_rows(axes, places, names, room(axes)[1] / len(arrays), va="bottom")
    for base, array, earlier in zip(places, arrays, first, strict=True):
        color = COLORS[(places[0] - base) % 2 * 2]
        _draw(axes, array, limit, base, fill=True, color=color, alpha=0.55)
        if before is not None:
            _draw(axes, earlier, limit, base, color=DARK, alpha=0.45, linewidth=1.0)
        axes.axhline(base, color=color, linewidth=0.8)
    for base, array in list(zip(places, arrays, strict=True))[::step]:
        axes.text(1.01, base + 0.05, _note(array), fontsize=8, color=DARK,
                  transform=axes.get_yaxis_transform())  # fmt: skip
    axes.tick_params(axis="y", length=0)
    axes.set(
        xlabel="value" if before is None else "value (outlines: before)",
        xlim=(-limit, limit),
        ylim=(-0.08, len(arrays)),
    )
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    return finish(axes, f"{sum(array.size for array in arrays):,} parameters")


def _arrays(params: Any) -> tuple[list[str], list[np.ndarray]]:
    """The arrays of a pytree that hold numbers, flat, by the paths to them."""
    paths, _ = jax.tree.flatten_with_path(params)
    named = [(path, np.asarray(leaf, np.float64).ravel()) for path, leaf in paths]
    full = [(path, array) for path, array in named if array.size]
    names = [jax.tree_util.keystr(path, simple=True, separator=".") for path, _ in full]
    return names, [array for _, array in full]


def _check(names: list[str], before: list[str]) -> None:
    if not names:
        must, instead = "params must hold a number", "make them with init_mlp"
        raise ValueError(complaint("weight_histograms", must, "none", instead))
    if names != before:
        must = "before must have the structure of params"
        came = f"arrays {before}, not {names}"
        raise ValueError(complaint("weight_histograms", must, came, "pass the first parameters"))


def _limit(arrays: list[np.ndarray]) -> float:
    """Where the horizontal axis ends, on both sides of 0."""
    finite = [array[np.isfinite(array)] for array in arrays]
    largest = max((np.abs(array).max() for array in finite if array.size), default=0.0)
    return 1.05 * float(largest) or 1.0


def _note(array: np.ndarray) -> str:
    """How many numbers, how far they spread, and how many of them have no place in it."""
    finite = array[np.isfinite(array)]
    spread = [f"σ {finite.std():.2g}"] if finite.size else []
    others = [f"{array.size - finite.size:,} not finite"] if finite.size < array.size else []
    return " · ".join([f"{array.size:,}", *spread, *others])


def _draw(axes: Axes, array: np.ndarray, limit: float, base: int, **style: Any) -> None:
    """A histogram that stands on a height."""
    bins = int(np.clip(2 * np.sqrt(array.size), FEWEST_BINS, MOST_BINS))
    counts, edges = np.histogram(array, np.linspace(-limit, limit, bins + 1))
    heights = base + HEIGHT * counts / max(counts.max(), 1)
    axes.stairs(heights, edges, baseline=base, **style)
