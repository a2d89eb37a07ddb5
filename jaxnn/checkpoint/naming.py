"""Which array of a pytree has which name in torch, and how its axes go there."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import jax
import numpy as np

from jaxnn._checks import complaint
from jaxnn.layers import Dense
from jaxnn.parameters import Conv


class Field(NamedTuple):
    """torch's name of a field, and how its axes go from ours to torch's and back."""

    name: str
    to_torch: Callable[[Any], Any]
    from_torch: Callable[[Any], Any]


def _same(x: Any) -> Any:
    return x


def _output_first(x: Any) -> Any:
    """(*window, in, out) as (out, in, *window); a number, as optimizers keep some, as it is."""
    return x.transpose(-1 % x.ndim, -2 % x.ndim, *range(x.ndim - 2)) if x.ndim else x


def _output_last(x: Any) -> Any:
    """(out, in, *window) as (*window, in, out); a number as it is."""
    return x.transpose(*range(2, x.ndim), 1, 0) if x.ndim else x


_KERNEL = Field("weight", _output_first, _output_last)
_BIAS = Field("bias", _same, _same)
_ARRAY = Field("", _same, _same)

#: The layers whose parameters have other names or layouts than torch's.
LAYERS: dict[type, dict[str, Field]] = {
    Dense: {"kernel": _KERNEL, "bias": _BIAS},
    Conv: {"kernel": _KERNEL, "bias": _BIAS},
}


class Entry(NamedTuple):
    """An array among parameters: its name in torch, how its axes go, and the array."""

    name: str
    field: Field
    value: Any


def entries_of(function: str, params: Any, names: Sequence[str] | None) -> list[Entry]:
    """The arrays of a pytree by torch's names, in the order of its leaves.

    Raises:
        TypeError: A leaf is no array.
        ValueError: There are not as many names as elements, or two arrays of one name.
    """
    elements = jax.tree.leaves(params, is_leaf=lambda node: node is not params)
    if names is None and _is_mlp(params):
        names = [str(2 * i) for i in range(len(params))]
    if names is None:
        return _distinct(function, _named(function, "", params))
    is_row = isinstance(params, list | tuple) and type(params) not in LAYERS
    if not is_row or len(elements) != len(names):
        must = "there must be a name for each element of the parameters, a list or tuple"
        came = f"{len(names)} names and {len(elements)} elements of a {type(params).__name__}"
        raise ValueError(complaint(function, must, came, "leave names out"))
    pairs = zip(names, elements, strict=True)
    return _distinct(function, (each for pair in pairs for each in _named(function, *pair)))


def _is_mlp(params: Any) -> bool:
    return type(params) is tuple and all(isinstance(layer, Dense) for layer in params)


def _named(function: str, name: str, node: Any) -> Iterator[Entry]:
    """The arrays of what has this name, in JAX's order."""
    for path, leaf in jax.tree.leaves_with_path(node, is_leaf=lambda node: type(node) in LAYERS):
        place = jax.tree_util.keystr(path, simple=True, separator=".")
        for field, value in _fields(leaf):
            full = ".".join(filter(None, (name, place, field.name)))
            yield Entry(full, field, _array(function, full, value))


def _fields(leaf: Any) -> Iterator[tuple[Field, Any]]:
    if type(leaf) not in LAYERS:
        yield _ARRAY, leaf
        return
    for own, value in leaf._asdict().items():
        if value is not None:
            yield LAYERS[type(leaf)][own], value


def _array(function: str, name: str, value: Any) -> Any:
    if hasattr(value, "dtype") and hasattr(value, "shape"):
        return value
    if not isinstance(value, int | float | complex):
        must = "parameters must be arrays, in layers and containers that JAX knows"
        came = f"a {type(value).__name__}" + (f" in {name}" if name else "")
        instead = "use jax.tree_util.register_dataclass for a class of your own"
        raise TypeError(complaint(function, must, came, instead))
    return np.asarray(value)


def _distinct(function: str, entries: Iterable[Entry]) -> list[Entry]:
    found = list(entries)
    if twice := [name for name, count in Counter(each.name for each in found).items() if count > 1]:
        must, came = "each array must have a name of its own", f"several of {', '.join(twice)}"
        raise ValueError(complaint(function, must, came, "give the containers other keys or names"))
    return found
