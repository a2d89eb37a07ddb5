"""What reading and writing torch's ``optimizer.state_dict()`` have in common."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import jax

from jaxnn._checks import complaint
from jaxnn.checkpoint.state_dicts import entries_of
from jaxnn.optim.stepping import State

Kept = dict[str, dict[str, Any]]
"""What is remembered of each parameter, by its name and torch's names of the slots."""


def state_in(function: str, opt_state: Any) -> tuple[State, Any]:
    """The only state with arrays in a chain's, and the structure around it."""
    found, tree = jax.tree.flatten(opt_state, is_leaf=lambda node: isinstance(node, State))
    ours = [node for node in found if isinstance(node, State)]
    if len(found) != 1 or not ours:
        must = "there must be one optimizer of jaxnn.optim, and nothing else with a state"
        came = f"{len(ours)}, and {len(found) - len(ours)} other arrays"
        raise ValueError(complaint(function, must, came, "use optim.sgd, optim.adam, …"))
    return ours[0], tree


def counts(state: State) -> bool:
    """Whether torch counts the steps of this optimizer: of all but SGD."""
    return bool(state.slots.keys() - {"momentum_buffer"})


def ordered(
    function: str, params: Any, names: Sequence[str] | None, order: Iterable[str] | None
) -> list[str]:
    """The names of the parameters as torch numbers them."""
    known = [entry.name for entry in entries_of(function, params, names)]
    if order is None:
        _check_leaves_are_ordered(function, params)
        return known
    found = [name for name in order if name in known]
    if sorted(found) != sorted(known):
        missing = [name for name in known if name not in found]
        came = ", ".join(f"none of {name}" for name in missing) or "some more often"
        must = "order must have the name of each parameter once"
        raise ValueError(complaint(function, must, came, "use the model's state dict"))
    return found


def _check_leaves_are_ordered(function: str, params: Any) -> None:
    """Refuse dicts, whose keys JAX sorts: ``bias`` before ``weight``, which torch defines first."""
    if any(map(_is_sorted, jax.tree.leaves(params, is_leaf=_is_sorted))):
        must = "order must say how torch numbers the parameters, of which JAX sorts those in dicts"
        raise ValueError(complaint(function, must, "None", "use order=the model's state dict"))


def _is_sorted(node: Any) -> bool:
    is_dict = type(node) in (dict, defaultdict)
    return is_dict and sum(bool(jax.tree.leaves(value)) for value in node.values()) > 1
