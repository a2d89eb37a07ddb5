"""Counts of random events: from a JAX key in JAX's way, from a `Generator` in torch's."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from jaxnn._checks import as_floating
from jaxnn.random import keys
from jaxnn.random.arguments import as_key, as_own_float, as_wide_floats, check_each
from jaxnn.random.engines import compiled
from jaxnn.random.generator import Generator, Rng, one_stream

_poisson = compiled("poisson")
_binomial = compiled("binomial")


def poisson(rng: Rng, rate: ArrayLike) -> jax.Array:
    """Return how many events happen where on average ``rate`` do.

    P(k) = rate**k exp(-rate) / k!. From a Generator, the bits of ``torch.poisson``, which takes as
    many words as chance wants: the numbers are made one after the other.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        rate: a float array, from 0 on and below 2**63. 0 gives 0 and draws nothing. What is no
            rate and known only when the program runs gives nan.

    Returns:
        Whole numbers in the shape and dtype of ``rate``, without a derivative.

    Raises:
        TypeError: if ``rate`` is no float array, or ``rng`` neither key nor Generator.
        ValueError: if a rate that is known lies outside its range.

    Example:
        >>> import jax.numpy as jnp
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> print(jaxnn.random.poisson(generator, jnp.asarray([0.5, 5.0, 500.0])))
        [  2.   6. 497.]

    Source: ``torch.poisson``.
    """
    rate = as_own_float(rate)
    with jax.enable_x64(True):
        rates = as_floating("poisson", "rate", rate)
    must, instead = "rate must be 0 or more, and below 2**63", "clip it with jnp.clip(rate, 0)"
    check_each("poisson", must, rate, lambda known: (known >= 0) & (known < 2.0**63), instead)
    if not isinstance(rng, Generator):
        return keys.poisson(as_key(rng), rates)
    with jax.enable_x64(True):
        counts, rng.state = _poisson(one_stream(rng), shape=rates.shape, rate=rates)
        return counts


def binomial(rng: Rng, count: ArrayLike, prob: ArrayLike) -> jax.Array:
    """Return how many of ``count`` trials succeed, each with probability ``prob``.

    P(k) = (count choose k) prob**k (1 - prob)**(count - k). From a Generator, the bits of
    ``torch.binomial``, which takes as many words as chance wants: the numbers are made one after
    the other.

    Args:
        rng: a JAX key, or a `Generator`, which is advanced.
        count: float32 or float64, from 0 on.
        prob: of the same dtype, from 0 to 1, of a shape that broadcasts with that of ``count``.
            Where one result is certain nothing is drawn. What is no probability and known only
            when the program runs gives nan.

    Returns:
        Numbers from 0 to ``count``, of that dtype and the common shape, without a derivative.

    Raises:
        TypeError: if the two are no float arrays of one dtype, or ``rng`` neither key nor
            Generator.
        ValueError: if what is known of them lies outside its range.

    Example:
        >>> import jax.numpy as jnp
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> print(jaxnn.random.binomial(generator, jnp.full(4, 100.0), jnp.full(4, 0.3)))
        [29. 32. 25. 31.]

    Source: ``torch.binomial``.
    """
    count, prob = as_own_float(count), as_own_float(prob)
    with jax.enable_x64(True):
        trials = as_wide_floats("binomial", "count", count)
        chance = as_wide_floats("binomial", "prob", prob, like=trials)
        trials, chance = jnp.broadcast_arrays(trials, chance)
    must, instead = "count must be 0 or more, and finite", "use a number of trials"
    check_each("binomial", must, count, lambda known: (known >= 0) & (known < np.inf), instead)
    must, instead = "prob must be between 0 and 1", "clip it with jnp.clip(prob, 0, 1)"
    check_each("binomial", must, prob, lambda known: (known >= 0) & (known <= 1), instead)
    if not isinstance(rng, Generator):
        return keys.binomial(as_key(rng), trials, chance)
    with jax.enable_x64(True):
        options = {"trials": trials, "prob": chance}
        counts, rng.state = _binomial(one_stream(rng), shape=trials.shape, **options)
        return counts
