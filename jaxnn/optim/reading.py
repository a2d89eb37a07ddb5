"""torch's ``optimizer.state_dict()``, read: to go on with a training that torch began."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax

from jaxnn._checks import complaint
from jaxnn.checkpoint.state_dicts import Entry, entries_of, faults_of, restored
from jaxnn.optim.numbering import Kept, counts, ordered, state_in
from jaxnn.optim.stepping import State


def from_state_dict(
    state_dict: Mapping[str, Any],
    optimizer: optax.GradientTransformation,
    params: Any,
    names: Sequence[str] | None = None,
    *,
    order: Iterable[str] | None = None,
    step: int | None = None,
) -> Any:
    """The state of an optimizer out of torch's, whose next step it then makes.

    Hyper-parameters are those of ``optimizer``. Torch's are in ``state_dict["param_groups"]``, a
    list of one dict.

    Args:
        state_dict: ``optimizer.state_dict()`` as `checkpoint.load_torch` reads it.
        optimizer: One of `jaxnn.optim`, alone or chained with transformations without a state.
        params: The parameters that it is to move.
        names: As in `checkpoint.to_state_dict`.
        order: The names in the order of ``model.parameters()``, by which torch numbers them: the
            model's state dict, whose other names are passed over. By default ``param_names``, where
            the state dict has them, else the order in which `checkpoint.to_state_dict` names them,
            unless that is of a dict's keys, which JAX sorts.
        step: How many steps were made, which SGD does not count: of a schedule that a scheduler
            followed, its ``last_epoch``, times the steps between two of its own.

    Returns:
        What ``optimizer.init(params)`` gives, as it would be after torch's steps.

    Raises:
        ValueError: Something remembered is missing, one too many or of another shape: the message
            lists all of them. Or the parameters have another number or other names, torch
            counted other steps than ``step``, or ``step`` or ``order`` is missing.

    Examples:
        >>> import jax, jaxnn
        >>> import numpy as np
        >>> from jaxnn import optim
        >>> weight, bias = {"momentum_buffer": np.ones((1, 2))}, {"momentum_buffer": np.ones(1)}
        >>> saved = {"state": {0: weight, 1: bias}, "param_groups": [{"params": [0, 1]}]}
        >>> params = jaxnn.init_dense(jax.random.key(0), 2, 1)
        >>> optimizer = optim.sgd(lr=0.1, momentum=0.9)
        >>> state = optim.from_state_dict(saved, optimizer, params, step=10)
        >>> state.slots["momentum_buffer"].kernel.shape
        (2, 1)

    Source: ``torch.optim.Optimizer.load_state_dict``.
    """
    start = optimizer.init(params)
    state, tree = state_in("from_state_dict", start)
    group = _group(state_dict)
    order = group.get("param_names") if order is None else order
    numbered = ordered("from_state_dict", params, names, order)
    kept = _kept(state_dict["state"], group["params"], numbered)
    steps = _steps_of(kept, state, step)
    if not steps and not any(kept.values()):
        return start
    slots = _restored_slots(kept, state, names)
    return jax.tree.unflatten(tree, [State(jnp.asarray(steps, state.step.dtype), slots)])


def _kept(state: Mapping[int, Any], numbers: Sequence[int], names: Sequence[str]) -> Kept:
    """What torch remembers of each parameter, without what is None."""
    if len(numbers) != len(names):
        must = "torch's optimizer must have as many parameters as there are here"
        came = f"{len(numbers)} and {len(names)}: {', '.join(names)}"
        raise ValueError(complaint("from_state_dict", must, came, "use those that torch moved"))
    return {
        name: {slot: x for slot, x in state.get(number, {}).items() if x is not None}
        for name, number in zip(names, numbers, strict=True)
    }


def _group(state_dict: Mapping[str, Any]) -> Mapping[str, Any]:
    """The only group of parameters that torch has."""
    if not state_dict.keys() >= {"state", "param_groups"}:
        must = "state_dict must have 'state' and 'param_groups'"
        came = ", ".join(map(repr, state_dict)) or "nothing"
        instead = "use what optimizer.state_dict() gave"
        raise ValueError(complaint("from_state_dict", must, came, instead))
    groups = state_dict["param_groups"]
    if len(groups) != 1:
        must = "torch's optimizer must have one group of parameters"
        instead = "use one optimizer for each"
        raise ValueError(complaint("from_state_dict", must, str(len(groups)), instead))
    return groups[0]


def _steps_of(kept: Kept, state: State, step: int | None) -> int:
    """How many steps were made, of which torch counts those of each parameter."""
    counted = {name: float(slots.pop("step")) for name, slots in kept.items() if "step" in slots}
    told = {} if step is None else {"step": float(step)}
    if len({*counted.values(), *told.values()}) > 1:
        must = "all must have made as many steps"
        came = ", ".join(f"{count:g} of {name}" for name, count in (counted | told).items())
        alike = len(set(counted.values())) == 1
        instead = "leave step out" if alike else "use one optimizer for each count"
        raise ValueError(complaint("from_state_dict", must, came, instead))
    steps = int(next(iter((counted | told).values()), 0))
    is_fresh = not any(kept.values()) and (counts(state) or told)
    if not is_fresh and steps < 1 and not counted:
        must = "step must say how many steps were made, for the state dict does not"
        raise ValueError(complaint("from_state_dict", must, str(step), "use step=epochs * batches"))
    return steps


def _restored_slots(kept: Kept, state: State, names: Sequence[str] | None) -> dict[str, Any]:
    wanted = {slot: _entries(slot, like, names) for slot, like in state.slots.items()}
    given = {
        _called(slot, name): value for name, each in kept.items() for slot, value in each.items()
    }
    if faults := faults_of(given, [entry for entries in wanted.values() for entry in entries]):
        must = "torch must have remembered what the optimizer remembers"
        instead = "use the optimizer of torch's class and options"
        raise ValueError(complaint("from_state_dict", must, "; ".join(faults), instead))
    return {slot: restored(given, wanted[slot], like) for slot, like in state.slots.items()}


def _entries(slot: str, like: Any, names: Sequence[str] | None) -> list[Entry]:
    """What is wanted of a slot."""
    entries = entries_of("from_state_dict", like, names)
    return [entry._replace(name=_called(slot, entry.name)) for entry in entries]


def _called(slot: str, name: str) -> str:
    return f"{slot} of {name}"
