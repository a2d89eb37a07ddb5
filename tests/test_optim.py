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
LINE = {"a": jnp.float32(1.0)}


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


def test_optimizers_chain_with_clipping():
    optimizer: Any = optax.chain(optim.clip_grad_norm(1.0), optim.sgd(lr=1.0))
    gradients = {"a": jnp.array([3.0, 0.0]), "b": jnp.array(4.0)}
    updates, _ = optimizer.update(gradients, optimizer.init(gradients), gradients)
    np.testing.assert_allclose(updates["a"], [-0.6, 0.0], rtol=1e-6)
    np.testing.assert_allclose(updates["b"], -0.8, rtol=1e-6)


INF = float("inf")
FRACTION: Any = 2.5  # in place of a whole number


def clipped(clip: Any, gradients: Any) -> Any:
    return clip.update(gradients, clip.init(gradients))[0]


@pytest.mark.parametrize("bound", [100.0, INF])
@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, INF, "inf"])
def test_a_gradient_within_the_bound_stays_as_it_is(bound, norm_type):
    gradients = {"a": jnp.array([3.0, -4.0])}
    for clip in (optim.clip_grad_norm(bound, norm_type), optim.clip_grad_value(bound)):
        np.testing.assert_array_equal(clipped(clip, gradients)["a"], gradients["a"])


@pytest.mark.parametrize("gradients", [{}, {"a": jnp.zeros((0, 2))}])
def test_nothing_is_clipped_to_nothing(gradients):
    for norm_type in (2.0, INF, -INF):
        ours = clipped(optim.clip_grad_norm(1.0, norm_type), gradients)
        assert jax.tree.map(jnp.shape, ours) == jax.tree.map(jnp.shape, gradients)


#: Of 300 numbers, all of them 300 in float16, whose squares it cannot hold: nor their sum, 90000.
NORMS = {1.0: 90000.0, 2.0: 300 * 300**0.5, 3.0: 300 * 300 ** (1 / 3), INF: 300.0, -INF: 300.0}


@pytest.mark.parametrize("norm_type", NORMS)
def test_the_norm_of_half_precision_does_not_overflow(norm_type):
    gradients = {"a": jnp.full(300, 300.0, jnp.float16), "b": jnp.zeros(0, jnp.bfloat16)}
    ours = clipped(optim.clip_grad_norm(1.0, norm_type), gradients)["a"]
    np.testing.assert_allclose(ours, 300 / NORMS[norm_type], rtol=2.0**-11)
    assert ours.dtype == jnp.float16


def test_gradients_of_several_types_have_one_norm():
    gradients = {
        "a": jnp.ones(1, jnp.bfloat16),
        "b": jnp.ones(1, jnp.float16),
        "c": jnp.array([1 - 1j], jnp.complex64),
    }
    ours = clipped(optim.clip_grad_norm(1.0), gradients)
    for name, g in gradients.items():
        assert ours[name].dtype == g.dtype
        np.testing.assert_allclose(ours[name].astype("c8"), g.astype("c8") / 2, rtol=1e-6)


COMPLEX = (
    *("sgd dampening", "adam amsgrad", "adamw", "nadam", "rmsprop centered", "adagrad lr_decay"),
    "adadelta weight_decay",
)


@pytest.mark.parametrize("name", COMPLEX)
def test_a_complex_parameter_is_a_pair_of_real_ones(name):
    case = OPTIMIZERS[name]
    optimizer: Any = getattr(optim, case.name)(**case.arguments)
    params, states, pair = {}, {}, np.array([[1.0, -2.0], [0.5, 3.0]], np.float32)
    starts = {"real": jnp.asarray(pair), "complex": jnp.asarray(pair.view(np.complex64)[:, 0])}
    for kind, p in starts.items():
        state = optimizer.init(p)
        for _ in range(2):
            updates, state = optimizer.update(p, state, p)
            p = optax.apply_updates(p, updates)
        params[kind], states[kind] = p, state.slots
    real = jax.tree.map(lambda x: np.asarray(x)[..., None].view(np.float32), params["complex"])
    np.testing.assert_array_equal(real, params["real"])
    for slot, x in states["complex"].items():
        assert x.dtype == (np.complex64 if slot != "mu_product" else np.float32)


def test_a_group_of_parameters_has_hyperparameters_of_its_own():
    groups: Any = {"kernels": optim.adamw(0.1, weight_decay=0.5), "rest": optim.adamw(0.1)}
    params: Any = {"kernel": jnp.ones((2, 2)), "bias": jnp.ones(2)}
    kinds = {"kernel": "kernels", "bias": "rest"}
    optimizer: Any = optax.partition(groups, kinds)
    ours, _ = optimizer.update(params, optimizer.init(params), params)
    for name, kind in kinds.items():
        alone = groups[kind]
        expected, _ = alone.update(params[name], alone.init(params[name]), params[name])
        np.testing.assert_array_equal(ours[name], expected)


@pytest.mark.parametrize(
    ("call", "text"),
    [
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
