"""Every loss of the core against live torch: values and gradients, with inputs at random."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

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
