"""Make training.npz: the loss of every step when torch trains on scikit-learn's digits.

Run from the root of the repository: python -m tests.golden.make_training
"""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

from tests.training_cases import RUNS, SIZES, Run, Trained, digits


def train(run: Run, nudge: float = 0.0) -> Trained:
    """Train as torch's tutorials do, from parameters that are larger by a share of them."""
    x, y = (torch.from_numpy(each) for each in digits(run))
    y = y.long()
    torch.manual_seed(run.seed)
    model = network(run)
    for parameter in model.parameters():
        parameter.data *= 1 + nudge
    loader = DataLoader(TensorDataset(x, y), run.batch_size, shuffle=True, drop_last=run.drop_last)
    optimizer = getattr(torch.optim, run.optimizer.torchs)(
        model.parameters(), **run.optimizer.arguments
    )
    scheduler = scheduler_of(run, optimizer)
    losses = []
    for _ in range(run.epochs):
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(batch_x), batch_y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        if scheduler is not None:
            scheduler.step()
    state = torch.get_rng_state().numpy().tobytes()
    right = model.eval()(x).argmax(1) == y
    return Trained(np.array(losses, run.dtype), right.double().mean().item(), seen(model), state)


def network(run: Run) -> nn.Sequential:
    """Linear, BatchNorm1d where wanted, ReLU, Dropout, …, Linear."""
    dtype = getattr(torch, run.dtype)
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(SIZES):
        layers.append(nn.Linear(inputs, outputs, dtype=dtype))
        if run.batch_norm and outputs != SIZES[-1]:
            layers.append(nn.BatchNorm1d(outputs, dtype=dtype))
        layers += [nn.ReLU(), nn.Dropout(run.dropout)]
    return nn.Sequential(*layers[:-2])


def scheduler_of(run: Run, optimizer: torch.optim.Optimizer) -> Any:
    """The run's schedule in torch, whose steps are epochs."""
    if run.scheduler is None:
        return None
    lr = run.optimizer.arguments["lr"]
    first = {"max_lr": lr} if run.scheduler.torchs == "OneCycleLR" else {}
    schedule = getattr(lr_scheduler, run.scheduler.torchs)
    return schedule(optimizer, **first, **run.scheduler.arguments)


def seen(model: nn.Module) -> np.ndarray:
    """Mean and variance of each BatchNorm1d, one after another."""
    kept: list[Any] = [x for name, x in model.state_dict().items() if "running" in name]
    return np.concatenate(kept or [np.empty(0)])


def main() -> None:
    """Write the file."""
    golden: dict[str, Any] = {"torch": np.array(torch.__version__)}
    for name, run in RUNS.items():
        trained = train(run)
        golden[f"{name} losses"] = trained.losses
        golden[f"{name} statistics"] = trained.statistics
        golden[f"{name} state"] = np.frombuffer(trained.state, np.uint8)
    np.savez_compressed(Path(__file__).with_name("training.npz"), **golden)


if __name__ == "__main__":
    main()
