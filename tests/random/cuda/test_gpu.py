"""On a GPU the same program gives the same bits as on the CPU."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import random
from jaxnn.random import Generator
from tests.comparison import assert_same_bits

GPUS = [device for device in jax.devices() if device.platform == "gpu"]
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not GPUS, reason="JAX sees no GPU here"),
]

N = 1_000_000  # above a wave of any card
CALLS = {
    "uniform32": lambda g: random.uniform(g, N),
    "uniform bounds": lambda g: random.uniform(g, N, "bfloat16", low=-0.3, high=2.7),
    "uniform64": lambda g: random.uniform(g, N, "float64"),
    "normal32": lambda g: random.normal(g, N),
    "randint": lambda g: random.randint(g, N, -5, 2**40, "int64"),
    "flips": lambda g: random.bernoulli(g, 0.3, N),
    "flips each": lambda g: random.bernoulli(g, jnp.linspace(0.0, 1.0, N)),
    "permutation": lambda g: random.permutation(g, N),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_gpu_draws_what_a_cpu_draws(call):
    drawn = []
    for device in (GPUS[0], jax.devices("cpu")[0]):
        with jax.default_device(device):
            drawn.append(np.asarray(call(Generator("cuda", profile="T4").manual_seed(1))))
    assert_same_bits(*drawn)
