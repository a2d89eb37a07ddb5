"""Make training.npz: the loss of every step when torch trains on scikit-learn's digits."""

from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SIZES = (64, 128, 64, 10)


class Run(NamedTuple):
    """What distinguishes one training from another."""

    optimizer: str
    lr: float
    dropout: float = 0.0
    drop_last: bool = False
    epochs: int = 1
    seed: int = 0
    batch_size: int = 32


RUNS = {
    "sgd": Run("SGD", 0.1),
    "adam": Run("Adam", 1e-3),
    "drop_last": Run("SGD", 0.1, drop_last=True, epochs=2, seed=7),
    "dropout": Run("SGD", 0.1, dropout=0.25),
    "one batch": Run("SGD", 0.1, batch_size=5000, epochs=3),
}


def train(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Train as torch's tutorials do; return the losses and the default generator's state."""
    pixels, digits = load_digits(return_X_y=True)
    x = torch.from_numpy(pixels.astype(np.float32) / 16)
    y = torch.from_numpy(digits)
    torch.manual_seed(run.seed)
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(SIZES):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(run.dropout)]
    model = nn.Sequential(*layers[:-2])
    loader = DataLoader(TensorDataset(x, y), run.batch_size, shuffle=True, drop_last=run.drop_last)
    optimizer = getattr(torch.optim, run.optimizer)(model.parameters(), lr=run.lr)
    losses = []
    for _ in range(run.epochs):
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(batch_x), batch_y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return np.array(losses, np.float32), torch.get_rng_state().numpy()


def main() -> None:
    """Write the file."""
    golden: dict[str, Any] = {"torch": np.array(torch.__version__)}
    for name, run in RUNS.items():
        golden[f"{name} losses"], golden[f"{name} state"] = train(run)
    np.savez_compressed(Path(__file__).with_name("training.npz"), **golden)


if __name__ == "__main__":
    main()
