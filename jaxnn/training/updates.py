"""What an optimizer of optax makes of gradients."""

import inspect
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import Array


def updated(
    optimizer: optax.GradientTransformation,
    gradients: Any,
    opt_state: Any,
    params: Any,
    value: Array,
    value_fn: Callable[[Any], Array],
    gradients_fn: Callable[[Any], Any],
) -> tuple[Any, Any]:
    """The updates of parameters, and the optimizer's state after them.

    Args:
        optimizer: Of optax, with extra arguments or without.
        gradients: JAX's, as line searches take them.
        opt_state: The optimizer's state.
        params: What is updated.
        value: The loss.
        value_fn: The loss of other parameters, on the same batch.
        gradients_fn: Its gradients there.
    """
    offered = {
        "value": value,
        "grad": gradients,
        "value_fn": value_fn,
        "grad_fn": lambda params, step: _uphill(gradients_fn(params)),
    }
    update = optax.with_extra_args_support(optimizer).update
    return update(_uphill(gradients), opt_state, params, **_wanted(update, offered))


def _uphill(gradients: Any) -> Any:
    """Where the loss grows: of a complex parameter JAX's gradient is the conjugate of that."""
    return jax.tree.map(jnp.conj, gradients)


def _wanted(update: Callable[..., Any], offered: dict[str, Any]) -> dict[str, Any]:
    """The extra arguments that an update takes."""
    parameters = inspect.signature(update).parameters
    takes_any = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
    return {
        name: each
        for name, each in offered.items()  # where any are taken, line searches refuse that of SAM
        if name in parameters or (takes_any and name != "grad_fn")
    }
