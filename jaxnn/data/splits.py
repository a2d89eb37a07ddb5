"""Samples dealt out to several parts at random."""

import math
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn._checks import complaint
from jaxnn._rng import Rng, all_or_nothing
from jaxnn.data.samples import count_samples, take_samples
from jaxnn.random import permutation


@all_or_nothing
def random_split(rng: Rng, data: Any, lengths: Sequence[int] | Sequence[float]) -> tuple[Any, ...]:
    """Deal samples out at random, without overlap, as ``torch.utils.data.random_split`` does.

    Args:
        rng: A JAX key, or a Generator, which is advanced by one permutation, as torch's is.
        data: An array, or any pytree of arrays such as ``(x, y)``, with one sample for each index
            of the first axis; or just the number of samples.
        lengths: How many samples each part gets; or fractions that sum to 1. A fraction is rounded
            down, and the samples left over go to the parts in turn, one each.

    Returns:
        One pytree like ``data`` for each length; if ``data`` is a number, ``i32[length]`` indices.

    Raises:
        ValueError: If the lengths sum neither to the number of samples nor to 1.
        TypeError: If lengths that sum to the number of samples are no integers.

    Examples:
        >>> from jaxnn.random import Generator
        >>> first, second = random_split(Generator().manual_seed(1), 4, [0.5, 0.5])
        >>> first.tolist(), second.tolist()
        ([1, 3], [2, 0])

    Source: ``torch.utils.data.random_split``.
    """
    is_count = isinstance(data, int | np.integer)
    n = int(data) if is_count else count_samples("random_split", data)
    counts = _part_sizes(n, lengths)
    order = permutation(rng, n)
    parts = jnp.split(order, np.cumsum(counts)[:-1])
    if is_count:
        return tuple(parts)
    return tuple(take_samples(data, part) for part in parts)


def _part_sizes(n: int, lengths: Sequence[int] | Sequence[float]) -> list[int]:
    """The number of samples in each part, from counts or from fractions of ``n``."""
    total = sum(lengths)
    if min(lengths, default=0) < 0 or not (total == n or math.isclose(total, 1)):
        must = (
            f"lengths must sum to {n}, the number of samples, or as fractions to 1; none negative"
        )
        came = f"{list(lengths)}, which sums to {total}"
        raise ValueError(complaint("random_split", must, came, "use lengths=[0.8, 0.2]"))
    if not math.isclose(total, 1):
        if not all(isinstance(length, int | np.integer) for length in lengths):
            must, instead = "counts of samples must be integers", "use lengths=[0.8, 0.2]"
            raise TypeError(complaint("random_split", must, str(list(lengths)), instead))
        return [int(length) for length in lengths]
    sizes = [math.floor(n * fraction) for fraction in lengths]
    for index in range(n - sum(sizes)):
        sizes[index % len(sizes)] += 1
    return sizes
