"""torch's ``optimizer.state_dict()``, written: for torch to go on with a training."""

from collections.abc import Iterable, Sequence
from typing import Any

import jax
import numpy as np
import optax

from jaxnn import checkpoint
from jaxnn._checks import check_like, complaint
from jaxnn.optim.numbering import Kept, counts, ordered, state_in
from jaxnn.optim.stepping import Optimizer, State


def to_state_dict(
    opt_state: Any,
    optimizer: optax.GradientTransformation,
    params: Any,
    names: Sequence[str] | None = None,
    *,
    order: Iterable[str] | None = None,
) -> dict[str, Any]:
    """The state of an optimizer as torch's ``optimizer.load_state_dict`` takes it.

    What a scheduler keeps in ``param_groups`` besides, such as ``initial_lr``, can be added there:
    it is a list of one dict.

    Args:
        opt_state: The state, such as `FitResult` has.
        optimizer: The one of `jaxnn.optim` that it is of; of a chain, that part. Torch is told its
            hyper-parameters, scheduled ones as they are in the next step.
        params: The parameters that it moved.
        names: As in `checkpoint.to_state_dict`.
        order: As in `from_state_dict`.

    Returns:
        What ``optimizer.state_dict()`` gives in torch, with NumPy arrays, for
        `checkpoint.save_torch`.

    Raises:
        ValueError: The state is none of this optimizer and these parameters, or ``order`` lacks
            one of their names or is missing.
        TypeError: The optimizer is none of `jaxnn.optim`.

    Examples:
        >>> import jax, jaxnn
        >>> from jaxnn import optim
        >>> dense = jaxnn.init_dense(jax.random.key(0), 2, 1)
        >>> optimizer = optim.adam(lr=0.1)
        >>> saved = optim.to_state_dict(optimizer.init(dense), optimizer, dense)
        >>> saved["state"][0]["exp_avg"].shape, saved["param_groups"][0]["params"]
        ((1, 2), [0, 1])

    Source: ``torch.optim.Optimizer.state_dict``.
    """
    if not isinstance(optimizer, Optimizer):
        must = "optimizer must be one of jaxnn.optim"
        instead = "of a chain, pass the part that is one"
        raise TypeError(complaint("to_state_dict", must, f"a {type(optimizer).__name__}", instead))
    state, _ = state_in("to_state_dict", opt_state)
    instead = "of many networks, pass one's: jax.tree.map(lambda x: x[0], opt_state)"
    like = jax.eval_shape(optimizer.init, params)
    check_like("to_state_dict", "opt_state", state, like, instead)
    kept = _kept(state, ordered("to_state_dict", params, names, order), names)
    now = {name: _now(x, int(state.step)) for name, x in optimizer.hyperparameters.items()}
    return {
        "state": {number: slots for number, slots in enumerate(kept.values()) if slots},
        "param_groups": [now | {"params": list(range(len(kept)))}],
    }


def _kept(state: State, numbered: Sequence[str], names: Sequence[str] | None) -> Kept:
    """What torch remembers of each parameter; SGD before its first step remembers nothing."""
    steps, is_counted = int(state.step), counts(state)
    kept: Kept = {name: {} for name in numbered}
    if is_counted:  # an array for each, for torch adds to each of them
        kept = {name: {"step": np.asarray(steps, np.float32)} for name in kept}
    if steps or is_counted:
        for slot, values in state.slots.items():
            for name, value in checkpoint.to_state_dict(values, names).items():
                kept[name][slot] = value
    return kept


def _now(value: Any, steps: int) -> Any:
    """A hyper-parameter as plain numbers, after so many steps."""
    if isinstance(value, tuple):
        return tuple(_now(each, steps) for each in value)
    value = value(steps) if callable(value) else value
    return value.item() if hasattr(value, "item") else value
