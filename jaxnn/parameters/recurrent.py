"""Recurrent layers: plain, LSTM and GRU, of any depth and in both directions."""

import math
from collections.abc import Iterator

import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike

from jaxnn import random
from jaxnn._checks import complaint
from jaxnn._rng import Rng, all_or_nothing, split

_GATES = {"init_rnn": 1, "init_lstm": 4, "init_gru": 3}


@all_or_nothing
def init_rnn(
    rng: Rng,
    input_size: int,
    hidden_size: int,
    *,
    num_layers: int = 1,
    bias: bool = True,
    bidirectional: bool = False,
    dtype: DTypeLike = jnp.float32,
) -> dict[str, Array]:
    """First parameters of a plain recurrent layer: uniform in ±1 / √hidden_size, as torch's.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        input_size: The size of an input.
        hidden_size: The size of the hidden state.
        num_layers: How many, each on top of the one before.
        bias: Whether there are biases.
        bidirectional: Whether there is a second set of parameters for the way back.
        dtype: Of all arrays.

    Returns:
        The arrays by torch's names and in torch's layout, in the order in which they are drawn:
        for each layer l ``weight_ih_l<l>`` (gates · hidden, in), ``weight_hh_l<l>`` (gates ·
        hidden, hidden), ``bias_ih_l<l>`` and ``bias_hh_l<l>`` (gates · hidden), with one gate;
        then, of both directions, the same with ``_reverse``. The second layer's ``in`` is the
        hidden size, of both directions twice that.

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: A size or ``num_layers`` is less than 1.

    Example:
        >>> import jax, jaxnn
        >>> params = jaxnn.init_rnn(jax.random.key(0), 3, 5, num_layers=2, bias=False)
        >>> {name: array.shape for name, array in params.items()}  # doctest: +NORMALIZE_WHITESPACE
        {'weight_ih_l0': (5, 3), 'weight_hh_l0': (5, 5),
         'weight_ih_l1': (5, 5), 'weight_hh_l1': (5, 5)}

    Source: torch.nn.RNN.
    """
    sizes = (input_size, hidden_size, num_layers)
    return _init("init_rnn", rng, *sizes, bias, bidirectional, 0, dtype)


@all_or_nothing
def init_gru(
    rng: Rng,
    input_size: int,
    hidden_size: int,
    *,
    num_layers: int = 1,
    bias: bool = True,
    bidirectional: bool = False,
    dtype: DTypeLike = jnp.float32,
) -> dict[str, Array]:
    """First parameters of a GRU: uniform in ±1 / √hidden_size, as torch's.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        input_size: The size of an input.
        hidden_size: The size of the hidden state.
        num_layers: How many, each on top of the one before.
        bias: Whether there are biases.
        bidirectional: Whether there is a second set of parameters for the way back.
        dtype: Of all arrays.

    Returns:
        The arrays as `init_rnn` names and shapes them, with three gates one above the other:
        reset, update, new.

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: A size or ``num_layers`` is less than 1.

    Example:
        >>> import jax, jaxnn
        >>> jaxnn.init_gru(jax.random.key(0), 3, 5)["weight_ih_l0"].shape
        (15, 3)

    Source: torch.nn.GRU.
    """
    sizes = (input_size, hidden_size, num_layers)
    return _init("init_gru", rng, *sizes, bias, bidirectional, 0, dtype)


@all_or_nothing
def init_lstm(
    rng: Rng,
    input_size: int,
    hidden_size: int,
    *,
    num_layers: int = 1,
    bias: bool = True,
    bidirectional: bool = False,
    proj_size: int = 0,
    dtype: DTypeLike = jnp.float32,
) -> dict[str, Array]:
    """First parameters of an LSTM: uniform in ±1 / √hidden_size, as torch's.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        input_size: The size of an input.
        hidden_size: The size of the hidden state.
        num_layers: How many, each on top of the one before.
        bias: Whether there are biases.
        bidirectional: Whether there is a second set of parameters for the way back.
        proj_size: The size to which the hidden state is projected, less than it; 0 for none.
        dtype: Of all arrays.

    Returns:
        The arrays as `init_rnn` names and shapes them, with four gates one above the other: input,
        forget, cell, output. With a projection, ``weight_hr_l<l>`` (proj, hidden) follows the
        biases, and ``weight_hh_l<l>`` and the next layer's ``in`` have its size.

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: A size or ``num_layers`` is less than 1, or ``proj_size`` not less than the
            hidden size.

    Example:
        >>> import jax, jaxnn
        >>> params = jaxnn.init_lstm(jax.random.key(0), 3, 5, proj_size=2)
        >>> params["weight_hh_l0"].shape, params["weight_hr_l0"].shape
        ((20, 2), (2, 5))

    Source: torch.nn.LSTM.
    """
    if not 0 <= proj_size < max(1, hidden_size):
        must = f"proj_size must be at least 0 and less than hidden_size, {hidden_size}"
        raise ValueError(complaint("init_lstm", must, str(proj_size), "use proj_size=0 for none"))
    sizes = (input_size, hidden_size, num_layers)
    return _init("init_lstm", rng, *sizes, bias, bidirectional, proj_size, dtype)


def _init(
    function: str,
    rng: Rng,
    input_size: int,
    hidden_size: int,
    num_layers: int,
    bias: bool,
    bidirectional: bool,
    proj_size: int,
    dtype: DTypeLike,
) -> dict[str, Array]:
    for name, size in (
        ("input_size", input_size), ("hidden_size", hidden_size), ("num_layers", num_layers)
    ):  # fmt: skip
        if size < 1:
            must, instead = f"{name} must be 1 or more", f"use {name}=1"
            raise ValueError(complaint(function, must, str(size), instead))
    suffixes = ("", "_reverse") if bidirectional else ("",)
    gates, state_size = _GATES[function] * hidden_size, proj_size or hidden_size
    shapes = {}
    for layer in range(num_layers):
        layer_input = state_size * len(suffixes) if layer else input_size
        for suffix in suffixes:
            for name, shape in _shapes(layer_input, hidden_size, gates, bias, proj_size):
                shapes[f"{name}_l{layer}{suffix}"] = shape
    bound = 1 / math.sqrt(hidden_size)
    return {
        name: random.uniform(each, shape, dtype, low=-bound, high=bound)
        for (name, shape), each in zip(shapes.items(), split(rng, len(shapes)), strict=True)
    }


def _shapes(
    input_size: int, hidden_size: int, gates: int, bias: bool, proj_size: int
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The arrays of one layer in one direction, in the order in which torch draws them."""
    yield "weight_ih", (gates, input_size)
    yield "weight_hh", (gates, proj_size or hidden_size)
    if bias:
        yield "bias_ih", (gates,)
        yield "bias_hh", (gates,)
    if proj_size:
        yield "weight_hr", (proj_size, hidden_size)
