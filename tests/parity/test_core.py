"""The core against live torch: values, gradients, weights and masks, with options at random."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import jaxnn
from tests import torch_core
from tests.activation_cases import (
    ALONG_AN_AXIS,
    DTYPES,
    ELEMENTWISE,
    UNOPTIMISED,
    assert_agrees,
    case,
    values_and_gradients,
)
from tests.comparison import assert_close, assert_same_bits
from tests.layer_cases import digest, torch_shape
from tests.loss_cases import REDUCTIONS, loss_and_gradients
from tests.loss_cases import case as loss_case

dtypes = st.sampled_from(DTYPES)
seeds = st.integers(0, 2**64 - 1)
# Numbers that every dtype holds: torch rounds an option to the dtype here, and there not.
options = st.integers(1, 32).map(lambda n: n / 8)

# Names of the options that are numbers, each drawn from `options`.
NUMBERS = {
    "leaky_relu": ["negative_slope"],
    "prelu": ["weight"],
    "elu": ["alpha"],
    "celu": ["alpha"],
    "softplus": ["beta", "threshold"],
    "softshrink": ["lambd"],
    "hardshrink": ["lambd"],
    "threshold": ["threshold", "value"],
    "hardtanh": ["max_val"],
}


def at_random(max_examples: int) -> Callable:
    """As many examples, the same in every run."""
    return settings(max_examples=max_examples, deadline=None, derandomize=True)


def numbers(seed: int, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Normal numbers, as many small ones as large ones."""
    rng = np.random.default_rng(seed)
    sizes = 10.0 ** rng.uniform(-3, 3, size=shape)
    return np.asarray(rng.normal(size=shape) * sizes, dtype)


def agree(row: Any, x: np.ndarray) -> None:
    """Ours and torch's value and gradient of an activation."""
    value = torch_core.activation(row)(torch_core.to_torch(x))
    cotangent = np.ones(value.shape, x.dtype)
    if x.ndim > 1:
        cotangent = np.linspace(0.5, 1.5, cotangent.size).reshape(value.shape).astype(x.dtype)
    with jax.enable_x64(x.dtype == np.float64):
        (ours,) = values_and_gradients((row,), [jnp.asarray(x)], [jnp.asarray(cotangent)])
    assert_agrees(row, x, ours, torch_core.value_and_gradient(row, x, cotangent))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("row", ELEMENTWISE, ids=str)
def test_activations_at_many_numbers(row: Any, dtype: str, seed: int):
    agree(row, numbers(seed, (20_000,), dtype))


@at_random(100)
@given(st.sampled_from(sorted(NUMBERS)), st.tuples(options, options), dtypes, seeds)
def test_activations_with_other_options(name: str, values: tuple, dtype: str, seed: int):
    row = case(name, **dict(zip(NUMBERS[name], values, strict=False)))
    agree(row, numbers(seed, (1000,), dtype))


@at_random(60)
@given(
    st.sampled_from(ALONG_AN_AXIS),
    st.lists(st.integers(1, 6), min_size=2, max_size=4),
    dtypes,
    seeds,
)
def test_activations_along_an_axis(row: Any, half_shape: list[int], dtype: str, seed: int):
    """Every size is even, for glu; the first and the last axis are the row's."""
    shape = [2 * n for n in half_shape]
    agree(row, 4 * np.random.default_rng(seed).normal(size=shape).astype(dtype))


@st.composite
def classifications(draw: Callable) -> tuple[dict[str, np.ndarray], dict[str, Any], bool]:
    """Logits with targets and weights, and the options of cross_entropy."""
    rng = np.random.default_rng(draw(seeds))
    n, classes, rest = (
        draw(st.integers(1, 8)),
        draw(st.integers(1, 9)),
        draw(st.lists(st.integers(1, 4), max_size=2)),
    )
    soft = draw(st.booleans())
    arrays = {
        "logits": 3 * rng.normal(size=(n, classes, *rest)),
        "labels": rng.integers(classes, size=(n, *rest)),
        "probabilities": np.moveaxis(rng.dirichlet(np.ones(classes), size=(n, *rest)), -1, 1),
        "weight": rng.uniform(0, 2, size=classes),
    }
    drawn = {
        "reduction": draw(st.sampled_from(REDUCTIONS)),
        "label_smoothing": draw(st.sampled_from([0.0, 0.1, 1.0])),
    }
    if not soft:
        drawn["ignore_index"] = draw(st.sampled_from([-100, 0, 1]))
    return arrays, drawn, soft


@at_random(100)
@given(classifications(), st.booleans(), dtypes)
def test_cross_entropy(classification: tuple, weighted: bool, dtype: str):
    arrays, drawn, soft = classification
    targets = "probabilities" if soft else "labels"
    row = loss_case("cross_entropy", "logits", targets, "weight" if weighted else None, **drawn)
    assert_losses_agree(row, arrays, dtype)


