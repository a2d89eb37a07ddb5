"""Optimizers of many parameters, some of them complex, and inside of optax's wrappers."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from jaxnn import optim
from tests.optim_cases import OPTIMIZERS

COMPLEX = (
    *("sgd dampening", "adam amsgrad", "adamw", "nadam", "rmsprop centered", "adagrad lr_decay"),
    "adadelta weight_decay",
)


@pytest.mark.parametrize("name", COMPLEX)
def test_a_complex_parameter_is_a_pair_of_real_ones(name):
    case = OPTIMIZERS[name]
    optimizer: Any = getattr(optim, case.name)(**case.arguments)
    params, states, pair = {}, {}, np.array([[1.0, -2.0], [0.5, 3.0]], np.float32)
    starts = {"real": jnp.asarray(pair), "complex": jnp.asarray(pair.view(np.complex64)[:, 0])}
    for kind, p in starts.items():
        state = optimizer.init(p)
        for _ in range(2):
            updates, state = optimizer.update(p, state, p)
            p = optax.apply_updates(p, updates)
        params[kind], states[kind] = p, state.slots
    real = jax.tree.map(lambda x: np.asarray(x)[..., None].view(np.float32), params["complex"])
    np.testing.assert_array_equal(real, params["real"])
    for slot, x in states["complex"].items():
        assert x.dtype == (np.complex64 if slot != "mu_product" else np.float32)


def test_a_group_of_parameters_has_hyperparameters_of_its_own():
    groups: Any = {"kernels": optim.adamw(0.1, weight_decay=0.5), "rest": optim.adamw(0.1)}
    params: Any = {"kernel": jnp.ones((2, 2)), "bias": jnp.ones(2)}
    kinds = {"kernel": "kernels", "bias": "rest"}
    optimizer: Any = optax.partition(groups, kinds)
    ours, _ = optimizer.update(params, optimizer.init(params), params)
    for name, kind in kinds.items():
        alone = groups[kind]
        expected, _ = alone.update(params[name], alone.init(params[name]), params[name])
        np.testing.assert_array_equal(ours[name], expected)


PARAMS: Any = {"kernel": jnp.array([[1.0, -2.0]]), "bias": jnp.array([0.5, 3.0])}
ADAMW = optim.adamw(0.1, weight_decay=0.5)


@jax.jit
def once(params: Any) -> Any:
    """The parameters after one step of the optimizer alone, by gradients as large as they are."""
    updates, _ = ADAMW.update(params, ADAMW.init(params), params)
    return optax.apply_updates(params, updates)


def wrapped(optimizer: Any, gradients: Any) -> Any:
    """The parameters after a compiled step for each gradient."""

    def step(carry: Any, gradient: Any) -> Any:
        params, state = carry
        updates, state = optimizer.update(gradient, state, params)
        return (optax.apply_updates(params, updates), state), None

    return jax.lax.scan(step, (PARAMS, optimizer.init(PARAMS)), gradients)[0][0]


def times(*factors: float) -> Any:
    return jax.tree.map(lambda x: jnp.stack([factor * x for factor in factors]), PARAMS)


def near(ours: Any, expected: Any) -> None:
    jax.tree.map(lambda x, y: np.testing.assert_allclose(x, y, rtol=1e-6), ours, expected)


def test_gradients_may_be_gathered_over_steps():
    with jax.numpy_dtype_promotion("standard"):  # which optax needs here
        near(wrapped(optax.MultiSteps(ADAMW, 2), times(0.5, 1.5)), once(PARAMS))


def test_a_step_that_is_not_finite_may_be_left_out():
    near(wrapped(optax.apply_if_finite(ADAMW, 3), times(np.nan, 1.0)), once(PARAMS))


def test_parameters_may_be_left_to_others():
    is_kernel = {"kernel": True, "bias": False}
    ours = wrapped(optax.masked(ADAMW, is_kernel), times(1.0))
    near(ours, {"kernel": once(PARAMS)["kernel"], "bias": 2 * PARAMS["bias"]})
