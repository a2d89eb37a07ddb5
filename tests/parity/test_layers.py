"""Normalizations, distances, embeddings and attention of the core against live torch."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from torch.nn import functional

import jaxnn
from tests.activation_cases import UNOPTIMISED
from tests.comparison import assert_close
from tests.torch_core import to_numpy, to_torch


class Row(NamedTuple):
    """A function here and there, and the shapes of its arguments."""

    name: str
    ours: Callable[..., Any]
    torchs: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]


INDICES = np.array([[2, 0, 2], [1, 3, 0]])
MASK = np.array([[True, False, True], [False, False, True]])
ROWS = [
    Row(
        "layer_norm",
        lambda x, w, b: jaxnn.layer_norm(x, (3, 4), weight=w, bias=b),
        lambda x, w, b: functional.layer_norm(x, (3, 4), w, b),
        ((2, 3, 4), (3, 4), (3, 4)),
    ),
    Row(
        "rms_norm",
        lambda x, w: jaxnn.rms_norm(x, (4,), weight=w),
        lambda x, w: functional.rms_norm(x, (4,), w),
        ((2, 3, 4), (4,)),
    ),
    Row(
        "group_norm",
        lambda x, w, b: jaxnn.group_norm(x, 2, weight=w, bias=b),
        lambda x, w, b: functional.group_norm(x, 2, w, b),
        ((2, 4, 3), (4,), (4,)),
    ),
    Row(
        "instance_norm",
        lambda x, w, b: jaxnn.instance_norm(x, weight=w, bias=b),
        lambda x, w, b: functional.instance_norm(x, weight=w, bias=b),
        ((2, 3, 5), (3,), (3,)),
    ),
    Row(
        "local_response_norm",
        lambda x: jaxnn.local_response_norm(x, 3, alpha=0.5, beta=0.75, k=2.0),
        lambda x: functional.local_response_norm(x, 3, 0.5, 0.75, 2.0),
        ((2, 5, 3),),
    ),
    Row(
        "batch_norm",
        lambda x, w, b: jaxnn.batch_norm(x, weight=w, bias=b, training=True)[0],
        lambda x, w, b: functional.batch_norm(x, None, None, w, b, training=True),
        ((4, 3, 2), (3,), (3,)),
    ),
    *(
        Row(
            f"normalize {p}",
            lambda x, p=p: jaxnn.normalize(x, p=p),
            lambda x, p=p: functional.normalize(x, p),
            ((3, 4),),
        )
        for p in (1.0, 2.0, 3.0)
    ),
    Row("cosine_similarity", jaxnn.cosine_similarity, functional.cosine_similarity, ((3, 4),) * 2),
    *(
        Row(
            f"pairwise_distance {p}",
            lambda x, y, p=p: jaxnn.pairwise_distance(x, y, p=p),
            lambda x, y, p=p: functional.pairwise_distance(x, y, p),
            ((3, 4),) * 2,
        )
        for p in (0.5, 1.0, 2.0, 3.0, float("inf"))
    ),
    *(
        Row(
            f"pdist {p}",
            lambda x, p=p: jaxnn.pdist(jnp.concatenate([x, x[:1]]), p=p),
            lambda x, p=p: functional.pdist(torch.cat([x, x[:1]]), p),
            ((3, 4),),
        )
        for p in (1.0, 2.0, 3.0)
    ),
    Row(
        "embedding",
        lambda t: jaxnn.embedding(INDICES, t, padding_idx=-1, scale_grad_by_freq=True),
        lambda t: functional.embedding(
            torch.from_numpy(INDICES), t, padding_idx=-1, scale_grad_by_freq=True
        ),
        ((4, 3),),
    ),
    Row(
        "attention",
        lambda q, k, v: jaxnn.scaled_dot_product_attention(q, k, v, mask=MASK),
        lambda q, k, v: functional.scaled_dot_product_attention(q, k, v, torch.from_numpy(MASK)),
        ((2, 2, 4), (2, 3, 4), (2, 3, 5)),
    ),
    Row(
        "causal attention",
        lambda q, k, v: jaxnn.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.3),
        lambda q, k, v: functional.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.3),
        ((2, 3, 4), (2, 3, 4), (2, 3, 5)),
    ),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_values_and_gradients(row: Row, dtype: str, seed: int):
    rng = np.random.default_rng(seed)
    given = [rng.normal(size=shape).astype(dtype) for shape in row.shapes]
    tensors = [to_torch(x).requires_grad_() for x in given]
    result = row.torchs(*tensors)
    weights = rng.normal(size=result.shape).astype(dtype)
    expected = torch.autograd.grad(result, tensors, to_torch(weights))
    with jax.enable_x64(dtype == "float64"):
        ours, gradients = jax.jit(_pulled_back(row), compiler_options=UNOPTIMISED)(given, weights)
    tolerance = 64 * float(jnp.finfo(dtype).eps)
    for actual, wanted in zip((ours, *gradients), (result, *expected), strict=True):
        assert_close(actual, to_numpy(wanted), atol=tolerance)


def _pulled_back(row: Row) -> Callable[..., Any]:
    def call(given: list[jax.Array], weights: jax.Array) -> Any:
        value, pull = jax.vjp(row.ours, *given)
        return value, pull(weights)

    return call


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
