"""Initialisers that draw from one distribution, whatever the shape."""

from jaxnn import random
from jaxnn.initializers._protocol import Initializer, drawn_as_torch


def uniform(a: float = 0.0, b: float = 1.0) -> Initializer:
    """Uniform in [a, b).

    Args:
        a: The lower bound.
        b: The upper bound.

    Returns:
        An initialiser for any shape.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.initializers.uniform()(generator, (2,))
        Array([0.4962566, 0.7682218], dtype=float32)

    Source: torch.nn.init.uniform_.
    """
    return drawn_as_torch(
        lambda rng, shape, dtype: random.uniform(rng, shape, dtype, low=a, high=b)
    )


def normal(mean: float = 0.0, std: float = 1.0) -> Initializer:
    """Normal with a mean and a standard deviation.

    Args:
        mean: The mean.
        std: The standard deviation.

    Returns:
        An initialiser for any shape.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.initializers.normal()(generator, (2,))
        Array([ 1.5409961, -0.2934289], dtype=float32)

    Source: torch.nn.init.normal_.
    """
    return drawn_as_torch(
        lambda rng, shape, dtype: random.normal(rng, shape, dtype, mean=mean, std=std)
    )
