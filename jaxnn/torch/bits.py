"""The bytes of an array as elements of another type, and back, inside compiled functions."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch.storage import Array


@functools.partial(jax.jit, static_argnums=1)
def retyped(flat: Array, dtype: np.dtype) -> Array:
    """The bytes as elements of ``dtype``, without a rest that fills none."""
    if flat.dtype == dtype:
        return flat
    parts = _parts(flat)
    if parts.dtype == dtype:  # which has a derivative, unlike what follows
        return parts
    if dtype.kind == "c":
        pairs = retyped(parts, np.dtype(f"float{dtype.itemsize * 4}"))
        pairs = pairs[: len(pairs) // 2 * 2].reshape(-1, 2)
        return lax.complex(pairs[:, 0], pairs[:, 1])
    if dtype.kind == "b":
        return retyped(parts, np.dtype(np.uint8)) != 0
    ratio = dtype.itemsize // parts.dtype.itemsize
    if ratio > 1:
        parts = parts[: len(parts) // ratio * ratio].reshape(-1, ratio)
    return lax.bitcast_convert_type(parts, dtype).reshape(-1)


def _parts(flat: Array) -> Array:
    """The same bytes as a type that XLA reinterprets: complex numbers in pairs, bools as 0 or 1."""
    if flat.dtype.kind == "c":
        return jnp.stack([jnp.real(flat), jnp.imag(flat)], axis=1).reshape(-1)
    return flat.astype(np.uint8) if flat.dtype == bool else flat


@jax.jit
def restored(flat: Array, before: Array) -> Array:
    """``before`` with its bytes replaced by those of ``flat``, which may be a few less."""
    whole = retyped(flat, before.dtype)
    if whole.shape == before.shape:
        return whole
    written, kept = (retyped(each, np.dtype(np.uint8)) for each in (flat, before))
    return retyped(jnp.concatenate([written, kept[len(written) :]]), before.dtype)
