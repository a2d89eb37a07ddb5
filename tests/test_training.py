"""Training against torch's, recorded by golden/make_training.py; then what fit promises besides."""

import io
import sys
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import jaxnn
from jaxnn.data import epoch_order
from jaxnn.random import Generator
from jaxnn.training import evaluate
from tests.training import lines
from tests.training.lines import LINE, X, Y, line_loss
from tests.training_cases import RUNS, train

GOLDEN = np.load(Path(__file__).parent / "golden" / "training.npz")
#: Of losses of at most 3.
TOLERANCE = {"float32": 2e-6, "float64": 1e-9}
SGD = optax.sgd(0.1)


@pytest.mark.parametrize("name", RUNS)
def test_every_loss_is_torchs(name):
    run, expected = RUNS[name], GOLDEN[f"{name} losses"]
    trained = train(run)
    assert trained.losses.shape == expected.shape
    assert trained.losses.dtype == np.dtype(run.dtype)
    atol = TOLERANCE[run.dtype]
    np.testing.assert_allclose(trained.losses, expected, rtol=0, atol=atol)
    np.testing.assert_allclose(trained.statistics, GOLDEN[f"{name} statistics"], rtol=0, atol=atol)
    assert trained.state == GOLDEN[f"{name} state"].tobytes()


def test_optax_adam_is_as_close_as_its_documentation_says():
    """`optim.adam` exists because of this distance; if optax closes it, it need not."""
    with jax.numpy_dtype_promotion("standard"):  # optax relies on it
        trained = train(RUNS["adam"], optax.adam(1e-3))
    distance = np.abs(trained.losses - GOLDEN["adam losses"]).max()
    assert 2e-6 < distance < 2e-5


# From here on a line is fitted, which compiles in no time.


def noisy_loss(params: Any, x: Any, y: Any, rng: Any) -> jax.Array:
    noise = 0.0 if rng is None else jaxnn.random.uniform(rng)
    return line_loss(params, x, y) + noise


def fit_line(**options: Any) -> Any:
    """The same in plain descent, whose steps can be made by hand."""
    return lines.fit_line(**{"optimizer": SGD} | options)


def test_losses_are_those_before_each_step_in_the_order_of_the_batches():
    generator = Generator().manual_seed(4)
    result = fit_line(epochs=1, rng=generator)
    order = epoch_order(Generator().manual_seed(4), 10)
    params, expected = LINE, []
    for start in (0, 4, 8):
        x, y = X[order[start : start + 4]], Y[order[start : start + 4]]
        value, gradients = jax.value_and_grad(line_loss)(params, x, y)
        params = jax.tree.map(lambda p, g: p - 0.1 * g, params, gradients)
        expected.append(value)
    np.testing.assert_allclose(result.losses, expected, rtol=1e-6)
    for name, value in params.items():
        np.testing.assert_allclose(result.params[name], value, rtol=1e-6)
    assert result.steps_per_epoch == 3


@pytest.mark.parametrize(("drop_last", "steps"), [(False, 3), (True, 2)])
def test_a_short_last_batch_is_kept_or_dropped(drop_last, steps):
    result = fit_line(drop_last=drop_last)
    assert result.losses.shape == (3 * steps,)
    assert result.steps_per_epoch == steps


def test_what_the_caller_passed_stays_usable():
    params = jax.tree.map(jnp.array, LINE)
    fit_line(params=params)
    fit_line(params=params)
    np.testing.assert_array_equal(params["slope"], 0)


def test_an_optimizer_may_keep_the_parameters_in_its_state():
    keeping = optax.GradientTransformation(
        lambda params: params, lambda updates, state, params=None: (updates, state)
    )
    result = fit_line(optimizer=optax.chain(keeping, SGD))
    assert float(result.opt_state[0]["slope"]) == 0.0


