"""Poisson, binomial, gamma, dirichlet and multinomial for users: errors, JAX keys, derivatives."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import random
from jaxnn.random import Generator

CLIP_RATE = "clip it with jnp.clip(rate, 0)"
CLIP_PROB = "clip it with jnp.clip(prob, 0, 1)"
ONES = np.ones(3, np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda g: random.poisson(g, jnp.asarray([1.0, -0.5])),
            ValueError,
            f"poisson: rate must be 0 or more, and below 2**63; got -0.5 at [1]; {CLIP_RATE}",
        ),
        (
            lambda g: random.poisson(g, float("nan")),
            ValueError,
            f"poisson: rate must be 0 or more, and below 2**63; got nan; {CLIP_RATE}",
        ),
        (
            lambda g: random.poisson(g, np.arange(3)),
            TypeError,
            "poisson: rate must be floating point; got i64[3]; use jnp.asarray(rate, jnp.float32)",
        ),
        (
            lambda g: random.binomial(g, -ONES, ONES),
            ValueError,
            "binomial: count must be 0 or more, and finite; got -1 at [0]; use a number of trials",
        ),
        (
            lambda g: random.binomial(g, ONES, 2 * ONES),
            ValueError,
            f"binomial: prob must be between 0 and 1; got 2 at [0]; {CLIP_PROB}",
        ),
        (
            lambda g: random.binomial(g, ONES, ONES.astype(np.float64)),
            TypeError,
            "binomial: prob must be float32 as what it goes with; got f64[3]; convert prob",
        ),
        (
            lambda g: random.binomial(g, ONES.astype(np.float16), ONES.astype(np.float16)),
            TypeError,
            "binomial: count must be float32 or float64; got f16[3]; use count.astype(jnp.float32)",
        ),
        (
            lambda g: random.gamma(g, 0 * ONES),
            ValueError,
            "gamma: concentration must be above 0, and finite; got 0 at [0]; "
            "use jnp.exp on logarithms",
        ),
        (
            lambda g: random.gamma(g, jnp.ones(3, jnp.bfloat16)),
            TypeError,
            "gamma: concentration must be float32 or float64; got bf16[3]; "
            "use concentration.astype(jnp.float32)",
        ),
        (
            lambda g: random.dirichlet(g, jnp.float32(1)),
            ValueError,
            "dirichlet: concentration must have an axis of categories; got f32[]; "
            "pass one number for each",
        ),
        (
            lambda g: random.dirichlet(g, -ONES),
            ValueError,
            "dirichlet: concentration must be above 0, and finite; got -1 at [0]; "
            "use jnp.exp on logarithms",
        ),
        (
            lambda g: random.multinomial(g, ONES, 4),
            ValueError,
            "multinomial: without replacement, num_samples must be at most the number of "
            "categories; got num_samples=4 of f32[3]; use replacement=True",
        ),
        (
            lambda g: random.multinomial(g, ONES, 0),
            ValueError,
            "multinomial: num_samples must be 1 or more; got 0; use num_samples=1",
        ),
        (
            lambda g: random.multinomial(g, ONES, 1.5),  # pyright: ignore[reportArgumentType]
            TypeError,
            "multinomial: num_samples must be an int; got 1.5; pass a Python int",
        ),
        (
            lambda g: random.multinomial(g, -ONES, 1),
            ValueError,
            "multinomial: probs must be finite, and 0 or more; got -1 at [0]; "
            "use jnp.exp on logarithms",
        ),
        (
            lambda g: random.multinomial(g, np.stack([ONES, 0 * ONES]), 1),
            ValueError,
            "multinomial: each row of probs must have a weight above 0; got a row of zeros; "
            "give every category of an empty row the weight 1",
        ),
        (
            lambda g: random.multinomial(g, np.zeros((2, 0), np.float32), 1),
            ValueError,
            "multinomial: probs must have 1 to 2**24 categories; got f32[2,0]; "
            "choose a group first, then one of the group",
        ),
        (
            lambda g: random.multinomial(g, jnp.ones((1, 2, 3)), 1),
            ValueError,
            "multinomial: probs must have one dimension or two; got f32[1,2,3]; "
            "reshape them to [rows, categories]",
        ),
        (
            lambda g: random.multinomial(g, np.arange(3), 1),
            TypeError,
            "multinomial: probs must be floating point; got i64[3]; "
            "use jnp.asarray(probs, jnp.float32)",
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


@pytest.mark.parametrize("function", ["poisson", "binomial", "gamma", "dirichlet", "multinomial"])
def test_what_is_neither_key_nor_generator(function):
    arguments: dict[str, tuple[Any, ...]] = {"binomial": (ONES, ONES), "multinomial": (ONES, 2)}
    with pytest.raises(TypeError) as caught:
        getattr(random, function)(7, *arguments.get(function, (ONES,)))
    assert str(caught.value) == (
        "rng must be a JAX key or a jaxnn.random.Generator; got int; pass "
        "jax.random.key(0), or Generator().manual_seed(0) for torch's numbers"
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_moments_from_a_key_are_those_of_the_distribution(dtype):
    n, key = 20_000, jax.random.key(0)

    def full(value: float) -> np.ndarray:
        return np.full(n, value, dtype)

    expected = {"poisson": (4, 4), "binomial": (7.5, 5.25), "gamma": (3, 3)}
    drawn = {
        "poisson": random.poisson(key, full(4)),
        "binomial": random.binomial(key, full(25), full(0.3)),
        "gamma": random.gamma(key, full(3)),
    }
    for name, numbers in drawn.items():
        assert (numbers.shape, numbers.dtype) == ((n,), np.dtype(dtype))
        moments = np.asarray(numbers).mean(), np.asarray(numbers).var()
        np.testing.assert_allclose(moments, expected[name], rtol=0.05, err_msg=name)
    shares = random.dirichlet(key, np.tile(np.asarray([1, 3], dtype), (n, 1)))
    assert shares.dtype == np.dtype(dtype)
    np.testing.assert_allclose(np.asarray(shares).mean(0), [0.25, 0.75], atol=0.01)
    np.testing.assert_allclose(np.asarray(shares).sum(1), 1, rtol=1e-5)


@pytest.mark.parametrize("replacement", [False, True])
def test_choices_from_a_key(replacement, x64):
    weights = np.tile(np.asarray([1, 0, 3], np.float64), (4000, 1))
    chosen = random.multinomial(jax.random.key(0), weights, 2, replacement=replacement)
    assert (chosen.shape, chosen.dtype) == ((4000, 2), np.int64)
    first = np.bincount(np.asarray(chosen)[:, 0], minlength=3) / 4000
    np.testing.assert_allclose(first, [0.25, 0, 0.75], atol=0.03)
    pairs = np.asarray(chosen)
    assert ((pairs[:, 0] == pairs[:, 1]).any()) == replacement


def test_gamma_differentiates_at_its_quantile():
    # The quantile is found anew by bisection of the distribution function: another way.
    def at(concentration: jax.Array) -> jax.Array:
        return random.gamma(Generator().manual_seed(5), concentration)

    concentration = jnp.asarray([0.4, 1.0, 2.5, 30.0], jnp.float32)
    slope = jax.grad(lambda a: at(a).sum())(concentration)
    numbers = np.asarray(at(concentration), np.float64)
    with jax.enable_x64(True):
        level = jax.scipy.special.gammainc(concentration.astype(jnp.float64), numbers)
        h, low, high = 1e-4, np.zeros(4), np.full(4, 200.0)
        shifted = concentration.astype(jnp.float64) + h
        for _ in range(80):
            middle = (low + high) / 2
            below = np.asarray(jax.scipy.special.gammainc(shifted, middle)) < level
            low, high = np.where(below, middle, low), np.where(below, high, middle)
    np.testing.assert_allclose(slope, (low - numbers) / h, rtol=2e-3)


def test_counts_have_no_derivative_and_shares_have():
    rate = jnp.asarray([3.0, 20.0])
    assert jax.grad(lambda x: random.poisson(Generator(), x).sum())(rate).tolist() == [0, 0]
    prob = jnp.asarray([0.3, 0.9])
    count = jnp.asarray([9.0, 99.0])
    assert jax.grad(lambda p: random.binomial(Generator(), count, p).sum())(prob).tolist() == [0, 0]
    jacobian = jax.jacobian(lambda x: random.dirichlet(Generator(), x))(rate)
    np.testing.assert_allclose(jacobian.sum(0), 0, atol=1e-6)  # shares go on summing to 1
    assert jacobian[0, 0] > 0


def test_python_numbers_are_of_jaxs_default_type(x64):
    default = jnp.asarray(1.0).dtype
    for rng in (Generator(), jax.random.key(0)):
        assert random.gamma(rng, 2.0).dtype == default
        assert random.poisson(rng, 3.0).dtype == default
        assert random.binomial(rng, 9.0, 0.5).dtype == default
