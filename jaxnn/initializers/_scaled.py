"""Initialisers that keep the variance of signals from layer to layer, by a kernel's fans."""

import math
from collections.abc import Callable, Sequence

import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike

from jaxnn._checks import check_choice, complaint
from jaxnn._rng import Rng
from jaxnn.initializers._fixed import zeros
from jaxnn.initializers._protocol import Initializer
from jaxnn.initializers._spread import normal, uniform

LINEAR = (
    "linear",
    *(f"conv{kind}{axes}d" for kind in ("", "_transpose") for axes in (1, 2, 3)),
)
# What keeps the variance of a layer's output, by the nonlinearity before it.
GAINS: dict[str, Callable[[float], float]] = {
    **dict.fromkeys(LINEAR, lambda _: 1.0),
    "sigmoid": lambda _: 1.0,
    "tanh": lambda _: 5.0 / 3,
    "relu": lambda _: math.sqrt(2.0),
    "leaky_relu": lambda slope: math.sqrt(2.0 / (1 + slope**2)),
    "selu": lambda _: 3.0 / 4,
}
_MODES = ("fan_in", "fan_out")


def calculate_gain(nonlinearity: str, param: float = 0.01) -> float:
    """The factor by which torch scales weights that follow a nonlinearity.

    Args:
        nonlinearity: "linear" (or, which is linear too, "conv1d", …, "conv_transpose3d"),
            "sigmoid", "tanh", "relu", "leaky_relu" or "selu".
        param: The negative slope of "leaky_relu".

    Returns:
        1, 1, 5/3, √2, √(2 / (1 + param²)) and 3/4 in this order.

    Raises:
        ValueError: There is no such nonlinearity.

    Example:
        >>> from jaxnn.initializers import calculate_gain
        >>> calculate_gain("leaky_relu", 1.0)
        1.0

    Source: torch.nn.init.calculate_gain.
    """
    check_choice("calculate_gain", "nonlinearity", nonlinearity, tuple(GAINS))
    return GAINS[nonlinearity](param)


def xavier_uniform(gain: float = 1.0) -> Initializer:
    """Uniform in ±gain · √(6 / (fan_in + fan_out)).

    Args:
        gain: A factor, as from `calculate_gain`.

    Returns:
        An initialiser for shapes of two axes or more; it raises ValueError for fewer.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.initializers.xavier_uniform()(generator, (2, 1))
        Array([[-0.01058796],
               [ 0.7586458 ]], dtype=float32)

    Source: torch.nn.init.xavier_uniform_; Glorot and Bengio 2010.
    """
    return _scaled(_xavier(gain), _uniform_of_std)


def xavier_normal(gain: float = 1.0) -> Initializer:
    """Normal with mean 0 and standard deviation gain · √(2 / (fan_in + fan_out)).

    Args:
        gain: A factor, as from `calculate_gain`.

    Returns:
        An initialiser for shapes of two axes or more; it raises ValueError for fewer.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.initializers.xavier_normal()(generator, (2, 1))
        Array([[ 1.258218 ],
               [-0.2395837]], dtype=float32)

    Source: torch.nn.init.xavier_normal_; Glorot and Bengio 2010.
    """
    return _scaled(_xavier(gain), _normal_of_std)


def kaiming_uniform(
    a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu"
) -> Initializer:
    """Uniform in ±gain · √(3 / fan).

    With a = √5 this is how ``torch.nn.Linear`` starts: uniform in ±1 / √fan_in.

    Args:
        a: The negative slope of "leaky_relu".
        mode: "fan_in" or "fan_out", the fan that divides.
        nonlinearity: As `calculate_gain` takes it, which gives the gain.

    Returns:
        An initialiser for shapes of two axes or more; it raises ValueError for fewer.

    Raises:
        ValueError: There is no such mode or nonlinearity.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.initializers.kaiming_uniform()(generator, (2, 1))
        Array([[-0.01296755],
               [ 0.92914754]], dtype=float32)

    Source: torch.nn.init.kaiming_uniform_; https://arxiv.org/abs/1502.01852.
    """
    return _scaled(_kaiming(a, mode, nonlinearity), _uniform_of_std)


def kaiming_normal(
    a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu"
) -> Initializer:
    """Normal with mean 0 and standard deviation gain / √fan.

    Args:
        a: The negative slope of "leaky_relu".
        mode: "fan_in" or "fan_out", the fan that divides.
        nonlinearity: As `calculate_gain` takes it, which gives the gain.

    Returns:
        An initialiser for shapes of two axes or more; it raises ValueError for fewer.

    Raises:
        ValueError: There is no such mode or nonlinearity.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.initializers.kaiming_normal()(generator, (2, 1))
        Array([[ 1.5409961],
               [-0.2934289]], dtype=float32)

    Source: torch.nn.init.kaiming_normal_; https://arxiv.org/abs/1502.01852.
    """
    return _scaled(_kaiming(a, mode, nonlinearity), _normal_of_std)


def _xavier(gain: float) -> Callable[[int, int], float]:
    return lambda fan_in, fan_out: gain * math.sqrt(2.0 / (fan_in + fan_out))


def _kaiming(a: float, mode: str, nonlinearity: str) -> Callable[[int, int], float]:
    check_choice("initializers", "mode", mode, _MODES)
    gain = calculate_gain(nonlinearity, a)
    return lambda *fans: gain / math.sqrt(fans[_MODES.index(mode)])


def _uniform_of_std(std: float) -> Initializer:
    bound = math.sqrt(3.0) * std  # in this order: in float64 another one gives other bits
    return uniform(-bound, bound)


def _normal_of_std(std: float) -> Initializer:
    return normal(0.0, std)


def _scaled(
    std: Callable[[int, int], float], distribution: Callable[[float], Initializer]
) -> Initializer:
    """Draw with the standard deviation that a kernel's fans ask for; no draw for an empty one."""

    def init(rng: Rng, shape: Sequence[int], dtype: DTypeLike = jnp.float32) -> Array:
        if len(shape) < 2:
            must, instead = "a kernel has two axes or more", "use (in, out), or another initialiser"
            raise ValueError(complaint("initializers", must, f"shape {tuple(shape)}", instead))
        if 0 in shape:
            return zeros(rng, shape, dtype)
        window = math.prod(shape[:-2])
        return distribution(std(window * shape[-2], window * shape[-1]))(rng, shape, dtype)

    return init
