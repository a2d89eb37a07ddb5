"""Weighted choices: from a JAX key in JAX's way, from a `Generator` in torch's."""

import jax
import numpy as np
from jax.core import Tracer
from jax.typing import ArrayLike

from jaxnn._checks import as_floating, complaint, describe
from jaxnn.random import keys
from jaxnn.random.arguments import as_int, as_key, check_each
from jaxnn.random.engines import compiled
from jaxnn.random.generator import Generator, Rng, one_stream

MOST_CATEGORIES = 2**24  # float32 weights cannot be told apart beyond, torch says

_multinomial = compiled("multinomial", "replacement")


def multinomial(
    rng: Rng, probs: ArrayLike, num_samples: int, *, replacement: bool = False
) -> jax.Array:
    """Return indices drawn in proportion to weights.

    From a Generator, the bits of ``torch.multinomial``: two or more with replacement are looked up
    in the running sums of the weights; all else is an exponential race, argmax of p_i / q_i with
    q_i exponential. Without replacement, categories of weight 0 come last.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        probs: weights from 0 on, of any float dtype, which need not sum to 1, [categories] or
            [rows, categories].
        num_samples: how many indices for each row, at least 1.
        replacement: whether an index may come twice in a row.

    Returns:
        int64 [num_samples] or [rows, num_samples].

    Raises:
        TypeError: if ``probs`` is no float array, or ``rng`` neither key nor Generator.
        ValueError: if weights are negative, inf or nan, or those of a row are all 0 (as far as
            they are known); if there are no dimensions or more than two, or over 2**24 categories;
            if num_samples is less than 1, or without replacement more than the categories.

    Example:
        >>> import jax.numpy as jnp
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> weights = jnp.asarray([0.1, 0.2, 0.7])
        >>> print(jaxnn.random.multinomial(generator, weights, 2))
        [2 1]

    Source: ``torch.multinomial``.
    """
    with jax.enable_x64(True):
        weights = as_floating("multinomial", "probs", probs)
    places = as_int("multinomial", "num_samples", num_samples)
    _check_places(weights, places, replacement)
    _check_weights(probs)  # as they came: what a traced function has taken in is not known
    if not isinstance(rng, Generator):
        return keys.multinomial(as_key(rng), weights, places, replacement)
    with jax.enable_x64(True):
        shape = (*weights.shape[:-1], places)
        options = {"probs": weights, "replacement": replacement}
        samples, rng.state = _multinomial(one_stream(rng), shape=shape, **options)
        return samples


def _check_places(weights: jax.Array, places: int, replacement: bool) -> None:
    def refuse(must: str, came: str, instead: str) -> ValueError:
        return ValueError(complaint("multinomial", must, came, instead))

    if weights.ndim not in (1, 2):
        must = "probs must have one dimension or two"
        raise refuse(must, describe(weights), "reshape them to [rows, categories]")
    categories = weights.shape[-1]
    if not 1 <= categories <= MOST_CATEGORIES:
        must = "probs must have 1 to 2**24 categories"
        raise refuse(must, describe(weights), "choose a group first, then one of the group")
    if places < 1:
        raise refuse("num_samples must be 1 or more", str(places), "use num_samples=1")
    if places > categories and not replacement:
        must = "without replacement, num_samples must be at most the number of categories"
        came = f"num_samples={places} of {describe(weights)}"
        raise refuse(must, came, "use replacement=True")


def _check_weights(probs: ArrayLike) -> None:
    def finite_and_positive(known: np.ndarray) -> np.ndarray:
        return (known >= 0) & (known < np.inf)

    must, instead = "probs must be finite, and 0 or more", "use jnp.exp on logarithms"
    check_each("multinomial", must, probs, finite_and_positive, instead)
    if not isinstance(probs, Tracer) and not np.asarray(probs).any(-1).all():
        must = "each row of probs must have a weight above 0"
        instead = "give every category of an empty row the weight 1"
        raise ValueError(complaint("multinomial", must, "a row of zeros", instead))
