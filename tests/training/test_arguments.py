"""What `fit` takes: losses of every kind, numbers of every type, parameters real and complex."""

import functools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import jaxnn
from jaxnn.training import LossScale, evaluate
from tests.training.lines import LINE, X, Y, assert_same, fit_line, line_loss


@dataclass(frozen=True)
class Weighted:
    """A loss with a number of its own."""

    weight: float

    def __call__(self, params: Any, x: Any, y: Any) -> jax.Array:
        return self.weight * line_loss(params, x, y)

    def method(self, params: Any, x: Any, y: Any) -> jax.Array:
        return self(params, x, y)


@dataclass
class Mutable:
    """Without a hash, as dataclasses are."""

    def __call__(self, params: Any, x: Any, y: Any) -> jax.Array:
        return line_loss(params, x, y)


def scaled(weight: float, params: Any, x: Any, y: Any) -> jax.Array:
    return weight * line_loss(params, x, y)


@pytest.mark.parametrize(
    "loss",
    [
        Weighted(1.0),
        Weighted(1.0).method,
        functools.partial(scaled, 1.0),
        functools.partial(lambda params, x, y, weight: scaled(weight, params, x, y), weight=1.0),
        jax.jit(line_loss),
        jaxnn.mixed_precision(line_loss, jnp.float32),
    ],
    ids=["callable", "method", "partial", "keyword", "jitted", "wrapped"],
)
def test_a_loss_may_be_anything_that_is_called(loss):
    options = {"validation": (X, Y), "epochs": 1}
    assert_same(fit_line(loss=loss, **options), fit_line(**options))


def test_what_has_no_hash_is_named():
    text = (
        "{}: {} must be hashable; got a Mutable; "
        "if it is of a dataclass, let that be frozen=True or eq=False"
    )
    with pytest.raises(TypeError) as error:
        fit_line(loss=Mutable())
    assert str(error.value) == text.format("fit", "loss")
    with pytest.raises(TypeError) as error:
        evaluate(Mutable(), LINE, (X, Y))
    assert str(error.value) == text.format("evaluate", "function")


@pytest.mark.parametrize("integer", [np.int64, jnp.int32])
def test_whole_numbers_may_be_of_any_type(integer):
    options = {"batch_size": integer(4), "epochs": integer(2), "early_stopping": integer(2)}
    assert_same(fit_line(validation=(X, Y), **options), fit_line(epochs=2))


def test_a_mistake_in_the_measure_is_found_before_the_first_epoch():
    traced = []

    def loss(params: Any, x: Any, y: Any, rng: Any) -> jax.Array:
        traced.append(rng)
        return line_loss(params, x, y) + jaxnn.random.uniform(rng)

    with pytest.raises(TypeError, match="rng must be a JAX key or a jaxnn"):
        fit_line(loss=loss, validation=(X, Y))
    assert traced == [None]


def test_without_an_rng_a_loss_evaluates():
    """Nothing is dropped, and what is normalized is so by the statistics."""
    params = jaxnn.init_mlp(jax.random.key(0), (3, 1))
    seen = jaxnn.Statistics(jnp.zeros(3), jnp.ones(3))
    x = np.random.default_rng(0).normal(2.0, 3.0, (10, 3)).astype(np.float32)

    def predict(params: Any, statistics: Any, x: Any, rng: Any) -> Any:
        x, statistics = jaxnn.batch_norm(x, statistics, training=rng is not None)
        return jaxnn.mlp(params, jaxnn.dropout(rng, x, 0.5))[:, 0], statistics

    def loss(params: Any, statistics: Any, x: Any, y: Any, rng: Any) -> Any:
        predicted, statistics = predict(params, statistics, x, rng)
        return jaxnn.mse_loss(predicted, y), statistics

    result = fit_line(
        loss=loss, params=params, statistics=seen, data=(x, Y), batch_size=5, validation=(x, Y)
    )
    mean, var = map(np.asarray, result.statistics)
    normal = (x - mean) / np.sqrt(var + 1e-5)
    expected = np.mean((jaxnn.mlp(result.params, normal)[:, 0] - Y) ** 2)
    np.testing.assert_allclose(result.validation[-1], expected, rtol=1e-5)


def test_complex_parameters_go_downhill():
    """From the distance d to 0.8 d in a step of 0.1, for the gradient is twice the distance."""
    goal = np.array([1 + 2j, -3j], np.complex64)

    def loss(params: Any, x: Any, y: Any) -> jax.Array:
        return jnp.sum(jnp.abs(params["complex"] - goal) ** 2) + (params["real"] - 1) ** 2

    params = {"complex": np.zeros(2, np.complex64), "real": np.float32(0)}
    for loss_scale in (None, LossScale()):
        result = fit_line(
            loss=loss, params=params, optimizer=optax.sgd(0.1), batch_size=10, loss_scale=loss_scale
        )
        np.testing.assert_allclose(result.losses, 15 * 0.64 ** np.arange(3), rtol=1e-6)
        assert result.params["complex"].dtype == np.complex64


def test_a_loss_that_is_not_finite_stops_under_a_scale_too():
    def loss(params: Any, x: Any, y: Any) -> jax.Array:
        return line_loss(params, x, y) + jnp.where(params["offset"] == 0, 0, jnp.float32(np.nan))

    with pytest.warns(UserWarning, match="the loss of step 1 is nan"):
        result = fit_line(loss=loss, loss_scale=LossScale())
    assert result.params["offset"] == 0


@pytest.mark.parametrize("opaque", [False, True])
def test_optax_sam_gets_what_it_asks_for(opaque):
    sam = optax.contrib.sam(
        optax.sgd(0.1), optax.sgd(0.01), sync_period=2, opaque_mode=opaque, reset_state=False
    )
    with jax.numpy_dtype_promotion("standard"):  # optax relies on it
        result = fit_line(optimizer=sam, epochs=10)
    assert result.losses[-1] < 0.2 * result.losses[0]
