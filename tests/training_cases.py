"""Trainings on scikit-learn's digits; `golden/make_training.py` makes the same by torch."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from sklearn.datasets import load_digits

import jaxnn
from jaxnn import optim
from jaxnn.random import Generator
from jaxnn.training import fit
from tests.optim_cases import Optimizer, Scheduler

SIZES = (64, 128, 64, 10)
BATCH_SIZE = 32
STEPS = 57  # of an epoch over the 1,797 digits in batches of 32
SGD = Optimizer("sgd", "SGD", {"lr": 0.1})


class Run(NamedTuple):
    """What distinguishes one training from another.

    Attributes:
        optimizer: With its arguments.
        scheduler: Of the learning rate; its steps are epochs.
        dropout: The rate after each hidden layer.
        batch_norm: Whether there is one before each hidden activation.
        drop_last: Whether a short last batch is left out.
        epochs: How many.
        seed: Of torch's default generator.
        batch_size: Samples in a step.
        dtype: Of pixels and parameters.
    """

    optimizer: Optimizer = SGD
    scheduler: Scheduler | None = None
    dropout: float = 0.0
    batch_norm: bool = False
    drop_last: bool = False
    epochs: int = 1
    seed: int = 0
    batch_size: int = BATCH_SIZE
    dtype: str = "float32"


class Trained(NamedTuple):
    """What comes of a run: the digits' accuracy without dropout, and batch norm's statistics."""

    losses: np.ndarray
    accuracy: float
    statistics: np.ndarray
    state: bytes


RUNS = {
    "sgd": Run(),
    "adam": Run(Optimizer("adam", "Adam", {"lr": 1e-3})),
    "drop_last": Run(drop_last=True, epochs=2, seed=7),
    "dropout": Run(dropout=0.25),
    "one batch": Run(batch_size=5000, epochs=3),
}
for _dropout, _name in ((0.0, "batch norm"), (0.2, "batch norm, dropout")):
    RUNS[_name] = Run(batch_norm=True, dropout=_dropout)
    RUNS[f"{_name}, float64"] = RUNS[_name]._replace(epochs=10, dtype="float64")


def digits(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Pixels from 0 to 1, and what they show."""
    pixels, labels = load_digits(return_X_y=True)
    return (pixels / 16).astype(run.dtype), labels.astype(np.int32)


def train(run: Run, optimizer: optax.GradientTransformation | None = None) -> Trained:
    """Make a run, if need be with another optimizer."""
    with jax.enable_x64(run.dtype == "float64"):
        x, y = digits(run)
        generator = Generator().manual_seed(run.seed)
        params, statistics = _start(run, generator)
        result = fit(
            _loss_of(run), params, (x, y), optimizer=optimizer or _optimizer_of(run),
            epochs=run.epochs, batch_size=run.batch_size, rng=generator, drop_last=run.drop_last,
            statistics=statistics, progress=False,
        )  # fmt: skip
        accuracy = jaxnn.accuracy(_logits(result.params, result.statistics, x), y)
        seen = [np.asarray(leaf) for leaf in jax.tree.leaves(result.statistics)] or [np.empty(0)]
    state = generator.get_state()
    return Trained(result.losses, float(accuracy), np.concatenate(seen), state)


def _start(run: Run, rng: Generator) -> tuple[Any, Any]:
    """Parameters, and what batch norm remembers."""
    layers = jaxnn.init_mlp(rng, SIZES, dtype=run.dtype)
    if not run.batch_norm:
        return layers, None
    zeros, ones = ([fill(n, run.dtype) for n in SIZES[1:-1]] for fill in (jnp.zeros, jnp.ones))
    affine = [{"weight": w, "bias": b} for w, b in zip(ones, zeros, strict=True)]
    return (layers, affine), [jaxnn.Statistics(*pair) for pair in zip(zeros, ones, strict=True)]


def _loss_of(run: Run) -> Callable[..., Any]:
    def loss(params: Any, x: jax.Array, y: jax.Array, rng: Generator) -> jax.Array:
        logits = jaxnn.mlp(params, x, activation=jaxnn.relu, dropout_rate=run.dropout, rng=rng)
        return jaxnn.cross_entropy(logits, y)

    def normalized(
        params: Any, statistics: Any, x: jax.Array, y: jax.Array, rng: Generator
    ) -> tuple[jax.Array, Any]:
        (*hidden, last), affine = params
        after = []
        for layer, given, before in zip(hidden, affine, statistics, strict=True):
            x, then = jaxnn.batch_norm(jaxnn.dense(layer, x), before, **given, training=True)
            x = jaxnn.dropout(rng, jaxnn.relu(x), run.dropout)
            after.append(then)
        return jaxnn.cross_entropy(jaxnn.dense(last, x), y), after

    return normalized if run.batch_norm else loss


def _logits(params: Any, statistics: Any, x: np.ndarray) -> jax.Array:
    """What a trained network says: nothing is dropped, and nothing remembered."""
    if statistics is None:
        return jaxnn.mlp(params, x, activation=jaxnn.relu)
    layers, affine = params
    y = jnp.asarray(x)
    for layer, given, seen in zip(layers[:-1], affine, statistics, strict=True):
        y = jaxnn.relu(jaxnn.batch_norm(jaxnn.dense(layer, y), seen, **given)[0])
    return jaxnn.dense(layers[-1], y)


def _optimizer_of(run: Run) -> optax.GradientTransformation:
    arguments = dict(run.optimizer.arguments)
    if run.scheduler is not None:
        lr, given = arguments["lr"], run.scheduler.arguments
        by_epoch = getattr(optim, run.scheduler.name)(lr, **given)
        arguments["lr"] = optim.every(STEPS, by_epoch)
        if run.scheduler.name == "one_cycle_lr":  # moves the momentum too
            arguments["momentum"] = optim.every(STEPS, optim.one_cycle_momentum(**given))
    return getattr(optim, run.optimizer.name)(**arguments)
