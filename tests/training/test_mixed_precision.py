"""Half precision from parameters in float32: what is cast, and that it learns as well."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.datasets import load_digits

import jaxnn
from jaxnn import mixed_precision, optim
from jaxnn.data import random_split
from jaxnn.evaluation import takes_rng
from jaxnn.random import Generator
from jaxnn.training import LossScale, evaluate, fit
from tests.training.lines import LINE, X, Y, fit_line, line_loss

HALVES = [jnp.bfloat16, jnp.float16]


def dtypes(tree: Any) -> Any:
    return jax.tree.map(lambda leaf: str(jnp.result_type(leaf)), tree)


@pytest.mark.parametrize("dtype", HALVES)
def test_the_result_is_the_functions_on_cast_arguments(dtype):
    params = jaxnn.init_mlp(jax.random.key(0), (3, 4, 2))
    x = np.linspace(-1, 1, 15, dtype=np.float32).reshape(5, 3)
    y = mixed_precision(jaxnn.mlp, dtype)(params, x)
    half = jax.tree.map(lambda leaf: leaf.astype(dtype), params)
    np.testing.assert_array_equal(y, jaxnn.mlp(half, x.astype(dtype)).astype(jnp.float32))
    assert y.dtype == jnp.float32
    assert np.abs(y - jaxnn.mlp(params, x)).max() > 0


@pytest.mark.parametrize("transform", [jax.jit, jax.vmap, jax.checkpoint, mixed_precision])
def test_it_goes_through_transformations(transform):
    network: Any = transform(mixed_precision(lambda x, y: x * y))
    x = jnp.array([0.5, 3.0])
    np.testing.assert_array_equal(network(x, x), [0.25, 9.0])


def test_gradients_have_the_parameters_dtype():
    network = mixed_precision(jaxnn.mlp, jnp.bfloat16)
    params = jaxnn.init_mlp(jax.random.key(0), (3, 4, 2))

    def loss(params: Any, network: Any) -> jax.Array:
        return jnp.mean(network(params, jnp.ones((5, 3))) ** 2)

    gradients, exact = jax.grad(loss)(params, network), jax.grad(loss)(params, jaxnn.mlp)
    assert set(jax.tree.leaves(dtypes(gradients))) == {"float32"}
    for ours, expected in zip(jax.tree.leaves(gradients), jax.tree.leaves(exact), strict=True):
        np.testing.assert_allclose(ours, expected, atol=0.02 * np.abs(exact[1].bias).max())
        assert np.any(ours != expected)


def test_floating_arrays_of_the_named_arguments_are_cast_and_nothing_else():
    seen: dict[str, Any] = {}

    def function(params: Any, x: Any, y: Any, rng: Any) -> Any:
        seen.update(params=params, x=x, y=y, rng=rng)
        return {"half": params["weight"], "count": params["count"], "y": y, "none": None}

    generator = Generator().manual_seed(0)
    params = {
        "weight": np.ones(2, np.float32), "count": jnp.int32(3), "key": jax.random.key(0),
        "generator": generator, "rate": 0.5, "none": None,
        "seen": jaxnn.Statistics(jnp.zeros(1), jnp.ones(1)),
    }  # fmt: skip
    wrapped = mixed_precision(function, jnp.bfloat16)
    result = wrapped(params, y=jnp.ones(1), x=[jnp.ones(1), np.int32(2)], rng=generator)
    assert dtypes(seen["params"]["weight"]) == "bfloat16"
    assert dtypes(seen["x"]) == ["bfloat16", "int32"]
    assert dtypes(seen["y"]) == "float32"
    assert dtypes(result) == {"half": "float32", "count": "int32", "y": "float32", "none": None}
    assert seen["rng"] is generator
    for name in ("count", "key", "generator", "rate", "seen"):
        assert seen["params"][name] is params[name], name


def test_double_precision_is_cast_too_and_its_gradients_are_double():
    with jax.enable_x64(True):
        wrapped = mixed_precision(line_loss, argnums=(0, 1, 2))
        line = jax.tree.map(lambda leaf: leaf.astype(jnp.float64), LINE)
        value, gradients = jax.value_and_grad(wrapped)(line, jnp.asarray(X), jnp.asarray(Y))
        assert value.dtype == jnp.float32
        assert dtypes(gradients) == {"slope": "float64", "offset": "float64"}


half_line = functools.partial(mixed_precision, line_loss, argnums=(0, 1, 2))


def test_a_wrapped_loss_is_a_loss():
    plain, half = fit_line(validation=(X, Y)), fit_line(loss=half_line(), validation=(X, Y))
    assert half.losses.dtype == np.float32
    np.testing.assert_allclose(half.losses, plain.losses, rtol=0.05, atol=0.05)
    np.testing.assert_allclose(half.validation, plain.validation, rtol=0.05, atol=0.05)
    rounded = jnp.asarray(half.losses).astype(jnp.bfloat16).astype(jnp.float32)
    np.testing.assert_array_equal(half.losses, rounded)
    assert dtypes(half.params) == {"slope": "float32", "offset": "float32"}
    assert set(jax.tree.leaves(dtypes(half.opt_state))) <= {"float32", "int32"}
    found = evaluate(half_line(), half.params, (X, Y))
    np.testing.assert_array_equal(found, half.validation[-1])


def test_the_signature_and_the_name_are_the_functions():
    def random_loss(params: Any, x: Any, y: Any, rng: Any) -> Any:
        """Explained."""

    wrapped: Any = mixed_precision(random_loss)
    assert takes_rng(wrapped)
    assert not takes_rng(half_line())
    assert (wrapped.__name__, wrapped.__doc__) == ("random_loss", "Explained.")


def test_what_was_compiled_for_one_serves_an_equal_one():
    traces = []

    def loss(params: Any, x: Any, y: Any) -> jax.Array:
        traces.append(x.dtype)
        return line_loss(params, x, y)

    fit_line(loss=mixed_precision(loss, argnums=(0, 1, 2)))
    first = list(traces)
    fit_line(loss=mixed_precision(loss, "bfloat16", argnums=[0, 1, 2]))
    assert traces == first
    fit_line(loss=mixed_precision(loss, jnp.float16, argnums=(0, 1, 2)))
    assert traces == first + [jnp.float16] * len(first)


def test_many_networks_each_make_their_own_run():
    keys = jax.random.split(jax.random.key(0), 2)
    params = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), LINE)
    together = fit_line(loss=half_line(), params=params, rng=keys)
    for i in range(2):
        alone = fit_line(loss=half_line(), rng=keys[i])
        np.testing.assert_allclose(together.losses[i], alone.losses, rtol=0.01)


@pytest.mark.parametrize(("dtype", "scale"), [(jnp.bfloat16, None), (jnp.float16, LossScale())])
def test_digits_are_learned_as_well_as_in_float32(dtype, scale):
    """With dropout by torch's stream, whose draws do not depend on the dtype of the network."""
    assert abs(accuracy(dtype, scale) - accuracy(jnp.float32, None)) < 0.01


