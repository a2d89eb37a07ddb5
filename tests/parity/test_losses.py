"""Every loss of the core against live torch: values and gradients, with inputs at random."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import jaxnn
from tests import torch_core
from tests.activation_cases import UNOPTIMISED
from tests.comparison import assert_close
from tests.loss_cases import CASES, inputs, loss_and_gradients

#: Arrays whose values mean something: labels, signs, lengths, and those that lie at kinks.
_KEPT = ("steps", "signs", "large", "edge", "nan", "inf", "apart", "nothing", "one-hot", "weight")
#: Where numbers lie that are not normal.
_RANGES = {"probabilities": (0.05, 0.95), "shares": (0.05, 0.95), "variances": (0.1, 2.0)}
_ROWS = [case for case in CASES if case.dtypes == ("float32", "float64")]


def drawn(name: str, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Other numbers in an array's place."""
    if x.dtype.kind != "f" or any(word in name for word in _KEPT):
        return x
    for word, (low, high) in _RANGES.items():
        if word in name and "log" not in name:
            return np.asarray(rng.uniform(low, high, x.shape), x.dtype)
    if name in ("counts", "rates"):
        return np.asarray(rng.uniform(0.5, 6, x.shape), x.dtype)
    return np.asarray(rng.normal(size=x.shape) * rng.choice([0.1, 1, 5]), x.dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", _ROWS, ids=str)
def test_a_loss(case: Any, dtype: str, seed: int):
    rng = np.random.default_rng(seed)
    arrays = {name: drawn(name, x, rng) for name, x in inputs(dtype).items()}
    with jax.enable_x64(dtype == "float64"):
        call = jax.jit(lambda given: loss_and_gradients(case, given), compiler_options=UNOPTIMISED)
        ours = call({name: jnp.asarray(x) for name, x in arrays.items()})
    for actual, expected in zip(ours, torch_core.loss_and_gradients(case, arrays), strict=True):
        assert_close(actual, expected, atol=64 * float(jnp.finfo(dtype).eps))


LOGITS = np.array([[1.0, -2.0, 0.5], [0.25, 4.0, -1.0]], np.float32)
OTHERS = np.array([[0.5, 0.25, 0.25], [0.0, 0.75, 0.25]], np.float32)
LABELS = np.array([2, 0])
OPTIONS = {
    "huber_loss": ((OTHERS,), {"delta": (0.0, 0.5, np.inf, -1.0)}),
    "smooth_l1_loss": ((OTHERS,), {"beta": (0.0, 0.5, np.inf, -1.0)}),
    "cross_entropy": ((OTHERS,), {"ignore_index": (-100, -1, 0, 1), "label_smoothing": (1.0, 1.5)}),
    "nll_loss": ((LABELS,), {"ignore_index": (-1, 0)}),
    "multi_margin_loss": ((LABELS,), {"p": (0, 1, 1.5, 2, 3), "margin": (0.0, -1.0)}),
    "hinge_embedding_loss": ((OTHERS,), {"margin": (0.0, -1.0, np.inf)}),
    "margin_ranking_loss": ((OTHERS, np.sign(LOGITS)), {"margin": (-1.0, np.inf)}),
    "triplet_margin_loss": ((OTHERS, -OTHERS), {"margin": (0.0, 0.5, -1.0, np.inf)}),
    "triplet_margin_with_distance_loss": ((OTHERS, -OTHERS), {"margin": (0.0, 0.5, -1.0)}),
    "gaussian_nll_loss": ((OTHERS, OTHERS), {"eps": (1e-6, 0.5, np.inf)}),
    "poisson_nll_loss": ((OTHERS,), {"eps": (0.0, -1.0)}),
}
EDGES = [
    (name, arrays, {option: value})
    for name, (arrays, options) in OPTIONS.items()
    for option, values in options.items()
    for value in values
]


@pytest.mark.parametrize(("name", "arrays", "option"), EDGES, ids=str)
def test_a_loss_takes_what_torchs_does(name: str, arrays: Any, option: Any):
    def ours() -> Any:
        def loss(x: jax.Array) -> jax.Array:
            return getattr(jaxnn, name)(x, *map(jnp.asarray, arrays), **option)

        return jax.value_and_grad(loss)(jnp.asarray(LOGITS))

    def torchs() -> Any:
        x = torch.tensor(LOGITS, requires_grad=True)
        loss = getattr(torch.nn.functional, name)(x, *map(torch.from_numpy, arrays), **option)
        loss.backward()
        return loss.detach().numpy(), np.asarray(x.grad)

    actual, expected = attempted(ours), attempted(torchs)
    assert (actual is None) == (expected is None)
    for x, y in zip(actual or (), expected or (), strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-6, atol=1e-6)


def attempted(call: Any) -> Any:
    """What a call gives, or None where it refuses."""
    try:
        return call()
    except (ValueError, RuntimeError):
        return None
