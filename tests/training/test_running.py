"""Between the steps of `fit`: bad losses, best epochs, callbacks, streams, statistics, seeds."""

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import jaxnn
from jaxnn import optim
from jaxnn.data import batches
from jaxnn.random import Generator
from jaxnn.training import LossScale, fit, loop
from tests.training.lines import LINE, X, Y, assert_same, fit_line, line_loss


def at_step(step: int, value: float) -> Any:
    """A loss that is ``value`` in a step of the run, counted in the parameters."""

    def loss(params: Any, x: Any, y: Any) -> jax.Array:
        factor = jnp.where(params["step"] == step, jnp.float32(value), jnp.float32(1))
        return line_loss(params, x, y) * factor

    return loss


def counting() -> Any:
    """Plain descent, which adds one to ``step`` in every step."""
    base = optim.sgd(0.1)

    def update(updates: Any, state: Any, params: Any = None, **_: Any) -> Any:
        updates, state = base.update(updates, state, params)
        return updates | {"step": jnp.float32(1)}, state

    return optax.GradientTransformationExtraArgs(base.init, update)


COUNTING = counting()
COUNTED = LINE | {"step": jnp.float32(0)}


@pytest.mark.parametrize("first_steps", [1, 2, 64])
@pytest.mark.parametrize("step", [0, 1, 3, 4, 8])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_bad_loss_stops_and_the_last_good_parameters_are_kept(
    step, value, first_steps, monkeypatch
):
    monkeypatch.setattr(loop, "FIRST_STEPS", first_steps)
    options: dict[str, Any] = {"optimizer": COUNTING, "params": COUNTED}
    good = fit_line(loss=line_loss_with_step, **options)
    with pytest.warns(UserWarning, match=f"the loss of step {step} is {value}; the training stops"):
        bad = fit_line(loss=at_step(step, value), **options)
    assert bad.stopped == f"the loss of step {step} is {value}"
    assert bad.losses.shape == (step + 1,)
    np.testing.assert_array_equal(bad.losses[:-1], good.losses[:step])
    assert bad.params["step"] == max(step - 1, 0)


def line_loss_with_step(params: Any, x: Any, y: Any) -> jax.Array:
    return at_step(-1, 0.0)(params, x, y)


def test_without_recover_the_parameters_are_those_of_the_bad_loss():
    with pytest.warns(UserWarning, match="the loss of step 4 is nan") as caught:
        result = fit_line(
            loss=at_step(4, np.nan), optimizer=COUNTING, params=COUNTED, recover=False
        )
    assert result.losses.shape == (5,)
    assert Path(caught[0].filename).name == "lines.py"  # which called fit


def test_without_recover_everything_else_is_the_same():
    seen = []

    def validation(params: Any) -> float:
        seen.append(params)
        return float(params["slope"])

    options: dict[str, Any] = {"validation": validation}
    assert_same(fit_line(**options), fit_line(recover=False, **options))
    assert [float(params["slope"]) for params in seen[:3]] == [
        float(params["slope"]) for params in seen[3:]
    ]


@pytest.mark.parametrize("recover", [True, False])
def test_what_is_measured_shown_and_best_is_kept_once(recover):
    measured, shown = [], []

    def validation(params: Any) -> float:
        measured.append(params)
        return -len(measured)

    callbacks = [lambda progress: shown.append(progress.params)]
    result = fit_line(recover=recover, validation=validation, callbacks=callbacks)
    assert list(map(id, measured)) == list(map(id, shown))
    assert result.best_params is measured[-1]


@pytest.mark.parametrize("first_steps", [1, 2])
def test_parts_of_an_epoch_make_the_same_bits(first_steps, monkeypatch):
    whole = fit_line()
    monkeypatch.setattr(loop, "FIRST_STEPS", first_steps)
    monkeypatch.setattr(loop, "PART", 0.0)
    assert_same(fit_line(), whole)


def test_the_best_epoch_is_kept_and_a_training_that_gets_worse_is_stopped():
    values = iter([3.0, 1.0, 2.0, float("nan"), 0.0])
    seen: list[Any] = []

    def validation(params: Any) -> float:
        seen.append(params)
        return next(values)

    result = fit_line(epochs=5, validation=validation, early_stopping=2)
    assert result.best_epoch == 1
    assert result.stopped == "no better epoch in 2 after epoch 1"
    assert result.validation.tolist()[:3] == [3.0, 1.0, 2.0]
    np.testing.assert_array_equal(result.best_params["slope"], seen[1]["slope"])
    assert result.params["slope"] == seen[3]["slope"]


