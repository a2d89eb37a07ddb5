"""How an optimizer is made of one rule for one parameter: what all of torch's have in common.

A rule says how a parameter moves, given its gradient and what the optimizer remembers of it. The
numbers that it needs besides (learning rate, bias corrections) are made once a step, in float64, as
torch makes them in Python's floats, and rounded to the parameter's type at the end. Python's own
numbers stay what they are, and the program has them as constants.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array, lax

from jaxnn._checks import complaint
from jaxnn.optim.bounds import is_zero
from jaxnn.optim.schedules.schedule import Schedule, in_double

Hyperparameter = float | Array | Schedule
"""A number, one that may be traced, or a `Schedule` of one."""

Slots = dict[str, Array]
"""What is remembered of one parameter, by torch's names of it."""

Rule = Callable[[Array, Array, Slots, dict[str, Any]], tuple[Array, Slots]]
"""From gradient, parameter, slots and numbers to the parameter's change and its new slots."""

Numbers = Callable[[Array, dict[str, Any]], Mapping[str, Any]]
"""From the number of this step, f64[] that counts from 1, and the hyper-parameters as they are in
it, to what the rule needs."""


class State(NamedTuple):
    """The state of every optimizer in `jaxnn.optim`.

    Attributes:
        step: i32[], how many steps were made.
        slots: By torch's names of them, such as ``exp_avg``: pytrees like the parameters.

    Examples:
        >>> import jax.numpy as jnp
        >>> from jaxnn import optim
        >>> optim.adam().init(jnp.zeros(2)).slots["exp_avg"]
        Array([0., 0.], dtype=float32)
    """

    step: Array
    slots: dict[str, Any]


class Optimizer(optax.GradientTransformation):
    """The optax transformation that an optimizer of `jaxnn.optim` is.

    Attributes:
        hyperparameters: What it was made with, by torch's names.

    Examples:
        >>> from jaxnn import optim
        >>> optim.sgd(lr=0.1, momentum=0.9).hyperparameters["momentum"]
        0.9
    """

    hyperparameters: dict[str, Any]


def optimizer(
    name: str,
    rule: Rule,
    numbers: Numbers,
    slots: Mapping[str, Callable[[Array], Array]],
    hyperparameters: Mapping[str, Any],
) -> Optimizer:
    """The optax transformation that steps every parameter by a rule.

    Args:
        name: By which errors call it.
        rule: How one parameter moves.
        numbers: What the rule needs besides, made once a step.
        slots: What is remembered of each parameter, made from it before the first step.
        hyperparameters: By torch's names; ``maximize``: climb instead of descending.
    """
    maximize = hyperparameters["maximize"]

    def _numbers_at(t: Array) -> Mapping[str, Any]:
        return numbers(t, {name: _at(value, t) for name, value in hyperparameters.items()})

    def init(params: Any) -> State:
        made = {slot: jax.tree.map(start, params) for slot, start in slots.items()}
        return State(jnp.zeros((), jnp.int32), made)

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, State]:
        if params is None:
            must, instead = (
                "update must be given the parameters",
                "use update(grads, state, params)",
            )
            raise ValueError(complaint(name, must, "None", instead))
        step = state.step + 1
        with jax.enable_x64(True):
            given = _numbers_at(lax.convert_element_type(step, jnp.float64))
        gradients, tree = jax.tree.flatten(updates)
        remembered = {slot: tree.flatten_up_to(state.slots[slot]) for slot in slots}
        moves, after = [], []
        for i, (g, p) in enumerate(zip(gradients, tree.flatten_up_to(params), strict=True)):
            mine = {slot: leaves[i] for slot, leaves in remembered.items()}
            move, mine = _moved(rule, -g if maximize else g, p, mine, given)
            moves.append(move)
            after.append(mine)
        new = {slot: tree.unflatten([mine[slot] for mine in after]) for slot in slots}
        return tree.unflatten(moves), State(step, new)

    made = Optimizer(init, update)
    made.hyperparameters = dict(hyperparameters)
    return made


def decayed(g: Array, p: Array, weight_decay: Any) -> Array:
    """The gradient with that of ``weight_decay / 2 * p**2`` added, as torch's optimizers do."""
    return g if is_zero(weight_decay) else g + weight_decay * p


def _at(value: Any, t: Array) -> Any:
    """A hyper-parameter at step ``t``, which counts from 1; a schedule counts steps made."""
    if isinstance(value, tuple):
        return tuple(_at(each, t) for each in value)
    return in_double(value(t - 1) if callable(value) else value)


def _moved(
    rule: Rule, g: Array, p: Array, slots: Slots, numbers: Mapping[str, Any]
) -> tuple[Array, Slots]:
    """What a rule makes of a parameter; real and imaginary parts are parameters of their own."""
    if not jnp.iscomplexobj(p):
        return rule(g, p, slots, _as_type_of(g, numbers))
    g, p, *pairs = map(_pairs, (g, p, *slots.values()))
    move, after = rule(g, p, dict(zip(slots, pairs, strict=True)), _as_type_of(g, numbers))
    joined = {slot: _joined(x) if jnp.iscomplexobj(slots[slot]) else x for slot, x in after.items()}
    return _joined(move), joined


def _pairs(x: Array) -> Array:
    return jnp.stack([x.real, x.imag], -1) if jnp.iscomplexobj(x) else x


def _joined(x: Array) -> Array:
    return lax.complex(x[..., 0], x[..., 1])


def _as_type_of(g: Array, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The step's numbers rounded to a gradient's type; flags and Python's numbers as they are."""

    def rounded(x: Any) -> Any:
        is_number = isinstance(x, Array) and x.dtype != bool
        return lax.convert_element_type(x, g.dtype) if is_number else x

    return {name: rounded(x) for name, x in numbers.items()}
