"""The C library's functions in JAX: to the bit in the golden draws, to the last place anywhere."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.random import libm


@pytest.fixture
def numbers(seed) -> np.random.Generator:
    return np.random.default_rng(seed)


def assert_within_an_ulp(function, reference, x: np.ndarray) -> None:
    with jax.enable_x64(True):
        actual = np.asarray(jax.jit(function)(x))
    expected = np.array([reference(each) for each in x.tolist()])
    np.testing.assert_array_max_ulp(actual, expected, maxulp=1)


def test_exp64(numbers):
    small = numbers.normal(size=10_000) * 10.0 ** numbers.uniform(-20, 0, 10_000)
    x = np.concatenate([small, numbers.uniform(-708.3, 709.7, 10_000), [0.0, -0.0]])
    assert_within_an_ulp(libm.exp64, math.exp, x)


def test_exp64_at_the_ends():
    x = np.array([np.inf, 709.79, 1e300, -np.inf, -745.2, -1e300, np.nan])
    with jax.enable_x64(True):
        values = np.asarray(libm.exp64(x))
    np.testing.assert_array_equal(values, [np.inf] * 3 + [0.0] * 3 + [np.nan])


def test_exp64_has_its_derivative():
    with jax.enable_x64(True):
        assert jax.grad(libm.exp64)(1.5) == libm.exp64(jnp.float64(1.5))


def test_log1p64(numbers):
    x = [
        -(10.0 ** numbers.uniform(-300, 0, 10_000)),
        10.0 ** numbers.uniform(-20, 15, 10_000),
        numbers.uniform(-0.293, 0.415, 10_000),
        -1 + 2.0 ** -numbers.integers(1, 30, 1000) * (1 + numbers.normal(size=1000) * 1e-6),
        [0.0, -0.0],
    ]
    assert_within_an_ulp(libm.log1p64, math.log1p, np.concatenate(x))


def test_log1p64_at_and_below_minus_one():
    with jax.enable_x64(True):
        values = np.asarray(libm.log1p64(jnp.array([-1.0, -1.5, np.nan])))
    np.testing.assert_array_equal(values, [-np.inf, np.nan, np.nan])


def test_log1m64(numbers):
    u = np.concatenate([numbers.integers(0, 2**53, 20_000), 2 ** np.arange(53), [0, 2**53 - 1]])
    assert_within_an_ulp(libm.log1m64, lambda u: math.log1p(-u), u * 2.0**-53)
