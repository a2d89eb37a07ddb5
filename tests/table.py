"""One table of every function of arrays in the core: a new function is a new row."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import numpy as np

import jaxnn
from tests.activation_cases import ALONG_AN_AXIS, ELEMENTWISE


class Row(NamedTuple):
    """A function, and what makes its arguments: trees of float64 and integer arrays."""

    name: str
    function: Callable[..., jax.Array]
    arguments: Callable[[np.random.Generator], tuple[Any, ...]]
    keeps_dtype: bool = True

    def __str__(self) -> str:
        return self.name


def floats(*shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    """Normal numbers."""
    return lambda rng: rng.normal(size=shape)


def positive(*shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    """Weights."""
    return lambda rng: rng.uniform(0.5, 2.0, size=shape)


def labels(classes: int, *shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    """Indices of classes."""
    return lambda rng: rng.integers(classes, size=shape).astype(np.int32)


def probabilities(*shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    """Rows that sum to 1."""
    return lambda rng: rng.dirichlet(np.ones(shape[-1]), size=shape[:-1])


def layer(fan_in: int, fan_out: int, *, bias: bool = True) -> Callable[..., jaxnn.Dense]:
    """Parameters of a dense layer."""
    return lambda rng: jaxnn.Dense(
        rng.normal(size=(fan_in, fan_out)), rng.normal(size=fan_out) if bias else None
    )


def row(name: str, function: Callable, *arguments: Callable, keeps_dtype: bool = True) -> Row:
    """A row whose arguments are made one after another."""
    return Row(name, function, lambda rng: tuple(make(rng) for make in arguments), keeps_dtype)


def mlp_of(*params_and_x: Any, **options: Any) -> jax.Array:
    """An MLP whose layers are arguments of their own."""
    *params, x = params_and_x
    return jaxnn.mlp(params, x, **options)


KEY = jax.random.key(0)

ACTIVATIONS = [
    *(row(str(case), case.function, floats(3, 4)) for case in ELEMENTWISE),
    *(row(str(case), case.function, floats(2, 4)) for case in ALONG_AN_AXIS),
    row("identity", jaxnn.identity, floats(3, 4)),
    row("prelu with channels", jaxnn.prelu, floats(3, 4), floats(4)),
]
LAYERS = [
    row("dense", jaxnn.dense, layer(4, 3), floats(3, 4)),
    row("dense of a vector", jaxnn.dense, layer(4, 3), floats(4)),
    row("dense of a stack", jaxnn.dense, layer(4, 3), floats(2, 3, 4)),
    row("dense without bias", jaxnn.dense, layer(4, 3, bias=False), floats(3, 4)),
    row("dropout", partial(jaxnn.dropout, KEY, rate=0.25), floats(3, 4)),
    row("mlp", mlp_of, layer(4, 3), layer(3, 2), floats(3, 4)),
    row(
        "mlp with options",
        partial(
            mlp_of,
            activation=jaxnn.tanh,
            output_activation=jaxnn.softmax,
            dropout_rate=0.25,
            rng=KEY,
        ),
        layer(4, 3),
        layer(3, 2),
        floats(3, 4),
    ),
]
_cross_entropy = jaxnn.cross_entropy
LOSSES = [
    row("mse_loss", jaxnn.mse_loss, floats(3, 4), floats(3, 4)),
    row("mse_loss none", partial(jaxnn.mse_loss, reduction="none"), floats(3, 4), floats(3, 4)),
    row(
        "mse_loss weighted",
        lambda x, y, w: jaxnn.mse_loss(x, y, weight=w),
        floats(3, 4),
        floats(3, 4),
        positive(3, 4),
    ),
    row("cross_entropy", _cross_entropy, floats(3, 4), labels(4, 3)),
    row("cross_entropy of a sample", _cross_entropy, floats(4), labels(4)),
    row("cross_entropy of pixels", _cross_entropy, floats(3, 4, 2), labels(4, 3, 2)),
    row(
        "cross_entropy none", partial(_cross_entropy, reduction="none"), floats(3, 4), labels(4, 3)
    ),
    row(
        "cross_entropy ignoring",
        partial(_cross_entropy, ignore_index=1, reduction="sum"),
        floats(3, 4),
        labels(4, 3),
    ),
    row(
        "cross_entropy weighted and smooth",
        lambda x, y, w: _cross_entropy(x, y, weight=w, label_smoothing=0.25),
        floats(3, 4),
        labels(4, 3),
        positive(4),
    ),
    row("cross_entropy of probabilities", _cross_entropy, floats(3, 4), probabilities(3, 4)),
    row(
        "cross_entropy of probabilities, weighted and smooth",
        lambda x, y, w: _cross_entropy(x, y, weight=w, label_smoothing=0.25),
        floats(3, 4),
        probabilities(3, 4),
        positive(4),
    ),
    row("accuracy", jaxnn.accuracy, floats(3, 4), labels(4, 3), keeps_dtype=False),
]
_signs = lambda rng: np.where(rng.normal(size=(3, 4)) > 0, 1.0, -1.0)  # noqa: E731
_shares = lambda rng: rng.uniform(0.2, 0.8, size=(3, 4))  # noqa: E731
_label_lists = lambda rng: np.array([[1, 3, -1, 0], [0, -1, 2, 1], [2, 0, 1, 3]], np.int32)  # noqa: E731
_indices = lambda rng: np.array([[2, 0], [1, 2]], np.int32)  # noqa: E731


def _ctc(logits: jax.Array) -> jax.Array:
    labels, steps, spoken = np.array([[1, 2], [3, 3]]), np.array([5, 4]), np.array([2, 1])
    return jaxnn.ctc_loss(jaxnn.log_softmax(logits), labels, steps, spoken)


# Targets that choose a branch are no place to differentiate.
def _hinge(x: jax.Array) -> jax.Array:
    return jaxnn.hinge_embedding_loss(x, np.array([[1, -1, 1, -1]] * 3, x.dtype))


def _cosine(x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.cosine_embedding_loss(x, y, np.array([1, -1, 1], x.dtype))


def _in_training(x: jax.Array, mean: jax.Array, var: jax.Array) -> jax.Array:
    return jaxnn.batch_norm(x, jaxnn.Statistics(mean, var), training=True)[0]


_PAIR = (floats(3, 4), floats(3, 4))
LOSSES += [
    *(
        row(name, getattr(jaxnn, name), *_PAIR)
        for name in ("l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss")
    ),
    *(
        row(name, getattr(jaxnn, name), floats(3, 4), probabilities(3, 4))
        for name in (
            "binary_cross_entropy_with_logits",
            "kl_div",
            "multilabel_soft_margin_loss",
        )
    ),
    row("soft_margin_loss", jaxnn.soft_margin_loss, floats(3, 4), _signs),
    row("hinge_embedding_loss", _hinge, floats(3, 4)),
    row("binary_cross_entropy", jaxnn.binary_cross_entropy, _shares, _shares),
    row("nll_loss", jaxnn.nll_loss, floats(3, 4), labels(4, 3)),
    row("gaussian_nll_loss", jaxnn.gaussian_nll_loss, *_PAIR, positive(3, 4)),
    row("margin_ranking_loss", jaxnn.margin_ranking_loss, *_PAIR, _signs),
    row("multi_margin_loss", jaxnn.multi_margin_loss, floats(3, 4), labels(4, 3)),
    row("multilabel_margin_loss", jaxnn.multilabel_margin_loss, floats(3, 4), _label_lists),
    row("cosine_embedding_loss", _cosine, *_PAIR),
    row("triplet_margin_loss", jaxnn.triplet_margin_loss, *_PAIR, floats(3, 4)),
    row(
        "triplet_margin_with_distance_loss",
        jaxnn.triplet_margin_with_distance_loss,
        *_PAIR,
        floats(3, 4),
    ),
    row("ctc_loss", _ctc, floats(5, 2, 4)),
]
VECTORS = [
    row("normalize", jaxnn.normalize, floats(3, 4)),
    row("cosine_similarity", jaxnn.cosine_similarity, *_PAIR),
    row("pairwise_distance", jaxnn.pairwise_distance, *_PAIR),
    row("pairwise_distance with p", partial(jaxnn.pairwise_distance, p=3.0), *_PAIR),
    row("pdist", jaxnn.pdist, floats(3, 4)),
    row("embedding", jaxnn.embedding, _indices, floats(3, 4)),
    row("one_hot", partial(jaxnn.one_hot, num_classes=3), _indices, keeps_dtype=False),
    row("attention_weights", jaxnn.attention_weights, *_PAIR),
    row("scaled_dot_product_attention", jaxnn.scaled_dot_product_attention, *_PAIR, floats(3, 2)),
]
NORMALIZATIONS = [
    row("layer_norm", partial(jaxnn.layer_norm, normalized_shape=(4,)), floats(3, 4)),
    row("rms_norm", partial(jaxnn.rms_norm, normalized_shape=(4,)), floats(3, 4)),
    row("batch_norm", _in_training, floats(3, 4), floats(4), positive(4)),
    row("group_norm", partial(jaxnn.group_norm, num_groups=2), floats(3, 4)),
    row("instance_norm", jaxnn.instance_norm, floats(2, 3, 4)),
    row("local_response_norm", partial(jaxnn.local_response_norm, size=2), floats(2, 3, 4)),
]
TABLE = ACTIVATIONS + LAYERS + LOSSES + VECTORS + NORMALIZATIONS
