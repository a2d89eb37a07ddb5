"""Losses with inputs and options worth trying; the options' tensors go by the names of arrays."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn
from tests.activation_cases import DTYPES


class Case(NamedTuple):
    """A loss, the names in `inputs` of its arrays and its tensor options, and its other options."""

    loss: str
    arrays: tuple[str, ...]
    named: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        given = (*self.named, *self.options)
        return " ".join([self.loss, *self.arrays, *(f"{name}={value}" for name, value in given)])

    def differentiated(self, given: Mapping[str, Any]) -> tuple[int, ...]:
        """The arrays in which it is differentiated; torch refuses the targets of one loss."""
        names = self.arrays[:1] if self.loss == "soft_margin_loss" else self.arrays
        types = [given[name].dtype for name in names]
        return tuple(i for i, x in enumerate(types) if jnp.issubdtype(x, jnp.floating))

    @property
    def dtypes(self) -> tuple[str, ...]:
        """torch computes some losses in 16 bits step by step, which the core does not."""
        return DTYPES if self.loss in ("cross_entropy", "mse_loss") else ("float32", "float64")


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
        "signs": np.sign(rng.normal(size=(6, 5))),
        "sample signs": np.array([1.0, -1, -1, 1, -1, 1]),
        "label sign": np.array(-1.0),
        "third matrix": rng.normal(size=(6, 5)),
        "variances": rng.uniform(0, 2, size=(6, 5)) * (rng.uniform(size=(6, 5)) > 0.1),
        "row variances": rng.uniform(0.5, 2, size=(6, 1)),
        "shares": rng.uniform(0, 1, size=(6, 5)),
        "edge shares": np.array([0.0, 1, 0, 1, 0.5]),
        "edge targets": np.array([0.0, 1, 1, 0, 0.25]),
        "counts": 1 + rng.poisson(2, size=(6, 5)),
        "rates": rng.uniform(0.5, 4, size=(6, 5)),
        "log probabilities": np.log(rng.dirichlet(np.ones(5), size=6)),
        "steps": np.array([-2.0, -1, -0.5, 0, 0.5, 1, 2]),
        "no steps": np.zeros(7),
        "margin signs": np.array([1.0, -1, 1, 1, -1, -1, 1]),
        "large": np.array([1e4, -1e4, 90, -90]),
        "large signs": np.array([1.0, 1, -1, -1]),
        "large targets": np.array([0.0, 1, 1, 0.5]),
        "sequence logits": rng.normal(size=(7, 3, 5)) * 2,
        "one sequence": rng.normal(size=(7, 5)),
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
        "label lists": np.array([[3, 0, -1, 1, 2], [-1, 0, 1, 2, 3], [0, 1, 2, 3, 4]] * 2),
        "spoken": np.array([[1, 1, 2], [3, 4, 1], [2, 2, 2]]),
        "steps of each": np.array([7, 5, 5]),
        "too few steps": np.array([7, 5, 4]),
        "spoken of each": np.array([3, 2, 3]),
        "one spoken": np.array([2, 2, 3]),
        "all steps": np.array(7),
        "all spoken": np.array(3),
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
    named = (("weight", weight),) if weight else ()
    return Case(loss, (predictions, targets), named, tuple(options.items()))


def of(
    loss: str,
    *arrays: str,
    named: dict[str, str] | None = None,
    reduction: str = "none",
    **options: Any,
) -> Case:
    """A row of arrays by position and others by name."""
    chosen = (*options.items(), ("reduction", reduction))
    return Case(loss, arrays, tuple((named or {}).items()), chosen)


CASES = (
    *(
        case("cross_entropy", *pair, weight, label_smoothing=smoothing)
        for pair in _PAIRS
        for weight in _WEIGHTS
        for smoothing in (0.0, 0.2)
    ),
    *(
        case("cross_entropy", *pair, "class weights", label_smoothing=0.2, reduction=reduction)
        for pair in _PAIRS[1:]
        for reduction in ("sum", "none")
    ),
    *(
        case("cross_entropy", *pair, weight)
        for pair in (("vector", "label"), ("vector", "vector probabilities"))
        for weight in _WEIGHTS
    ),
    *(
        case("cross_entropy", "matrix", "all ignored", label_smoothing=smoothing, reduction=r)
        for smoothing in (0.0, 1.0)
        for r in REDUCTIONS
    ),
    *(
        case("cross_entropy", "matrix", "one-hot", label_smoothing=smoothing)
        for smoothing in (0.0, 1.0)
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
    *(
        of(*loss, reduction=reduction)
        for loss in (
            ("l1_loss", "matrix", "other matrix"),
            ("nll_loss", "log probabilities", "some ignored"),
            ("multi_margin_loss", "matrix", "labels"),
            ("ctc_loss", "sequence logits", "spoken", "steps of each", "spoken of each"),
        )
        for reduction in ("mean", "sum")
    ),
    of("l1_loss", "matrix", "other matrix"),
    of("l1_loss", "matrix", "other matrix", named={"weight": "matrix weights"}),
    of("l1_loss", "steps", "no steps"),
    of("smooth_l1_loss", "matrix", "other matrix"),
    of("smooth_l1_loss", "steps", "no steps"),
    of("smooth_l1_loss", "steps", "no steps", beta=0.5),
    of("smooth_l1_loss", "steps", "no steps", beta=0.0),
    of("smooth_l1_loss", "minus inf", "far apart"),
    of("huber_loss", "steps", "no steps"),
    of("huber_loss", "matrix", "other matrix", delta=2.0),
    of("huber_loss", "matrix", "other matrix", named={"weight": "matrix weights"}),
    of("nll_loss", "log probabilities", "labels"),
    of("nll_loss", "log probabilities", "some ignored", named={"weight": "class weights"}),
    of("nll_loss", "log probabilities", "labels", ignore_index=3),
    of("nll_loss", "pixels", "pixel labels", named={"weight": "class weights"}),
    of("nll_loss", "vector", "label"),
    of("binary_cross_entropy", "shares", "probabilities"),
    of("binary_cross_entropy", "shares", "one-hot", named={"weight": "matrix weights"}),
    of("binary_cross_entropy_with_logits", "matrix", "probabilities"),
    of(
        "binary_cross_entropy_with_logits",
        "matrix",
        "one-hot",
        named={"weight": "matrix weights", "pos_weight": "class weights"},
    ),
    of("binary_cross_entropy_with_logits", "large", "large targets"),
    of("binary_cross_entropy_with_logits", "steps", "no steps"),
    of("soft_margin_loss", "matrix", "signs"),
    of("multilabel_soft_margin_loss", "matrix", "one-hot"),
    of("multilabel_soft_margin_loss", "matrix", "one-hot", named={"weight": "class weights"}),
    of("kl_div", "log probabilities", "probabilities"),
    of("kl_div", "log probabilities", "log probabilities", log_target=True),
    case("kl_div", "log probabilities", "probabilities", reduction="batchmean"),
    of("poisson_nll_loss", "matrix", "counts"),
    of("poisson_nll_loss", "matrix", "counts", full=True),
    of("poisson_nll_loss", "rates", "counts", log_input=False, full=True),
    of("gaussian_nll_loss", "matrix", "other matrix", "variances"),
    of("gaussian_nll_loss", "matrix", "other matrix", "row variances", full=True),
    of("hinge_embedding_loss", "matrix", "signs"),
    of("hinge_embedding_loss", "steps", "margin signs", margin=0.5),
    of("margin_ranking_loss", "matrix", "other matrix", "signs"),
    of("margin_ranking_loss", "steps", "no steps", "margin signs", margin=0.5),
    of("multi_margin_loss", "matrix", "labels"),
    of("multi_margin_loss", "matrix", "labels", p=2, margin=0.5),
    of("multi_margin_loss", "matrix", "labels", named={"weight": "class weights"}),
    of("multi_margin_loss", "one-hot", "labels"),
    of("multi_margin_loss", "vector", "label"),
    of("multilabel_margin_loss", "matrix", "label lists"),
    of("multilabel_margin_loss", "one-hot", "label lists"),
    of("cosine_embedding_loss", "matrix", "other matrix", "sample signs"),
    of("cosine_embedding_loss", "matrix", "matrix", "sample signs", margin=1.0),
    of("cosine_embedding_loss", "vector", "class weights", "label sign", margin=-0.5),
    of("triplet_margin_loss", "matrix", "other matrix", "third matrix", margin=4.0),
    of("triplet_margin_loss", "matrix", "other matrix", "third matrix", p=1.0, swap=True),
    of("triplet_margin_loss", "matrix", "other matrix", "third matrix", p=3.0, margin=2.0),
    of("triplet_margin_with_distance_loss", "matrix", "other matrix", "third matrix"),
    of("triplet_margin_with_distance_loss", "matrix", "other matrix", "other matrix", swap=True),
    of("ctc_loss", "sequence logits", "spoken", "steps of each", "spoken of each"),
    of(
        "ctc_loss",
        "sequence logits",
        "spoken",
        "too few steps",
        "spoken of each",
        zero_infinity=True,
    ),
    of("ctc_loss", "one sequence", "one spoken", "all steps", "all spoken", blank=4),
)


def loss_and_gradients(case: Case, arrays: dict[str, jax.Array]) -> tuple[jax.Array, ...]:
    """The loss, and the gradients of its sum in the floating ones of its arrays."""
    given = [arrays[name] for name in case.arrays]
    named = {name: arrays[array] for name, array in case.named}

    places = case.differentiated(arrays)

    def loss(*differentiated: jax.Array) -> jax.Array:
        every = list(given)
        for i, x in zip(places, differentiated, strict=True):
            every[i] = x
        if case.loss == "ctc_loss":  # where torch's derivative is that of the formula
            every[0] = jaxnn.log_softmax(every[0])
        return getattr(jaxnn, case.loss)(*every, **named, **dict(case.options))

    value, pull_back = jax.vjp(loss, *(given[i] for i in places))
    return value, *pull_back(jnp.ones_like(value))
