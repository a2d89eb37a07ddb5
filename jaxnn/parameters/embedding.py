"""Embeddings: a vector for each of a number of things."""

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike

from jaxnn import initializers
from jaxnn._checks import check_range
from jaxnn._rng import Rng, all_or_nothing
from jaxnn.initializers import Initializer

_TABLE = initializers.normal()


@all_or_nothing
def init_embedding(
    rng: Rng,
    num_embeddings: int,
    embedding_dim: int,
    *,
    padding_idx: int | None = None,
    table_init: Initializer = _TABLE,
    dtype: DTypeLike = jnp.float32,
) -> Array:
    """First table of an embedding: by default normal, with mean 0 and deviation 1, as torch's.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        num_embeddings: The number of vectors.
        embedding_dim: The size of each.
        padding_idx: Which vector is zeros, from -num_embeddings on, or None. It is drawn too.
        table_init: Makes the transposed table, ``table_init(rng, (embedding_dim, num_embeddings),
            dtype)``: the layer that looks up i is a dense layer of the i-th unit vector.
        dtype: Of the table.

    Returns:
        The table, (num_embeddings, embedding_dim), as torch lays it out: vector i is ``table[i]``.

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: A size is negative, or ``padding_idx`` none of the vectors.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> print(jaxnn.init_embedding(generator, 3, 2, padding_idx=0))
        [[ 0.          0.        ]
         [-2.1787894   0.56843126]
         [-1.0845224  -1.3985955 ]]

    Source: torch.nn.Embedding.
    """
    if padding_idx is not None:
        last = num_embeddings - 1
        check_range("init_embedding", "padding_idx", padding_idx, -num_embeddings, last)
    with jax.enable_x64(True):  # for float64, which is asked for by name
        table = table_init(rng, (embedding_dim, num_embeddings), dtype).T
        return table if padding_idx is None else table.at[padding_idx].set(0)
