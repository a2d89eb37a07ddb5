"""Make checkpoints/optimizers.pt: a few steps of torch's optimizers, their state dicts, and more.

It holds for each of `SAVED` the model's and the optimizer's state dict after some steps, and the
model's after some more.

Run from the root of the repository: python -m tests.golden.make_optimizer_states
"""

import copy
from pathlib import Path
from typing import Any

import torch
from torch import nn

from tests.optim_cases import OPTIMIZERS, SAVED, Optimizer, line_data

PATH = Path(__file__).with_name("checkpoints") / "optimizers.pt"


def interrupted(case: Optimizer) -> dict[str, Any]:
    """What is saved after three steps, and the parameters after three more."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 2))
    optimizer = getattr(torch.optim, case.torchs)(model.parameters(), **case.arguments)
    _step(model, optimizer, 3)
    saved = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    saved = copy.deepcopy(saved)  # the tensors are those of model and optimizer, and go on
    _step(model, optimizer, 3)
    return saved | {"after": model.state_dict()}


def _step(model: nn.Module, optimizer: torch.optim.Optimizer, steps: int) -> None:
    x, y = map(torch.from_numpy, line_data())
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()


def main() -> None:
    """Write the file, in the format that needs the fewest bytes."""
    value = {name: interrupted(OPTIMIZERS[name]) for name in SAVED}
    torch.save(value, PATH, _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
