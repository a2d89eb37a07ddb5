"""Initialisers against torch's bits, recorded by golden/make_layers.py."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import initializers
from jaxnn.random import Generator
from tests.activation_cases import DTYPES
from tests.comparison import assert_close, assert_same_bits
from tests.layer_cases import INITIALIZERS, WIDE_DTYPES, digest

GOLDEN = np.load(Path(__file__).parent / "golden" / "layers.npz")


@pytest.mark.parametrize("dtype", WIDE_DTYPES)
@pytest.mark.parametrize("case", range(len(INITIALIZERS)))
def test_has_torchs_bits(case: int, dtype: str):
    """torch's array is (out, in, *window), ours (*window, in, out)."""
    name, options, shape = INITIALIZERS[case]
    rng = Generator().manual_seed(case)
    ours = getattr(initializers, name)(**options)(rng, shape, dtype)
    torchs = GOLDEN[f"initializer|{case}|{dtype}|result"].view(jnp.dtype(dtype))
    if torchs.ndim > 1:
        torchs = np.moveaxis(torchs, (0, 1), (-1, -2))
    assert_same_bits(ours, torchs)
    assert digest(rng.get_state()) == GOLDEN[f"initializer|{case}|{dtype}|state"]


@pytest.mark.parametrize(
    ("init", "std"),
    [
        (initializers.xavier_uniform(), (2 / (400 + 100)) ** 0.5),
        (initializers.xavier_normal(gain=2.0), 2 * (2 / (400 + 100)) ** 0.5),
        (initializers.kaiming_uniform(), (2 / 400) ** 0.5),
        (initializers.kaiming_normal(mode="fan_out"), (2 / 100) ** 0.5),
        (initializers.uniform(-1.0, 1.0), 3**-0.5),
        (initializers.normal(std=0.02), 0.02),
    ],
)
def test_has_its_standard_deviation_with_a_key(init: initializers.Initializer, std: float):
    x = np.asarray(init(jax.random.key(0), (400, 100)))
    assert x.dtype == np.float32
    assert abs(x.std() / std - 1) < 0.02
    assert abs(x.mean()) < 0.02 * std


@pytest.mark.parametrize("dtype", DTYPES)
def test_constants(dtype: str):
    key = jax.random.key(0)
    assert_same_bits(initializers.zeros(key, (2, 3), dtype), np.zeros((2, 3), dtype))
    assert_same_bits(initializers.ones(key, (3,), dtype), np.ones(3, dtype))
    assert_same_bits(initializers.constant(0.1)(key, (), dtype), np.array(0.1, dtype))


@pytest.mark.parametrize(
    ("nonlinearity", "gain"),
    [
        (("linear",), 1.0),
        *(((f"conv{axes}d",), 1.0) for axes in (1, 2, 3)),
        *(((f"conv_transpose{axes}d",), 1.0) for axes in (1, 2, 3)),
        (("sigmoid",), 1.0),
        (("tanh",), 5 / 3),
        (("relu",), 2**0.5),
        (("leaky_relu",), (2 / 1.0001) ** 0.5),
        (("leaky_relu", 0.5), 1.6**0.5),
        (("selu",), 0.75),
    ],
)
def test_gains(nonlinearity: tuple, gain: float):
    assert_close(np.float64(initializers.calculate_gain(*nonlinearity)), np.float64(gain), ulp=1)
