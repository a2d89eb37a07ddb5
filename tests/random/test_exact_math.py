"""Arithmetic that must round once, against exact rational numbers."""

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.random import cephes, exact_math
from jaxnn.random.single_math import IN_DOUBLES, WITHOUT_DOUBLES, fma32
from tests.comparison import assert_same_bits

arithmetics = pytest.mark.parametrize(
    "arithmetic", [IN_DOUBLES, WITHOUT_DOUBLES], ids=["in doubles", "without doubles"]
)


def round_fraction(x: Fraction, dtype: type) -> np.floating:
    """Return the float nearest to a rational number, ties to even."""
    near = dtype(float(x))
    candidates = [near, np.nextafter(near, dtype(-np.inf)), np.nextafter(near, dtype(np.inf))]
    return min(
        candidates,
        key=lambda c: (abs(Fraction(float(c)) - x), int(c.view(f"i{c.itemsize}")) & 1),
    )


def exact(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    dtype = a.dtype.type
    triples = zip(a.tolist(), b.tolist(), c.tolist(), strict=True)
    rounded = [
        round_fraction(Fraction(x) * Fraction(y) + Fraction(z), dtype) for x, y, z in triples
    ]
    return np.array(rounded, dtype)


def operands(seed: int, dtype: type, n: int = 3000) -> tuple[np.ndarray, ...]:
    """Operands of many magnitudes, a third of which nearly cancel."""
    rng = np.random.default_rng(seed)
    a, b, c = (rng.standard_normal(n) * 2.0 ** rng.integers(-30, 30, n) for _ in range(3))
    c[: n // 3] = -(a * b)[: n // 3] * (1 + 2.0**-20 * rng.integers(-3, 4, n // 3))
    return tuple(x.astype(dtype) for x in (a, b, c))


@pytest.mark.parametrize(
    ("fma", "dtype"),
    [
        (fma32, np.float32),
        (exact_math.fma64, np.float64),
        (IN_DOUBLES.fma, np.float32),
        (WITHOUT_DOUBLES.fma, np.float32),
        (WITHOUT_DOUBLES.near_fma, np.float32),
    ],
    ids=["float32", "float64", "in doubles", "without doubles", "without doubles, finite"],
)
def test_fused_multiply_add(fma, dtype, seed):
    a, b, c = operands(seed, dtype)
    with jax.enable_x64(True):
        actual = jax.jit(fma)(a, b, c)
    assert_same_bits(actual, exact(a, b, c))


def test_fused_multiply_add_where_two_roundings_err():
    # The product falls 2**-60 short of a tie that rounding to double first would make.
    a, b, c, wrong = np.array(
        [[1 + 2.0**-18], [(1 - 2.0**-18) * 2.0**-24], [1 + 2.0**-23], [1 + 2.0**-22]], np.float32
    )
    with jax.enable_x64(True):
        for arithmetic in (IN_DOUBLES, WITHOUT_DOUBLES):
            assert_same_bits(jax.jit(arithmetic.fma)(a, b, c), c)
        twice = jax.jit(IN_DOUBLES.near_fma)(a, b, c)
    assert_same_bits(twice, wrong)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_fused_multiply_add_without_wider_precision_overflows_to_infinity(dtype):
    large = np.finfo(dtype).max
    a, b, c = np.array([[large, large, 1.5], [2, -2, large], [1, 1, large]], dtype)
    with jax.enable_x64(True):
        actual = jax.jit(exact_math.fma)(a, b, c)
    assert_same_bits(actual, np.array([np.inf, -np.inf, np.inf], dtype))


@arithmetics
def test_log32_sine32_and_cosine32_are_near_the_functions(arithmetic):
    x = np.float32(2.0**-24) * np.arange(1, 1 << 24, 997, dtype=np.float32)
    angle = np.float32(2 * np.pi) * x

    @jax.jit
    def curve(angle: jax.Array, sine: jax.Array) -> jax.Array:
        return cephes.sine_or_cosine32(arithmetic, angle, sine)

    with jax.enable_x64(True):
        log = jax.jit(lambda x: cephes.log32(arithmetic, x))(x)
        sine, cosine = (curve(angle, np.full(x.shape, is_sine)) for is_sine in (True, False))
    wide = angle.astype(np.float64)
    np.testing.assert_allclose(log, np.log(x.astype(np.float64)), rtol=1.2e-7)
    np.testing.assert_allclose(sine, np.sin(wide), atol=6e-8)
    np.testing.assert_allclose(cosine, np.cos(wide), atol=6e-8)


def test_square_root_rounds_once_whatever_the_device_estimates(seed):
    rng = np.random.default_rng(seed)
    x = (rng.random(200_000) * 2.0 ** rng.integers(-40, 40, 200_000)).astype(np.float32)
    # Squares, and what lies around them: there the root is next to a float, or a float.
    near_squares = np.square(rng.integers(1, 1 << 12, 1000).astype(np.float32))
    x[:3000] = np.concatenate([np.nextafter(near_squares, end) for end in (0, np.inf, x[0])])
    x[3000:3002] = 0.0, -0.0
    expected = np.sqrt(x)
    for off in (0.0, 2.0**-24, -(2.0**-24), 2.0**-22, 2.0**-12, -(2.0**-12)):
        actual = jax.jit(exact_math.square_root)(x, (expected * (1 + off)).astype(np.float32))
        assert_same_bits(actual, expected)
    assert_same_bits(jnp.asarray(exact_math.square_root(jnp.asarray(x))), expected)