def test_an_optimizer_may_ask_for_the_loss():
    plateau = optax.contrib.reduce_on_plateau(patience=1)
    with jax.numpy_dtype_promotion("standard"):  # optax relies on it
        result = fit_line(optimizer=optax.chain(optax.sgd(0.1), plateau), epochs=5)
    assert result.losses[-1] < result.losses[0]


def test_nothing_is_compiled_again_for_another_epoch_or_another_fit():
    traces = []

    def loss(params: Any, x: jax.Array, y: jax.Array) -> jax.Array:
        traces.append(x.shape)
        return line_loss(params, x, y)

    fit_line(loss=loss, epochs=1)
    first = list(traces)
    result = fit_line(loss=loss, epochs=4, rng=jax.random.key(1))
    fit_line(loss=loss, params=result.params)
    assert sorted(set(traces)) == [(2,), (4,)]
    assert traces == first


def test_a_key_decides_the_order_and_the_steps_keys():
    first = fit_line(loss=noisy_loss).losses
    np.testing.assert_array_equal(first, fit_line(loss=noisy_loss).losses)
    assert not np.array_equal(first, fit_line(loss=noisy_loss, rng=jax.random.key(1)).losses)
    noise = first - fit_line().losses
    assert len(np.unique(noise)) == len(noise)


def test_a_loss_draws_from_the_generator_between_the_epochs_orders():
    generator, expected = Generator().manual_seed(3), Generator().manual_seed(3)
    result = fit_line(loss=noisy_loss, rng=generator, epochs=2, optimizer=optax.sgd(0.0))
    for epoch in range(2):
        order = epoch_order(expected, 10)
        for step, start in enumerate((0, 4, 8)):
            batch = order[start : start + 4]
            value = noisy_loss(LINE, X[batch], Y[batch], expected)
            np.testing.assert_allclose(result.losses[3 * epoch + step], value, rtol=1e-6)
    assert generator.get_state() == expected.get_state()


@pytest.mark.parametrize("loss", [line_loss, noisy_loss])
def test_validation_on_a_pair_is_the_loss_after_each_epoch(loss):
    result = fit_line(loss=loss, validation=(X[:3], Y[:3]))
    assert result.validation.shape == (3,)
    last = line_loss(result.params, X[:3], Y[:3])
    np.testing.assert_allclose(result.validation[-1], last, rtol=1e-6)
    assert result.validation[0] > result.validation[-1]


def test_validation_by_a_function_records_what_it_returns():
    kept = []

    def validation(params: Any) -> dict[str, Any]:
        kept.append(params)
        return {"slope": params["slope"], "epoch": len(kept)}

    result = fit_line(validation=validation)
    np.testing.assert_array_equal(result.validation["epoch"], [1, 2, 3])
    np.testing.assert_array_equal(result.validation["slope"], [p["slope"] for p in kept])


def test_an_interrupted_fit_leaves_the_generator_after_its_last_epoch():
    def validation(params: Any) -> None:
        raise KeyboardInterrupt

    generator, expected = Generator().manual_seed(0), Generator().manual_seed(0)
    result = fit_line(rng=generator, validation=validation)
    assert result.stopped == "interrupted after step 3"
    assert result.losses.shape == (3,)
    epoch_order(expected, 10)
    assert generator.get_state() == expected.get_state()


def test_no_epochs_return_the_parameters_and_no_losses():
    generator = Generator().manual_seed(0)
    result = fit_line(epochs=0, rng=generator, validation=(X, Y))
    assert result.losses.shape == (0,)
    assert result.validation is None
    np.testing.assert_array_equal(result.params["slope"], LINE["slope"])
    assert generator.get_state() == Generator().manual_seed(0).get_state()


def test_data_may_be_pytrees_and_lists():
    def loss(params: Any, x: dict[str, jax.Array], y: jax.Array) -> jax.Array:
        return line_loss(params, x["first"] + x["second"], y)

    result = fit_line(loss=loss, data=[{"first": X / 2, "second": X / 2}, Y])
    np.testing.assert_allclose(result.losses, fit_line().losses, rtol=1e-5)


