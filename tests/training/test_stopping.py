"""What ends a training early: no better epochs, callbacks, Ctrl-C; and that it stays so."""

import signal
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.random import Generator
from jaxnn.training import Checkpoints, loop
from jaxnn.training.sources import Arrays
from tests.training.lines import X, Y, assert_same, fit_line

NAN = float("nan")


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard():
    """Answer Ctrl-C as Python does; a process that a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def values(*numbers: Any) -> Any:
    """A validation that measures these, one after another."""
    left = iter(numbers)
    return lambda params: next(left)


def stop_after_epoch_1(progress: Any) -> bool:
    return progress.epoch == 1


STOPS: dict[str, dict[str, Any]] = {
    "no better epoch in 2 after epoch 0": {
        "validation": lambda params: params["slope"], "early_stopping": 2,
    },
    "what was measured was nan for 2 epochs": {
        "validation": lambda params: NAN, "early_stopping": 2,
    },
    "a callback stopped it after epoch 1": {"callbacks": [stop_after_epoch_1]},
}  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_a_training_that_was_stopped_is_over(text, seconds, tmp_path):
    where = Checkpoints(tmp_path, seconds=seconds)
    whole = fit_line(epochs=9, **STOPS[text])
    assert whole.stopped == text
    assert len(whole.losses) < 27
    for _ in range(3):
        result = fit_line(epochs=9, checkpoint=where, **STOPS[text])
        assert_same(result, whole)
        assert result.stopped == text
        assert result.best_epoch == whole.best_epoch
    # without what had stopped it, it goes on
    others = {k: v for k, v in STOPS[text].items() if k == "validation"}
    assert_same(fit_line(epochs=9, checkpoint=where, **others), fit_line(epochs=9, **others))


def test_a_kill_before_the_last_checkpoint_changes_nothing(tmp_path, monkeypatch):
    options = STOPS["a callback stopped it after epoch 1"] | {"epochs": 9}

    def killed(self: Any, course: Any) -> None:
        raise RuntimeError("killed")

    where = Checkpoints(tmp_path, seconds=0.0)
    with monkeypatch.context() as patched:
        patched.setattr(loop.Keeper, "save_last", killed)
        with pytest.raises(RuntimeError, match="killed"):
            fit_line(checkpoint=where, **options)
    assert_same(fit_line(checkpoint=tmp_path, **options), fit_line(**options))


def test_nan_is_never_the_best():
    result = fit_line(epochs=4, validation=values(NAN, 5.0, 4.0, 3.0), early_stopping=2)
    assert (result.best_epoch, result.stopped) == (3, None)
    result = fit_line(epochs=4, validation=values(NAN, NAN, 4.0, 3.0), early_stopping=3)
    assert (result.best_epoch, result.stopped) == (3, None)
    result = fit_line(epochs=4, validation=values(NAN, np.inf, NAN, 3.0), early_stopping=2)
    assert (result.best_epoch, result.stopped) == (3, None)


@pytest.mark.parametrize(
    ("measured", "came"),
    [({"acc": 0.5}, "['acc']()"), (np.ones(2), "(2,)"), (None, "None")],
    ids=["dict", "vector", "nothing"],
)
def test_early_stopping_needs_a_number(measured, came):
    seen: list[Any] = []
    with pytest.raises(ValueError) as caught:
        fit_line(validation=lambda p: measured, early_stopping=1, callbacks=[seen.append])
    assert str(caught.value) == (
        f"fit: early_stopping must have one number to go by; got {came}; "
        "use monitor=lambda measured: ..."
    )
    assert not seen


def test_monitor_must_return_a_number():
    with pytest.raises(ValueError, match=r"monitor must return one number; got \(2,\); return flo"):
        fit_line(validation=lambda p: {"acc": 0.5}, monitor=lambda measured: np.ones(2))


@pytest.mark.parametrize("patience", [0, -1])
def test_early_stopping_must_wait(patience):
    with pytest.raises(ValueError, match=f"early_stopping must be 1 or more; got {patience}"):
        fit_line(validation=(X, Y), early_stopping=patience)


@pytest.mark.parametrize("answer", [1, 1.0, "yes", np.ones(3, bool), {}, None, False, np.False_])
def test_only_true_stops(answer):
    assert fit_line(callbacks=[lambda progress: answer]).stopped is None


@pytest.mark.parametrize("answer", [True, np.True_, jnp.array(True)])
def test_true_stops(answer):
    result = fit_line(callbacks=[lambda progress: answer])
    assert result.stopped == "a callback stopped it after epoch 0"


def test_validation_measures_the_same_in_every_epoch():
    with pytest.raises(ValueError) as caught:
        fit_line(validation=values({"loss": 1.0}, {"loss": 1.0, "accuracy": 0.5}))
    assert str(caught.value) == (
        "fit: validation must return in every epoch what it did in the first, ['loss'](); "
        "got ['accuracy'](), ['loss'](); return the same names and shapes"
    )


def test_validation_that_measures_something_else_is_refused_before_training_goes_on(tmp_path):
    seen: list[Any] = []
    fit_line(checkpoint=tmp_path, validation=values(1.0, 2.0, 3.0))
    with pytest.raises(ValueError, match=r"did in the first, \(\); got \['loss'\]\(\); return"):
        fit_line(
            checkpoint=tmp_path, epochs=5, callbacks=[seen.append], validation=values({"loss": 1})
        )
    assert not seen


@pytest.mark.parametrize("where", ["validation", "callbacks"])
def test_an_epoch_that_is_interrupted_at_its_end_ends_when_it_goes_on(where, tmp_path):
    def interrupted(told: Any) -> float:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return 1.0

    calls = iter(range(99))
    options: dict[str, Any] = {"validation": (X, Y)} if where == "callbacks" else {}
    given: Any = {where: [interrupted]} if where == "callbacks" else {where: interrupted}
    first = fit_line(checkpoint=tmp_path, **options | given)
    assert first.stopped == "interrupted after step 6"
    assert first.validation.shape == (1,)
    resumed = fit_line(checkpoint=tmp_path, **options | given)
    assert_same(resumed, fit_line())
    assert resumed.validation.shape == (3,)
    assert resumed.stopped is None


@pytest.mark.parametrize("where", ["validation", "callbacks"])
def test_ctrl_c_between_epochs_makes_no_further_step(where):
    def interrupt(told: Any) -> float:
        if next(calls) == 0:
            signal.raise_signal(signal.SIGINT)
        return 1.0

    calls = iter(range(99))
    generator, expected = Generator().manual_seed(0), Generator().manual_seed(0)
    given: Any = [interrupt] if where == "callbacks" else interrupt
    result = fit_line(rng=generator, **{where: given})
    assert result.stopped == "interrupted after step 3"
    assert_same(result, fit_line(epochs=1, rng=expected))
    assert generator.get_state() == expected.get_state()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_leaves_validation_at_once():
    def validation(params: Any) -> float:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("it was not left")

    result = fit_line(validation=validation)
    assert result.stopped == "interrupted after step 3"
    assert result.validation is None


@pytest.mark.parametrize("recover", [True, False])
def test_ctrl_c_in_the_middle_of_steps_leaves_whole_arrays(recover, monkeypatch):
    make = Arrays.make

    def interrupted(self: Any, carry: Any, work: Any, count: Any = None) -> Any:
        signal.raise_signal(signal.SIGINT)
        made = make(self, carry, work, count)
        signal.raise_signal(signal.SIGINT)
        return made

    monkeypatch.setattr(loop, "FIRST_STEPS", 2)
    monkeypatch.setattr(Arrays, "make", interrupted)
    result = fit_line(recover=recover)
    assert result.stopped == "interrupted after step 2"
    assert not any(leaf.is_deleted() for leaf in jax.tree.leaves((result.params, result.opt_state)))


def test_ctrl_c_before_the_first_step_keeps_the_order(tmp_path, monkeypatch):
    """The order of an epoch is drawn once, whether or not a step of it was made."""

    def take(self: Any, count: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Arrays, "take", take)
        assert fit_line(checkpoint=tmp_path).stopped == "interrupted after step 0"
    assert_same(fit_line(checkpoint=tmp_path), fit_line())
