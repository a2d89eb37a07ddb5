"""Seeds: 64-bit numbers, which JAX holds in 32-bit halves where 64-bit mode is off."""

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn._checks import complaint, describe

DEFAULT_SEED = 67280421310721  # a fresh torch.Generator()'s


def halves(value: int) -> np.ndarray:
    """Return a 64-bit number as uint32[2], low half first."""
    return np.array([value & 0xFFFFFFFF, value >> 32 & 0xFFFFFFFF], np.uint32)


def join_halves(pair: jax.Array) -> int:
    """Return the 64-bit number whose halves these are."""
    low, high = np.asarray(pair).tolist()
    return high << 32 | low


def as_halves(seed: int | jax.Array) -> jax.Array | np.ndarray:
    """Return a seed as uint32[2], low half first."""
    if isinstance(seed, int) and not isinstance(seed, bool):
        if not -(2**63) <= seed < 2**64:
            must, instead = "seed must lie in [-2**63, 2**64 - 1]", "use seed % 2**64"
            raise ValueError(complaint("manual_seed", must, str(seed), instead))
        return halves(seed)
    array = jnp.asarray(seed) if isinstance(seed, jax.Array) else np.asarray(seed)
    if array.ndim or not jnp.issubdtype(array.dtype, np.integer):
        must = "seed must be an int or an integer scalar array"
        instead = "for several streams, jax.vmap over the seeds"
        came = describe(array) if array.dtype.kind in "biufc" else repr(seed)
        raise TypeError(complaint("manual_seed", must, came, instead))
    if not isinstance(array, jax.Array):
        return halves(int(array))
    # An arithmetic shift fills the high half with a negative seed's sign.
    high = array >> 32 if array.dtype.itemsize == 8 else array >> (8 * array.dtype.itemsize - 1)
    if jnp.issubdtype(array.dtype, np.unsignedinteger) and array.dtype.itemsize < 8:
        high = jnp.zeros_like(array)
    return jnp.stack([array.astype(jnp.uint32), high.astype(jnp.uint32)])
