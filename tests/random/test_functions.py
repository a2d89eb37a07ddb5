"""The public functions: their errors, JAX's way through them, shapes and dtypes."""

import functools
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
            lambda g: random.normal(g, std=np.array([1.0, -0.5])),
            ValueError,
            "normal: std must be 0 or more; got -0.5 at [1]; use jnp.abs(std)",
        ),
        (
            lambda g: random.normal(g, mean=np.arange(3)),
            TypeError,
            "normal: mean must be floating point; got i64[3]; use jnp.asarray(mean, jnp.float32)",
        ),
        (
            lambda g: random.normal(g, (2,), mean=np.ones((3,), "f4"), std=np.ones((2,), "f4")),
            ValueError,
            "normal: mean and std must broadcast to each other and to shape; got f32[3] and f32[2] "
            "to (2,); reshape them",
        ),
        (
            lambda g: random.normal(g, dtype="complex64", mean=np.ones(3, "f4")),
            TypeError,
            "normal: dtype must be float16, bfloat16, float32 or float64; got complex64; "
            "use dtype=jnp.float32",
        ),
        (
            lambda g: random.exponential(g, rate=0),
            ValueError,
            "exponential: rate must be above 0; got 0.0; use rate=1",
        ),
        (
            lambda g: random.exponential(g, rate=np.ones(2, "f4")),
            ValueError,
            "exponential: rate must be a scalar; got f32[2]; "
            "draw with the default and compute with rate afterwards",
        ),
        (
            lambda g: random.exponential(g, (2,), "complex64"),
            TypeError,
            "exponential: dtype must be float16, bfloat16, float32 or float64; got complex64; "
            "use dtype=jnp.float32",
        ),
        (
            lambda g: random.cauchy(g, sigma=float("nan")),
            ValueError,
            "cauchy: sigma must be above 0; got nan; use sigma=1",
        ),
        (
            lambda g: random.log_normal(g, std=-1),
            ValueError,
            "log_normal: std must be above 0; got -1.0; use std=1",
        ),
        (
            lambda g: random.geometric(g, 1),
            ValueError,
            "geometric: p must be above 0 and below 1; got 1.0; use p=0.5",
        ),
        (
            lambda g: random.geometric(g, 0.5, (2,), "uint32"),
            TypeError,
            "geometric: dtype must be int8, int16, int32, int64, uint8 or a float; got uint32; "
            "use dtype=jnp.int32",
        ),
        (
            lambda g: random.randint(g, (2,), dtype="uint16"),
            ValueError,
            "randint: high must be given for uint16; got None; use low=0 and high=2**16",
        ),
        (
            lambda g: random.randint(g, (2,), 0, dtype="uint64"),
            ValueError,
            "randint: high must be given for uint64; got None; use low=0 and high=2**63",
        ),
        (
            lambda g: random.randint(g, (2,), 2048, dtype="float16"),
            ValueError,
            "randint: low must be below 2048, up to which float16 holds all integers; got 2048; "
            "use another dtype",
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
@pytest.mark.parametrize(
    "function",
    [
        *("uniform", "normal", "exponential", "cauchy", "log_normal"),
        *("randint", "permutation", "bernoulli", "geometric"),
    ],
)
def test_what_is_neither_key_nor_generator(function, rng: Any):
    arguments = {"randint": ((2,), 0, 9), "permutation": (3,), "bernoulli": (0.5, (2,))}
    arguments["geometric"] = (0.5, (2,))
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
        for function in (
            *(random.uniform, random.normal, random.exponential),
            *(random.cauchy, random.log_normal, functools.partial(random.geometric, p=0.5)),
        ):
            draw = functools.partial(function, shape=shape, dtype=dtype)
            numbers = jax.eval_shape(lambda draw=draw: draw(rng()))
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
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_quartiles_are_those_of_the_distribution(rng, dtype):
    def quartiles(numbers: jax.Array) -> np.ndarray:
        return np.quantile(np.asarray(numbers, np.float64), [0.25, 0.5, 0.75])

    def assert_near(numbers: jax.Array, expected: np.ndarray) -> None:
        np.testing.assert_allclose(quartiles(numbers), expected, rtol=0.02, atol=0.02)

    n = 200_000
    exponential = random.exponential(rng(), n, dtype, rate=0.5)
    assert_near(exponential, 2 * np.log([4 / 3, 2, 4]))
    cauchy = random.cauchy(rng(), n, dtype, median=1.0, sigma=2.0)
    assert_near(cauchy, np.array([-1, 1, 3]))
    log_normal = random.log_normal(rng(), n, dtype, mean=0.5, std=0.7)
    third = 0.6744897501960817  # of the standard normal
    assert_near(log_normal, np.exp(0.5 + 0.7 * np.array([-third, 0, third])))


@RNGS
@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "float32"])
def test_tries_until_the_first_success(rng, dtype, x64):
    tries = np.asarray(random.geometric(rng(), 0.3, 100_000, dtype)).astype(np.int64)
    counts = np.bincount(tries, minlength=6)[1:6]
    np.testing.assert_allclose(counts / 1e5, 0.3 * 0.7 ** np.arange(5), atol=0.01)


