"""Losses against torch's values and gradients, recorded by golden/make_losses.py; then the rest."""

import functools
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from tests.activation_cases import UNOPTIMISED
from tests.comparison import assert_close, assert_same_bits
from tests.loss_cases import CASES, Case, inputs, loss_and_gradients

Cases = tuple[Case, ...]
GOLDEN = np.load(Path(__file__).parent / "golden" / "losses.npz")


@functools.partial(jax.jit, compiler_options=UNOPTIMISED, static_argnums=0)
def every_loss(cases: Cases, arrays: dict[str, jax.Array]) -> list[tuple[jax.Array, ...]]:
    """The loss and the gradients of cases, in one program."""
    return [loss_and_gradients(case, arrays) for case in cases]


@functools.cache
def ours(dtype: str) -> dict[Case, tuple[jax.Array, ...]]:
    """What a dtype's inputs make of every case."""
    with jax.enable_x64(dtype == "float64"):
        arrays = {k: jnp.asarray(v) for k, v in inputs(dtype).items()}
        cases = tuple(case for case in CASES if dtype in case.dtypes)
        return dict(zip(cases, every_loss(cases, arrays), strict=True))


def test_every_golden_case_is_tested():
    assert {key.split("|")[0] for key in GOLDEN if key != "torch"} == set(map(str, CASES))


@pytest.mark.parametrize(("case", "dtype"), [(case, d) for case in CASES for d in case.dtypes])
def test_agrees_with_torch(case: Case, dtype: str):
    epsilon = float(jnp.finfo(dtype).eps)
    for order, actual in enumerate(ours(dtype)[case]):
        expected = GOLDEN[f"{case}|{dtype}|{order}"].view(jnp.dtype(dtype))
        assert_close(actual, expected, atol=16 * epsilon)


LOGITS = jnp.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]])


@pytest.mark.parametrize("label", [3, -1, 2**31 - 1])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_a_label_that_is_no_class_makes_its_sample_nan(label: int, smoothing: float):
    """A traced program cannot raise; nothing else is touched, and no gradient hides it."""

    def losses(logits: jax.Array, reduction: str) -> jax.Array:
        labels = jnp.array([label, 0])
        return jaxnn.cross_entropy(logits, labels, reduction=reduction, label_smoothing=smoothing)

    assert np.isnan(losses(LOGITS, "none")).tolist() == [True, False]
    assert np.isnan(losses(LOGITS, "mean"))
    assert np.isnan(losses(LOGITS, "sum"))
    gradient = jax.grad(losses)(LOGITS, "sum")
    assert np.isnan(gradient).all(axis=1).tolist() == [True, False]
    assert np.isnan(jax.grad(losses)(LOGITS, "mean")).any()


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "uint32"])
def test_labels_of_any_integer_dtype(dtype: str):
    """-100 is no label of uint8, though 156 has its bits."""
    labels = jnp.array([2, 0], dtype)
    assert_same_bits(
        jaxnn.cross_entropy(LOGITS, labels), jaxnn.cross_entropy(LOGITS, jnp.array([2, 0]))
    )
    logits = jnp.zeros((1, 200))
    loss = jaxnn.cross_entropy(logits, jnp.array([156], "uint8"))
    assert_close(loss, np.log(np.float32(200)))


def test_one_hot_labels_smoothed_are_probabilities():
    probabilities = 0.8 * jax.nn.one_hot(jnp.array([2, 0]), 3) + 0.2 / 3
    smooth = jaxnn.cross_entropy(LOGITS, jnp.array([2, 0]), label_smoothing=0.2)
    assert_close(smooth, np.asarray(jaxnn.cross_entropy(LOGITS, probabilities)))


@pytest.mark.parametrize(
    ("logits", "labels", "options", "expected"),
    [
        ([[1.0, 2, 3], [3, 2, 1], [0, 5, 0]], [2, 0, 0], {}, 2 / 3),
        ([[1.0, 2, 3], [3, 2, 1], [0, 5, 0]], [2, 0, -100], {}, 1.0),
        ([[1.0, 2, 3], [3, 2, 1], [0, 5, 0]], [2, 0, 0], {"ignore_index": 0}, 1.0),
        ([[1.0, 1.0]], [0], {}, 1.0),
        ([[1.0, 1.0]], [1], {}, 0.0),
        ([[np.nan, 1.0]], [1], {}, 0.0),
        ([0.5, 1.0], 1, {}, 1.0),
        ([[[1.0, 4.0], [2.0, 3.0]]], [[1, 0]], {}, 1.0),
        ([[1.0, 2.0]], [-100], {}, np.nan),
        ([[1.0, 2.0]], [7], {}, 0.0),
    ],
)
def test_accuracy(logits: list, labels: Any, options: dict, expected: float):
    result = jaxnn.accuracy(jnp.array(logits), jnp.array(labels), **options)
    assert_close(result, np.float32(expected), ulp=0)


SMOOTHING = jnp.float32(0.25)


@pytest.mark.parametrize(
    "targets", [jnp.array([2, 0]), jnp.full((2, 3), 1 / 3)], ids=["indices", "probabilities"]
)
def test_label_smoothing_may_be_traced(targets: jax.Array):
    def smoothed(amount: Any) -> jax.Array:
        return jaxnn.cross_entropy(LOGITS, targets, label_smoothing=amount)

    swept = jax.vmap(smoothed)(jnp.array([0.0, 0.25]))
    assert_close(swept, np.array([smoothed(0.0), smoothed(0.25)]))
    assert_close(jax.jit(lambda: smoothed(SMOOTHING))(), np.asarray(smoothed(0.25)))


def test_of_probabilities_an_index_that_is_no_class_is_ignored_in_vain():
    probabilities = jnp.full((2, 3), 1 / 3)
    ours = jaxnn.cross_entropy(LOGITS, probabilities, ignore_index=-1)
    assert_same_bits(ours, jaxnn.cross_entropy(LOGITS, probabilities))


def test_without_an_end_of_its_parabola_huber_is_half_the_square():
    def loss(x: jax.Array) -> jax.Array:
        return jaxnn.huber_loss(x, jnp.zeros(3), delta=np.inf, reduction="sum")

    value, slope = jax.value_and_grad(loss)(jnp.array([0.0, -2.0, 4.0]))
    assert value == 10
    assert slope.tolist() == [0, -2, 4]
