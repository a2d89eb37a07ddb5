"""Orders and training against live torch, with other seeds than the golden ones."""

from typing import Any

import numpy as np
import pytest
import torch

from jaxnn import optim
from jaxnn.data import epoch_order, random_split
from jaxnn.random import Generator
from tests.golden.make_data import loader_orders, split_indices
from tests.golden.make_training import RUNS
from tests.golden.make_training import train as train_with_torch
from tests.test_training import RUNS as OUR_RUNS
from tests.test_training import train

SEEDS = [0, 2**32 - 5, 2**62 + 11]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stream", ["default", "loader"])
@pytest.mark.parametrize("n", [1, 2, 625, 10_007])
def test_epoch_order(stream, seed, n):
    expected, state = loader_orders(seed, n, stream)
    generator = Generator().manual_seed(seed)
    orders = [epoch_order(generator, n, stream=stream) for _ in range(len(expected))]
    np.testing.assert_array_equal(orders, expected)
    assert generator.get_state() == state


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("lengths", [(600, 400), (0.8, 0.2), (1 / 3, 1 / 3, 1 / 3), (0.0, 1.0)])
@pytest.mark.filterwarnings("ignore:Length of split")
def test_random_split(seed, lengths):
    expected, state = split_indices(seed, 1000, lengths)
    generator = Generator().manual_seed(seed)
    parts = random_split(generator, 1000, lengths)
    assert [part.tolist() for part in parts] == expected
    assert generator.get_state() == state


@pytest.mark.parametrize("name", RUNS)
def test_training(name, seed):
    expected, state = train_with_torch(RUNS[name]._replace(seed=seed))
    ours: dict[str, Any] = OUR_RUNS[name] | {"seed": seed}
    losses, generator = train(**ours)
    np.testing.assert_allclose(losses, expected, rtol=0, atol=2e-6, err_msg=f"seed {seed}")
    assert generator.get_state() == state.tobytes()


@pytest.mark.parametrize("lr", [1e-3, 0.1])
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.9)])
def test_adam_steps(lr, betas, seed):
    rng = np.random.default_rng(seed)
    start, *gradients = rng.normal(size=(21, 100)).astype(np.float32)
    theirs = torch.nn.Parameter(torch.from_numpy(start.copy()))
    reference = torch.optim.Adam([theirs], lr=lr, betas=betas)
    optimizer, ours = optim.adam(lr=lr, betas=betas), start
    # What has come near zero keeps the roundings of when it was as large as the largest.
    rounding = float(np.spacing(np.abs(start).max()))
    state = optimizer.init(ours)
    for gradient in gradients:
        theirs.grad = torch.from_numpy(gradient)
        reference.step()
        updates, state = optimizer.update(gradient, state, ours)
        ours = ours + np.asarray(updates)
        np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-6, atol=rounding)
