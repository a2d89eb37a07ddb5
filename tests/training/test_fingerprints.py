"""A folder's checkpoints are of one training, and another one is told so."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from jaxnn import optim
from jaxnn.random import Generator
from jaxnn.training import Checkpoints, LossScale, fingerprints, saving
from jaxnn.training.saving import Saved
from tests.training.lines import LINE, SGD, X, Y, assert_same, fit_line, line_loss

KEYS = jax.random.split(jax.random.key(0), 2)
PAIR = {"slope": np.zeros(2, np.float32), "offset": np.zeros(2, np.float32)}


def scaled_loss(params: Any, x: Any, y: Any, factor: float = 1.0) -> jax.Array:
    return line_loss(params, x, y) * factor


def slope_of(params: Any) -> Any:
    return params["slope"]


def of_factor(factor: float) -> Any:
    return lambda params, x, y: line_loss(params, x, y) * factor


OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "batch size": ({}, {"batch_size": 5}, "batch_size is 4, not 5"),
    "drop_last": ({}, {"drop_last": True}, "drop_last is False, not True"),
    "fewer samples": ({}, {"data": (X[:9], Y[:9])}, "data differs"),
    "other samples": ({}, {"data": (X, Y + 1)}, "data differs"),
    "a stream": ({}, {"data": [(X, Y)], "batch_size": None}, "data differs"),
    "parameters": ({}, {"params": LINE | {"slope": jnp.float32(1)}}, "params differs"),
    "shapes": ({}, {"params": PAIR}, "slope'] is float32(), not float32(2,)"),
    "networks": ({}, {"params": PAIR, "rng": KEYS}, "networks is None, not 2"),
    "seed": ({}, {"rng": jax.random.key(1)}, "rng differs"),
    "torch's seed": (
        {"rng": Generator().manual_seed(0)}, {"rng": Generator().manual_seed(1)}, "rng differs",
    ),
    "optimizer's state": ({}, {"opt_state": SGD.init({**LINE})}, "opt_state differs"),
    "statistics": ({}, {"statistics": jnp.float32(1)}, "statistics differs"),
    "learning rate": (
        {}, {"optimizer": optim.sgd(0.2, momentum=0.5)}, "lr of optimizer is 0.1, not 0.2",
    ),
    "schedule": (
        {"optimizer": optim.sgd(optim.step_lr(0.1, 2))},
        {"optimizer": optim.sgd(optim.step_lr(0.1, 3))},
        "lr of optimizer is ",
    ),
    "adamw for adam": (
        {"optimizer": optim.adam()}, {"optimizer": optim.adamw(weight_decay=0.0)},
        "decoupled_weight_decay of optimizer is False, not True",
    ),
    "optax's learning rate": (
        {"optimizer": optax.sgd(0.1)}, {"optimizer": optax.sgd(0.2)}, "optimizer differs",
    ),
    "a part of a chain": (
        {"optimizer": optax.chain(optim.clip_grad_norm(1.0), SGD)},
        {"optimizer": optax.chain(optim.clip_grad_norm(2.0), SGD)}, "optimizer differs",
    ),
    "loss": ({}, {"loss": scaled_loss}, "lines.line_loss, not "),
    "a loss that captured another number": (
        {"loss": of_factor(1.0)}, {"loss": of_factor(2.0)}, "what it captured differs",
    ),
    "a loss with another number bound": (
        {"loss": functools.partial(scaled_loss, factor=1.0)},
        {"loss": functools.partial(scaled_loss, factor=2.0)}, "what it captured differs",
    ),
    "a loss of the same name": (
        {"loss": lambda params, x, y: scaled_loss(params, x, y)},
        {"loss": lambda params, x, y: scaled_loss(params, x, y) + 1}, "the code of loss",
    ),
    "loss scale": (
        {"loss_scale": LossScale()}, {"loss_scale": LossScale(init=8.0)},
        "loss_scale is (65536.0, 2.0, 0.5, 2000), not (8.0, 2.0, 0.5, 2000)",
    ),
    "validation, added": ({}, {"validation": (X, Y)}, "validation differs"),
    "validation, left out": ({"validation": (X, Y)}, {}, "validation differs"),
    "other validation": ({"validation": (X, Y)}, {"validation": (X, X)}, "validation differs"),
    "a function for validation": (
        {"validation": (X, Y)}, {"validation": slope_of}, "validation differs",
    ),
    "monitor": (
        {"validation": slope_of}, {"validation": slope_of, "monitor": lambda slope: -slope},
        "monitor is None, not ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_another_training_is_refused(name, tmp_path):
    first, second, reason = OTHERS[name]
    fit_line(checkpoint=tmp_path, epochs=1, **first)
    before = sorted(tmp_path.iterdir())
    if "statistics" in second:
        second = second | {"loss": lambda p, statistics, x, y: (line_loss(p, x, y), statistics)}
    with pytest.raises(ValueError, match="must be one of this training; got ") as caught:
        fit_line(checkpoint=tmp_path, epochs=1, **second)
    assert reason in str(caught.value)
    assert str(caught.value).endswith(
        "; use another folder, or the arguments that it was written with"
    )
    assert sorted(tmp_path.iterdir()) == before
    fit_line(checkpoint=tmp_path, **first)  # the folder is still the first one's


def test_what_changes_no_step_may_change(tmp_path):
    first = fit_line(checkpoint=tmp_path, validation=slope_of)
    seen: list[Any] = []
    options: dict[str, Any] = {
        "epochs": 5, "early_stopping": 9, "callbacks": [seen.append], "recover": False,
        "validation": slope_of,
    }  # fmt: skip
    result = fit_line(checkpoint=Checkpoints(tmp_path, seconds=0.0, keep=1), **options)
    np.testing.assert_array_equal(result.losses[:9], first.losses)
    assert_same(result, fit_line(**options))


def test_functions_that_are_made_again_are_the_same(tmp_path):
    def loss(params: Any, x: Any, y: Any) -> jax.Array:
        traced.append(x.shape)  # what has grown since is no other loss
        return line_loss(params, x, y)

    def options() -> dict[str, Any]:
        chain = optax.chain(optax.clip(1.0), optax.adam(optax.exponential_decay(0.1, 5, 0.5)))
        return {"loss": jax.jit(loss), "optimizer": chain}

    traced: list[Any] = []
    with jax.numpy_dtype_promotion("standard"):  # optax relies on it
        first = fit_line(checkpoint=tmp_path, **options())
        assert_same(fit_line(checkpoint=tmp_path, **options()), first)


def test_a_generator_may_stand_where_an_interrupted_run_left_it(tmp_path):
    def interrupt(progress: Any) -> None:
        if progress.epoch == 1:
            raise KeyboardInterrupt

    generator = Generator().manual_seed(3)
    first = fit_line(checkpoint=tmp_path, rng=generator, callbacks=[interrupt])
    assert first.stopped == "interrupted after step 6"
    again = fit_line(checkpoint=tmp_path, rng=generator)
    assert_same(again, fit_line(rng=Generator().manual_seed(3)))
    with pytest.raises(ValueError, match="rng differs"):  # another training is meant
        fit_line(checkpoint=tmp_path, rng=generator)


ARRAYS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.int64(3), "c": None}


def test_digests_are_the_same_everywhere(x64):
    """In every process too: these were written down."""
    expected = "sha256 4e21a9f43dd39fa9b70f4f7e61ec172c"
    assert fingerprints.of_arrays(ARRAYS) == expected
    assert fingerprints.of_arrays(ARRAYS | {"a": jnp.asarray(ARRAYS["a"])}) == expected
    assert fingerprints.of_arrays(ARRAYS | {"a": np.asfortranarray(ARRAYS["a"])}) == expected
    assert fingerprints.of_arrays(ARRAYS | {"b": np.int64(4)}) != expected
    assert fingerprints.of_arrays(ARRAYS | {"a": ARRAYS["a"].reshape(3, 2)}) != expected
    assert fingerprints.of_arrays({"d": ARRAYS["a"]}) != fingerprints.of_arrays({"a": ARRAYS["a"]})


def test_what_is_told_of_functions_holds_in_every_process():
    factor, name = 2.5, "tests.training.test_fingerprints"
    known = ("text", 1, None, frozenset({1}))

    def function(x: Any, bound: int = 3, *, named: int = 4) -> Any:
        return x * factor, known, function

    here = f"{name}.test_what_is_told_of_functions_holds_in_every_process.<locals>.function"
    text = f"{here}[(3, ('named', 4), 2.5, {here}, ('text', 1, None, builtins.frozenset))]"
    assert fingerprints.told(function) == text
    assert fingerprints.told(jax.jit(function)) == text
    partial = functools.partial(function, 1, bound=2)
    assert fingerprints.told(partial) == f"{text}(1, ('bound', 2))"


def test_a_checkpoint_of_another_format_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "FORMAT", 1)
    saving.save(Checkpoints(tmp_path), 1, 3, Saved({}, {}, {"epoch": 1}))
    monkeypatch.undo()
    with pytest.raises(ValueError) as caught:
        fit_line(checkpoint=tmp_path)
    path = next(tmp_path.glob("epoch-*"))
    assert str(caught.value) == (
        f"fit: {path} must be of format 2; got format 1; use another folder to start again"
    )