@RNGS
@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_complex_numbers(rng, dtype, x64):
    uniform = np.asarray(random.uniform(rng(), (3, 50_000), dtype, low=-1.0, high=3.0))
    normal = np.asarray(random.normal(rng(), (3, 50_000), dtype, mean=1.0, std=2.0))
    assert uniform.dtype == normal.dtype == dtype
    for part in (f(x) for f in (np.real, np.imag) for x in (uniform, normal)):
        assert part.shape == (3, 50_000)
        assert abs(float(part.mean()) - 1) < 0.02
    assert abs(float(normal.var()) - 4) < 0.05


@RNGS
def test_normals_of_arrays(rng):
    mean, std = jnp.asarray([[0.0], [10.0]]), jnp.asarray([0.0, 0.5, 3.0])
    assert random.normal(rng(), mean=mean, std=std).shape == (2, 3)
    numbers = np.asarray(random.normal(rng(), (50_000, 2, 3), mean=mean, std=std))
    np.testing.assert_allclose(numbers.mean(0), np.broadcast_to(mean, (2, 3)), atol=0.05)
    np.testing.assert_allclose(numbers.std(0), np.broadcast_to(std, (2, 3)), atol=0.05)


def test_gradients_flow_through_arrays_of_parameters():
    def total(mean, std):
        return random.normal(Generator().manual_seed(1), mean=mean, std=std).sum()

    std = jnp.linspace(0, 2, 20)
    by_mean, by_std = jax.grad(total, (0, 1))(jnp.ones(20), std)
    np.testing.assert_array_equal(by_mean, np.ones(20))
    np.testing.assert_array_equal(by_std, random.normal(Generator().manual_seed(1), (20,)))


@pytest.mark.parametrize("function", [random.exponential, random.cauchy, random.log_normal])
def test_traced_parameters_give_the_numbers_and_their_derivatives(function):
    name, value = {"exponential": ("rate", 2.0), "cauchy": ("sigma", 2.0)}.get(
        function.__name__, ("mean", 0.5)
    )

    def draw(x):
        return function(Generator().manual_seed(1), (20,), **{name: x})

    numbers = draw(value)
    np.testing.assert_array_equal(jax.jit(draw)(value), numbers)
    slope = {"rate": -numbers / 2, "sigma": numbers / 2, "mean": numbers}[name]
    np.testing.assert_allclose(jax.jacfwd(draw)(value), slope, rtol=1e-6)


@RNGS
def test_the_whole_range_of_a_dtype(rng, x64):
    for dtype, low, high in (("bool", 0, 1), ("int8", 0, 127), ("float16", 0, 2048)):
        numbers = np.asarray(random.randint(rng(), (20_000,), dtype=dtype)).astype(np.int64)
        assert (numbers.min(), numbers.max()) == (low, high)
    numbers = np.asarray(random.randint(rng(), (20_000,), -128, dtype="int8"))
    assert (numbers.min(), numbers.max()) == (-128, 127)
    numbers = np.asarray(random.randint(rng(), (20_000,), -(2**63), dtype="int64"))
    assert abs(float((numbers < 0).mean()) - 0.5) < 0.02


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
