"""torch's optimizer state dicts, recorded by golden/make_optimizer_states.py, read and written."""

from collections import OrderedDict, defaultdict
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import jaxnn
from jaxnn import checkpoint, optim
from tests.optim_cases import OPTIMIZERS, SAVED, line_data

GOLDEN = checkpoint.load_torch(Path(__file__).parent / "golden" / "checkpoints" / "optimizers.pt")
LIKE: Any = (jaxnn.Dense(jnp.zeros((3, 2)), jnp.zeros(2)),)
STEPS = 3  # before the state was saved, and after it
#: Per element: the roundings of three steps of parameters below 1.
TOLERANCE = STEPS * 2.0**-23


def made(name: str) -> Any:
    case = OPTIMIZERS[name]
    return getattr(optim, case.name)(**case.arguments)


def resumed(name: str, optimizer: Any = None, **options: Any) -> tuple[Any, Any]:
    """Parameters and state as they were saved."""
    saved = GOLDEN[name]
    params = checkpoint.from_state_dict(saved["model"], LIKE)
    options.setdefault("step", STEPS)
    optimizer = optimizer or made(name)
    return params, optim.from_state_dict(saved["optimizer"], optimizer, params, **options)


def test_every_kind_of_state_was_recorded():
    assert list(GOLDEN) == list(SAVED)


@pytest.mark.parametrize("name", SAVED)
def test_the_next_steps_are_torchs(name):
    optimizer = made(name)
    params, state = resumed(name, optimizer)
    x, y = line_data()

    def loss(params: Any) -> jax.Array:
        return jaxnn.mse_loss(jaxnn.mlp(params, x), y)

    @jax.jit
    def step(params: Any, state: Any) -> Any:
        updates, state = optimizer.update(jax.grad(loss)(params), state, params)
        return optax.apply_updates(params, updates), state

    for _ in range(STEPS):
        params, state = step(params, state)
    after = checkpoint.to_state_dict(params)
    for param, expected in GOLDEN[name]["after"].items():
        np.testing.assert_allclose(after[param], expected, rtol=0, atol=TOLERANCE, err_msg=param)


@pytest.mark.parametrize("name", SAVED)
def test_what_is_written_is_what_torch_wrote(name, tmp_path):
    params, state = resumed(name)
    checkpoint.save_torch(tmp_path / "x.pt", optim.to_state_dict(state, made(name), params))
    written, saved = checkpoint.load_torch(tmp_path / "x.pt"), GOLDEN[name]["optimizer"]
    assert_equal(written["state"], saved["state"])
    (ours,), (torchs,) = written["param_groups"], saved["param_groups"]
    assert ours == {key: torchs[key] for key in ours}
    # What is left out decides how torch computes, not what: it fills that in when it loads.
    left_out = {"foreach", "fused", "capturable", "differentiable"}
    assert torchs.keys() - ours.keys() <= left_out


def assert_equal(ours: Any, torchs: Any) -> None:
    """The same numbers, types and names; steps in storages of their own, for torch adds to them."""
    assert ours.keys() == torchs.keys()
    for number, slots in torchs.items():
        assert ours[number].keys() == slots.keys()
        for slot, expected in slots.items():
            np.testing.assert_array_equal(ours[number][slot], expected, strict=True)
    steps = [slots["step"] for slots in ours.values() if "step" in slots]
    assert len({step.ctypes.data for step in steps}) == len(steps)


@pytest.mark.parametrize("name", SAVED)
def test_a_state_before_the_first_step_goes_there_and_back(name):
    optimizer = made(name)
    start = optimizer.init(LIKE)
    saved = optim.to_state_dict(start, optimizer, LIKE)
    again = optim.from_state_dict(saved, optimizer, LIKE, step=0)
    jax.tree.map(np.testing.assert_array_equal, again, start)
    assert OPTIMIZERS[name].name != "sgd" or saved["state"] == {}


def test_buffers_that_are_none_are_none():
    group = {"params": [0, 1]}
    saved = {"state": {0: {"momentum_buffer": None}}, "param_groups": [group]}
    for optimizer in (optim.sgd(0.1), optim.sgd(0.1, momentum=0.9)):
        fresh = optim.from_state_dict(saved, optimizer, LIKE, step=0)
        jax.tree.map(np.testing.assert_array_equal, fresh, optimizer.init(LIKE))
    assert optim.from_state_dict(saved, optim.sgd(0.1), LIKE, step=7).step == 7


def test_a_chain_has_the_state_of_its_optimizer():
    chain = optax.chain(optim.clip_grad_norm(1.0), made("adam"))
    params, state = resumed("adam", chain)
    _, alone = resumed("adam")
    assert state[1].step == STEPS
    jax.tree.map(np.testing.assert_array_equal, state[1], alone)
    written = optim.to_state_dict(state, made("adam"), params)
    assert_equal(written["state"], GOLDEN["adam"]["optimizer"]["state"])


