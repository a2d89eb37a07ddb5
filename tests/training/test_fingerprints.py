"""A folder's checkpoints are of one training, and another one is told so."""

import dataclasses
import functools
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from jaxnn import mixed_precision, optim
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


def of_factor(factor: Any) -> Any:
    return lambda params, x, y: line_loss(params, x, y) * factor


def times(loss: Any, factor: float) -> Any:
    @functools.wraps(loss)
    def wrapper(*args: Any) -> jax.Array:
        return loss(*args) * factor

    return wrapper


@dataclasses.dataclass(frozen=True)
class Scaled:
    factor: float

    def __call__(self, params: Any, x: Any, y: Any) -> jax.Array:
        return scaled_loss(params, x, y, self.factor)

    def loss(self, params: Any, x: Any, y: Any) -> jax.Array:
        return self(params, x, y)

    @classmethod
    def made(cls, factor: float) -> "Scaled":
        return cls(factor)


class Pair(NamedTuple):
    factor: float
    other: float

    __call__ = Scaled.__call__


class Slotted:
    __slots__ = ("factor",)

    def __init__(self, factor: float) -> None:
        self.factor = factor

    __call__ = Scaled.__call__


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
    "a loss in mixed precision": (
        {}, {"loss": mixed_precision(line_loss)}, "the code of loss, or what it captured differs",
    ),
    "the algorithm of keys": (
        {"rng": jax.random.key(0, impl="rbg")}, {"rng": jax.random.key(0, impl="unsafe_rbg")},
        "rng differs",
    ),
    "the card of a Generator": (
        {"rng": Generator("cuda", "A100")}, {"rng": Generator("cuda", "T4")},
        "profile of rng is jaxnn.random.",
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


def clipped(norm: float, lr: float = 0.1) -> Any:
    return optax.chain(optim.clip_grad_norm(norm), optim.sgd(lr))


def partitioned(lr: float) -> Any:
    return optax.partition({"a": optax.adam(lr)}, {"slope": "a", "offset": "a"})


def injected(lr: float) -> Any:
    return optax.inject_hyperparams(optax.adam)(lr)


def joined(boundary: int) -> Any:
    schedules = [optax.constant_schedule(0.1), optax.constant_schedule(0.2)]
    return optax.sgd(optax.join_schedules(schedules, [boundary]))


def every(steps: int) -> Any:
    return optax.MultiSteps(optax.sgd(0.1), steps).gradient_transformation()


DIFFERENT: dict[str, tuple[Any, Any]] = {
    "types": (1, 1.0),
    "texts and numbers": ("1", 1),
    "arrays": (of_factor(jnp.ones(2)), of_factor(jnp.zeros(2))),
    "keys": (jax.random.key(0), jax.random.key(1)),
    "data types": (np.dtype("float32"), jnp.dtype("bfloat16")),
    "members of an enumeration": (jax.lax.Precision.HIGH, jax.lax.Precision.HIGHEST),
    "functions of NumPy": (np.sin, np.cos),
    "modules": (functools, dataclasses),
    "slices": (slice(1, 2), slice(1, 3)),
    "sets": (of_factor(frozenset("ab")), of_factor(frozenset("ac"))),
    "dictionaries": (of_factor({"a": 1}), of_factor({"a": 2})),
    "namespaces": (of_factor(SimpleNamespace(a=1)), of_factor(SimpleNamespace(a=2))),
    "captured functions": (of_factor(lambda x: x + 1), of_factor(lambda x: x + 2)),
    "the order of functions": (
        (*(two := (of_factor(1), of_factor(2))), two[0]), (*two, two[1]),
    ),
    "decorators": (times(line_loss, 1.0), times(line_loss, 9.0)),
    "a decorated one": (line_loss, times(line_loss, 1.0)),
    "decorators under jit": (jax.jit(times(line_loss, 1.0)), jax.jit(times(line_loss, 9.0))),
    "mixed precision": (mixed_precision(line_loss), line_loss),
    "its type": (mixed_precision(line_loss), mixed_precision(line_loss, jnp.float16)),
    "what it is of": (mixed_precision(of_factor(1.0)), mixed_precision(of_factor(2.0))),
    "axes of vmap": (jax.vmap(line_loss), jax.vmap(line_loss, (None, 0, 0))),
    "dataclasses": (Scaled(1.0), Scaled(9.0)),
    "named tuples that are called": (Pair(1.0, 2.0), Pair(1.0, 3.0)),
    "slots": (Slotted(1.0), Slotted(9.0)),
    "bound methods": (Scaled(1.0).loss, Scaled(9.0).loss),
    "methods": (Scaled(1.0).loss, Scaled(1.0).__call__),
    "class methods": (dict.fromkeys, Scaled.made),
    "bound arguments": (
        functools.partial(scaled_loss, factor=1.0), functools.partial(scaled_loss, factor=2.0),
    ),
    "bounds of gradients": (clipped(1.0), clipped(5.0)),
    "rates after them": (clipped(1.0, 0.1), clipped(1.0, 0.5)),
    "partitioned optimizers": (partitioned(1e-3), partitioned(1e-1)),
    "injected rates": (injected(1e-3), injected(1e-1)),
    "joined schedules": (joined(5), joined(6)),
    "accumulated steps": (every(2), every(3)),
    "schedules of one's own": (
        optim.lambda_lr(0.1, lambda e: 0.95**e), optim.lambda_lr(0.1, lambda e: 0.5**e),
    ),
}  # fmt: skip


def same() -> list[Any]:
    """Values of all kinds, made anew each time."""
    factor, known = 2.5, ("text", 1, None, ..., frozenset({"a", "b", "c"}), {"b": 1, "a": {3, 4}})

    def function(x: Any, bound: int = 3, *, named: int = 4) -> Any:
        return x in {"x", "y", "z"} or x * factor, known, function, object_, np.sin, len

    object_ = object()
    optimizers = clipped(1.0), partitioned(0.1), joined(5), every(2), optax.lbfgs()
    wrappers = functools.lru_cache, mixed_precision, jax.checkpoint, jax.custom_vjp, jax.grad
    arrays = np.ones(3), jnp.ones(3), jax.random.key(0), np.array([object()])
    callables = (
        Scaled(1.0),
        Slotted(1.0),
        Scaled(1.0).loss,
        Scaled.made,
        functools.partial(function, 1),
    )
    layers = (wrap(function) for wrap in wrappers)
    return [function, *optimizers, *layers, *arrays, *callables, jax.nn.relu, jnp.add, [], object_]


def tell_same() -> str:
    return "\n".join(fingerprints.told(value) for value in same())


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_differs_is_told_apart(name):
    first, second = (fingerprints.told(value) for value in DIFFERENT[name])
    assert first != second


def test_what_is_made_again_is_told_the_same():
    text = tell_same()
    assert text == tell_same()
    assert " at 0x" not in text
    for value in same():
        if callable(value):
            assert fingerprints.told(jax.jit(value)) == fingerprints.told(value)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_is_told_the_same_in_every_process(seed):
    program = "from tests.training import test_fingerprints as t; print(t.tell_same())"
    other = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert other.stdout == tell_same() + "\n"


def test_what_is_told_can_be_read():
    factor = 2.5

    def function(x: Any, bound: int = 3, *, named: int = 4) -> Any:
        return x * factor, function

    name = "tests.training.test_fingerprints.test_what_is_told_can_be_read.<locals>.function"
    inside = re.escape(f"[3, ('named', 4), 2.5, {name} 0]")
    assert re.fullmatch(f"{re.escape(name)} [0-9a-f]{{16}}{inside}", fingerprints.told(function))


def test_lists_that_a_loss_captured_may_have_grown():
    seen: list[int] = []
    loss = of_factor(seen)
    before = [fingerprints.told(loss, lists=lists) for lists in (False, True)]
    seen.append(1)
    after = [fingerprints.told(loss, lists=lists) for lists in (False, True)]
    assert before[0] == after[0]
    assert before[1] != after[1]


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
