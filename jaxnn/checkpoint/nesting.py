"""Containers in containers, which end somewhere."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

#: Deeper ones are no state dicts, and Python's recursion ends at about 1000.
DEEPEST = 100


def check_nesting(value: Any, check_leaf: Callable[[Any], object]) -> None:
    """Refuse what is nested too deep, or in itself.

    Args:
        value: A dict, list, tuple or set, or a leaf.
        check_leaf: Is called with whatever else is in them, and may raise.

    Raises:
        ValueError: There are more than 100 levels.
    """
    _height(value, 0, {}, check_leaf)


def _height(
    value: Any, depth: int, known: dict[int, int], check_leaf: Callable[[Any], object]
) -> int:
    """The levels below; a container in two places is looked at once, or it might never end."""
    children = _children(value)
    if children is None:
        check_leaf(value)
        return 0
    if id(value) not in known and depth < DEEPEST:
        below = (_height(child, depth + 1, known, check_leaf) for child in children)
        known[id(value)] = 1 + max(below, default=0)
    height = known.get(id(value), DEEPEST)
    if depth + height > DEEPEST:
        raise ValueError(f"containers are nested more than {DEEPEST} deep, or in themselves")
    return height


def _children(value: Any) -> Iterable[Any] | None:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple | set) else None