def test_monitor_says_what_is_best():
    result = fit_line(
        validation=lambda params: {"accuracy": params["slope"]},
        monitor=lambda measured: -measured["accuracy"],
    )
    assert result.best_epoch == 2
    assert fit_line(validation=lambda params: {"loss": -params["slope"]}).best_epoch == 2
    assert fit_line(validation=lambda params: {"other": 1.0}).best_epoch is None


def test_callbacks_are_told_and_may_stop():
    told = []
    result = fit_line(validation=(X, Y), callbacks=[told.append, lambda p: p.epoch == 1])
    assert [p.epoch for p in told] == [0, 1]
    assert [p.step for p in told] == [3, 6]
    np.testing.assert_array_equal(np.concatenate([p.losses for p in told]), result.losses)
    assert told[1].validation == result.validation[1]
    assert result.stopped == "a callback stopped it after epoch 1"


class Batches:
    """A loader's batches, drawn anew in each epoch."""

    def __init__(self, seed: int) -> None:
        self.generator = Generator().manual_seed(seed)

    def __iter__(self) -> Any:
        return batches((X, Y), 4, rng=self.generator)


def test_a_stream_of_the_same_batches_makes_the_same_training():
    arrays = fit_line(rng=Generator().manual_seed(7))
    stream = fit_line(data=Batches(7), batch_size=None, rng=jax.random.key(0))
    np.testing.assert_allclose(stream.losses, arrays.losses, rtol=1e-6)
    assert stream.steps_per_epoch == 3
    listed = fit_line(data=list(Batches(7)), batch_size=None, epochs=1)
    np.testing.assert_array_equal(listed.losses, stream.losses[:3])


def test_a_stream_raises_what_its_batches_raise():
    def broken() -> Any:
        yield X, Y
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        fit_line(data=broken(), batch_size=None, epochs=1)
    with pytest.raises(ValueError, match="an epoch must have one batch or more; got none"):
        fit_line(data=[], batch_size=None)
    with pytest.raises(ValueError, match="got a list_iterator; pass a list, or an object with"):
        fit_line(data=iter([(X, Y)]), batch_size=None, epochs=2)
    with pytest.raises(ValueError, match="got batch_size=4 and drop_last=False; leave them out"):
        fit_line(data=[(X, Y)])


def test_a_bad_loss_in_a_stream_returns_the_last_good_parameters():
    bad = np.full_like(Y, np.nan)
    for count in (1, 2, 17, 33):
        stream = [(X, Y)] * count + [(X, bad)]
        good = fit_line(data=[(X, Y)] * (count - 1) or [(X, Y)], batch_size=None, epochs=1)
        with pytest.warns(UserWarning, match=f"the loss of step {count} is nan"):
            result = fit_line(data=stream, batch_size=None, epochs=1)
        expected = good.params if count > 1 else LINE
        np.testing.assert_array_equal(result.params["slope"], expected["slope"])


def test_validation_may_be_a_stream():
    whole = fit_line(validation=(X, Y))
    parts = fit_line(validation=[(X[:4], Y[:4]), (X[4:], Y[4:])])
    np.testing.assert_allclose(parts.validation, whole.validation, rtol=1e-5)


def test_statistics_go_from_step_to_step():
    def loss(params: Any, statistics: Any, x: Any, y: Any) -> Any:
        return line_loss(params, x, y), statistics + x.shape[0]

    result = fit_line(loss=loss, statistics=jnp.int32(5), validation=(X, Y))
    assert result.statistics == 5 + 30
    assert_same(result, fit_line())
    np.testing.assert_array_equal(result.validation, fit_line(validation=(X, Y)).validation)
    seen = []
    fit_line(loss=loss, statistics=jnp.int32(5), validation=lambda p, s: seen.append(int(s)))
    assert seen == [15, 25, 35]
    with pytest.raises(TypeError, match=r"must return \(loss, statistics\); got a "):
        fit_line(loss=lambda p, s, x, y: line_loss(p, x, y), statistics=jnp.int32(0))


SEEDS = np.array([0, 1, 5])


