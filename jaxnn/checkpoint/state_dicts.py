"""Parameters by torch's names and in torch's layouts, and back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
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

#: The layers whose parameters have other names or layouts than torch's.
LAYERS: dict[type, dict[str, Field]] = {
    Dense: {"kernel": _KERNEL, "bias": _BIAS},
    Conv: {"kernel": _KERNEL, "bias": _BIAS},
}


def to_state_dict(params: Any, names: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """Parameters as torch's ``state_dict()`` has them: by dotted names, weights as (out, in).

    The parameters of `init_mlp` get the names that ``nn.Sequential(Linear, activation, Linear, …)``
    gives them: ``0.weight``, ``0.bias``, ``2.weight``, … Elsewhere a name is the path to the array,
    through the keys of dicts, the indices of lists and the fields of NamedTuples.

    Args:
        params: A pytree of dicts, lists, tuples and layers.
        names: What to call the elements of ``params``, a list or tuple, instead of by numbers:
            ``("0", "3", "6")`` where each activation is followed by a dropout.

    Returns:
        Names and arrays.

    Raises:
        ValueError: There are not as many names as elements.

    Examples:
        >>> import jax
        >>> import jaxnn
        >>> params = jaxnn.init_mlp(jax.random.key(0), (2, 16, 1))
        >>> {name: value.shape for name, value in to_state_dict(params).items()}
        {'0.weight': (16, 2), '0.bias': (16,), '2.weight': (1, 16), '2.bias': (1,)}

    Source: ``torch.nn.Module.state_dict``.
    """
    return {
        entry.name: np.asarray(entry.field.to_torch(np.asarray(entry.value)))
        for entry in entries_of("to_state_dict", params, names)
    }


def from_state_dict(
    state_dict: Mapping[str, Any], like: Any, names: Sequence[str] | None = None
) -> Any:
    """Parameters out of torch's ``state_dict()``, as `load` and `load_torch` read it.

    Args:
        state_dict: Names and arrays.
        like: Parameters of the same structure, shapes and types, such as `init_mlp` makes, or
            ``jax.eval_shape`` of it: what is in them is not looked at.
        names: As in `to_state_dict`.

    Returns:
        A pytree like ``like``, of arrays of its types.

    Raises:
        ValueError: A name is missing or one too many, or a shape is another one. The message lists
            all of them, and nothing is loaded.

    Examples:
        >>> import jax
        >>> import jaxnn
        >>> params = jaxnn.init_mlp(jax.random.key(0), (2, 16, 1))
        >>> again = from_state_dict(to_state_dict(params), params)
        >>> bool((again[0].kernel == params[0].kernel).all())
        True

    Source: ``torch.nn.Module.load_state_dict``.
    """
    entries = list(entries_of("from_state_dict", like, names))
    if faults := faults_of(state_dict, entries):
        must = "names and shapes must be those of the parameters"
        instead = "see to_state_dict(like) for them"
        raise ValueError(complaint("from_state_dict", must, "; ".join(faults), instead))
    return restored(state_dict, entries, like)


class Entry(NamedTuple):
    """An array among parameters: its name in torch, how its axes go, and the array."""

    name: str
    field: Field
    value: Any


def entries_of(function: str, params: Any, names: Sequence[str] | None) -> Iterator[Entry]:
    """The arrays of a pytree by torch's names, in the order of its leaves.

    Raises:
        ValueError: There are not as many names as elements.
    """
    if names is not None and (not isinstance(params, list | tuple) or len(params) != len(names)):
        count = len(params) if isinstance(params, list | tuple) else 1
        must = "there must be a name for each element of the parameters"
        came = f"{len(names)} names and {count} elements"
        raise ValueError(complaint(function, must, came, "leave names out"))
    if names is None and _is_mlp(params):
        names = [str(2 * i) for i in range(len(params))]
    return _walk(params, (), names)


def _is_mlp(params: Any) -> bool:
    return isinstance(params, tuple) and all(isinstance(layer, Dense) for layer in params)


def _walk(node: Any, path: tuple[str, ...], names: Sequence[str] | None = None) -> Iterator[Entry]:
    if type(node) in LAYERS:
        fields = LAYERS[type(node)]
        for own, value in zip(node._fields, node, strict=True):
            if value is not None:
                yield Entry(".".join([*path, fields[own].name]), fields[own], value)
    elif isinstance(node, Mapping):
        for key in sorted(node):
            yield from _walk(node[key], (*path, str(key)))
    elif isinstance(node, list | tuple):
        steps = names or getattr(node, "_fields", None) or map(str, range(len(node)))
        for step, child in zip(steps, node, strict=True):
            yield from _walk(child, (*path, step))
    elif node is not None:
        yield Entry(".".join(path), Field("", _same, _same), node)


def faults_of(state_dict: Mapping[str, Any], entries: Sequence[Entry]) -> list[str]:
    """What is missing of the arrays wanted, one too many, or of another shape."""
    wanted = {entry.name: np.shape(_outline(entry)) for entry in entries}
    given = {name: np.shape(value) for name, value in state_dict.items()}
    faults = [f"{name} is missing" for name in wanted if name not in given]
    faults += [f"{name} is one too many" for name in given if name not in wanted]
    return faults + [
        f"{name} is {given[name]}, not {shape}"
        for name, shape in wanted.items()
        if name in given and given[name] != shape
    ]


def restored(state_dict: Mapping[str, Any], entries: Sequence[Entry], like: Any) -> Any:
    """A pytree like ``like``, whose arrays the entries find in the state dict."""
    loaded = [
        jnp.asarray(entry.field.from_torch(np.asarray(state_dict[entry.name])), entry.value.dtype)
        for entry in entries
    ]
    return jax.tree.unflatten(jax.tree.structure(like), loaded)


def _outline(entry: Entry) -> np.ndarray:
    """An array of the shape that torch gives the entry, without memory."""
    return entry.field.to_torch(np.broadcast_to(np.zeros(()), entry.value.shape))
