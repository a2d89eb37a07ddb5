"""Initialisers that draw nothing."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike

from jaxnn._checks import complaint
from jaxnn._rng import Rng
from jaxnn.initializers._protocol import Initializer


def constant(val: float) -> Initializer:
    """The same number everywhere.

    Args:
        val: The number.

    Returns:
        An initialiser that draws nothing.

    Example:
        >>> import jax, jaxnn
        >>> jaxnn.initializers.constant(0.5)(jax.random.key(0), (3,))
        Array([0.5, 0.5, 0.5], dtype=float32)

    Source: torch.nn.init.constant_.
    """

    def init(rng: Rng, shape: Sequence[int], dtype: DTypeLike = jnp.float32) -> Array:
        """Fill an array with one number, and draw nothing."""
        del rng
        with jax.enable_x64(True):  # for float64, which is asked for by name
            return jnp.full(shape, val, dtype)

    return init


zeros = constant(0.0)
ones = constant(1.0)


def eye(rng: Rng, shape: Sequence[int], dtype: DTypeLike = jnp.float32) -> Array:
    """The identity: x · kernel is x, cut off or filled with zeros to the layer's size.

    Args:
        rng: Not drawn from.
        shape: (in, out).
        dtype: Any.

    Returns:
        1 where both indices are the same, else 0.

    Raises:
        ValueError: ``shape`` has not two axes.

    Example:
        >>> import jax, jaxnn
        >>> jaxnn.initializers.eye(jax.random.key(0), (2, 3))
        Array([[1., 0., 0.],
               [0., 1., 0.]], dtype=float32)

    Source: torch.nn.init.eye_.
    """
    del rng
    if len(shape) != 2:
        must, instead = "a kernel must have two axes", "use shape (in, out)"
        raise ValueError(complaint("eye", must, f"shape {tuple(shape)}", instead))
    with jax.enable_x64(True):
        return jnp.eye(*shape, dtype=dtype)


def dirac(groups: int = 1) -> Initializer:
    """The identity of a convolution: each channel passes unchanged, as far as there are channels.

    Every window is 0 but for a 1 in its middle, between each input channel of a group and the
    output channel of the same number.

    Args:
        groups: Of channels that are convolved apart from each other.

    Returns:
        An initialiser that draws nothing, for shapes (*window, in / groups, out) with windows of
        one to three axes; it raises ValueError for others, and if ``groups`` does not divide out.

    Example:
        >>> import jax, jaxnn
        >>> kernel = jaxnn.initializers.dirac()(jax.random.key(0), (3, 1, 2))
        >>> kernel[:, 0].T
        Array([[0., 1., 0.],
               [0., 0., 0.]], dtype=float32)

    Source: torch.nn.init.dirac_.
    """

    def init(rng: Rng, shape: Sequence[int], dtype: DTypeLike = jnp.float32) -> Array:
        """Put a 1 into the middle of windows, and draw nothing."""
        del rng
        came = f"shape {tuple(shape)}"
        if not 3 <= len(shape) <= 5:
            must, instead = "a kernel must have 3 to 5 axes", "use shape (*window, in, out)"
            raise ValueError(complaint("dirac", must, came, instead))
        *window, fan_in, fan_out = shape
        if groups < 1 or fan_out % groups:
            must = f"groups must divide the {fan_out} output channels"
            raise ValueError(complaint("dirac", must, f"groups={groups}", "use groups=1"))
        kernel = np.zeros(shape, dtype)
        middle = tuple(size // 2 for size in window)
        per_group = fan_out // groups
        channels = np.arange(min(per_group, fan_in))
        for group in range(groups):
            kernel[(*middle, channels, group * per_group + channels)] = 1
        with jax.enable_x64(True):
            return jnp.asarray(kernel)

    return init
