"""Trainings that go on elsewhere: begun in torch, and in jaxnn, in the middle of an epoch.

`make parity` goes on with an optimizer of each kind of state, `THOROUGH=1 make parity` with all.
"""

import functools
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np
import optax
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import jaxnn
from jaxnn import checkpoint, optim
from jaxnn.random import Generator
from tests.golden.make_training import network
from tests.optim_cases import OPTIMIZERS, SAVED, Optimizer
from tests.thoroughness import amount
from tests.training_cases import SIZES, STEPS, Run, digits

torch.set_num_threads(1)  # of a network as small as this more wait for each other
RUN = Run(batch_size=32)
HALF = STEPS // 2
TOLERANCE = 2e-6
#: It divides by a difference that is nearly 0: torch's own losses differ by more after one rounding
#: of the parameters. Ours may differ by so many times as much.
AMPLIFYING = ("rmsprop centered",)
ROUNDINGS = 50
NAMES = ("0", "3", "6")  # of what has parameters, among activations and dropouts


class Begun(NamedTuple):
    """A model, and the optimizer that moves it."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    scheduler: Any = None


def begin(case: Optimizer) -> Begun:
    model = network(RUN)
    return Begun(model, getattr(torch.optim, case.torchs)(model.parameters(), **case.arguments))


def torch_losses(begun: Begun, steps: int = STEPS, clip: float | None = None) -> list[float]:
    """An epoch of torch's, or a part of it."""
    x, y = map(torch.from_numpy, digits(RUN))
    losses = []
    loader = DataLoader(TensorDataset(x, y.long()), RUN.batch_size, shuffle=True)
    for _, (batch_x, batch_y) in zip(range(steps), loader, strict=False):
        begun.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(begun.model(batch_x), batch_y)
        loss.backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(begun.model.parameters(), clip)
        begun.optimizer.step()
        if begun.scheduler is not None:
            begun.scheduler.step()
        losses.append(loss.item())
    return losses


def loss_of(params: Any, x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.cross_entropy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)


def fit(params: Any, optimizer: Any, opt_state: Any, rng: Generator) -> jaxnn.FitResult:
    """An epoch of ours."""
    return jaxnn.fit(
        loss_of, params, digits(RUN), optimizer=optimizer, opt_state=opt_state, epochs=1,
        batch_size=RUN.batch_size, rng=rng, progress=False,
    )  # fmt: skip


@functools.cache
def ours(name: str) -> Any:
    """The same object each time: what is compiled for it serves all tests."""
    case = OPTIMIZERS[name]
    return getattr(optim, case.name)(**case.arguments)


def saved_by_torch(begun: Begun, path: Path) -> None:
    """What torch's tutorials save of a training."""
    value = {
        "model": begun.model.state_dict(),
        "optimizer": begun.optimizer.state_dict(),
        "rng": torch.get_rng_state(),
    }
    if begun.scheduler is not None:
        value["scheduler"] = begun.scheduler.state_dict()
    torch.save(value, path)


def saved_by_us(result: jaxnn.FitResult, optimizer: Any, rng: Generator, path: Path) -> None:
    """The same of ours, after an epoch."""
    params, state = result.params, result.opt_state
    value = {
        "model": checkpoint.to_state_dict(params, NAMES),
        "optimizer": optim.to_state_dict(state, optimizer, params, NAMES),
        "scheduler": {"last_epoch": STEPS, "_step_count": STEPS + 1},  # of one by the step
        "rng": np.frombuffer(rng.get_state(), np.uint8),
    }
    checkpoint.save_torch(path, value)


def resumed_by_torch(begun: Begun, path: Path, nudge: float = 0.0, **options: Any) -> list[float]:
    """An epoch more of what was saved, from parameters that are larger by a share of them."""
    saved = torch.load(path, weights_only=True)
    begun.model.load_state_dict(saved["model"])
    begun.optimizer.load_state_dict(saved["optimizer"])
    if begun.scheduler is not None:
        begun.scheduler.load_state_dict(saved["scheduler"])
    torch.set_rng_state(saved["rng"])
    for parameter in begun.model.parameters():
        parameter.data *= 1 + nudge
    return torch_losses(begun, **options)


