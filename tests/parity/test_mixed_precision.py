"""Mixed precision beside torch's autocast, which computes the same network in bfloat16."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import jaxnn
from jaxnn import optim
from jaxnn.random import Generator
from jaxnn.training import fit
from tests.golden.make_training import train as train_with_torch
from tests.training_cases import SIZES, Run, digits

torch.set_num_threads(1)
#: Between a number and the nearest in bfloat16, relatively, at most; the losses go up to 2.4.
PRECISION = float(jnp.finfo(jnp.bfloat16).eps) / 2


@pytest.mark.parametrize("dropout", [0.0, 0.2])
def test_training_follows_autocast(dropout):
    """Step by step, to the precision of what both compute with."""
    run = Run(dropout=dropout)
    with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):  # parameters change
        expected = train_with_torch(run).losses
    losses = train(run)
    np.testing.assert_allclose(losses, expected, rtol=0, atol=PRECISION)
    assert np.abs(losses - train(run, jnp.float32)).max() > 1e-4  # else none was half precision


def train(run: Run, dtype: Any = jnp.bfloat16) -> np.ndarray:
    """The losses of a run whose network is computed in some dtype."""
    network: Any = jaxnn.mixed_precision(
        functools.partial(jaxnn.mlp, activation=jaxnn.relu, dropout_rate=run.dropout), dtype
    )

    def loss(params: Any, x: jax.Array, y: jax.Array, rng: Generator) -> jax.Array:
        return jaxnn.cross_entropy(network(params, x, rng=rng), y)

    generator = Generator().manual_seed(run.seed)
    return fit(
        loss, jaxnn.init_mlp(generator, SIZES), digits(run), optimizer=optim.sgd(lr=0.1),
        epochs=run.epochs, batch_size=run.batch_size, rng=generator, progress=False,
    ).losses  # fmt: skip