OPTIMIZER = optim.adam(lr=3e-3)


@functools.cache
def accuracy(dtype: Any, scale: LossScale | None) -> float:
    """The share of test digits read right after some epochs, and that all stays in float32."""
    network: Any = mixed_precision(functools.partial(jaxnn.mlp, activation=jaxnn.relu), dtype)

    def loss(params: Any, x: Any, y: Any, rng: Any) -> jax.Array:
        return jaxnn.cross_entropy(network(params, x, dropout_rate=0.2, rng=rng), y)

    def correct(params: Any, x: Any, y: Any) -> jax.Array:
        return jaxnn.accuracy(network(params, x), y)

    generator = Generator().manual_seed(0)
    params = jaxnn.init_mlp(generator, (64, 64, 10))
    pixels, digits = load_digits(return_X_y=True)
    data = np.float32(pixels / 16), np.int32(digits)
    train, test = random_split(generator, data, [0.7, 0.3])
    result = fit(
        loss, params, train, optimizer=OPTIMIZER, epochs=8, batch_size=32, rng=generator,
        loss_scale=scale, progress=False,
    )  # fmt: skip
    assert set(jax.tree.leaves(dtypes((result.params, result.opt_state)))) == {"float32", "int32"}
    assert result.losses.dtype == np.float32
    return float(evaluate(correct, result.params, test))


def test_running_statistics_stay_in_float32():
    def network(params: Any, statistics: Any, x: Any) -> Any:
        y = jaxnn.dense(params["first"], x)
        y, statistics = jaxnn.batch_norm(y, statistics, **params["norm"], training=True)
        assert y.dtype == params["first"].kernel.dtype
        return jaxnn.dense(params["last"], y), statistics

    def learned(dtype: Any) -> Any:
        run = mixed_precision(network, dtype, argnums=(0, 2))

        def loss(params: Any, statistics: Any, x: Any, y: Any) -> Any:
            prediction, statistics = run(params, statistics, x)
            return jaxnn.mse_loss(prediction, y), statistics

        first, last = jaxnn.init_mlp(jax.random.key(0), (1, 4, 1))
        params = {
            "first": first, "last": last, "norm": {"weight": jnp.ones(4), "bias": jnp.zeros(4)},
        }  # fmt: skip
        start = jaxnn.Statistics(jnp.zeros(4), jnp.ones(4))
        return fit_line(
            loss=loss, params=params, data=(X[:, None], Y[:, None]), statistics=start
        ).statistics

    half, exact = learned(jnp.bfloat16), learned(jnp.float32)
    assert dtypes(half) == jaxnn.Statistics("float32", "float32")  # type: ignore[arg-type]
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=0.02), half, exact)
    assert np.any(half.var != half.var.astype(jnp.bfloat16).astype(jnp.float32))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"dtype": jnp.int32}, TypeError,
         "mixed_precision: dtype must be floating point; got int32; use dtype=jnp.bfloat16"),
        ({"dtype": jnp.complex64}, TypeError,
         "mixed_precision: dtype must be floating point; got complex64; use dtype=jnp.bfloat16"),
        ({"argnums": (0, 3)}, ValueError,
         "mixed_precision: argnums must be among the 3 arguments that have a position; got (0, 3); "
         "use argnums=(0, 1)"),
        ({"argnums": np.int64(3)}, ValueError,
         "mixed_precision: argnums must be among the 3 arguments that have a position; got (3,); "
         "use argnums=(0, 1)"),
        ({"argnums": (-1,)}, ValueError,
         "mixed_precision: argnums must be among the 3 arguments that have a position; got (-1,); "
         "use argnums=(0, 1)"),
    ],
)  # fmt: skip
def test_it_refuses(arguments, error, message):
    with pytest.raises(error) as raised:
        mixed_precision(line_loss, **arguments)
    assert str(raised.value) == message
