"""Optimizers, schedules and clips against live torch where hyper-parameters have edges."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import optax
import pytest
import torch

from jaxnn import optim
from tests.golden.make_optim import schedule_of
from tests.optim_cases import OPTIMIZERS, STEPS

INF = float("inf")
VALUES = (0.0, 1.0, 1.5, -1.0, INF)
START, *GRADIENTS = np.array([[1.0, -2.0], [0.3, -0.1], [0.6, -0.1], [0.9, -0.1]], np.float32)


def attempted(call: Callable[[], Any]) -> Any:
    """What a call gives, or None where it refuses."""
    try:
        return call()
    except (ValueError, ZeroDivisionError):
        return None


def torch_steps(
    name: str, arguments: dict[str, Any], start: np.ndarray, gradients: list[np.ndarray]
) -> np.ndarray:
    param = torch.nn.Parameter(torch.from_numpy(start.copy()))
    optimizer = getattr(torch.optim, name)([param], **arguments)
    for gradient in gradients:
        param.grad = torch.from_numpy(gradient.copy())
        optimizer.step()
    return param.detach().numpy()


def our_steps(
    name: str, arguments: dict[str, Any], start: np.ndarray, gradients: list[np.ndarray]
) -> np.ndarray:
    optimizer: Any = getattr(optim, name)(**arguments)
    param: Any = jnp.asarray(start)
    state = optimizer.init(param)
    for gradient in gradients:
        updates, state = optimizer.update(jnp.asarray(gradient), state, param)
        param = optax.apply_updates(param, updates)
    return np.asarray(param)


NUMBERS = {
    ("sgd", "SGD"): ("lr", "momentum", "dampening", "weight_decay"),
    ("adam", "Adam"): ("lr", "eps", "weight_decay", "beta1", "beta2"),
    ("adamw", "AdamW"): ("lr", "eps", "weight_decay", "beta1", "beta2"),
    ("nadam", "NAdam"): ("lr", "eps", "weight_decay", "beta1", "beta2", "momentum_decay"),
    ("rmsprop", "RMSprop"): ("lr", "alpha", "eps", "weight_decay", "momentum"),
    ("adagrad", "Adagrad"): (
        *("lr", "lr_decay", "eps", "weight_decay"),
        "initial_accumulator_value",
    ),
    ("adadelta", "Adadelta"): ("lr", "rho", "eps", "weight_decay"),
}


@pytest.mark.parametrize(
    ("names", "argument"), [(names, x) for names, given in NUMBERS.items() for x in given]
)
@pytest.mark.parametrize("value", VALUES)
def test_an_optimizer_takes_what_torchs_does(names, argument, value):
    ours, torchs = names
    betas = {"beta1": (value, 0.9), "beta2": (0.9, value)}
    of_value = {"betas": betas[argument]} if argument in betas else {argument: value}
    given = {"lr": 0.1} | of_value
    expected = attempted(lambda: torch_steps(torchs, given, START, GRADIENTS))
    actual = attempted(lambda: our_steps(ours, given, START, GRADIENTS))
    assert (actual is None) == (expected is None)
    if expected is not None and value < INF:
        np.testing.assert_allclose(actual, expected, rtol=1e-6, atol=1e-6)


COMPLEX = [name for name, case in OPTIMIZERS.items() if "maximize" not in case.arguments]


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_parameters_step_as_torchs(name):
    case, rng = OPTIMIZERS[name], np.random.default_rng(0)
    start, *gradients = (rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))).astype("c8")
    expected = torch_steps(case.torchs, case.arguments, start, gradients)
    actual = our_steps(case.name, case.arguments, start, gradients)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=2.0**-19)


def test_a_partition_steps_as_torchs_groups():
    start = {"kernel": np.ones((2, 3), np.float32), "bias": np.ones(3, np.float32)}
    params = {name: torch.nn.Parameter(torch.from_numpy(x.copy())) for name, x in start.items()}
    groups = [{"params": [params["kernel"]]}, {"params": [params["bias"]], "weight_decay": 0.0}]
    torchs = torch.optim.AdamW(groups, lr=0.1, weight_decay=0.5)
    kinds: Any = {
        "kernels": optim.adamw(0.1, weight_decay=0.5),
        "rest": optim.adamw(0.1, weight_decay=0.0),
    }
    ours: Any = optax.partition(
        kinds, lambda tree: jax.tree.map(lambda x: "kernels" if x.ndim > 1 else "rest", tree)
    )
    moved: Any = jax.tree.map(jnp.asarray, start)
    state = ours.init(moved)
    for _ in range(3):
        for param in params.values():
            param.grad = param.detach() ** 2
        torchs.step()
        updates, state = ours.update(jax.tree.map(jnp.square, moved), state, moved)
        moved = optax.apply_updates(moved, updates)
    for name, param in params.items():
        np.testing.assert_allclose(moved[name], param.detach().numpy(), rtol=0, atol=2.0**-22)


SCHEDULES = {
    ("step_lr", "StepLR"): {"step_size": 3, "gamma": 0.5},
    ("linear_lr", "LinearLR"): {"start_factor": 0.5, "end_factor": 0.75, "total_iters": 5},
    ("constant_lr", "ConstantLR"): {"factor": 0.5, "total_iters": 5},
    ("polynomial_lr", "PolynomialLR"): {"total_iters": 5, "power": 2.0},
    ("cosine_annealing_lr", "CosineAnnealingLR"): {"T_max": 5, "eta_min": 0.01},
    ("cosine_annealing_warm_restarts", "CosineAnnealingWarmRestarts"): {"T_0": 5, "T_mult": 2},
    ("one_cycle_lr", "OneCycleLR"): {"total_steps": STEPS, "pct_start": 0.3},
}
#: Torch begins with these, and then makes what is no schedule of theirs, or fails at a later step.
ODD = {
    *(("step_size", x) for x in (-1, 1.5)),
    *(("total_iters", x) for x in (-1, 1.5)),
    *(("T_max", -1), ("factor", 0), ("power", -1), ("total_steps", 1), ("pct_start", 0)),
    ("pct_start", 1),  # torch wants these two to be floats
}


EDGES = [
    (names, argument, value)
    for names, given in SCHEDULES.items()
    for argument in given
    for value in (0, 1, 1.5, -1)
    if (argument, value) not in ODD
]


@pytest.mark.parametrize(("names", "argument", "value"), EDGES)
def test_a_schedule_takes_what_torchs_does(names, argument, value):
    ours, torchs = names
    given = SCHEDULES[names] | {argument: value}
    expected = attempted(lambda: torch_rates(torchs, given))
    actual = attempted(lambda: getattr(optim, ours)(0.1, **given)(np.arange(STEPS)))
    assert (actual is None) == (expected is None)
    if expected is not None:
        atol = 3 * STEPS * 2.0**-53 * np.abs(expected).max()  # torch makes each from the one before
        np.testing.assert_allclose(actual, expected, rtol=0, atol=atol)


def torch_rates(name: str, given: dict[str, Any]) -> np.ndarray:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1, momentum=0.9)
    first = {"max_lr": 0.1} if name == "OneCycleLR" else {}
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **first, **given)
    return schedule_of(optimizer, scheduler)[0]


def test_a_product_of_schedules_is_torchs_chain():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1, momentum=0.9)
    torchs = torch.optim.lr_scheduler
    parts = [torchs.LinearLR(optimizer), torchs.ConstantLR(optimizer), torchs.StepLR(optimizer, 3)]
    expected = schedule_of(optimizer, torchs.ChainedScheduler(parts))[0]
    factors = optim.linear_lr(1.0), optim.constant_lr(1.0), optim.step_lr(1.0, 3)
    ours = optim.lambda_lr(0.1, lambda t: factors[0](t) * factors[1](t) * factors[2](t))
    np.testing.assert_allclose(ours(np.arange(STEPS)), expected, rtol=1e-14)


def torch_clipped(gradients: list[np.ndarray], bound: float, norm_type: float) -> list[np.ndarray]:
    params = []
    for gradient in gradients:
        given = torch.tensor(
            gradient.astype(np.float32 if gradient.itemsize == 2 else gradient.dtype)
        )
        param = torch.nn.Parameter(torch.zeros_like(given).to(getattr(torch, str(gradient.dtype))))
        param.grad = given.to(param.dtype)
        params.append(param)
    torch.nn.utils.clip_grad_norm_(params, bound, norm_type)
    return [np.asarray(p.grad.to(torch.complex64)) for p in params]


KINDS = {
    "float32": ["float32"],
    "float16": ["float16"],
    "bfloat16": ["bfloat16"],
    "complex64": ["complex64"],
    "mixed": ["float16", "float32", "bfloat16", "complex64"],
}


@pytest.mark.parametrize("bound", [0.5, INF])
@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, 0.0, INF, -INF, -2.0])
@pytest.mark.parametrize("kind", KINDS)
def test_a_norm_is_clipped_as_torch_clips_it(kind, norm_type, bound):
    rng = np.random.default_rng(0)
    dtypes = [np.dtype(getattr(ml_dtypes, x, x)) for x in KINDS[kind]]
    gradients = [np.asarray(300 * rng.uniform(0.5, 1, 60)).astype(x) for x in dtypes]
    ours: Any = optim.clip_grad_norm(bound, norm_type)
    actual = ours.update([jnp.asarray(g) for g in gradients], ())[0]
    # Torch rounds the norm, its inverse and the products to the gradients' type.
    rtol = 3 * max(float(jnp.finfo(x).eps) for x in dtypes)
    for x, y in zip(actual, torch_clipped(gradients, bound, norm_type), strict=True):
        np.testing.assert_allclose(x.astype("c8"), y, rtol=rtol)


@pytest.mark.parametrize(("patience", "cooldown"), [(0, 0), (2, 0), (2, 1)])
def test_a_plateau_is_optaxs_of_one_more_patience(patience, cooldown):
    losses = [1.0, 0.9, *[0.8] * 6, *[0.5] * 8, 0.49999, 0.49999]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    options = {"factor": 0.5, "cooldown": cooldown}
    torchs = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=patience, **options)
    ours: Any = optax.contrib.reduce_on_plateau(patience=patience + 1, **options)
    state = ours.init(jnp.ones(1))
    for loss in losses:
        torchs.step(loss)
        with jax.numpy_dtype_promotion("standard"):
            _, state = ours.update(jnp.ones(1), state, value=jnp.float32(loss))
        assert state.scale == optimizer.param_groups[0]["lr"]
