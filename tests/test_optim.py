"""Optimizers and schedules against torch's, recorded by golden/make_optim.py."""

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from jaxnn import optim
from tests.optim_cases import OPTIMIZERS, SCHEDULERS, SHAPES, STEPS, Optimizer, start_and_gradients

GOLDEN = np.load(Path(__file__).parent / "golden" / "optim.npz")
#: Per element, times the largest parameter there was: the roundings of `STEPS` steps.
TOLERANCE = {"float32": STEPS * 2.0**-24, "float64": STEPS * 2.0**-53}
#: Of learning rates below 1: torch makes each from the one before, and gathers their roundings.
RATE = 1e-15
LR = 0.1
T = np.arange(STEPS)
CLIPPED = optax.EmptyState()
LINE = {"a": jnp.float32(1.0)}
FRACTION: Any = 2.5  # in place of a whole number


def steps(case: Optimizer, dtype: str) -> dict[str, np.ndarray]:
    """What `make_optim.steps` does with torch, each step compiled."""
    with jax.enable_x64(dtype == "float64"):
        start, gradients = start_and_gradients(dtype)
        optimizer: Any = getattr(optim, case.name)(**case.arguments)

        @jax.jit
        def run(params: Any, gradients: Any) -> Any:
            def step(carry: Any, gradient: Any) -> Any:
                params, state = carry
                updates, state = optimizer.update(gradient, state, params)
                params = optax.apply_updates(params, updates)
                return (params, state), params

            return jax.lax.scan(step, (params, optimizer.init(params)), gradients)[1]

        stacked = jax.tree.map(lambda *g: jnp.stack(g), *gradients)
        return {name: np.asarray(x) for name, x in run(start, stacked).items()}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_step_is_torchs(name, dtype):
    ours = steps(OPTIMIZERS[name], dtype)
    for param in SHAPES:
        expected = GOLDEN[f"{name} {dtype} {param}"]
        assert ours[param].dtype == expected.dtype
        atol = TOLERANCE[dtype] * np.abs(expected).max()
        np.testing.assert_allclose(ours[param], expected, rtol=0, atol=atol, err_msg=param)


@pytest.mark.parametrize("name", SCHEDULERS)
def test_every_learning_rate_is_torchs(name):
    case = SCHEDULERS[name]
    schedule = getattr(optim, case.name)(LR, **case.arguments)
    np.testing.assert_allclose(schedule(T), GOLDEN[f"{name} lr"], rtol=0, atol=RATE)
    assert schedule(3).dtype == jnp.float64
    np.testing.assert_allclose(schedule(T)[3], schedule(3), rtol=0, atol=RATE)


def test_one_cycle_moves_the_momentum_as_torch_does():
    ours = optim.one_cycle_momentum(STEPS)(T)
    np.testing.assert_allclose(ours, GOLDEN["one cycle momentum"], rtol=0, atol=RATE)
    ours = optim.one_cycle_momentum(
        STEPS, three_phase=True, anneal_strategy="linear", pct_start=0.4
    )(T)
    expected = GOLDEN["one cycle, linear, three phases momentum"]
    np.testing.assert_allclose(ours, expected, rtol=0, atol=RATE)


def test_schedules_follow_one_another_as_torchs_do():
    parts = [
        optim.linear_lr(LR, 0.1, total_iters=4),
        optim.cosine_annealing_lr(LR, 8),
        optim.exponential_lr(LR, 0.9),
    ]
    ours = optim.sequential_lr(parts, [4, 15])(T)
    np.testing.assert_allclose(ours, GOLDEN["sequence"], rtol=0, atol=RATE)


def test_every_counts_epochs():
    by_epoch = optim.every(10, optim.step_lr(LR, step_size=2))
    np.testing.assert_array_equal(by_epoch(T), optim.step_lr(LR, step_size=20)(T))


