"""In which order training sees its data: epochs, splits and batches, drawn as torch draws them."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from jaxnn._checks import check_choice, complaint, describe
from jaxnn._rng import Rng
from jaxnn.random import Generator, permutation, randint

# A number below this is the lower half of a 64-bit draw: what a seed's engine makes use of.
SEEDS = 2**32


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
    if not isinstance(rng, Generator):
        return permutation(rng, n)
    # Before anything else a loader draws its base seed, an int64 and so two words.
    if stream == "loader":
        randint(rng, (), 0, SEEDS, jnp.uint32)
        order = permutation(rng, n)
        permutation(rng, n)
        return order
    # The epoch's own seed is an int64 too; its lower half, the second word, is what counts.
    _base_seed, seed = randint(rng, (2,), 0, SEEDS, jnp.uint32)
    return permutation(Generator().manual_seed(seed), n)


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

    Examples:
        >>> import numpy as np
        >>> [batch.tolist() for batch in batches(np.arange(5), 2)]
        [[0, 1], [2, 3], [4]]

    Source: ``torch.utils.data.DataLoader``.
    """
    n = count_samples("batches", data)
    check_batch_size("batches", batch_size)
    order = jnp.arange(n) if rng is None else epoch_order(rng, n)
    stop = n - n % batch_size if drop_last else n
    return (
        take_samples(data, order[start : start + batch_size])
        for start in range(0, stop, batch_size)
    )


def take_samples(data: Any, indices: Array) -> Any:
    """Gather the samples at ``indices`` of the first axis, from every array of a pytree.

    Examples:
        >>> import jax.numpy as jnp
        >>> take_samples(jnp.array([5.0, 6.0, 7.0]), jnp.array([2, 0])).tolist()
        [7.0, 5.0]
    """
    return jax.tree.map(lambda array: jnp.asarray(array).at[indices].get(mode="clip"), data)


def count_samples(function: str, data: Any) -> int:
    """The length of the first axis, which every array of a pytree must share.

    Args:
        function: Who asks, for the text of the error.
        data: A pytree of arrays.

    Raises:
        ValueError: If the lengths differ, if there is none, or if it is 0.

    Examples:
        >>> import numpy as np
        >>> count_samples("fit", (np.zeros((3, 2)), np.zeros(3)))
        3
    """
    arrays = jax.tree.leaves(data)
    lengths = {np.shape(array)[:1] for array in arrays}
    if len(lengths) != 1 or lengths <= {(), (0,)}:
        must = "every array of the data must have the same number of samples, one or more"
        came = ", ".join(describe(array) for array in arrays) or "no array"
        instead = "make the first axis of each the one that counts samples"
        raise ValueError(complaint(function, must, came, instead))
    ((n,),) = lengths
    return n


def check_batch_size(function: str, batch_size: int) -> None:
    """Refuse a batch without samples, with a ValueError.

    Examples:
        >>> check_batch_size("fit", 32)
    """
    if batch_size < 1:
        must = "batch_size must be 1 or more"
        raise ValueError(complaint(function, must, str(batch_size), "use batch_size=32"))


def check_pair(function: str, data: Any) -> None:
    """Refuse data that is no pair (x, y), with a TypeError.

    Examples:
        >>> check_pair("fit", ([1.0, 2.0], [3.0, 4.0]))
    """
    if not isinstance(data, tuple | list) or len(data) != 2:
        must, came = "data must be a pair (x, y)", f"a {type(data).__name__}"
        raise TypeError(complaint(function, must, came, "use data=(x, y)"))


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
