"""Normalizations, distances, embeddings and attention with options and shapes worth trying.

`tests/torch_normalizations.py` has torch's functions by the same names.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn

INDICES = np.array([[2, 0, 2], [1, 3, 0]])
MASK = np.array([[True, False, True], [False, False, True]])
WIDE_DTYPES = ("float32", "float64")
NORMS = (1.0, 2.0, 3.0)
DISTANCES = (0.5, *NORMS, math.inf)


class Case(NamedTuple):
    """A function of arrays, and their shapes."""

    name: str
    function: Callable[..., jax.Array]
    shapes: tuple[tuple[int, ...], ...]

    def __str__(self) -> str:
        return self.name


def _batch_norm(x: jax.Array, weight: jax.Array, bias: jax.Array) -> jax.Array:
    return jaxnn.batch_norm(x, weight=weight, bias=bias, training=True)[0]


def _seen_batch_norm(x: jax.Array, mean: jax.Array, root: jax.Array) -> jax.Array:
    return jaxnn.batch_norm(x, jaxnn.Statistics(mean, root * root))[0]


def _pdist(x: jax.Array, p: float) -> jax.Array:
    """With a distance of 0."""
    return jaxnn.pdist(jnp.concatenate([x, x[:1]]), p=p)


def _affine(function: Callable[..., jax.Array], **options: Any) -> Callable[..., jax.Array]:
    return lambda x, weight, bias: function(x, weight=weight, bias=bias, **options)


CASES = (
    Case(
        "layer_norm",
        _affine(jaxnn.layer_norm, normalized_shape=(3, 4)),
        ((2, 3, 4), (3, 4), (3, 4)),
    ),
    Case("rms_norm", lambda x, w: jaxnn.rms_norm(x, (4,), weight=w), ((2, 3, 4), (4,))),
    Case("group_norm", _affine(jaxnn.group_norm, num_groups=2), ((2, 4, 3), (4,), (4,))),
    Case("instance_norm", _affine(jaxnn.instance_norm), ((2, 3, 5), (3,), (3,))),
    Case(
        "local_response_norm",
        partial(jaxnn.local_response_norm, size=3, alpha=0.5, beta=0.75, k=2.0),
        ((2, 5, 3),),
    ),
    Case("batch_norm", _batch_norm, ((4, 3, 2), (3,), (3,))),
    Case("batch_norm by what was seen", _seen_batch_norm, ((4, 3, 2), (3,), (3,))),
    *(Case(f"normalize {p}", partial(jaxnn.normalize, p=p), ((3, 4),)) for p in NORMS),
    Case("cosine_similarity", jaxnn.cosine_similarity, ((3, 4),) * 2),
    *(
        Case(f"pairwise_distance {p}", partial(jaxnn.pairwise_distance, p=p), ((3, 4),) * 2)
        for p in DISTANCES
    ),
    *(Case(f"pdist {p}", partial(_pdist, p=p), ((3, 4),)) for p in NORMS),
    Case(
        "embedding",
        lambda table: jaxnn.embedding(INDICES, table, padding_idx=-1, scale_grad_by_freq=True),
        ((4, 3),),
    ),
    Case(
        "attention",
        partial(jaxnn.scaled_dot_product_attention, mask=MASK),
        ((2, 2, 4), (2, 3, 4), (2, 3, 5)),
    ),
    Case(
        "causal attention",
        partial(jaxnn.scaled_dot_product_attention, is_causal=True, scale=0.3),
        ((2, 3, 4), (2, 3, 4), (2, 3, 5)),
    ),
)


def inputs(case: Case, dtype: str, seed: int = 0) -> list[np.ndarray]:
    """Normal numbers for each array."""
    rng = np.random.default_rng([seed, CASES.index(case)])
    return [rng.normal(size=shape).astype(dtype) for shape in case.shapes]


def weights_of(value: jax.Array | np.ndarray) -> np.ndarray:
    """What the elements of a result are multiplied by, where its gradient is taken."""
    return np.cos(np.arange(value.size)).reshape(value.shape).astype(value.dtype)


def value_and_gradients(case: Case, given: list[Any]) -> tuple[jax.Array, ...]:
    """The result, and the gradients of its weighted sum in each of the arrays."""
    value, pull_back = jax.vjp(case.function, *given)
    return value, *pull_back(jnp.asarray(weights_of(value)))
