"""Normalizations, distances, embeddings and attention of the core against live torch."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from torch.nn import functional

import jaxnn
import jaxnn.torch as adapter
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


@pytest.mark.parametrize("shape", [(64, 7), (4, 3, 5, 5), (2, 5, 9)])
@pytest.mark.parametrize("dtype", WIDE_DTYPES)
def test_remembered_statistics_normalize_to_the_same_bits(dtype, shape, seed):
    rng, channels = np.random.default_rng(seed), shape[1]
    x = rng.normal(size=shape).astype(dtype)
    mean, weight, bias = rng.normal(size=(3, channels)).astype(dtype)
    var = rng.uniform(0.01, 4, size=channels).astype(dtype)
    theirs: list[Any] = [torch.from_numpy(each) for each in (x, mean, var, weight, bias)]
    expected = functional.batch_norm(*theirs).numpy()
    with jax.enable_x64(dtype == "float64"):
        normalize = jax.jit(partial(jaxnn.batch_norm, weight=weight, bias=bias))
        core, _ = normalize(x, jaxnn.Statistics(jnp.asarray(mean), jnp.asarray(var)))
    np.testing.assert_array_equal(core, expected)
    if dtype == "float32":  # the adapter compiles small kernels of doubles without fused sums
        given: list[Any] = [adapter.from_numpy(each.numpy()) for each in theirs]
        np.testing.assert_array_equal(adapter.nn.functional.batch_norm(*given), expected)


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
