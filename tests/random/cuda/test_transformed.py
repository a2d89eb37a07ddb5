"""What kernels make of fractions by logarithms and the like, against the functions of double.

The bounds are those of right float32 functions; how far a GPU's fast ones are from them is for the
docstrings to say.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.random import Generator, Profile, cuda
from jaxnn.random.cuda import continuous, curand
from tests.comparison import assert_close, assert_same_bits
from tests.random.cuda import model

SMALL = Profile(sms=2, threads_per_sm=512)
CARD = model.Card(2, 512)
N = 5000
FLOATS = pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])


def draw(function: Callable, dtype: str, *options: float) -> tuple[np.ndarray, cuda.State]:
    state = Generator("cuda", profile=SMALL).manual_seed(3).state
    with jax.enable_x64(True):
        parameters = [jnp.float64(option) for option in options]
        samples, state = jax.jit(lambda s: function(s, N, jnp.dtype(dtype), *parameters))(state)
    return np.asarray(samples), state


def fractions(dtype: str) -> tuple[np.ndarray, int]:
    """The fractions that a kernel of a dtype draws, as doubles, and the offset after them."""
    wide = dtype == "float64"
    unit, offset = model.fill(
        3, 0, N, CARD, *((2, model.uniform64) if wide else (4, model.uniform32))
    )
    return unit.astype(np.float64), offset


def assert_near(actual: tuple[np.ndarray, cuda.State], expected: np.ndarray, offset: int) -> None:
    samples, state = actual
    assert_close(samples, expected.astype(samples.dtype), atol=1e-6 * (samples.itemsize < 8))
    assert np.asarray(state.offset).tolist() == [offset, 0]


@FLOATS
def test_exponential(dtype):
    unit, offset = fractions(dtype)
    assert_near(draw(cuda.exponential, dtype, 1.5), -np.log(unit) / 1.5, offset)


def test_exponentials_are_never_zero():
    # A fraction of 1 stands for one half of the float's epsilon below.
    unit = jnp.asarray([0.0, 1.0])
    words = jnp.asarray([0, 2**32 - 1], jnp.uint32)
    with jax.enable_x64(True):
        assert np.asarray(curand.unit32(words)).tolist() == [2.0**-33, 1.0]
        samples = continuous.decay(unit[1:].astype(jnp.float32), jnp.float32(2))
    assert samples.tolist() == [2.0**-25]


@FLOATS
def test_cauchy(dtype):
    unit, offset = fractions(dtype)
    if dtype != "float64":
        unit = np.clip(unit, 2.0**-23, 1 - 2.0**-23)
    angle = np.pi * (unit - 0.5)
    samples, state = draw(cuda.cauchy, dtype, 0.7, 1.3)
    expected = 0.7 + 1.3 * np.tan(angle)
    # An angle is rounded, and that counts the more the nearer it is to a right one.
    working = np.finfo(np.float64 if dtype == "float64" else np.float32).eps
    slack = 2 * working * 1.3 / np.cos(angle) ** 2
    assert_close(samples, expected.astype(samples.dtype), atol=slack)
    assert np.asarray(state.offset).tolist() == [offset, 0]


@FLOATS
def test_log_normal(dtype):
    wide = dtype == "float64"
    normals, offset = model.fill(
        3, 0, N, CARD, *((2, model.normal64) if wide else (4, model.normal32))
    )

    def log_normal(state, count, dtype, mean, std):
        return cuda.log_normal(state, count, dtype, (mean, std))

    samples, state = draw(log_normal, dtype, 0.2, 0.5)
    expected = np.exp(normals.astype(np.float64) * 0.5 + 0.2)
    assert_close(samples, expected.astype(samples.dtype), atol=1e-6 * expected * (not wide))
    assert np.asarray(state.offset).tolist() == [offset, 0]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32", "int64"])
def test_geometric(dtype):
    unit, offset = fractions(dtype)
    wide = np.float64 if dtype == "float64" else np.float32
    failure = np.log1p(-0.3) if wide is np.float64 else np.log(np.float64(1 - wide(0.3)))
    quotient = np.log(unit) / failure
    # Next to a whole number the last place decides.
    clear = np.abs(quotient - np.round(quotient)) > 1e-4
    assert clear.mean() > 0.99
    samples, state = draw(cuda.geometric, dtype, 0.3)
    assert_same_bits(samples[clear], np.ceil(quotient[clear]).astype(samples.dtype))
    assert np.asarray(state.offset).tolist() == [offset, 0]