@at_random(40)
@given(
    st.lists(st.integers(0, 5), max_size=3),
    st.booleans(),
    st.sampled_from(REDUCTIONS),
    dtypes,
    seeds,
)
def test_mse_loss(shape: list[int], weighted: bool, reduction: str, dtype: str, seed: int):
    rng = np.random.default_rng(seed)
    arrays = {
        "x": rng.normal(size=shape),
        "y": rng.normal(size=shape),
        "w": rng.uniform(size=shape),
    }
    row = loss_case("mse_loss", "x", "y", "w" if weighted else None, reduction=reduction)
    assert_losses_agree(row, arrays, dtype)


def assert_losses_agree(row: Any, arrays: dict[str, np.ndarray], dtype: str) -> None:
    """Loss and gradients, but for a rounding of each term of the sum."""
    arrays = {k: np.asarray(x, dtype if x.dtype == np.float64 else None) for k, x in arrays.items()}
    with jax.enable_x64(dtype == "float64"):
        call = jax.jit(partial(loss_and_gradients, row), compiler_options=UNOPTIMISED)
        ours = call({k: jnp.asarray(x) for k, x in arrays.items()})
    terms = max(16, arrays[row.arrays[0]].size)
    for actual, expected in zip(ours, torch_core.loss_and_gradients(row, arrays), strict=True):
        assert_close(actual, expected, atol=terms * float(jnp.finfo(dtype).eps))


@at_random(40)
@given(st.lists(st.integers(1, 300), min_size=2, max_size=4), dtypes, seeds)
def test_weights(sizes: list[int], dtype: str, seed: int):
    """As many layers as there are steps, with torch's bits, and the stream where torch's is."""
    torchs = torch_core.linear_parameters(seed, sizes, dtype)
    rng = jaxnn.random.Generator().manual_seed(seed)
    for layer, (weight, bias) in zip(jaxnn.init_mlp(rng, sizes, dtype=dtype), torchs, strict=True):
        assert_same_bits(layer.kernel, weight.T)
        assert_same_bits(layer.bias, bias)
    assert digest(rng.get_state()) == torch_core.state_digest()


@at_random(60)
@given(
    st.sampled_from(["dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout"]),
    st.lists(st.integers(0, 40), min_size=2, max_size=3),
    st.floats(0, 1),
    dtypes,
    seeds,
)
def test_dropout(function: str, shape: list[int], rate: float, dtype: str, seed: int):
    x = numbers(seed, tuple(shape), dtype)
    rng = jaxnn.random.Generator().manual_seed(seed)
    with jax.enable_x64(dtype == "float64"):
        left = getattr(jaxnn, function)(rng, jnp.asarray(x), rate)
    assert_same_bits(left, torch_core.dropout(seed, x, rate, function))
    assert digest(rng.get_state()) == torch_core.state_digest()


@at_random(60)
@given(
    st.sampled_from(["xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal"]),
    st.lists(st.integers(1, 12), min_size=2, max_size=4),
    options,
    st.sampled_from(["float32", "float64"]),
    seeds,
)
def test_initializers(name: str, shape: list[int], option: float, dtype: str, seed: int):
    chosen = {"gain" if name.startswith("xavier") else "a": option}
    rng = jaxnn.random.Generator().manual_seed(seed)
    ours = getattr(jaxnn.initializers, name)(**chosen)(rng, shape, dtype)
    torchs = torch_core.initialised(seed, name, chosen, torch_shape(tuple(shape)), dtype)
    assert_same_bits(ours, np.moveaxis(torchs, (0, 1), (-1, -2)))
    assert digest(rng.get_state()) == torch_core.state_digest()


@pytest.mark.parametrize("rate", [0.0, 0.3])
def test_a_network_in_training(rate: float, seed: int):
    """Initialised, dropped out, its loss differentiated: one stream from the first to the last."""
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Linear(20, 50), nn.Tanh(), nn.Dropout(rate), nn.Linear(50, 30), nn.Tanh(),
        nn.Dropout(rate), nn.Linear(30, 10),
    )  # fmt: skip
    x, labels = torch.randn(64, 20), torch.randint(10, (64,))
    loss = nn.functional.cross_entropy(network(x), labels)
    loss.backward()

    rng = jaxnn.random.Generator().manual_seed(seed)
    params = jaxnn.init_mlp(rng, (20, 50, 30, 10))
    inputs, targets = jaxnn.random.normal(rng, (64, 20)), jaxnn.random.randint(rng, (64,), 0, 10)

    def our_loss(params: tuple) -> jax.Array:
        logits = jaxnn.mlp(params, inputs, activation=jaxnn.tanh, dropout_rate=rate, rng=rng)
        return jaxnn.cross_entropy(logits, targets)

    ours, gradients = jax.value_and_grad(our_loss)(params)
    assert_close(ours, torch_core.to_numpy(loss))
    for layer, linear in zip(
        gradients, (m for m in network if isinstance(m, nn.Linear)), strict=True
    ):
        assert linear.weight.grad is not None
        assert linear.bias.grad is not None
        assert_close(layer.kernel, torch_core.to_numpy(linear.weight.grad).T, atol=1e-7)
        assert_close(layer.bias, torch_core.to_numpy(linear.bias.grad), atol=1e-7)
    assert digest(rng.get_state()) == torch_core.state_digest()
