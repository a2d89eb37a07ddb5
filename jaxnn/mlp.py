"""The multilayer perceptron: dense layers with an activation between them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from jax import Array
from jax.typing import ArrayLike

from jaxnn._checks import complaint
from jaxnn._rng import Rng, all_or_nothing, split
from jaxnn.activations import identity, sigmoid
from jaxnn.dropouts import dropout
from jaxnn.layers import Dense, dense, init_dense

Activation = Callable[[Array], Array]


@all_or_nothing
def init_mlp(rng: Rng, sizes: Sequence[int], **options: Any) -> tuple[Dense, ...]:
    """First parameters of an MLP, one dense layer for each step from a size to the next.

    A key is split, one for each layer. A Generator gives the bits that
    ``torch.nn.Sequential(Linear(…), activation, Linear(…), …)`` would hold.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        sizes: Of the input, of each hidden layer, of the output.
        **options: As `init_dense` takes them, for every layer.

    Returns:
        ``Dense(kernel, bias)`` for each layer in order.

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator, ``sizes`` is one number, or there is
            no such option.
        ValueError: There are fewer than two sizes, or one is negative.

    Example:
        >>> import jax, jaxnn
        >>> params = jaxnn.init_mlp(jax.random.key(0), (3, 8, 2))
        >>> [layer.kernel.shape for layer in params]
        [(3, 8), (8, 2)]

    Source: torch.nn.Sequential, torch.nn.Linear.
    """
    must, instead = "sizes must name input and output", "add the missing size, as in (3, 2, 1)"
    if not isinstance(sizes, Iterable):
        raise TypeError(complaint("init_mlp", must, repr(sizes), instead))
    if len(sizes) < 2:
        raise ValueError(complaint("init_mlp", must, str(tuple(sizes)), instead))
    steps = list(pairwise(sizes))
    return tuple(
        init_dense(layer_rng, *step, **options)
        for layer_rng, step in zip(split(rng, len(steps)), steps, strict=True)
    )


def mlp(
    params: Sequence[Dense],
    x: ArrayLike,
    *,
    activation: Activation = sigmoid,
    output_activation: Activation = identity,
    dropout_rate: float = 0.0,
    rng: Rng | None = None,
) -> Array:
    """Multilayer perceptron: dense, activation, dense, …, dense, output activation.

    A residual block with the norm before it is ``x + mlp(params, layer_norm(x, x.shape[-1:]))``.

    Args:
        params: Of `init_mlp`.
        x: Floating point, (in,), (batch, in) or (…, in), in the dtype of the parameters.
        activation: After every layer but the last.
        output_activation: After the last.
        dropout_rate: The rate of dropout after each hidden activation; 0 for none.
        rng: What dropout draws from: a JAX key, which is split for the layers, or a Generator,
            which is advanced as by torch's Dropout layers; None to drop nothing, as in evaluation.

    Returns:
        (…, out) in the dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point or not in the dtype of the parameters, ``params`` is
            a single layer, or ``rng`` neither a key nor a Generator.
        ValueError: Shapes do not belong together, or ``dropout_rate`` is outside [0, 1].

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> params = jaxnn.init_mlp(jaxnn.random.Generator().manual_seed(0), (3, 2, 1))
        >>> jaxnn.mlp(params, jnp.ones((5, 3))).shape
        (5, 1)

    Source: torch.nn.Sequential.
    """
    if isinstance(params, Dense):
        must, instead = "params must be a sequence of layers", "use mlp([params], x)"
        raise TypeError(complaint("mlp", must, "a single Dense", instead))
    if not params:
        must, instead = "params must hold a layer", "make them with init_mlp"
        raise ValueError(complaint("mlp", must, "none", instead))
    *hidden, last = params
    rngs = [None] * len(hidden) if rng is None else split(rng, len(hidden))
    for layer, layer_rng in zip(hidden, rngs, strict=True):
        x = dropout(layer_rng, activation(dense(layer, x)), dropout_rate)
    return output_activation(dense(last, x))
