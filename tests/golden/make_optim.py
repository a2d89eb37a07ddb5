"""Make optim.npz: every step of torch's optimizers, and every learning rate of its schedulers."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tests.optim_cases import (
    OPTIMIZERS,
    SCHEDULERS,
    STEPS,
    Optimizer,
    Scheduler,
    start_and_gradients,
)

LR = 0.1


def steps(case: Optimizer, dtype: str) -> dict[str, np.ndarray]:
    """The parameters after each step."""
    start, gradients = start_and_gradients(dtype)
    params = {name: torch.nn.Parameter(torch.from_numpy(x.copy())) for name, x in start.items()}
    optimizer = getattr(torch.optim, case.torchs)(params.values(), **case.arguments)
    after: dict[str, list[np.ndarray]] = {name: [] for name in params}
    for gradient in gradients:
        for name, param in params.items():
            param.grad = torch.from_numpy(gradient[name].copy())
        optimizer.step()
        for name, param in params.items():
            after[name].append(param.detach().numpy().copy())
    return {name: np.stack(values) for name, values in after.items()}


def rates(case: Scheduler) -> tuple[np.ndarray, np.ndarray]:
    """The learning rate and the momentum of each step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=LR, momentum=0.9)
    first = {"max_lr": LR} if case.torchs == "OneCycleLR" else {}
    scheduler = getattr(torch.optim.lr_scheduler, case.torchs)(optimizer, **first, **case.arguments)
    return schedule_of(optimizer, scheduler)


def sequence() -> np.ndarray:
    """The learning rates of a warm-up, a cosine and a decay, one after another."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=LR)
    lrs = torch.optim.lr_scheduler
    parts = [
        lrs.LinearLR(optimizer, 0.1, total_iters=4),
        lrs.CosineAnnealingLR(optimizer, 8),
        lrs.ExponentialLR(optimizer, 0.9),
    ]
    return schedule_of(optimizer, lrs.SequentialLR(optimizer, parts, [4, 15]))[0]


def schedule_of(optimizer: Any, scheduler: Any) -> tuple[np.ndarray, np.ndarray]:
    """The learning rate and the momentum in each step of a run."""
    made = []
    for step in range(STEPS):
        group = optimizer.param_groups[0]
        made.append((group["lr"], group["momentum"]))
        optimizer.step()
        if step < STEPS - 1:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # torch's own scheduler uses what it deprecates
                scheduler.step()
    lr, momentum = np.array(made).T
    return lr, momentum


def main() -> None:
    """Write the file."""
    golden: dict[str, Any] = {"torch": np.array(torch.__version__), "sequence": sequence()}
    for name, case in OPTIMIZERS.items():
        for dtype in ("float32", "float64"):
            for param, values in steps(case, dtype).items():
                golden[f"{name} {dtype} {param}"] = values
    for name, case in SCHEDULERS.items():
        golden[f"{name} lr"], golden[f"{name} momentum"] = rates(case)
    np.savez_compressed(Path(__file__).with_name("optim.npz"), **golden)


if __name__ == "__main__":
    main()
