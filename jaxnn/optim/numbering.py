"""What reading and writing torch's ``optimizer.state_dict()`` have in common."""

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


def names_of(function: str, params: Any, names: Sequence[str] | None) -> list[str]:
    """The names of the parameters, in the order of their leaves."""
    return [entry.name for entry in entries_of(function, params, names)]


def ordered(function: str, names: list[str], order: Iterable[str] | None) -> list[str]:
    """The names as torch numbers them."""
    if order is None:
        return names
    known = set(names)
    found = [name for name in order if name in known]
    if len(found) != len(names):
        missing = [name for name in names if name not in found]
        came = ", ".join(f"none of {name}" for name in missing) or "some more often"
        must = "order must have the name of each parameter once"
        raise ValueError(complaint(function, must, came, "use the model's state dict"))
    return found