def test_networks_at_once_each_make_their_own_run():
    """And epochs are counted by the last axis, as steps are."""

    def init(seed: Any) -> tuple[Any, Generator]:
        generator = Generator().manual_seed(seed)
        return {name: jaxnn.random.normal(generator) for name in LINE}, generator

    params, generators = jax.vmap(init)(SEEDS)
    together = fit_line(params=params, rng=generators, validation=(X, Y), epochs=2)
    assert together.losses.shape == (3, 6)
    assert together.validation.shape == (3, 2)
    for i, seed in enumerate(SEEDS):
        mine, generator = init(int(seed))
        alone = fit_line(params=mine, rng=generator, validation=(X, Y), epochs=2)
        np.testing.assert_allclose(together.losses[i], alone.losses, rtol=1e-6)
        np.testing.assert_allclose(together.params["slope"][i], alone.params["slope"], rtol=1e-6)
        np.testing.assert_allclose(together.validation[i], alone.validation, rtol=1e-6)
        assert (
            jax.tree.map(lambda leaf, i=i: leaf[i], generators).get_state() == generator.get_state()
        )


def test_networks_whose_losses_are_not_finite_are_named():
    """And change nothing in the others."""
    params = {"slope": np.array([0, np.inf, 0, np.nan], np.float32), "offset": np.ones(4, "f4")}
    keys = jax.random.split(jax.random.key(0), 4)
    text = "^fit: losses of networks 1, 3 are not finite; alone they would have stopped$"
    with pytest.warns(UserWarning, match=text) as caught:
        together = fit_line(params=params, rng=keys)
    assert Path(caught[0].filename).name == "lines.py"  # which called fit
    assert together.stopped is None
    fine = fit_line(
        params=jax.tree.map(np.zeros_like, params) | {"offset": params["offset"]}, rng=keys
    )
    np.testing.assert_array_equal(together.losses[::2], fine.losses[::2])
    assert fit_line(params=params, rng=keys, epochs=0).losses.size == 0
    with pytest.warns(UserWarning, match="the loss of step 0 is inf; the training stops there"):
        fit_line(params=jax.tree.map(lambda leaf: leaf[1::2], params), rng=keys[1::2])


def test_what_is_measured_of_each_network_has_them_first():
    def validation(params: Any) -> dict[str, Any]:
        line = jnp.stack([params["slope"], params["offset"]], axis=1)
        return {"line": line, "slope": params["slope"], "mean": params["slope"].mean()}

    keys = jax.random.split(jax.random.key(0), 2)
    params = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), LINE)
    result = fit_line(params=params, rng=keys, validation=validation)
    shapes = {name: leaf.shape for name, leaf in result.validation.items()}
    assert shapes == {"line": (2, 3, 2), "slope": (2, 3), "mean": (3,)}
    np.testing.assert_array_equal(result.validation["slope"][:, -1], result.params["slope"])
    np.testing.assert_array_equal(result.validation["line"][..., 0], result.validation["slope"])


def test_networks_at_once_may_draw_from_keys():
    keys = jax.random.split(jax.random.key(0), 2)
    params = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), LINE)
    together = fit_line(params=params, rng=keys)
    for i in range(2):
        np.testing.assert_allclose(together.losses[i], fit_line(rng=keys[i]).losses, rtol=1e-6)
    with pytest.raises(ValueError, match="must come with validation, and one network; got 2 netw"):
        fit_line(params=params, rng=keys, validation=(X, Y), early_stopping=1)


def test_a_loss_scale_leaves_out_steps_whose_gradients_overflow():
    def half_loss(params: Any, x: Any, y: Any) -> jax.Array:
        half = jax.tree.map(lambda leaf: leaf.astype(jnp.float16), params)
        error = half["slope"] * x.astype(jnp.float16) + half["offset"] - y.astype(jnp.float16)
        return jnp.mean(jnp.square(error)).astype(jnp.float32)

    scaled = fit_line(loss=half_loss, loss_scale=LossScale(init=2.0**20, growth_interval=4))
    assert scaled.stopped is None
    assert scaled.losses[0] > 1
    assert scaled.losses[-1] < scaled.losses[0]
    exact = fit_line(loss_scale=LossScale(init=8.0))
    np.testing.assert_allclose(exact.losses, fit_line().losses, rtol=1e-6)


def test_optax_lbfgs_gets_what_it_asks_for():
    with jax.numpy_dtype_promotion("standard"):  # optax relies on it
        result = fit(
            line_loss, LINE, (X, Y), optimizer=optax.lbfgs(), epochs=5,
            batch_size=10, rng=jax.random.key(0), progress=False,
        )  # fmt: skip
    assert result.losses[-1] < 1e-6
