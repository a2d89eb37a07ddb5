"""Draws under a mesh: each device its own part, the bits those of one device."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import pytest
from jax.sharding import NamedSharding, SingleDeviceSharding
from jax.sharding import PartitionSpec as P

from jaxnn.random import Generator, normal, uniform
from tests.comparison import assert_same_bits

PROGRAM = Path(__file__).with_name("sharded_program.py")


def test_on_one_two_and_eight_devices():
    flags = "--xla_force_host_platform_device_count=8"
    environment = os.environ | {"XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-W", "error", str(PROGRAM)]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (ended.stdout, ended.stderr) == ("done\n", "")


@pytest.fixture
def sharding():
    return NamedSharding(jax.make_mesh((1,), ("data",)), P("data"))


@pytest.mark.parametrize("draw", [uniform, normal])
@pytest.mark.parametrize(
    "rng",
    [lambda: jax.random.key(0), Generator, lambda: Generator("cuda")],
    ids=["key", "cpu", "cuda"],
)
@pytest.mark.parametrize("shape", [(3,), (40, 2)])
def test_every_source_takes_a_sharding(draw, rng, shape, sharding):
    actual = draw(rng(), shape, sharding=sharding)
    assert actual.sharding.is_equivalent_to(sharding, len(shape))
    assert_same_bits(actual, draw(rng(), shape))


def test_complex_numbers_and_means(sharding):
    options = {"dtype": "complex64", "mean": 2.0}
    actual = normal(Generator(), (20,), **options, sharding=sharding)
    assert_same_bits(actual, normal(Generator(), (20,), **options))


def test_errors(sharding):
    generator = Generator()
    before = generator.get_state()
    with pytest.raises(ValueError) as caught:
        normal(generator, (20,), contiguous=False, sharding=sharding)
    assert str(caught.value) == (
        "normal: what is sharded must be contiguous, its mean and std scalars; got "
        "contiguous=False; leave the sharding to jax.device_put"
    )
    with pytest.raises(ValueError) as caught:
        normal(generator, mean=jnp.zeros(20), sharding=sharding)
    assert "got arrays;" in str(caught.value)
    one = SingleDeviceSharding(jax.devices()[0])
    with pytest.raises(TypeError) as caught:
        uniform(generator, (20,), sharding=one)  # pyright: ignore[reportArgumentType] the mistake
    assert str(caught.value) == (
        f"uniform: sharding must be a NamedSharding; got {one!r}; "
        "use NamedSharding(mesh, P('data'))"
    )
    assert generator.get_state() == before
