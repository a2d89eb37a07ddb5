"""Orthogonal matrices, evenly spread among all of them."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike

from jaxnn import random
from jaxnn._checks import complaint
from jaxnn._rng import Rng
from jaxnn.initializers._protocol import Initializer, drawn_as_torch

_DTYPES = (np.float32, np.float64)  # those of LAPACK


def orthogonal(gain: float = 1.0) -> Initializer:
    """Orthonormal rows or columns, whichever are fewer, times a gain.

    The Q of a QR decomposition of normals, with the signs that make it unique. A Generator gives
    torch's normals, but LAPACK's steps have no order that is the same everywhere: entries are
    torch's within 2 ε κ · gain, where ε is the dtype's rounding unit and κ the condition number of
    the normals. That is 5 ε for a kernel twice as long as wide, and can be 200 ε for a square one.

    Args:
        gain: A factor, as from `calculate_gain`.

    Returns:
        An initialiser for shapes of two axes or more, in float32 or float64. The axes of a window
        count as one with ``in``. It raises TypeError for another dtype, ValueError for fewer axes.

    Example:
        >>> import jax, jaxnn, numpy as np
        >>> kernel = jaxnn.initializers.orthogonal()(jax.random.key(0), (8, 3))
        >>> np.allclose(kernel.T @ kernel, np.eye(3), atol=1e-6)
        True

    Source: torch.nn.init.orthogonal_; https://arxiv.org/abs/1312.6120.
    """

    def draw(rng: Rng, shape: tuple[int, ...], dtype: DTypeLike) -> Array:
        if np.dtype(dtype) not in _DTYPES:
            must, instead = "dtype must be float32 or float64", "convert the float32 kernel"
            raise TypeError(complaint("orthogonal", must, str(np.dtype(dtype)), instead))
        if len(shape) < 2:
            must, instead = "a kernel must have two axes or more", "use shape (in, out)"
            raise ValueError(complaint("orthogonal", must, f"shape {shape}", instead))
        rows, columns = shape[0], math.prod(shape[1:])
        if not rows * columns:
            return jnp.zeros(shape, dtype)
        normals = random.normal(rng, (rows, columns), dtype)
        with jax.enable_x64(True):
            return (orthonormalized(normals) * np.asarray(gain, dtype)).reshape(shape)

    return drawn_as_torch(draw)


def orthonormalized(x: Array) -> Array:
    """The orthonormal factor of a matrix, with the signs that make it unique.

    Args:
        x: Float32 or float64, (rows, columns).

    Returns:
        Q of the same shape: x = Q R (Rᵀ Q for fewer rows than columns) where the diagonal of R is
        positive. A column that depends on those before it is 0.
    """
    if x.shape[0] < x.shape[1]:
        return orthonormalized(x.T).T
    q, r = jnp.linalg.qr(x)
    return q * jnp.sign(jnp.diagonal(r))[None, :]
