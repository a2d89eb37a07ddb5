"""Normalizations, distances, embeddings and attention of the core against live torch."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from torch.nn import functional

import jaxnn
from tests import torch_normalizations
from tests.activation_cases import UNOPTIMISED
from tests.comparison import assert_close
from tests.normalization_cases import CASES, WIDE_DTYPES, Case, inputs, value_and_gradients
from tests.torch_core import to_numpy


@pytest.mark.parametrize("dtype", WIDE_DTYPES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_values_and_gradients(case: Case, dtype: str, seed: int):
    given = inputs(case, dtype, seed)
    call = jax.jit(value_and_gradients, static_argnums=0, compiler_options=UNOPTIMISED)
    with jax.enable_x64(dtype == "float64"):
        ours = call(case, given)
    expected = torch_normalizations.value_and_gradients(case, given)
    for actual, wanted in zip(ours, expected, strict=True):
        assert_close(actual, wanted, atol=64 * float(jnp.finfo(dtype).eps))


@pytest.mark.parametrize("training", [True, False])
def test_running_statistics(training: bool, seed: int):
    rng = np.random.default_rng(seed)
    x, mean = rng.normal(size=(4, 3, 2)), rng.normal(size=3)
    var = rng.uniform(0.5, 2, size=3)
    seen = [torch.from_numpy(each.copy()) for each in (mean, var)]
    expected = functional.batch_norm(torch.from_numpy(x), *seen, training=training, momentum=0.3)
    with jax.enable_x64(True):
        first = jaxnn.Statistics(jnp.asarray(mean), jnp.asarray(var))
        y, then = jaxnn.batch_norm(jnp.asarray(x), first, training=training, momentum=0.3)
        assert then is not None
        for actual, wanted in zip((y, *then), (expected, *seen), strict=True):
            assert_close(actual, to_numpy(wanted), atol=1e-13)


@pytest.mark.parametrize("shape", [(1, 2), (2, 2), (0, 2), (1, 2, 1), (1, 2, 3), (2, 2, 1)])
def test_refuses_what_torch_finds_too_little_to_normalize(shape):
    x, y = torch.ones(shape), jnp.ones(shape)
    pairs = [
        (lambda: functional.batch_norm(x, None, None, training=True),
         lambda: jaxnn.batch_norm(y, training=True)),
        (lambda: functional.instance_norm(x), lambda: jaxnn.instance_norm(y)),
    ]  # fmt: skip
    for theirs, ours in pairs:
        assert refuses(ours) == refuses(theirs)


def refuses(function: Callable[[], object]) -> bool:
    try:
        function()
    except ValueError:
        return True
    return False
