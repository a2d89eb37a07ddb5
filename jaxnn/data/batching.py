"""Data batch by batch."""

from collections.abc import Iterator
from typing import Any

import jax.numpy as jnp

from jaxnn._checks import as_arrays
from jaxnn._rng import Rng
from jaxnn.data.orders import epoch_order
from jaxnn.data.samples import as_batch_size, count_samples, take_samples


def batches(
    data: Any, batch_size: int, *, rng: Rng | None = None, drop_last: bool = False
) -> Iterator[Any]:
    """Go through the data once, batch by batch: a ``DataLoader`` for a loop of your own.

    Args:
        data: An array, or any pytree of arrays such as ``(x, y)``, with one sample for each index
            of the first axis.
        batch_size: How many samples a batch has; the last may have fewer.
        rng: Shuffles the samples by ``epoch_order``; ``None`` leaves them as they come.
        drop_last: Leave out a last batch that is short.

    Yields:
        Pytrees like ``data``, with ``batch_size`` samples each.

    Raises:
        ValueError: If ``data`` is empty, or ``batch_size`` less than 1.
        TypeError: If ``data`` is not made of numbers, or ``batch_size`` no integer.

    Examples:
        >>> import numpy as np
        >>> [batch.tolist() for batch in batches(np.arange(5), 2)]
        [[0, 1], [2, 3], [4]]

    Source: ``torch.utils.data.DataLoader``.
    """
    data = as_arrays("batches", "data", data)
    n = count_samples("batches", data)
    batch_size = as_batch_size("batches", batch_size)
    order = jnp.arange(n) if rng is None else epoch_order(rng, n)
    stop = n - n % batch_size if drop_last else n
    return (
        take_samples(data, order[start : start + batch_size])
        for start in range(0, stop, batch_size)
    )
