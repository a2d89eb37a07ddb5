"""Attention: averages of values, weighted by how well their keys answer a query."""

import math

import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike

from jaxnn._checks import as_array, as_floating, complaint, describe
from jaxnn._precision import widen


def attention_weights(
    query: ArrayLike,
    key: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    is_causal: bool = False,
    scale: ArrayLike | None = None,
) -> Array:
    """softmax(query · keyᵀ · scale + mask), the sum over the keys.

    Args:
        query: Floating point (…, L, E).
        key: (…, S, E), the leading axes broadcasting with the query's.
        mask: What broadcasts to (…, L, S): whether a key counts (bool), or what is added.
        is_causal: Whether query i sees keys 0 to i only.
        scale: None for 1 / √E.

    Returns:
        (…, L, S) in [0, 1], in the dtype of ``query``. A query that sees no key has weights 0.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> jaxnn.attention_weights(jnp.zeros((2, 4)), jnp.ones((2, 4)), is_causal=True)
        Array([[1. , 0. ],
               [0.5, 0.5]], dtype=float32)

    Source: torch.nn.functional.scaled_dot_product_attention; https://arxiv.org/abs/1706.03762.
    """
    query = as_floating("attention_weights", "query", query)
    key = as_floating("attention_weights", "key", key)
    if min(query.ndim, key.ndim) < 2 or query.shape[-1] != key.shape[-1]:
        must = "query and key must be (…, L, E) and (…, S, E)"
        came = f"{describe(query)} and {describe(key)}"
        raise ValueError(complaint("attention_weights", must, came, "give them two axes at least"))
    q, k = widen(query), widen(key)
    factor = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scores = jnp.matmul(q, k.mT, precision=lax.Precision.HIGHEST) * factor
    if is_causal:
        seen = jnp.tri(*scores.shape[-2:], dtype=bool)
        scores = jnp.where(jnp.broadcast_to(seen, scores.shape), scores, -jnp.inf)
    if mask is not None:
        mask = as_array("attention_weights", "mask", mask)
        spread = jnp.broadcast_to(mask, jnp.broadcast_shapes(mask.shape, scores.shape))
        scores = jnp.broadcast_to(scores, spread.shape)
        seen = mask.dtype == bool
        scores = jnp.where(spread, scores, -jnp.inf) if seen else scores + widen(spread)
    return _softmax(scores).astype(query.dtype)


def _softmax(scores: Array) -> Array:
    """Along the last axis; nothing but -inf gives 0."""
    top = lax.stop_gradient(scores.max(-1, keepdims=True, initial=-jnp.inf))
    powers = jnp.exp(scores - jnp.where(jnp.isneginf(top), 0, top))
    total = powers.sum(-1, keepdims=True)
    return powers / jnp.where(total == 0, 1, total)


def scaled_dot_product_attention(
    query: ArrayLike,
    key: ArrayLike,
    value: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    is_causal: bool = False,
    scale: ArrayLike | None = None,
) -> Array:
    """softmax(query · keyᵀ · scale + mask) · value.

    To drop weights, put `dropout` between `attention_weights` and the product with the values.

    Args:
        query: Floating point (…, L, E).
        key: (…, S, E), the leading axes broadcasting with the query's.
        value: (…, S, V).
        mask: What broadcasts to (…, L, S): whether a key counts (bool), or what is added.
        is_causal: Whether query i sees keys 0 to i only.
        scale: None for 1 / √E.

    Returns:
        (…, L, V), in the dtype of ``query``. A query that sees no key gets 0.

    Raises:
        TypeError: An argument is not floating point.
        ValueError: The shapes do not belong together.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> query, key, value = jnp.zeros((1, 4)), jnp.ones((2, 4)), jnp.array([[1.0], [3.0]])
        >>> jaxnn.scaled_dot_product_attention(query, key, value)
        Array([[2.]], dtype=float32)

    Source: torch.nn.functional.scaled_dot_product_attention; https://arxiv.org/abs/1706.03762.
    """
    query, value = (
        as_floating("scaled_dot_product_attention", name, x)
        for name, x in (("query", query), ("value", value))
    )
    weights = attention_weights(
        widen(query), widen(jnp.asarray(key)), mask=mask, is_causal=is_causal, scale=scale
    )
    return jnp.matmul(weights, widen(value), precision=lax.Precision.HIGHEST).astype(query.dtype)