def test_a_schedule_counts_on_and_torch_is_told_where_it_is():
    optimizer = optim.adam(
        lr=optim.exponential_lr(1.0, 0.5), betas=(optim.lambda_lr(0.5, float), 0.9)
    )
    params, state = resumed("adam", optimizer)
    assert state.step == STEPS
    (group,) = optim.to_state_dict(state, optimizer, params)["param_groups"]
    assert (group["lr"], group["betas"]) == (0.5**STEPS, (0.5 * STEPS, 0.9))


def turned(state: dict[int, Any]) -> dict[int, Any]:
    return {0: state[1], 1: state[0]}


def test_parameters_have_the_order_of_torchs():
    saved, params = GOLDEN["adam"]["optimizer"], LIKE
    other = {**saved, "state": turned(saved["state"])}
    named = {**other, "param_groups": [{"params": [0, 1], "param_names": ["0.bias", "0.weight"]}]}
    order = {"0.bias": 0, "0.running_mean": 0, "0.weight": 0}
    expected = optim.from_state_dict(saved, made("adam"), params)
    for found in (
        optim.from_state_dict(other, made("adam"), params, order=order),
        optim.from_state_dict(named, made("adam"), params),
    ):
        jax.tree.map(np.testing.assert_array_equal, found, expected)
    written = optim.to_state_dict(expected, made("adam"), params, order=order)
    assert_equal(written["state"], other["state"])


def test_layers_have_the_names_that_they_are_given():
    saved, adam = GOLDEN["adam"]["optimizer"], made("adam")
    state = optim.from_state_dict(saved, adam, LIKE, ("3",), order=["3.weight", "3.bias"])
    assert_equal(optim.to_state_dict(state, adam, LIKE, ("3",))["state"], saved["state"])


def test_dicts_of_one_key_and_ordered_ones_keep_the_order_of_torchs():
    saved, adam = GOLDEN["adam"]["optimizer"], made("adam")
    weight, bias = jnp.zeros((2, 3)), jnp.zeros(2)
    for like in (
        [{"weight": weight, "nothing": None}, {"bias": bias}],
        OrderedDict(weight=weight, bias=bias),
        {"only": (weight, bias)},
    ):
        state = optim.from_state_dict(saved, adam, like)
        assert_equal(optim.to_state_dict(state, adam, like)["state"], saved["state"])


def test_dicts_are_numbered_by_an_order_alone():
    adam, order = made("adam"), ["0.weight", "0.bias", "1.weight", "1.bias"]
    written = optim.to_state_dict(NORM_STATE, adam, NORM, order=order)
    assert written["state"][2]["exp_avg"].tolist() == [1.0] * 4
    again = optim.from_state_dict(written, adam, NORM, order=order)
    jax.tree.map(np.testing.assert_array_equal, again, NORM_STATE)


def without(slot: str) -> dict[str, Any]:
    saved = GOLDEN["adam"]["optimizer"]
    state = {**saved["state"], 0: {k: x for k, x in saved["state"][0].items() if k != slot}}
    return {**saved, "state": state}


def stepped(step: float) -> dict[str, Any]:
    saved = GOLDEN["adam"]["optimizer"]
    return {**saved, "state": {**saved["state"], 1: {**saved["state"][1], "step": step}}}


