"""Every sample in random order, as torch's loader and its sampler shuffle them."""

from typing import Literal

import jax.numpy as jnp
import numpy as np
from jax import Array

from jaxnn._checks import as_count, check_choice
from jaxnn._rng import Rng, all_or_nothing, split
from jaxnn.random import Generator, permutation, randint

# A number below this is the lower half of a 64-bit draw: what a seed's engine makes use of.
SEEDS = 2**32


@all_or_nothing
def base_seed(rng: Rng) -> Array:
    """What a loader draws first at the start of every epoch, shuffled or not.

    Args:
        rng: A JAX key, or a Generator, which is advanced by two words.

    Returns:
        ``i64[]``, from 0 on. Worker i of the loader is seeded with it, plus i.

    Examples:
        >>> from jaxnn.random import Generator
        >>> int(base_seed(Generator().manual_seed(0)))
        900450186894289455

    Source: ``torch.utils.data.DataLoader``.
    """
    return randint(rng, (), 0, 2**63, np.int64)


@all_or_nothing
def epoch_order(rng: Rng, n: int, *, stream: Literal["default", "loader"] = "default") -> Array:
    """The order of one epoch, as ``DataLoader(dataset, shuffle=True)`` would have drawn it.

    With a Generator, ``stream`` says whose part it plays in torch: that of the ``"default"``
    generator, from which a loader takes four words for each epoch (the last of them seeds a
    generator of the epoch's own), or that of the ``"loader"``'s own, ``DataLoader(generator=g)``,
    which shuffles itself and, at the end of the epoch, throws one more permutation away.

    Args:
        rng: A JAX key, or a Generator, which is advanced as a complete epoch advances torch's.
        n: The number of samples.
        stream: ``"default"`` or ``"loader"``; a JAX key has one stream and ignores it.

    Returns:
        ``i32[n]``: the index of each sample, in the order of the epoch.

    Raises:
        ValueError: If ``stream`` is neither.

    Examples:
        >>> from jaxnn.random import Generator
        >>> epoch_order(Generator().manual_seed(0), 5).tolist()
        [1, 4, 2, 3, 0]

    Source: ``torch.utils.data.DataLoader``, ``torch.utils.data.RandomSampler``.
    """
    check_choice("epoch_order", "stream", stream, ("default", "loader"))
    if isinstance(rng, Generator):
        base_seed(rng)
    return _shuffled(rng, n, n, own=stream == "loader")


@all_or_nothing
def random_order(
    rng: Rng,
    n: int,
    *,
    replacement: bool = False,
    num_samples: int | None = None,
    stream: Literal["default", "sampler"] = "default",
) -> Array:
    """Indices in random order, as ``RandomSampler`` draws them.

    With a Generator, ``stream`` says whose part it plays in torch: that of the ``"default"``
    generator, which gives just the seed of a generator that shuffles, or that of the
    ``"sampler"``'s own, ``RandomSampler(generator=g)``, which shuffles itself and, unless there is
    replacement, always draws one permutation after the last that is used in full.

    Args:
        rng: A JAX key, or a Generator, which is advanced as torch's is when the sampler ends.
        n: The number of samples in the data.
        replacement: Draw each index for itself, so that it may come again.
        num_samples: How many indices, by default ``n``. Without replacement, one permutation
            follows another, and the last is cut off.
        stream: ``"default"`` or ``"sampler"``; a JAX key has one stream and ignores it.

    Returns:
        ``i32[num_samples]`` indices.

    Raises:
        ValueError: If ``n`` or ``num_samples`` is less than 1, or ``stream`` neither.

    Examples:
        >>> from jaxnn.random import Generator
        >>> random_order(Generator().manual_seed(0), 3, num_samples=5, stream="sampler").tolist()
        [2, 0, 1, 2, 1]

    Source: ``torch.utils.data.RandomSampler``.
    """
    check_choice("random_order", "stream", stream, ("default", "sampler"))
    n = as_count("random_order", "n", n)
    count = n if num_samples is None else as_count("random_order", "num_samples", num_samples)
    if not replacement:
        return _shuffled(rng, n, count, own=stream == "sampler")
    if isinstance(rng, Generator) and stream == "default":
        rng = _seeded_from(rng)
    return randint(rng, (count,), 0, n)


def _shuffled(rng: Rng, n: int, count: int, *, own: bool) -> Array:
    """Permutations of n in a row, as far as ``count``."""
    permutations = -(-count // max(n, 1))
    if isinstance(rng, Generator):
        if own:  # torch slices one more permutation, be it to nothing
            permutations = count // max(n, 1) + 1
        else:
            rng = _seeded_from(rng)
    rngs = split(rng, permutations) if permutations > 1 else [rng]
    return jnp.concatenate([permutation(each, n) for each in rngs])[:count]


def _seeded_from(rng: Generator) -> Generator:
    """A generator with the seed that torch draws from another: 64 bits, whose lower half counts."""
    return Generator().manual_seed(randint(rng, (), 0, SEEDS, jnp.uint32))
