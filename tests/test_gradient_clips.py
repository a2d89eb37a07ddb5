"""Gradients kept within bounds."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from jaxnn import optim

INF = float("inf")


def clipped(clip: Any, gradients: Any) -> Any:
    return clip.update(gradients, clip.init(gradients))[0]


@pytest.mark.parametrize("bound", [100.0, INF])
@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, INF, "inf"])
def test_a_gradient_within_the_bound_stays_as_it_is(bound, norm_type):
    gradients = {"a": jnp.array([3.0, -4.0])}
    for clip in (optim.clip_grad_norm(bound, norm_type), optim.clip_grad_value(bound)):
        np.testing.assert_array_equal(clipped(clip, gradients)["a"], gradients["a"])


@pytest.mark.parametrize("gradients", [{}, {"a": jnp.zeros((0, 2))}])
def test_nothing_is_clipped_to_nothing(gradients):
    for norm_type in (2.0, INF, -INF):
        ours = clipped(optim.clip_grad_norm(1.0, norm_type), gradients)
        assert jax.tree.map(jnp.shape, ours) == jax.tree.map(jnp.shape, gradients)


#: Of 300 numbers, all of them 300 in float16, whose squares it cannot hold: nor their sum, 90000.
NORMS = {1.0: 90000.0, 2.0: 300 * 300**0.5, 3.0: 300 * 300 ** (1 / 3), INF: 300.0, -INF: 300.0}


@pytest.mark.parametrize("norm_type", NORMS)
def test_the_norm_of_half_precision_does_not_overflow(norm_type):
    gradients = {"a": jnp.full(300, 300.0, jnp.float16), "b": jnp.zeros(0, jnp.bfloat16)}
    ours = clipped(optim.clip_grad_norm(1.0, norm_type), gradients)["a"]
    np.testing.assert_allclose(ours, 300 / NORMS[norm_type], rtol=2.0**-11)
    assert ours.dtype == jnp.float16


def test_gradients_of_several_types_have_one_norm():
    gradients = {
        "a": jnp.ones(1, jnp.bfloat16),
        "b": jnp.ones(1, jnp.float16),
        "c": jnp.array([1 - 1j], jnp.complex64),
    }
    ours = clipped(optim.clip_grad_norm(1.0), gradients)
    for name, g in gradients.items():
        assert ours[name].dtype == g.dtype
        np.testing.assert_allclose(ours[name].astype("c8"), g.astype("c8") / 2, rtol=1e-6)


def test_optimizers_chain_with_clipping():
    optimizer: Any = optax.chain(optim.clip_grad_norm(1.0), optim.sgd(lr=1.0))
    gradients = {"a": jnp.array([3.0, 0.0]), "b": jnp.array(4.0)}
    updates, _ = optimizer.update(gradients, optimizer.init(gradients), gradients)
    np.testing.assert_allclose(updates["a"], [-0.6, 0.0], rtol=1e-6)
    np.testing.assert_allclose(updates["b"], -0.8, rtol=1e-6)