ADAGRAD = optim.adagrad()
WIDE = (jaxnn.Dense(jnp.zeros((3, 4)), jnp.zeros(4)),)
DEEP = (*LIKE, jaxnn.Dense(jnp.zeros((2, 1)), jnp.zeros(1)))
NORM = [jaxnn.Dense(jnp.zeros((3, 4)), jnp.zeros(4)), {"weight": jnp.ones(4), "bias": jnp.zeros(4)}]
NORM_STATE = made("adam").init(NORM)._replace(slots=dict.fromkeys(("exp_avg", "exp_avg_sq"), NORM))
NUMBERED = {"state": {}, "param_groups": [{"params": [0, 1, 2, 3]}]}
NAMED_LAYERS: Any = defaultdict(None, z=LIKE[0], a=LIKE[0])
REFUSED = {
    "the moments of dicts": (
        lambda: optim.from_state_dict(NUMBERED, made("adam"), NORM),
        "from_state_dict: order must say how torch numbers the parameters, of which JAX sorts "
        "those in dicts; got None; use order=the model's state dict",
    ),
    "moments into dicts": (
        lambda: optim.to_state_dict(NORM_STATE, made("adam"), NORM),
        "to_state_dict: order must say how torch numbers the parameters, of which JAX sorts "
        "those in dicts; got None; use order=the model's state dict",
    ),
    "layers in a dict": (
        lambda: optim.to_state_dict(ADAGRAD.init(NAMED_LAYERS), ADAGRAD, NAMED_LAYERS),
        "to_state_dict: order must say how torch numbers the parameters, of which JAX sorts "
        "those in dicts; got None; use order=the model's state dict",
    ),
    "one name for two": (
        lambda: resumed("adam", order=["0.bias", "0.bias"]),
        "from_state_dict: order must have the name of each parameter once; got none of 0.weight; "
        "use the model's state dict",
    ),
    "missing": (
        lambda: optim.from_state_dict(without("exp_avg"), made("adam"), LIKE),
        "from_state_dict: torch must have remembered what the optimizer remembers; got exp_avg of "
        "0.weight is missing; use the optimizer of torch's class and options",
    ),
    "another shape": (
        lambda: optim.from_state_dict(GOLDEN["adagrad lr_decay"]["optimizer"], ADAGRAD, WIDE),
        "from_state_dict: torch must have remembered what the optimizer remembers; got sum of "
        "0.weight is (2, 3), not (4, 3); sum of 0.bias is (2,), not (4,); use the optimizer of "
        "torch's class and options",
    ),
    "one too many": (
        lambda: resumed("sgd momentum", optim.sgd(0.1)),
        "from_state_dict: torch must have remembered what the optimizer remembers; got "
        "momentum_buffer of 0.weight is one too many; momentum_buffer of 0.bias is one too many; "
        "use the optimizer of torch's class and options",
    ),
    "a buffer that is none": (
        lambda: resumed("sgd", optim.sgd(0.1, momentum=0.9)),
        "from_state_dict: torch must have remembered what the optimizer remembers; got "
        "momentum_buffer of 0.weight is missing; momentum_buffer of 0.bias is missing; use the "
        "optimizer of torch's class and options",
    ),
    "more parameters": (
        lambda: optim.from_state_dict(GOLDEN["adam"]["optimizer"], made("adam"), DEEP),
        "from_state_dict: torch's optimizer must have as many parameters as there are here; got 2 "
        "and 4: 0.weight, 0.bias, 2.weight, 2.bias; use those that torch moved",
    ),
    "several groups": (
        lambda: optim.from_state_dict({"state": {}, "param_groups": [{}, {}]}, made("adam"), LIKE),
        "from_state_dict: torch's optimizer must have one group of parameters; got 2; use one "
        "optimizer for each",
    ),
    "something else": (
        lambda: optim.from_state_dict(GOLDEN["adam"]["model"], made("adam"), LIKE),
        "from_state_dict: state_dict must have 'state' and 'param_groups'; got '0.weight', "
        "'0.bias'; use what optimizer.state_dict() gave",
    ),
    "an unknown order": (
        lambda: resumed("adam", order=["0.bias", "weight"]),
        "from_state_dict: order must have the name of each parameter once; got none of 0.weight; "
        "use the model's state dict",
    ),
    "a name twice": (
        lambda: resumed("adam", order=["0.bias", "0.weight", "0.bias"]),
        "from_state_dict: order must have the name of each parameter once; got some more often; "
        "use the model's state dict",
    ),
    "other steps": (
        lambda: resumed("adam", step=5),
        "from_state_dict: all must have made as many steps; got 3 of 0.weight, 3 of 0.bias, 5 of "
        "step; leave step out",
    ),
    "different steps": (
        lambda: optim.from_state_dict(stepped(4.0), made("adam"), LIKE),
        "from_state_dict: all must have made as many steps; got 3 of 0.weight, 4 of 0.bias; use "
        "one optimizer for each count",
    ),
    "no steps": (
        lambda: resumed("sgd", step=None),
        "from_state_dict: step must say how many steps were made, for the state dict does not; got "
        "None; use step=epochs * batches",
    ),
    "a buffer before the first step": (
        lambda: resumed("sgd momentum", step=0),
        "from_state_dict: step must say how many steps were made, for the state dict does not; got "
        "0; use step=epochs * batches",
    ),
    "another optimizer": (
        lambda: resumed("sgd", optax.adam(0.1)),
        "from_state_dict: there must be one optimizer of jaxnn.optim, and nothing else with a "
        "state; got 0, and 5 other arrays; use optim.sgd, optim.adam, …",
    ),
    "a state of another optimizer": (
        lambda: optim.to_state_dict(optim.sgd(0.1).init(LIKE), made("sgd momentum"), LIKE),
        "to_state_dict: opt_state must have .slots['momentum_buffer'][0].kernel f32[3,2], "
        ".slots['momentum_buffer'][0].bias f32[2]; got .slots['momentum_buffer'][0].kernel "
        "missing, .slots['momentum_buffer'][0].bias missing; of many networks, pass one's: "
        "jax.tree.map(lambda x: x[0], opt_state)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_what_does_not_fit(name):
    call, text = REFUSED[name]
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == text


def test_hyperparameters_of_a_chain_are_asked_of_its_part():
    chain = optax.chain(optim.clip_grad_norm(1.0), made("adam"))
    with pytest.raises(TypeError, match=r"one of jaxnn\.optim; got a GradientTransformation"):
        optim.to_state_dict(chain.init(LIKE), chain, LIKE)