def resumed_by_us(path: Path, optimizer: Any, step: int) -> np.ndarray:
    """The same by us."""
    saved = checkpoint.load_torch(path)
    like = jax.eval_shape(lambda: jaxnn.init_mlp(jax.random.key(0), SIZES))
    params = checkpoint.from_state_dict(saved["model"], like, NAMES)
    opt_state = optim.from_state_dict(saved["optimizer"], optimizer, params, NAMES, step=step)
    return fit(params, optimizer, opt_state, Generator().set_state(saved["rng"])).losses


@pytest.mark.parametrize("name", amount(SAVED, tuple(OPTIMIZERS)))
def test_a_run_of_torchs_goes_on(name, tmp_path):
    torch.manual_seed(3)
    begun, path = begin(OPTIMIZERS[name]), tmp_path / "run.pt"
    torch_losses(begun)
    torch_losses(begun, HALF)
    saved_by_torch(begun, path)
    assert_alike(name, resumed_by_us(path, ours(name), STEPS + HALF), path)


@pytest.mark.parametrize("name", amount(SAVED, tuple(OPTIMIZERS)))
def test_torch_goes_on_with_a_run(name, tmp_path):
    rng, path = Generator().manual_seed(3), tmp_path / "run.pt"
    result = fit(jaxnn.init_mlp(rng, SIZES), ours(name), None, rng)
    saved_by_us(result, ours(name), rng, path)
    assert_alike(name, fit(result.params, ours(name), result.opt_state, rng).losses, path)


def assert_alike(name: str, losses: np.ndarray, path: Path) -> None:
    """Every loss is as torch's that goes on with the file."""
    torchs = resumed_by_torch(begin(OPTIMIZERS[name]), path)
    bound = np.full(STEPS, TOLERANCE)
    if name in AMPLIFYING:
        nudged = resumed_by_torch(begin(OPTIMIZERS[name]), path, nudge=2.0**-23)
        bound += ROUNDINGS * np.maximum.accumulate(np.abs(np.subtract(nudged, torchs)))
    distance = np.abs(losses - np.asarray(torchs, np.float32))
    assert (distance <= bound).all(), f"{distance.max()} at step {distance.argmax()}"


CLIP = 1.0
RATE = (0.1, 0.1, 1.0, 99)  # a warm-up by the step, longer than an epoch
SGD = optim.sgd(lr=optim.linear_lr(*RATE), momentum=0.9)
CHAIN = optax.chain(optim.clip_grad_norm(CLIP), SGD)


def scheduled() -> Begun:
    """The same in torch."""
    begun = begin(Optimizer("sgd", "SGD", {"lr": RATE[0], "momentum": 0.9}))
    return begun._replace(scheduler=torch.optim.lr_scheduler.LinearLR(begun.optimizer, *RATE[1:]))


def test_a_scheduled_and_clipped_run_of_torchs_goes_on(tmp_path):
    torch.manual_seed(3)
    begun, path = scheduled(), tmp_path / "run.pt"
    torch_losses(begun, HALF, CLIP)
    saved_by_torch(begun, path)
    step = checkpoint.load_torch(path)["scheduler"]["last_epoch"]
    torchs = resumed_by_torch(scheduled(), path, clip=CLIP)
    np.testing.assert_allclose(resumed_by_us(path, CHAIN, step), torchs, rtol=0, atol=TOLERANCE)


def test_torch_goes_on_with_a_scheduled_and_clipped_run(tmp_path):
    rng, path = Generator().manual_seed(3), tmp_path / "run.pt"
    result = fit(jaxnn.init_mlp(rng, SIZES), CHAIN, None, rng)
    saved_by_us(result, SGD, rng, path)
    losses = fit(result.params, CHAIN, result.opt_state, rng).losses
    torchs = resumed_by_torch(scheduled(), path, clip=CLIP)
    np.testing.assert_allclose(losses, torchs, rtol=0, atol=TOLERANCE)
