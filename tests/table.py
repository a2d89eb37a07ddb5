"""One table of every function of arrays in the core: a new function is a new row."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import numpy as np

import jaxnn
from tests.activation_cases import ALONG_AN_AXIS, ELEMENTWISE


class Row(NamedTuple):
    """A function, and what makes its arguments: trees of float64 and integer arrays."""

    name: str
    function: Callable[..., jax.Array]
    arguments: Callable[[np.random.Generator], tuple[Any, ...]]
    keeps_dtype: bool = True

    def __str__(self) -> str:
        return self.name


def floats(*shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    """Normal numbers."""
    return lambda rng: rng.normal(size=shape)


def positive(*shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    """Weights."""
    return lambda rng: rng.uniform(0.5, 2.0, size=shape)


def labels(classes: int, *shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    """Indices of classes."""
    return lambda rng: rng.integers(classes, size=shape).astype(np.int32)


def probabilities(*shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    """Rows that sum to 1."""
    return lambda rng: rng.dirichlet(np.ones(shape[-1]), size=shape[:-1])


def layer(fan_in: int, fan_out: int, *, bias: bool = True) -> Callable[..., jaxnn.Dense]:
    """Parameters of a dense layer."""
    return lambda rng: jaxnn.Dense(
        rng.normal(size=(fan_in, fan_out)), rng.normal(size=fan_out) if bias else None
    )


def row(name: str, function: Callable, *arguments: Callable, keeps_dtype: bool = True) -> Row:
    """A row whose arguments are made one after another."""
    return Row(name, function, lambda rng: tuple(make(rng) for make in arguments), keeps_dtype)


def mlp_of(*params_and_x: Any, **options: Any) -> jax.Array:
    """An MLP whose layers are arguments of their own."""
    *params, x = params_and_x
    return jaxnn.mlp(params, x, **options)


KEY = jax.random.key(0)

ACTIVATIONS = [
    *(row(str(case), case.function, floats(3, 4)) for case in ELEMENTWISE),
    *(row(str(case), case.function, floats(2, 4)) for case in ALONG_AN_AXIS),
    row("identity", jaxnn.identity, floats(3, 4)),
    row("prelu with channels", jaxnn.prelu, floats(3, 4), floats(4)),
]
LAYERS = [
    row("dense", jaxnn.dense, layer(4, 3), floats(3, 4)),
    row("dense of a vector", jaxnn.dense, layer(4, 3), floats(4)),
    row("dense of a stack", jaxnn.dense, layer(4, 3), floats(2, 3, 4)),
    row("dense without bias", jaxnn.dense, layer(4, 3, bias=False), floats(3, 4)),
    row("dropout", partial(jaxnn.dropout, KEY, rate=0.25), floats(3, 4)),
    row("mlp", mlp_of, layer(4, 3), layer(3, 2), floats(3, 4)),
    row(
        "mlp with options",
        partial(
            mlp_of,
            activation=jaxnn.tanh,
            output_activation=jaxnn.softmax,
            dropout_rate=0.25,
            rng=KEY,
        ),
        layer(4, 3),
        layer(3, 2),
        floats(3, 4),
    ),
]
_cross_entropy = jaxnn.cross_entropy
LOSSES = [
    row("mse_loss", jaxnn.mse_loss, floats(3, 4), floats(3, 4)),
    row("mse_loss none", partial(jaxnn.mse_loss, reduction="none"), floats(3, 4), floats(3, 4)),
    row(
        "mse_loss weighted",
        lambda x, y, w: jaxnn.mse_loss(x, y, weight=w),
        floats(3, 4),
        floats(3, 4),
        positive(3, 4),
    ),
    row("cross_entropy", _cross_entropy, floats(3, 4), labels(4, 3)),
    row("cross_entropy of a sample", _cross_entropy, floats(4), labels(4)),
    row("cross_entropy of pixels", _cross_entropy, floats(3, 4, 2), labels(4, 3, 2)),
    row(
        "cross_entropy none", partial(_cross_entropy, reduction="none"), floats(3, 4), labels(4, 3)
    ),
    row(
        "cross_entropy ignoring",
        partial(_cross_entropy, ignore_index=1, reduction="sum"),
        floats(3, 4),
        labels(4, 3),
    ),
    row(
        "cross_entropy weighted and smooth",
        lambda x, y, w: _cross_entropy(x, y, weight=w, label_smoothing=0.25),
        floats(3, 4),
        labels(4, 3),
        positive(4),
    ),
    row("cross_entropy of probabilities", _cross_entropy, floats(3, 4), probabilities(3, 4)),
    row(
        "cross_entropy of probabilities, weighted and smooth",
        lambda x, y, w: _cross_entropy(x, y, weight=w, label_smoothing=0.25),
        floats(3, 4),
        probabilities(3, 4),
        positive(4),
    ),
    row("accuracy", jaxnn.accuracy, floats(3, 4), labels(4, 3), keeps_dtype=False),
]
TABLE = ACTIVATIONS + LAYERS + LOSSES
