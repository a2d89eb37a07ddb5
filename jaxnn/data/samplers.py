"""Weighted, partial and distributed orders of samples, as torch's samplers draw them."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.core import Tracer
from jax.typing import ArrayLike

from jaxnn._checks import as_count, check_range, complaint, describe
from jaxnn._rng import Rng, all_or_nothing
from jaxnn.random import Generator, multinomial, permutation


@all_or_nothing
def weighted_order(
    rng: Rng, weights: ArrayLike | Sequence[float], num_samples: int, replacement: bool = True
) -> Array:
    """Indices drawn in proportion to weights, as ``WeightedRandomSampler`` draws them.

    Args:
        rng: A JAX key, or a Generator, which is advanced. It plays the sampler's own generator or
            the default one alike.
        weights: One for each sample, from 0 on; they need not sum to 1. torch makes them float64,
            and so does this.
        num_samples: How many indices.
        replacement: Whether an index may come twice.

    Returns:
        ``i32[num_samples]`` indices.

    Raises:
        ValueError: If ``weights`` has not one axis, a weight is negative or none is above 0, or
            ``num_samples`` is less than 1 or, without replacement, more than there are weights.

    Examples:
        >>> from jaxnn.random import Generator
        >>> weighted_order(Generator().manual_seed(0), [0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 5).tolist()
        [5, 4, 4, 5, 4]

    Source: ``torch.utils.data.WeightedRandomSampler``.
    """
    with jax.enable_x64(True):
        traced = isinstance(weights, Tracer)
        doubles = weights.astype(np.float64) if traced else np.asarray(weights, np.float64)
        if doubles.ndim != 1:
            must, instead = "weights must have one axis", "give one weight for each sample"
            raise ValueError(complaint("weighted_order", must, describe(doubles), instead))
    order = multinomial(rng, doubles, num_samples, replacement=replacement)
    with jax.enable_x64(True):
        return order.astype(np.int32)


@all_or_nothing
def subset_order(rng: Rng, indices: ArrayLike) -> Array:
    """Given indices in random order, as ``SubsetRandomSampler`` draws them.

    Args:
        rng: A JAX key, or a Generator, which is advanced by one permutation. It plays the sampler's
            own generator or the default one alike.
        indices: Of samples, one axis of integers.

    Returns:
        The same indices in another order.

    Examples:
        >>> from jaxnn.random import Generator
        >>> subset_order(Generator().manual_seed(0), [10, 11, 12]).tolist()
        [12, 10, 11]

    Source: ``torch.utils.data.SubsetRandomSampler``.
    """
    array = jnp.asarray(indices)
    return array[permutation(rng, len(array))]


def distributed_order(
    n: int,
    *,
    replicas: int,
    rank: int | Array,
    seed: int | Array = 0,
    epoch: int | Array = 0,
    shuffle: bool = True,
    drop_last: bool = False,
) -> Array:
    """One process's part of an epoch's order, as ``DistributedSampler`` deals it out.

    Every process makes the same order, from a stream that only ``seed + epoch`` decides, and takes
    every ``replicas``-th index of it.

    Args:
        n: The number of samples.
        replicas: The number of processes.
        rank: Which of them this is, from 0 on; traced or not, as in `jax.lax.axis_index`.
        seed: The same in every process, traced or not.
        epoch: The number of the epoch, traced or not.
        shuffle: Whether the order is random.
        drop_last: Leave out the samples that do not go round; by default the first ones come again
            until every process has as many.

    Returns:
        ``i32[⌈n / replicas⌉]`` indices, or, with ``drop_last``, ``i32[⌊n / replicas⌋]``.

    Raises:
        ValueError: If ``n`` or ``replicas`` is less than 1, or ``rank`` none of the processes.

    Examples:
        >>> [distributed_order(5, replicas=2, rank=rank).tolist() for rank in (0, 1)]
        [[4, 1, 2], [0, 3, 4]]

    Source: ``torch.utils.data.DistributedSampler``.
    """
    n, replicas = (
        as_count("distributed_order", name, value)
        for name, value in (("n", n), ("replicas", replicas))
    )
    check_range("distributed_order", "rank", rank, 0, replicas - 1)
    size = n // replicas if drop_last else -(-n // replicas)
    places = (jnp.arange(size) * replicas + rank) % n
    return permutation(Generator().manual_seed(seed + epoch), n)[places] if shuffle else places