def test_double_precision_stays_double():
    with jax.enable_x64(True):
        params = jax.tree.map(lambda leaf: np.float64(leaf), LINE)
        result = fit_line(params=params, data=(X.astype(np.float64), Y.astype(np.float64)))
        assert result.losses.dtype == np.float64
        assert result.params["slope"].dtype == np.float64


@pytest.mark.parametrize("progress", [True, False])
def test_the_progress_bar_is_on_a_terminal_if_wanted(progress, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    measured = {"test": {"loss": 0.5, "rows": np.ones(2)}, "complex": 1j}
    fit_line(progress=progress, validation=lambda params: measured)
    shown = terminal.getvalue()
    for text in ("9.00/9.00", "step/s", "epoch 3/3 loss ", " validation test.loss 0.5"):
        assert (text in shown) == progress


def test_no_progress_is_shown_where_there_is_no_terminal(capfd):
    fit_line(validation=(X, Y))
    assert capfd.readouterr() == ("", "")


SAMPLES = (
    "fit: every array of the data must have the same number of samples, one or more; "
    "got {}; make the first axis of each the one that counts samples"
)
SIGNATURE = (
    "<lambda>: a loss or measure must take (params, x, y) or (params, x, y, rng); got {}; "
    "bind its other arguments with functools.partial"
)
SCALAR = (
    "fit: loss must return one real number, an array of shape (); got {}; "
    "return the mean, jnp.mean(...)"
)
PAIR = "fit: data must be a pair (x, y); got a {}; use data=(x, y)"
NUMBERS = "fit: {0} must be arrays of numbers; got {1} at {0}[0]; make numbers of it first"
TRAINED = (
    "fit: params must be floating point; got {}; "
    "keep what is not trained out of it, in statistics or in the loss"
)
WHOLE = "fit: {} must be a whole number; got {}; use {}"
OPTIMIZER = "fit: optimizer must be an optax transformation; got {}; use optimizer=optax.sgd(0.1)"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"data": (X, Y[:4])}, ValueError, SAMPLES.format("f32[10], f32[4]")),
        ({"data": (X[:0], Y[:0])}, ValueError, SAMPLES.format("f32[0], f32[0]")),
        ({"data": X}, TypeError, PAIR.format("ndarray")),
        ({"data": {"x": X, "y": Y}}, TypeError, PAIR.format("dict")),
        ({"data": "X"}, TypeError, PAIR.format("str")),
        ({"data": (np.array(["a"]), Y)}, TypeError, NUMBERS.format("data", "<U1")),
        ({"data": (np.array([None]), Y)}, TypeError, NUMBERS.format("data", "object")),
        ({"validation": {"x": X}}, TypeError,
         "fit: validation must be a pair (x, y); got a dict; use validation=(x, y)"),
        ({"validation": (object(), Y)}, TypeError, NUMBERS.format("validation", "a object")),
        ({"validation": (X, Y[:4])}, ValueError, SAMPLES.format("f32[10], f32[4]")),
        ({"params": LINE | {"steps": np.int32(0)}}, TypeError,
         TRAINED.format("int32 at params['steps']")),
        ({"params": True}, TypeError, TRAINED.format("bool at params")),
        ({"rng": 0}, TypeError,
         "rng must be a JAX key or a jaxnn.random.Generator; got int; "
         "pass jax.random.key(0), or Generator().manual_seed(0) for torch's numbers"),
        ({"batch_size": 0}, ValueError,
         "fit: batch_size must be 1 or more; got 0; use batch_size=32"),
        ({"batch_size": 8.5}, TypeError, WHOLE.format("batch_size", "8.5", "batch_size=32")),
        ({"epochs": 2.5}, TypeError, WHOLE.format("epochs", "2.5", "epochs=1")),
        ({"epochs": jnp.float32(2)}, TypeError, WHOLE.format("epochs", "f32[]", "epochs=1")),
        ({"epochs": "2"}, TypeError, WHOLE.format("epochs", "a str", "epochs=1")),
        ({"early_stopping": 0, "validation": (X, Y)}, ValueError,
         "fit: early_stopping must be 1 or more; got 0; use early_stopping=1"),
        ({"callbacks": print}, TypeError,
         "fit: callbacks must be a list of functions; got a builtin_function_or_method; "
         "use callbacks=[callback]"),
        ({"callbacks": [print, 1]}, TypeError,
         "fit: callbacks must be a list of functions; got a int; use callbacks=[callback]"),
        ({"monitor": "loss", "validation": (X, Y)}, TypeError,
         'fit: monitor must be a function; got a str; use monitor=lambda measured: measured["loss"]'
        ),
        ({"loss_scale": 1024.0}, TypeError,
         "fit: loss_scale must be a LossScale; got a float; use loss_scale=LossScale(init=1024.0)"),
        ({"batch_size": 11, "drop_last": True}, ValueError,
         "fit: an epoch must have one batch or more; got 10 samples, drop_last=True and "
         "batch_size=11; use batch_size=10"),
        ({"epochs": -1}, ValueError, "fit: epochs must be 0 or more; got -1; use epochs=1"),
        ({"optimizer": optax.sgd}, TypeError, OPTIMIZER.format("sgd")),
        ({"optimizer": 0.1}, TypeError, OPTIMIZER.format("a float")),
        ({"loss": lambda params, x: x}, TypeError, SIGNATURE.format("(params, x)")),
        ({"loss": lambda params, x, y, rng, more: x}, TypeError,
         SIGNATURE.format("(params, x, y, rng, more)")),
        ({"loss": lambda params, x, y: params["slope"] * x}, TypeError, SCALAR.format("f32[4]")),
        ({"loss": lambda params, x, y: (x.sum(), x)}, TypeError, SCALAR.format("a tuple")),
        ({"loss": lambda params, x, y: jnp.int32(3)}, TypeError, SCALAR.format("i32[]")),
    ],
)  # fmt: skip
def test_fit_refuses(options, error, message):
    with pytest.raises(error) as raised:
        fit_line(**options)
    assert str(raised.value) == message


