"""Whole training scripts of torch's, live: with loaders for validation, foreign batches, ℂ."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

import jaxnn
from jaxnn import fit, optim
from jaxnn.random import Generator

torch.set_num_threads(1)  # of a network as small as this more wait for each other
RANDOM = np.random.default_rng(1)
X, HELD_OUT = (RANDOM.normal(size=(n, 8)).astype(np.float32) for n in (103, 20))
Y, ANSWERS = (RANDOM.integers(0, 4, n) for n in (103, 20))
SIZES, RATE, BATCH_SIZE, EPOCHS = (8, 16, 4), 0.25, 10, 3


def tensors(*arrays: np.ndarray) -> TensorDataset:
    return TensorDataset(*map(torch.from_numpy, arrays))


def model() -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Dropout(RATE), torch.nn.Linear(16, 4)
    )


def script(seed: int, loaders: Callable[[], tuple[DataLoader, DataLoader | None]]) -> Any:
    """Torch's loop as its tutorials write it; without a loader tensors are evaluated at once."""
    torch.manual_seed(seed)
    net = model()
    training, held_out = loaders()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    losses, measured = [], []
    for _ in range(EPOCHS):
        net.train()
        for x, y in training:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        net.eval()
        all_at_once: Any = [tensors(HELD_OUT, ANSWERS)[:]]
        with torch.no_grad():
            total = sum(
                torch.nn.functional.cross_entropy(net(x), y, reduction="sum").item()
                for x, y in held_out or all_at_once
            )
        measured.append(total / len(HELD_OUT))
    return losses, measured, torch.get_rng_state().numpy().tobytes()


def loss(params: Any, x: Any, y: Any, rng: Any) -> jax.Array:
    logits = jaxnn.mlp(params, x, activation=jaxnn.relu, dropout_rate=RATE, rng=rng)
    return jaxnn.cross_entropy(logits, y)


def assert_alike(expected: Any, seed: int, data: Any, validation: Any, **options: Any) -> None:
    generator = Generator().manual_seed(seed)
    params = jaxnn.init_mlp(generator, SIZES)
    result = fit(
        loss, params, data, optimizer=optim.sgd(0.1), epochs=EPOCHS, rng=generator,
        validation=validation, progress=False, **options,
    )  # fmt: skip
    losses, measured, state = expected
    np.testing.assert_allclose(result.losses, losses, rtol=0, atol=2e-6)
    np.testing.assert_allclose(result.validation, measured, rtol=0, atol=2e-6)
    assert generator.get_state() == state


def batches(x: np.ndarray, y: np.ndarray, size: int) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("by_loader", [True, False])
def test_validation(seed, by_loader):
    """By a loader, which draws from the default generator, or of tensors, which does not."""

    def loaders() -> tuple[DataLoader, DataLoader | None]:
        training = DataLoader(tensors(X, Y), batch_size=BATCH_SIZE, shuffle=True)
        held_out = DataLoader(tensors(HELD_OUT, ANSWERS), batch_size=7)
        return training, (held_out if by_loader else None)

    validation = batches(HELD_OUT, ANSWERS, 7) if by_loader else (HELD_OUT, ANSWERS)
    assert_alike(script(seed, loaders), seed, (X, Y), validation, batch_size=BATCH_SIZE)


@pytest.mark.parametrize("shuffled", [True, False])
def test_torchs_loaders_are_streams(shuffled):
    """In their order, or shuffled by a generator of their own."""

    def loaders() -> tuple[DataLoader, DataLoader]:
        own = torch.Generator().manual_seed(3) if shuffled else None
        data, held_out = tensors(X, Y), tensors(HELD_OUT, ANSWERS)
        training = DataLoader(data, batch_size=BATCH_SIZE, shuffle=shuffled, generator=own)
        return training, DataLoader(held_out, batch_size=7)

    expected = script(5, loaders)
    assert_alike(expected, 5, *loaders())


def test_batches_in_bfloat16():
    """NumPy has no such type, and so torch's tensors of it come another way."""
    half = [(x.bfloat16(), y) for x, y in DataLoader(tensors(X, Y), batch_size=BATCH_SIZE)]
    same = [(jnp.asarray(x.float().numpy(), jnp.bfloat16), y.numpy()) for x, y in half]
    params = jaxnn.init_mlp(jax.random.key(0), SIZES, dtype=jnp.bfloat16)
    runs = [
        fit(
            loss, params, data, optimizer=optim.sgd(0.1), epochs=1, rng=jax.random.key(0),
            progress=False, validation=data,
        )
        for data in (half, same)
    ]  # fmt: skip
    np.testing.assert_array_equal(runs[0].losses, runs[1].losses)
    np.testing.assert_array_equal(runs[0].validation, runs[1].validation)


GOAL, START = np.array([[1 + 2j, 3j, -1], [0, 1 - 1j, 0.5j]], np.complex64)
OPTIMIZERS: dict[str, tuple[Any, optax.GradientTransformation]] = {
    "sgd": (lambda p: torch.optim.SGD(p, 0.05, momentum=0.9), optim.sgd(0.05, momentum=0.9)),
    "adam": (lambda p: torch.optim.Adam(p, 0.1), optim.adam(0.1)),
    "rmsprop": (lambda p: torch.optim.RMSprop(p, 0.1), optim.rmsprop(0.1)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_complex_parameters(name):
    """With a part of the loss that is no function of the distance: p² has another gradient."""
    theirs, ours = OPTIMIZERS[name]
    param = torch.nn.Parameter(torch.from_numpy(START.copy()))
    optimizer, losses = theirs([param]), []
    for _ in range(8):
        optimizer.zero_grad()
        value = ((param - torch.from_numpy(GOAL)).abs() ** 2).sum() + (param * param).real.sum() / 8
        value.backward()
        optimizer.step()
        losses.append(value.item())

    def distance(params: Any, x: Any, y: Any) -> jax.Array:
        return jnp.sum(jnp.abs(params - GOAL) ** 2) + jnp.sum((params * params).real) / 8

    result = fit(
        distance, START, (X[:1], Y[:1]), optimizer=ours, epochs=8, batch_size=1,
        rng=jax.random.key(0), progress=False,
    )  # fmt: skip
    np.testing.assert_allclose(result.losses, losses, rtol=1e-6, atol=1e-5)
