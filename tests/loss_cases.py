"""Losses with inputs and options worth trying; the options' tensors go by the names of arrays."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn


class Case(NamedTuple):
    """A loss, the names of its inputs and tensor options in `inputs`, and its other options."""

    loss: str
    predictions: str
    targets: str
    weight: str | None
    options: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        words = [self.loss, self.predictions, self.targets]
        words += [f"weight={self.weight}"] if self.weight else []
        return " ".join([*words, *(f"{name}={value}" for name, value in self.options)])


def inputs(dtype: str) -> dict[str, np.ndarray]:
    """The arrays that cases name; floating ones in a dtype."""
    rng = np.random.default_rng(20)
    floating = {
        "vector": rng.normal(size=5),
        "matrix": rng.normal(size=(6, 5)) * 3,
        "pixels": rng.normal(size=(2, 5, 3, 2)) * 3,
        "far apart": np.array([[1e4, -1e4, 0, 50, -50], [0, 0, 0, 0, 0]]),
        "minus inf": np.array([[1, -np.inf, 2, 0, 0.5], [-np.inf, 1, 2, 3, 4]]),
        "nan": np.array([[1, 2, np.nan, 0, 0.5], [0, 1, 2, 3, 4]]),
        "nothing": np.zeros((0, 5)),
        "other matrix": rng.normal(size=(6, 5)),
        "class weights": rng.uniform(0.5, 2, size=5),
        "weight of one": np.array([0.0, 0, 0, 1, 0]),
        "matrix weights": rng.uniform(0, 2, size=(6, 5)),
        "vector probabilities": rng.dirichlet(np.ones(5)),
        "probabilities": rng.dirichlet(np.ones(5), size=6),
        "pixel probabilities": np.moveaxis(rng.dirichlet(np.ones(5), size=(2, 3, 2)), -1, 1),
        "one-hot": np.eye(5)[[0, 3, 3, 1, 4, 2]],
        "two one-hot": np.eye(5)[[0, 3]],
    }
    integer = {
        "label": np.array(3),
        "labels": np.array([0, 3, 3, 1, 4, 2]),
        "some ignored": np.array([0, -100, 3, -100, 4, 2]),
        "all ignored": np.full(6, -100),
        "two labels": np.array([0, 3]),
        "first ignored": np.array([-100, 3]),
        "pixel labels": rng.integers(5, size=(2, 3, 2)),
        "no labels": np.zeros(0),
    }
    return {k: v.astype(dtype) for k, v in floating.items()} | {
        k: v.astype(np.int64) for k, v in integer.items()
    }


REDUCTIONS = ("mean", "sum", "none")
_PAIRS = (
    ("matrix", "labels"),
    ("matrix", "some ignored"),
    ("matrix", "probabilities"),
    ("pixels", "pixel labels"),
    ("pixels", "pixel probabilities"),
)
_WEIGHTS = (None, "class weights")


def case(
    loss: str, predictions: str, targets: str, weight: str | None = None, **options: Any
) -> Case:
    """A row of the table below."""
    return Case(loss, predictions, targets, weight, tuple(options.items()))


CASES = (
    *(
        case("cross_entropy", *pair, weight, label_smoothing=smoothing, reduction=reduction)
        for pair in _PAIRS
        for weight in _WEIGHTS
        for smoothing in (0.0, 0.2)
        for reduction in REDUCTIONS
    ),
    *(
        case("cross_entropy", *pair, weight)
        for pair in (("vector", "label"), ("vector", "vector probabilities"))
        for weight in _WEIGHTS
    ),
    *(
        case("cross_entropy", "matrix", targets, label_smoothing=smoothing, reduction=reduction)
        for targets in ("all ignored", "one-hot")
        for smoothing in (0.0, 1.0)
        for reduction in REDUCTIONS
    ),
    *(
        case("cross_entropy", predictions, targets, reduction="none")
        for predictions in ("far apart", "minus inf", "nan")
        for targets in ("two labels", "first ignored")
    ),
    case("cross_entropy", "far apart", "two one-hot"),
    case("cross_entropy", "matrix", "labels", ignore_index=3),
    case("cross_entropy", "matrix", "labels", "weight of one"),
    case("cross_entropy", "matrix", "labels", "weight of one", ignore_index=1),
    *(case("cross_entropy", "nothing", "no labels", reduction=r) for r in REDUCTIONS),
    *(case("cross_entropy", "nothing", "nothing", reduction=r) for r in REDUCTIONS),
    *(
        case("mse_loss", "matrix", "other matrix", weight, reduction=reduction)
        for weight in (None, "matrix weights")
        for reduction in REDUCTIONS
    ),
    *(case("mse_loss", "nothing", "nothing", reduction=r) for r in REDUCTIONS),
    *(case("mse_loss", "nan", "nan", reduction=r) for r in REDUCTIONS),
    case("mse_loss", "minus inf", "far apart", reduction="none"),
)


def loss_and_gradients(case: Case, arrays: dict[str, jax.Array]) -> tuple[jax.Array, ...]:
    """The loss, and the gradients of its sum in the predictions and in floating targets."""
    given = [arrays[case.predictions], arrays[case.targets]]
    floating = [i for i, x in enumerate(given) if jnp.issubdtype(x.dtype, jnp.floating)]
    weight = None if case.weight is None else arrays[case.weight]

    def loss(*given: jax.Array) -> jax.Array:
        return getattr(jaxnn, case.loss)(*given, weight=weight, **dict(case.options))

    gradients = jax.grad(lambda *given: loss(*given).sum(), argnums=floating)(*given)
    return loss(*given), *gradients
