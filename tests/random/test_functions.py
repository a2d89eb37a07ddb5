"""The public functions: their errors, JAX's way through them, shapes and dtypes."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import random
from jaxnn.random import Generator


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda g: random.uniform(g, (2,), low=1, high=0),
            ValueError,
            "uniform: low must not be above high; got low=1.0 and high=0.0; swap them",
        ),
        (
            lambda g: random.uniform(g, (2,), low=float("nan")),
            ValueError,
            "uniform: low must not be above high; got low=nan and high=1.0; swap them",
        ),
        (
            lambda g: random.uniform(g, (2,), "int32"),
            TypeError,
            "uniform: dtype must be float16, bfloat16, float32, float64, complex64 or complex128; "
            "got int32; use dtype=jnp.float32",
        ),
        (
            lambda g: random.normal(g, (2,), "int32"),
            TypeError,
            "normal: dtype must be float16, bfloat16, float32, float64, complex64 or complex128; "
            "got int32; use dtype=jnp.float32",
        ),
        (
            lambda g: random.normal(g, (2, -1)),
            ValueError,
            "normal: no dimension of shape may be negative; got (2, -1); use 0 for an empty one",
        ),
        (
            lambda g: random.normal(g, std=-1),
            ValueError,
            "normal: std must be 0 or more; got -1; use jnp.abs(std)",
        ),
        (
            lambda g: random.randint(g, (2,), 3, 3),
            ValueError,
            "randint: low must be below high; got 3 and 3; "
            "make high one more than the greatest value wanted",
        ),
        (
            lambda g: random.randint(g, (2,), 0, 129, "int8"),
            ValueError,
            "randint: low and high - 1 must lie in what int8 holds, -128 to 127; got 0 and 129; "
            "use another dtype",
        ),
        (
            lambda g: random.randint(g, (2,), 0, 70_000, "float16"),
            ValueError,
            "randint: low and high - 1 must lie in what float16 holds, -65504 to 65504; got 0 and "
            "70000; use another dtype",
        ),
        (
            lambda g: random.permutation(g, -1),
            ValueError,
            "permutation: n must be 0 or more; got -1; use n=0",
        ),
        (
            lambda g: random.bernoulli(g, 1.5),
            ValueError,
            "bernoulli: p must be between 0 and 1; got numbers outside; "
            "clip it with jnp.clip(p, 0, 1)",
        ),
        (
            lambda g: random.bernoulli(g, np.arange(3)),
            TypeError,
            "bernoulli: p must be floating point; got i64[3]; use jnp.asarray(p, jnp.float32)",
        ),
    ],
)
def test_errors(call, error, message):
    generator = Generator().manual_seed(1)
    before = generator.get_state()
    with jax.enable_x64(False), pytest.raises(error) as caught:
        call(generator)
    assert str(caught.value) == message
    assert generator.get_state() == before


@pytest.mark.parametrize(
    "rng", [0, None, 1.5, "key", np.zeros(2)], ids=lambda rng: type(rng).__name__
)
@pytest.mark.parametrize("function", ["uniform", "normal", "randint", "permutation", "bernoulli"])
def test_what_is_neither_key_nor_generator(function, rng: Any):
    arguments = {"randint": ((2,), 0, 9), "permutation": (3,), "bernoulli": (0.5, (2,))}
    with pytest.raises(TypeError) as caught:
        getattr(random, function)(rng, *arguments.get(function, ((2,),)))
    assert str(caught.value) == (
        f"rng must be a JAX key or a jaxnn.random.Generator; got {type(rng).__name__}; pass "
        "jax.random.key(0), or Generator().manual_seed(0) for torch's numbers"
    )


RNGS = pytest.mark.parametrize("rng", [lambda: jax.random.key(0), Generator], ids=["key", "torch"])


@RNGS
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_floats_have_the_shape_and_dtype_asked_for(rng, dtype, x64):
    for shape, expected in (((), ()), (3, (3,)), ([2, 3], (2, 3)), ((2, 0), (2, 0))):
        for function in (random.uniform, random.normal):
            numbers = function(rng(), shape, dtype)
            assert (numbers.shape, numbers.dtype) == (expected, jnp.dtype(dtype))


@RNGS
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int32", "int64", "float32"])
def test_integers_lie_between_their_bounds(rng, dtype, x64):
    low, high = (0, 2) if dtype == "bool" else (3, 90)
    numbers = random.randint(rng(), (50, 100), low, high, dtype)
    assert (numbers.shape, numbers.dtype) == ((50, 100), np.dtype(dtype))
    assert set(np.unique(numbers).tolist()) == set(range(low, high))


@RNGS
def test_the_moments_are_those_of_the_distribution(rng):
    n = 200_000
    near = {"rtol": 0, "atol": 0.02}
    uniform = np.asarray(random.uniform(rng(), n, low=-1.0, high=3.0), np.float64)
    assert uniform.min() >= -1
    assert uniform.max() < 3
    np.testing.assert_allclose([uniform.mean(), uniform.var()], [1, 16 / 12], **near)
    normal = np.asarray(random.normal(rng(), n, mean=2.0, std=0.5), np.float64)
    np.testing.assert_allclose([normal.mean(), normal.std()], [2, 0.5], **near)
    assert abs(float(random.bernoulli(rng(), 0.3, n).mean()) - 0.3) < 0.01
    each = random.bernoulli(rng(), jnp.asarray([0.0, 0.25, 1.0]), (n, 3)).mean(0)
    np.testing.assert_allclose(each, [0, 0.25, 1], **near)


@RNGS
@pytest.mark.parametrize("n", [0, 1, 2, 100])
def test_permutations_hold_each_number_once(rng, n, x64):
    order = random.permutation(rng(), n, "int64")
    assert order.dtype == np.int64
    assert sorted(order.tolist()) == list(range(n))


def test_a_key_gives_jaxs_numbers():
    key = jax.random.key(7)
    np.testing.assert_array_equal(random.uniform(key, (5,)), jax.random.uniform(key, (5,)))
    np.testing.assert_array_equal(random.normal(key, (5,)), jax.random.normal(key, (5,)))
    np.testing.assert_array_equal(random.permutation(key, 9), jax.random.permutation(key, 9))
    raw = jax.random.PRNGKey(7)
    np.testing.assert_array_equal(random.uniform(raw, (5,)), jax.random.uniform(raw, (5,)))


def test_traced_parameters_give_the_same_numbers():
    def draw(low, high, mean, std):
        generator = Generator().manual_seed(1)
        return (
            random.uniform(generator, (20,), low=low, high=high),
            random.normal(generator, (20,), mean=mean, std=std),
        )

    parameters = (-0.5, 1.5, 0.25, 2.0)
    for actual, expected in zip(jax.jit(draw)(*parameters), draw(*parameters), strict=True):
        np.testing.assert_array_equal(actual, expected)


def test_gradients_flow_through_the_parameters():
    def total(mean, std):
        return random.normal(Generator().manual_seed(1), (50,), mean=mean, std=std).sum()

    by_mean, by_std = jax.grad(total, (0, 1))(0.3, 2.0)
    standard = random.normal(Generator().manual_seed(1), (50,))
    np.testing.assert_allclose(by_mean, 50, rtol=1e-6)
    np.testing.assert_allclose(by_std, standard.sum(), rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_keys_under_jit_give_what_they_give_eagerly(dtype, x64):
    def draw(key):
        return (
            random.uniform(key, (3,), dtype, low=-1.0, high=2.0),
            random.normal(key, (3,), dtype, mean=5.0),
            random.randint(key, (3,), 0, 10, "int64"),
            random.randint(key, (3,), -(2**63), 2**63, "int64"),
            random.permutation(key, 5),
            random.bernoulli(key, 0.5, (3,)),
        )

    key = jax.random.key(1)
    for actual, expected in zip(jax.jit(draw)(key), draw(key), strict=True):
        assert actual.dtype == expected.dtype
        np.testing.assert_allclose(actual, expected, rtol=1e-6)


def test_long_integers_of_a_key_spread_over_their_range(x64):
    for low, high in ((0, 2**63), (-(2**63), 2**63), (-5, 2**62), (2**40, 2**40 + 3)):
        numbers = np.asarray(random.randint(jax.random.key(0), (4000,), low, high, "int64"))
        shares = np.histogram((numbers.astype(object) - low) / (high - low), [0, 1 / 3, 2 / 3, 1])
        np.testing.assert_allclose(shares[0] / 4000, 1 / 3, atol=0.04)


def test_probabilities_are_checked_within_a_traced_function():
    least = jnp.asarray([0.0, 0.5, 1.0])
    flips = jax.jit(lambda key: random.bernoulli(key, least))(jax.random.key(0))
    assert flips.tolist()[::2] == [False, True]
    for p in (1.5, jnp.asarray([0.5, 1.5])):
        with pytest.raises(ValueError) as caught:
            jax.jit(lambda key, p=p: random.bernoulli(key, p, (2,)))(jax.random.key(0))
        assert str(caught.value) == (
            "bernoulli: p must be between 0 and 1; got numbers outside; "
            "clip it with jnp.clip(p, 0, 1)"
        )
