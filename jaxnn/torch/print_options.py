"""How tensors print: the options in force, which are one set for the whole program."""

import contextlib
import dataclasses
import math
from collections.abc import Iterator
from typing import Any

__all__ = ["get_printoptions", "printoptions", "set_printoptions"]


@dataclasses.dataclass(frozen=True)
class Options:
    """How tensors print; the fields are the arguments of :func:`set_printoptions`."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": math.inf, "edgeitems": 3, "linewidth": 80},
}

_options = Options()


def current() -> Options:
    """The options in force.

    >>> current().precision
    4
    """
    return _options


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors print; what is not named stays, except ``sci_mode``.

    Args:
        precision: digits after the decimal point.
        threshold: elements above which only the edges are shown; ``float("inf")`` for never.
        edgeitems: numbers shown at each edge of each dimension.
        linewidth: characters in a line.
        profile: ``"default"``, ``"short"`` or ``"full"``, values for the four above, which still
            win over it. Any other name changes nothing, as in torch.
        sci_mode: True for scientific notation, False for none, None to choose by the numbers.

    Source: ``torch.set_printoptions``.

    >>> with printoptions():
    ...     set_printoptions(precision=2)
    ...     get_printoptions()["precision"]
    2
    """
    named = {
        "precision": precision,
        "threshold": threshold,
        "edgeitems": edgeitems,
        "linewidth": linewidth,
    }
    chosen = _PROFILES.get(profile, {}) if profile is not None else {}
    chosen = chosen | {name: value for name, value in named.items() if value is not None}
    global _options
    _options = dataclasses.replace(_options, **chosen, sci_mode=sci_mode)


def get_printoptions() -> dict[str, Any]:
    """The options in force, as :func:`set_printoptions` takes them.

    Source: ``torch._tensor_str.get_printoptions``.

    >>> get_printoptions()["edgeitems"]
    3
    """
    return dataclasses.asdict(_options)


@contextlib.contextmanager
def printoptions(**options: Any) -> Iterator[None]:
    """Set options for the length of a ``with`` block.

    Args:
        **options: as for :func:`set_printoptions`.

    Source: ``torch._tensor_str.printoptions``.

    >>> with printoptions(sci_mode=True):
    ...     get_printoptions()["sci_mode"]
    True
    """
    before = get_printoptions()
    set_printoptions(**options)
    try:
        yield
    finally:
        set_printoptions(**before)
