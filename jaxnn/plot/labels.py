"""Labels in the room they have: turned, broken into lines, shortened, and only then left out."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from textwrap import wrap

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

POINTS_PER_INCH = 72
# The height of a line and the width of a letter, in sizes of the font.
LINE, LETTER = 1.35, 0.6
# The share of the axes' width or height that a name beside them may take, and letters at least.
SHARE, FEWEST_LETTERS = 1 / 3, 12


def room(axes: Axes) -> tuple[float, float]:
    """The width and the height of axes in points, before a layout gives some away to labels."""
    figure = axes.get_figure(root=True)
    assert figure is not None  # axes are born in a figure
    scale = POINTS_PER_INCH / figure.dpi
    return axes.bbox.width * scale, axes.bbox.height * scale


def text_width(text: str) -> float:
    """The width of the longest of its lines in points."""
    font = FontProperties(size=rcParams["font.size"])
    return max(
        text_to_path.get_text_width_height_descent(line, font, False)[0]
        for line in text.split("\n")
    )


def name_columns(axes: Axes, names: Sequence[str], pitch: float) -> None:
    """Name the columns at 0, 1, ..., so many points apart, below them.

    Names that would meet are turned upright; where even so there is no room, some are left out.
    """
    size = rcParams["font.size"]
    widths = [text_width(name) + size / 2 for name in names]
    steps = range(1, len(names) + 1)
    flat = next(step for step in steps if _are_apart(widths[::step], step * pitch))
    step, rotation = min((flat, 0), (ceil(LINE * size / pitch), 90))
    if rotation:
        names = [name.replace("\n", " ") for name in names]
        names = _fitted(names, SHARE * room(axes)[1], step * pitch)
    axes.set_xticks(range(0, len(names), step), names[::step], rotation=rotation)


def name_rows(
    axes: Axes, places: Sequence[int], names: Sequence[str], pitch: float, va: str = "center"
) -> int:
    """Name rows so many points apart, on their left.

    Long names are broken into lines, the longest are shortened in the middle; where there is no
    room for a line, some are left out.

    Returns:
        One row in so many is named.
    """
    step = ceil(LINE * rcParams["font.size"] / pitch)
    shown = _fitted(names, SHARE * room(axes)[0], pitch)
    axes.set_yticks(places[::step], shown[::step], va=va)
    return step


def _are_apart(widths: Sequence[float], pitch: float) -> bool:
    """Whether texts so wide, one beside the other around places so far apart, do not meet."""
    return all(left / 2 + right / 2 <= pitch for left, right in pairwise(widths))


def _fitted(names: Sequence[str], length: float, height: float) -> list[str]:
    """Names in lines so long, together so high at most."""
    size = rcParams["font.size"]
    most = max(FEWEST_LETTERS, int(length / (LETTER * size)))
    lines = max(1, int(height / (LINE * size)))
    return [_broken(_shorten(name, lines * most), most, lines) for name in names]


def _shorten(name: str, most: int) -> str:
    """A name of at most so many letters, of both ends where it is longer."""
    half = (most - 1) // 2
    return name if len(name) <= most else f"{name[:half]}…{name[-half:]}"


def _broken(name: str, most: int, lines: int) -> str:
    """Lines of at most so many letters, broken at blanks and behind dots where that takes few."""
    parts = wrap(name.replace(".", ".\v"), most, replace_whitespace=False)
    if len(parts) > lines:
        parts = [name[start : start + most] for start in range(0, len(name), most)]
    return "\n".join(part.replace("\v", "") for part in parts)
