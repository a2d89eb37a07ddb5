"""The optimizers and schedules, each with torch's hyper-parameters, which are ours by name.

`tests/golden/make_optim.py` gives the same ones to torch.
"""

from typing import Any, NamedTuple

import numpy as np

STEPS = 25
SHAPES = {"kernel": (5, 7), "bias": (7,), "scale": ()}


class Optimizer(NamedTuple):
    """An optimizer of `jaxnn.optim`, its class in ``torch.optim``, and its arguments."""

    name: str
    torchs: str
    arguments: dict[str, Any]


class Scheduler(NamedTuple):
    """A schedule of `jaxnn.optim`, its class in torch, and its arguments besides ``lr``."""

    name: str
    torchs: str
    arguments: dict[str, Any]


OPTIMIZERS = {
    "sgd": Optimizer("sgd", "SGD", {"lr": 0.1}),
    "sgd weight_decay": Optimizer("sgd", "SGD", {"lr": 0.1, "weight_decay": 0.01}),
    "sgd momentum": Optimizer("sgd", "SGD", {"lr": 0.1, "momentum": 0.9}),
    "sgd dampening": Optimizer(
        "sgd", "SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}
    ),
    "sgd nesterov": Optimizer("sgd", "SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "sgd maximize": Optimizer("sgd", "SGD", {"lr": 0.01, "momentum": 0.5, "maximize": True}),
    "adam": Optimizer("adam", "Adam", {"lr": 0.01}),
    "adam amsgrad": Optimizer("adam", "Adam", {"lr": 0.01, "amsgrad": True, "weight_decay": 0.1}),
    "adam betas": Optimizer("adam", "Adam", {"lr": 0.01, "betas": (0.5, 0.9), "eps": 1e-3}),
    "adamw": Optimizer("adamw", "AdamW", {"lr": 0.01}),
    "adamw amsgrad": Optimizer("adamw", "AdamW", {"lr": 0.01, "amsgrad": True}),
    "nadam": Optimizer("nadam", "NAdam", {"lr": 0.01, "weight_decay": 0.01}),
    "nadam decoupled": Optimizer(
        "nadam", "NAdam", {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True}
    ),
    "rmsprop": Optimizer("rmsprop", "RMSprop", {"lr": 0.01}),
    "rmsprop centered": Optimizer(
        "rmsprop",
        "RMSprop",
        {"lr": 0.01, "momentum": 0.9, "centered": True, "weight_decay": 0.01},
    ),
    "adagrad": Optimizer("adagrad", "Adagrad", {"lr": 0.1}),
    "adagrad lr_decay": Optimizer(
        "adagrad",
        "Adagrad",
        {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.1, "weight_decay": 0.01},
    ),
    "adadelta": Optimizer("adadelta", "Adadelta", {}),
    "adadelta rho": Optimizer("adadelta", "Adadelta", {"rho": 1.0}),
    "adadelta weight_decay": Optimizer(
        "adadelta", "Adadelta", {"lr": 0.5, "rho": 0.8, "weight_decay": 0.01}
    ),
}

#: One of each kind of state.
SAVED = (
    *("sgd", "sgd momentum", "adam", "adam amsgrad", "adamw", "nadam", "rmsprop"),
    *("rmsprop centered", "adagrad lr_decay", "adadelta"),
)

SCHEDULERS = {
    "step": Scheduler("step_lr", "StepLR", {"step_size": 3, "gamma": 0.5}),
    "multi_step": Scheduler("multi_step_lr", "MultiStepLR", {"milestones": [9, 3, 9]}),
    "exponential": Scheduler("exponential_lr", "ExponentialLR", {"gamma": 0.9}),
    "linear": Scheduler("linear_lr", "LinearLR", {}),
    "linear down": Scheduler(
        "linear_lr", "LinearLR", {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 13}
    ),
    "no linear": Scheduler("linear_lr", "LinearLR", {"total_iters": 0}),
    "no constant": Scheduler("constant_lr", "ConstantLR", {"factor": 0.5, "total_iters": 0}),
    "no polynomial": Scheduler("polynomial_lr", "PolynomialLR", {"total_iters": 0}),
    "constant": Scheduler("constant_lr", "ConstantLR", {"factor": 0.25}),
    "polynomial": Scheduler("polynomial_lr", "PolynomialLR", {"total_iters": 9, "power": 2.0}),
    "cosine": Scheduler("cosine_annealing_lr", "CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}),
    "restarts": Scheduler(
        "cosine_annealing_warm_restarts", "CosineAnnealingWarmRestarts", {"T_0": 5}
    ),
    "longer restarts": Scheduler(
        "cosine_annealing_warm_restarts",
        "CosineAnnealingWarmRestarts",
        {"T_0": 3, "T_mult": 2, "eta_min": 0.01},
    ),
    "one cycle": Scheduler("one_cycle_lr", "OneCycleLR", {"total_steps": STEPS}),
    "one cycle, linear, three phases": Scheduler(
        "one_cycle_lr",
        "OneCycleLR",
        {"total_steps": STEPS, "three_phase": True, "anneal_strategy": "linear", "pct_start": 0.4},
    ),
}


def start_and_gradients(dtype: str) -> tuple[dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
    """Parameters, and the gradient of each step, which grow smaller by the step."""
    rng = np.random.default_rng(0)

    def draw(scale: float) -> dict[str, np.ndarray]:
        return {
            name: np.asarray(scale * rng.normal(size=shape), dtype)
            for name, shape in SHAPES.items()
        }

    return draw(1.0), [draw(1.0 / (1 + step)) for step in range(STEPS)]


def line_data() -> tuple[np.ndarray, np.ndarray]:
    """Five samples of three numbers, and two numbers to find for each."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(5, 3)).astype(np.float32)
    return x, rng.normal(size=(5, 2)).astype(np.float32)