@pytest.mark.parametrize("batch_size", [None, 1, 3, 10, 11])
def test_evaluate_is_the_mean_over_all_samples(batch_size):
    params = {"slope": jnp.float32(1), "offset": jnp.float32(2)}

    def measures(params: Any, x: jax.Array, y: jax.Array) -> dict[str, jax.Array]:
        loss = line_loss(params, x, y)
        return {"loss": loss, "root": jnp.sqrt(loss)}

    found = evaluate(measures, params, (X, Y), batch_size=batch_size)
    np.testing.assert_allclose(found["loss"], line_loss(params, X, Y), rtol=1e-6)
    size = batch_size or 10
    batches = [slice(start, start + size) for start in range(0, 10, size)]
    roots = [np.sqrt(line_loss(params, X[b], Y[b])) * len(X[b]) for b in batches]
    np.testing.assert_allclose(found["root"], sum(roots) / 10, rtol=1e-6)


def test_evaluate_of_everything_at_once_is_the_function_to_the_bit():
    params = {"slope": jnp.float32(1), "offset": jnp.float32(2)}
    found = evaluate(line_loss, params, (X, Y))
    assert found == jax.jit(line_loss)(params, X, Y)


def test_evaluate_refuses_an_empty_batch():
    with pytest.raises(ValueError) as raised:
        evaluate(line_loss, LINE, (X, Y), batch_size=0)
    assert str(raised.value) == "evaluate: batch_size must be 1 or more; got 0; use batch_size=32"


def test_evaluate_refuses_what_is_no_pair():
    with pytest.raises(TypeError) as raised:
        evaluate(line_loss, LINE, X)
    assert str(raised.value) == (
        "evaluate: data must be a pair (x, y); got a ndarray; use data=(x, y)"
    )
