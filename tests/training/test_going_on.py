"""A run that goes on from the optimizer's state makes the steps of one that was not interrupted."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import optim
from jaxnn.random import Generator
from tests.training.lines import LINE, SGD, fit_line


def generators(networks: int | None) -> Generator:
    if networks is None:
        return Generator().manual_seed(0)
    return jax.vmap(lambda seed: Generator().manual_seed(seed))(jnp.arange(networks))


@pytest.mark.parametrize("networks", [None, 2])
def test_a_run_goes_on(networks):
    start = LINE if networks is None else {name: jnp.zeros(networks) for name in LINE}
    whole = fit_line(params=start, rng=generators(networks))
    rng = generators(networks)
    first = fit_line(params=start, rng=rng, epochs=1)
    kept = jax.tree.map(np.asarray, first.opt_state)
    rest = fit_line(params=first.params, opt_state=first.opt_state, rng=rng, epochs=2)
    losses = np.concatenate([first.losses, rest.losses], axis=-1)
    np.testing.assert_array_equal(losses, whole.losses)
    jax.tree.map(np.testing.assert_array_equal, rest.params, whole.params)
    jax.tree.map(np.testing.assert_array_equal, rest.opt_state, whole.opt_state)
    jax.tree.map(np.testing.assert_array_equal, first.opt_state, kept)  # still the caller's


def test_another_state_is_refused():
    state: Any = optim.sgd(0.1, momentum=0.9).init({"slope": jnp.zeros(2), "offset": jnp.zeros(())})
    with pytest.raises(ValueError) as caught:
        fit_line(opt_state=state)
    assert str(caught.value) == (
        "fit: opt_state must have .slots['momentum_buffer']['slope'] f32[]; got "
        ".slots['momentum_buffer']['slope'] f32[2]; use what optimizer.init(params) gives"
    )
    with pytest.raises(ValueError, match=r"^fit: opt_state must have \.slots.* missing"):
        fit_line(opt_state=optim.sgd(0.1).init(LINE), optimizer=SGD)