@pytest.mark.parametrize("x64", [False, True])
def test_a_schedule_drives_an_optimizer_in_either_mode(x64):
    with jax.enable_x64(x64):
        optimizer: Any = optim.sgd(
            optim.exponential_lr(1.0, 0.5), momentum=optim.lambda_lr(0.0, lambda t: t)
        )
        params, state, seen = LINE, optimizer.init(LINE), []
        for _ in range(3):
            updates, state = jax.jit(optimizer.update)({"a": jnp.float32(1.0)}, state, params)
            seen.append(float(updates["a"]))
    assert seen == [-1.0, -0.5, -0.25]
    assert state.step == 3


NAN = float("nan")
#: Whatever of them is nan is refused.
NUMBERS: dict[str, Any] = {
    "sgd": {"lr": 0.1, "momentum": 0.9, "dampening": 0.1, "weight_decay": 0.1},
    "rmsprop": {"lr": 0.1, "alpha": 0.9, "eps": 0.1, "momentum": 0.9, "weight_decay": 0.1},
    "adagrad": {"lr": 0.1, "lr_decay": 0.1, "eps": 0.1, "initial_accumulator_value": 0.1},
    "adadelta": {"lr": 0.1, "rho": 0.9, "eps": 0.1, "weight_decay": 0.1},
    "adam": {"lr": 0.1, "eps": 0.1, "weight_decay": 0.1},
    "nadam": {"lr": 0.1, "momentum_decay": 0.1},
    "step_lr": {"lr": 0.1, "step_size": 3, "gamma": 0.1},
    "multi_step_lr": {"lr": 0.1, "gamma": 0.1},
    "exponential_lr": {"lr": 0.1, "gamma": 0.1},
    "linear_lr": {"lr": 0.1, "start_factor": 0.1, "end_factor": 0.1, "total_iters": 3},
    "constant_lr": {"lr": 0.1, "factor": 0.1, "total_iters": 3},
    "polynomial_lr": {"lr": 0.1, "total_iters": 3, "power": 0.1},
    "cosine_annealing_lr": {"lr": 0.1, "T_max": 3, "eta_min": 0.1},
    "cosine_annealing_warm_restarts": {"lr": 0.1, "T_0": 3, "T_mult": 2, "eta_min": 0.1},
    "one_cycle_lr": {
        "max_lr": 0.1, "total_steps": 3, "pct_start": 0.3, "div_factor": 25.0,
        "final_div_factor": 10.0,
    },
    "one_cycle_momentum": {"total_steps": 3, "base_momentum": 0.8, "max_momentum": 0.9},
    "lambda_lr": {"lr": 0.1},
    "clip_grad_norm": {"max_norm": 1.0, "norm_type": 2.0},
    "clip_grad_value": {"clip_value": 1.0},
}  # fmt: skip
BESIDES: dict[str, Any] = {"multi_step_lr": {"milestones": [3]}, "lambda_lr": {"lr_lambda": float}}


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, given in NUMBERS.items() for number in given]
)
def test_no_number_is_nan_or_none(name, number):
    make = getattr(optim, name)
    given = NUMBERS[name] | BESIDES.get(name, {})
    make(**given)
    with pytest.raises(ValueError, match=f"{name}: {number} must be .*; got nan; use {number}="):
        make(**given | {number: NAN})
    if number != "norm_type":  # which is made a float first
        with pytest.raises(TypeError, match=f"{name}: {number} must be a number; got a NoneType;"):
            make(**given | {number: None})


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: optim.sgd(0.1, 0.9, jnp.array([0.1, 0.2])),
            "sgd: dampening must be one number; got f32[2]; use jax.vmap over many",
        ),
        (
            lambda: optim.one_cycle_lr(0.1, 10, div_factor=0),
            "one_cycle_lr: div_factor must be above 0; got 0; use div_factor=1",
        ),
        (
            lambda: optim.clip_grad_value(1.0).update({"a": jnp.ones(2, jnp.complex64)}, CLIPPED),
            "clip_grad_value: gradients must be real; got c64[2]; use clip_grad_norm",
        ),
        (
            lambda: optim.sgd(lr=-1.0),
            "sgd: lr must be 0 or more; got -1.0; use lr=0",
        ),
        (
            lambda: optim.adamw(lr=float("nan")),
            "adamw: lr must be 0 or more; got nan; use lr=0",
        ),
        (
            lambda: optim.adadelta(rho=1.5),
            "adadelta: rho must be in [0, 1]; got 1.5; use rho=0.5",
        ),
        (
            lambda: optim.linear_lr(0.1, start_factor=0.0),
            "linear_lr: start_factor must be in (0, 1]; got 0.0; use start_factor=1",
        ),
        (
            lambda: optim.linear_lr(0.1, end_factor=1.5),
            "linear_lr: end_factor must be in [0, 1]; got 1.5; use end_factor=0.5",
        ),
        (
            lambda: optim.constant_lr(0.1, factor=1.5),
            "constant_lr: factor must be in [0, 1]; got 1.5; use factor=0.5",
        ),
        (
            lambda: optim.polynomial_lr(0.1, total_iters=-1),
            "polynomial_lr: total_iters must be a whole number of steps, 0 or more; got -1; use "
            "total_iters=0",
        ),
        (
            lambda: optim.cosine_annealing_lr(0.1, T_max=0),
            "cosine_annealing_lr: T_max must be above 0; got 0; use T_max=1",
        ),
        (
            lambda: optim.cosine_annealing_warm_restarts(0.1, T_0=FRACTION),
            "cosine_annealing_warm_restarts: T_0 must be a whole number of steps, 1 or more; got "
            "2.5; use T_0=1",
        ),
        (
            lambda: optim.clip_grad_norm(1.0, float("nan")),
            "clip_grad_norm: norm_type must be a number or inf; got nan; use norm_type=2",
        ),
        (
            lambda: optim.adam(betas=(0.9, 1.0)),
            "adam: beta2 must be in [0, 1); got 1.0; use beta2=0",
        ),
        (
            lambda: optim.sgd(nesterov=True),
            "sgd: nesterov must come with momentum and without dampening; got momentum=0.0 and "
            "dampening=0.0; use momentum=0.9, dampening=0",
        ),
        (
            lambda: optim.step_lr(0.1, step_size=0),
            "step_lr: step_size must be a whole number of steps, 1 or more; got 0; use step_size=1",
        ),
        (
            lambda: optim.one_cycle_lr(0.1, 10, anneal_strategy="cosine"),
            "one_cycle_lr: anneal_strategy must be one of 'cos', 'linear'; got 'cosine'; use "
            "anneal_strategy='cos'",
        ),
        (
            lambda: optim.one_cycle_lr(0.1, 10, pct_start=2.0),
            "one_cycle_lr: pct_start must be in [0, 1]; got 2.0; use pct_start=0.5",
        ),
        (
            lambda: optim.sequential_lr([optim.linear_lr(0.1)], [3]),
            "sequential_lr: there must be one milestone fewer than schedules; got 1 milestones and "
            "1 schedules; use milestones=[5] for two",
        ),
        (
            lambda: optim.adam().update(LINE, optim.adam().init(LINE)),
            "adam: update must be given the parameters; got None; use update(grads, state, params)",
        ),
    ],
    ids=[
        "dampenings",
        "div_factor",
        "complex",
        "lr",
        "nan",
        "rho",
        "start_factor",
        "end_factor",
        "factor",
        "total_iters",
        "T_max",
        "T_0",
        "norm_type",
        "betas",
        "nesterov",
        "step_size",
        "strategy",
        "pct_start",
        "milestones",
        "params",
    ],
)
def test_refuses_what_is_out_of_range(call, text):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == text


def test_a_sum_does_not_begin_with_a_schedule():
    start: Any = optim.exponential_lr(0.1, 0.9)
    text = "adagrad: initial_accumulator_value must be a number; got a function; use "
    with pytest.raises(TypeError, match=text):
        optim.adagrad(initial_accumulator_value=start)
