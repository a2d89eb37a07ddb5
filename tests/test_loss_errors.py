"""The whole texts of the errors of losses, normalizations and what belongs to them."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import pytest

import jaxnn

X = jnp.ones((2, 3))

ERRORS: list[tuple[Callable[[], object], type[Exception], str]] = [
    (
        lambda: jaxnn.l1_loss(X, jnp.ones(3)),
        ValueError,
        (
            "l1_loss: targets must have the shape of predictions; "
            "got predictions f32[2,3] and targets f32[3]; "
            "use targets.reshape(predictions.shape)"
        ),
    ),
    (
        lambda: jaxnn.smooth_l1_loss(X, X, beta=-1.0),
        ValueError,
        "smooth_l1_loss: beta must be between 0.0 and inf; got -1.0; use beta=0.0",
    ),
    (
        lambda: jaxnn.huber_loss(X, X, delta=-1.0),
        ValueError,
        "huber_loss: delta must be above 0; got -1.0; use delta=1.0",
    ),
    (
        lambda: jaxnn.huber_loss(X, X, delta=0.0),
        ValueError,
        "huber_loss: delta must be above 0; got 0.0; use delta=1.0",
    ),
    (
        lambda: jaxnn.triplet_margin_loss(X, X, X, margin=0.0),
        ValueError,
        "triplet_margin_loss: margin must be above 0; got 0.0; use margin=1.0",
    ),
    (
        lambda: jaxnn.triplet_margin_with_distance_loss(X, X, X, margin=-1.0),
        ValueError,
        "triplet_margin_with_distance_loss: margin must be above 0; got -1.0; use margin=1.0",
    ),
    (
        lambda: jaxnn.kl_div(X, X, reduction="average"),
        ValueError,
        (
            "kl_div: reduction must be one of 'batchmean', 'mean', 'sum', 'none'; "
            "got 'average'; "
            "use reduction='batchmean'"
        ),
    ),
    (
        lambda: jaxnn.nll_loss(X, jnp.array([0.0, 1.0])),
        TypeError,
        (
            "nll_loss: targets must be integer; "
            "got log_probs f32[2,3] and targets f32[2]; "
            "use targets.astype(jnp.int32)"
        ),
    ),
    (
        lambda: jaxnn.nll_loss(X, jnp.array([0, 1, 2])),
        ValueError,
        (
            "nll_loss: targets must have the shape of log_probs without the classes on axis 1; "
            "got log_probs f32[2,3] and targets i32[3]; "
            "turn one-hot rows into indices with targets.argmax(1)"
        ),
    ),
    (
        lambda: jaxnn.binary_cross_entropy(X, X, weight=jnp.ones(2)),
        ValueError,
        (
            "binary_cross_entropy: weight must broadcast to (2, 3); "
            "got f32[2]; "
            "give weight that shape"
        ),
    ),
    (
        lambda: jaxnn.multi_margin_loss(X, jnp.array([0, 1]), p=3),
        ValueError,
        "multi_margin_loss: p must be 1 or 2; got 3; use p=1",
    ),
    (
        lambda: jaxnn.multi_margin_loss(jnp.ones((2, 3, 4)), jnp.array([0, 1])),
        ValueError,
        (
            "multi_margin_loss: scores must be (C,) or (N, C); "
            "got f32[2,3,4]; "
            "move other axes to the first"
        ),
    ),
    (
        lambda: jaxnn.multilabel_margin_loss(X, jnp.ones((2, 3), jnp.uint8)),
        TypeError,
        (
            "multilabel_margin_loss: targets must be signed integers; "
            "got scores f32[2,3] and targets u8[2,3]; "
            "use targets.astype(jnp.int32)"
        ),
    ),
    (
        lambda: jaxnn.multilabel_margin_loss(X, jnp.array([0, 1])),
        ValueError,
        (
            "multilabel_margin_loss: targets must have the shape of scores; "
            "got scores f32[2,3] and targets i32[2]; "
            "fill the lists up with -1"
        ),
    ),
    (
        lambda: jaxnn.cosine_embedding_loss(X, X, jnp.ones(3)),
        ValueError,
        (
            "cosine_embedding_loss: targets must have the shape of first without its last axis; "
            "got first f32[2,3] and targets f32[3]; "
            "give each pair one target"
        ),
    ),
    (
        lambda: jaxnn.ctc_loss(X, jnp.ones(3), 2, 3),
        TypeError,
        "ctc_loss: targets must be integer; got f32[3]; use targets.astype(jnp.int32)",
    ),
    (
        lambda: jaxnn.ctc_loss(X, jnp.ones((2, 3), jnp.int32), 2, 3),
        ValueError,
        (
            "ctc_loss: log_probs and targets must be (T, N, C) and (N, S), or (T, C) and (S,); "
            "got f32[2,3] and i32[2,3]; "
            "put the steps of log_probs first"
        ),
    ),
    (
        lambda: jaxnn.ctc_loss(X, jnp.array([1]), 2, 1, blank=3),
        ValueError,
        "ctc_loss: blank must be between 0 and 2; got 3; use blank=0",
    ),
    (
        lambda: jaxnn.ctc_loss(X, jnp.array([1]), 3, 1),
        ValueError,
        "ctc_loss: input_lengths must be between 0 and 2; got 3; use input_lengths=0",
    ),
    (
        lambda: jaxnn.ctc_loss(X, jnp.array([1]), 2, -1),
        ValueError,
        "ctc_loss: target_lengths must be between 0 and 1; got -1; use target_lengths=0",
    ),
    (
        lambda: jaxnn.ctc_loss(X, jnp.array([1]), 1.5, 1),
        TypeError,
        "ctc_loss: input_lengths must be integer; got f32[]; use jnp.asarray(input_lengths, "
        "jnp.int32)",
    ),
    (
        lambda: jax.eval_shape(lambda n: jaxnn.ctc_loss(X, jnp.array([1]), 2, n), jnp.float32(1)),
        TypeError,
        "ctc_loss: target_lengths must be integer; got f32[]; use jnp.asarray(target_lengths, "
        "jnp.int32)",
    ),
    (
        lambda: jaxnn.cosine_similarity(X, jnp.ones(3)),
        ValueError,
        (
            "cosine_similarity: x and y must have one shape; "
            "got f32[2,3] and f32[3]; "
            "broadcast them with jnp.broadcast_arrays"
        ),
    ),
    (
        lambda: jaxnn.pdist(jnp.ones(3)),
        ValueError,
        "pdist: x must have two axes; got f32[3]; give it the shape (N, D)",
    ),
    (
        lambda: jaxnn.embedding(X, X),
        TypeError,
        "embedding: indices must be integer; got f32[2,3]; use indices.astype(jnp.int32)",
    ),
    (
        lambda: jaxnn.embedding(jnp.array([0]), jnp.ones(3)),
        ValueError,
        ("embedding: table must have two axes; got f32[3]; give it the shape (rows, features)"),
    ),
    (
        lambda: jaxnn.embedding(jnp.array([0]), X, padding_idx=2),
        ValueError,
        "embedding: padding_idx must be one of the 2 rows; got 2; use padding_idx=0",
    ),
    (
        lambda: jaxnn.one_hot(jnp.array([0]), -1),
        ValueError,
        ("one_hot: num_classes must be at least 0; got -1; use num_classes=indices.max() + 1"),
    ),
    (
        lambda: jaxnn.attention_weights(X, jnp.ones((2, 4))),
        ValueError,
        (
            "attention_weights: query and key must be (…, L, E) and (…, S, E); "
            "got f32[2,3] and f32[2,4]; "
            "give them two axes at least"
        ),
    ),
    (
        lambda: jaxnn.layer_norm(X, (2,)),
        ValueError,
        (
            "layer_norm: x must have the shape (…, 2); "
            "got f32[2,3]; "
            "let normalized_shape be x.shape[-1:]"
        ),
    ),
    (
        lambda: jaxnn.layer_norm(X, (3,), weight=jnp.ones(2)),
        ValueError,
        "layer_norm: weight must have shape (3,); got f32[2]; use weight=None for none",
    ),
    (
        lambda: jaxnn.batch_norm(jnp.ones(3), training=True),
        ValueError,
        "batch_norm: x must be (N, C, …); got f32[3]; use x[None] for one sample",
    ),
    (
        lambda: jaxnn.batch_norm(X, training=False),
        ValueError,
        (
            "batch_norm: statistics must be given where training is False; "
            "got None; "
            "use training=True"
        ),
    ),
    (
        lambda: jaxnn.batch_norm(X, jaxnn.Statistics(jnp.zeros(2), jnp.ones(2))),
        ValueError,
        (
            "batch_norm: mean must have one number for each of the 3 channels; "
            "got f32[2]; "
            "give it the shape (3,)"
        ),
    ),
    (
        lambda: jaxnn.group_norm(X, 2),
        ValueError,
        "group_norm: num_groups must divide the 3 channels; got 2; use num_groups=1",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS, ids=[text for *_, text in ERRORS])
def test_says(call: Callable[[], object], error: type[Exception], text: str):
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    assert str(caught.value) == text
