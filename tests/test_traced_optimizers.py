"""Hyper-parameters that are traced: swept by vmap, kept in a state, differentiated by."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from jaxnn import optim
from tests.optim_cases import OPTIMIZERS, start_and_gradients

STEPS = 5
#: Per element, of parameters below 3: the roundings of the steps.
TOLERANCE = STEPS * 2.0**-22
START, GRADIENTS = (
    jax.tree.map(jnp.asarray, part[0] if isinstance(part, list) else part)
    for part in start_and_gradients("float32")
)
SWEPT = (
    *("sgd dampening", "adam betas", "adam amsgrad", "adamw", "nadam decoupled"),
    *("rmsprop centered", "adagrad lr_decay", "adadelta weight_decay"),
)


def after(optimizer: Any) -> Any:
    """The parameters after some steps."""

    def step(carry: Any, size: Any) -> Any:
        params, state = carry
        gradients = jax.tree.map(lambda g: size * g, GRADIENTS)
        updates, state = optimizer.update(gradients, state, params)
        return (optax.apply_updates(params, updates), state), None

    sizes = jnp.linspace(1.0, 0.2, STEPS)
    return jax.lax.scan(step, (START, optimizer.init(START)), sizes)[0][0]


def assert_near(ours: Any, expected: Any) -> None:
    for name, x in ours.items():
        np.testing.assert_allclose(x, expected[name], rtol=0, atol=TOLERANCE, err_msg=name)


def second(params: Any) -> Any:
    return jax.tree.map(lambda x: x[1], params)


def numbers_of(arguments: dict[str, Any]) -> dict[str, Any]:
    """The hyper-parameters that are numbers, each as it is and another time."""

    def both(x: Any) -> Any:
        return jnp.array([x, 0.75 * x], jnp.float32)

    numeric = {k: x for k, x in arguments.items() if not isinstance(x, bool)}
    return {k: tuple(map(both, x)) if isinstance(x, tuple) else both(x) for k, x in numeric.items()}


@pytest.mark.parametrize("name", SWEPT)
def test_a_sweep_makes_the_steps_of_each(name):
    case = OPTIMIZERS[name]
    make: Any = getattr(optim, case.name)
    swept = numbers_of(case.arguments)
    ours = jax.vmap(lambda given: after(make(**case.arguments | given)))(swept)
    numbers = jax.tree.map(lambda x: float(x[1]), swept)
    assert_near(second(ours), after(make(**case.arguments | numbers)))


@pytest.mark.parametrize(
    ("name", "argument"), [("sgd", "momentum"), ("adamw", "weight_decay"), ("rmsprop", "momentum")]
)
def test_a_sweep_over_0_is_as_without(name, argument):
    make: Any = getattr(optim, name)
    given = {"lr": 0.1} | ({"dampening": 0.5} if name == "sgd" else {})
    ours = jax.vmap(lambda x: after(make(**given, **{argument: x})))(jnp.array([0.5, 0.0]))
    assert_near(second(ours), after(make(**given, **{argument: 0.0})))


@pytest.mark.parametrize(
    "name", ["sgd", "adam", "adamw", "nadam", "rmsprop", "adagrad", "adadelta"]
)
def test_hyperparameters_may_be_kept_in_the_state(name):
    make: Any = getattr(optim, name)
    assert_near(after(optax.inject_hyperparams(make)(lr=0.05)), after(make(lr=0.05)))


def test_a_nesterov_momentum_may_be_kept_in_the_state():
    options: Any = {"lr": 0.05, "momentum": 0.9, "nesterov": True}
    assert_near(after(optax.inject_hyperparams(optim.sgd)(**options)), after(optim.sgd(**options)))


def test_a_clip_is_swept_and_kept_in_the_state():
    ours = jax.vmap(lambda bound: after(optax.chain(optim.clip_grad_norm(bound), optim.sgd(0.1))))(
        jnp.array([0.5, np.inf])
    )
    kept = optax.inject_hyperparams(optim.clip_grad_norm, static_args="norm_type")(max_norm=0.5)
    assert_near(second(ours), after(optim.sgd(0.1)))
    expected = after(optax.chain(kept, optim.sgd(0.1)))
    assert_near(jax.tree.map(lambda x: x[0], ours), expected)


SCHEDULES: dict[str, Any] = {
    "step": lambda lr: optim.step_lr(lr, 2),
    "multi_step": lambda lr: optim.multi_step_lr(lr, [2]),
    "exponential": lambda lr: optim.exponential_lr(lr, 0.9),
    "linear": lambda lr: optim.linear_lr(lr),
    "constant": lambda lr: optim.constant_lr(lr),
    "polynomial": lambda lr: optim.polynomial_lr(lr),
    "cosine": lambda lr: optim.cosine_annealing_lr(lr, 10),
    "restarts": lambda lr: optim.cosine_annealing_warm_restarts(lr, 2, 2),
    "one cycle": lambda lr: optim.one_cycle_lr(lr, 10),
    "lambda": lambda lr: optim.lambda_lr(lr, lambda t: 1 / (1 + t)),
    "every": lambda lr: optim.every(2, optim.exponential_lr(lr, 0.9)),
    "sequence": lambda lr: optim.sequential_lr(
        [optim.linear_lr(lr), optim.exponential_lr(lr, 0.5)], [2]
    ),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_of_a_traced_learning_rate(name):
    rates = jnp.array([0.5, 0.25])
    later: Any = optim.State(jnp.int32(3), {})
    param: Any = START["bias"]

    def update(lr: Any) -> Any:
        return optim.sgd(SCHEDULES[name](lr)).update(param, later, param)[0]

    ours = jax.vmap(update)(rates)
    for i, lr in enumerate((0.5, 0.25)):
        np.testing.assert_array_equal(ours[i], -np.float32(SCHEDULES[name](lr)(3)) * param)


def test_a_result_has_a_derivative_by_the_learning_rate():
    def size(lr: Any) -> jax.Array:
        return after(optim.adam(lr))["bias"].sum()

    slope = jax.grad(size)(0.1)
    np.testing.assert_allclose(slope, (size(0.101) - size(0.099)) / 0.002, rtol=1e-3)


@pytest.mark.parametrize("lr", [np.float64(0.1), np.float32(0.1), np.array(0.1), jnp.float32(0.1)])
def test_a_number_of_any_type_leaves_the_parameters_theirs(lr):
    param = jnp.ones(2, jnp.bfloat16)
    optimizer: Any = optim.adamw(lr)
    updates, state = optimizer.update(param, optimizer.init(param), param)
    assert updates.dtype == state.slots["exp_avg"].dtype == jnp.bfloat16


def test_an_array_in_a_jitted_program_is_asked():
    rate = jnp.float32(-0.1)
    with pytest.raises(ValueError, match=r"sgd: lr must be 0 or more; got -0\.1"):
        jax.jit(lambda: after(optim.sgd(rate)))()


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda: optim.sgd(jnp.array([0.1, 0.2])),
            ValueError,
            "sgd: lr must be one number; got f32[2]; use jax.vmap over many",
        ),
        (
            lambda: jax.jit(lambda p: optim.clip_grad_norm(1.0, p).update(START, ())[0])(2.0),
            TypeError,
            "clip_grad_norm: norm_type must be known when the program is traced; got a traced "
            "f32[]; give Python's number, in optax.inject_hyperparams with "
            "static_args='norm_type'",
        ),
        (
            lambda: jax.jit(lambda n: optim.one_cycle_lr(0.1, n)(0))(10),
            TypeError,
            "one_cycle_lr: total_steps must be known when the program is traced; got a traced "
            "i32[]; give Python's number, in optax.inject_hyperparams with "
            "static_args='total_steps'",
        ),
    ],
    ids=["many", "norm_type", "total_steps"],
)
def test_refuses(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text
