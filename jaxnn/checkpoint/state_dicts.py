"""Parameters by torch's names and in torch's layouts, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn._checks import complaint
from jaxnn.checkpoint.conversions import misfit
from jaxnn.checkpoint.naming import Entry, entries_of


def to_state_dict(params: Any, names: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """Parameters as torch's ``state_dict()`` has them: by dotted names, weights as (out, in).

    The parameters of `init_mlp` get the names that ``nn.Sequential(Linear, activation, Linear, …)``
    gives them: ``0.weight``, ``0.bias``, ``2.weight``, … Elsewhere a name is the path to the array,
    through the keys of dicts, the indices of lists and the fields of NamedTuples and of dataclasses
    that JAX knows.

    Args:
        params: A pytree of arrays and layers.
        names: What to call the elements of ``params``, a list or tuple, instead of by numbers:
            ``("0", "3", "6")`` where each activation is followed by a dropout.

    Returns:
        Names and arrays.

    Raises:
        TypeError: There is something else among the arrays.
        ValueError: There are not as many names as elements, or two arrays of one name.

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
        A pytree like ``like``, of arrays of its types: float32 is rounded to bfloat16, and integers
        become floating point, where it has these.

    Raises:
        TypeError: There is something else among the arrays of ``like``.
        ValueError: A name is missing or one too many, a shape is another one, or numbers are of a
            kind or size that the parameter's type has not: complex for real, 0.5 for an integer,
            300 for int8. The message lists all of them, and nothing is loaded.

    Examples:
        >>> import jax
        >>> import jaxnn
        >>> params = jaxnn.init_mlp(jax.random.key(0), (2, 16, 1))
        >>> again = from_state_dict(to_state_dict(params), params)
        >>> bool((again[0].kernel == params[0].kernel).all())
        True

    Source: ``torch.nn.Module.load_state_dict``.
    """
    entries = entries_of("from_state_dict", like, names)
    if faults := faults_of(state_dict, entries):
        must = "names, shapes and kinds of numbers must be those of the parameters"
        instead = "see to_state_dict(like) for them"
        raise ValueError(complaint("from_state_dict", must, "; ".join(faults), instead))
    return restored(state_dict, entries, like)


def faults_of(state_dict: Mapping[str, Any], entries: Sequence[Entry]) -> list[str]:
    """What is missing of the arrays wanted, one too many, of another shape or kind of number."""
    wanted = {entry.name: np.shape(_outline(entry)) for entry in entries}
    given = {name: np.shape(value) for name, value in state_dict.items()}
    faults = [f"{name} is missing" for name in wanted if name not in given]
    faults += [f"{name} is one too many" for name in given if name not in wanted]
    faults += [
        f"{name} is {given[name]}, not {shape}"
        for name, shape in wanted.items()
        if name in given and given[name] != shape
    ]
    return faults + [
        f"{entry.name} is {fault}"
        for entry in entries  # of the right shape alone: a few bytes can have any other
        if given.get(entry.name) == wanted[entry.name]
        and (fault := misfit(state_dict[entry.name], _dtype(entry)))
    ]


def restored(state_dict: Mapping[str, Any], entries: Sequence[Entry], like: Any) -> Any:
    """A pytree like ``like``, whose arrays the entries find in the state dict."""
    loaded = [
        jnp.asarray(entry.field.from_torch(np.asarray(state_dict[entry.name])), _dtype(entry))
        for entry in entries
    ]
    return jax.tree.unflatten(jax.tree.structure(like), loaded)


def _dtype(entry: Entry) -> Any:
    """The type that JAX makes of the entry's; that of a JAX key is none of NumPy's."""
    return jax.dtypes.canonicalize_dtype(entry.value.dtype, allow_extended_dtype=True)


def _outline(entry: Entry) -> np.ndarray:
    """An array of the shape that torch gives the entry, without memory."""
    return entry.field.to_torch(np.broadcast_to(np.zeros(()), entry.value.shape))
