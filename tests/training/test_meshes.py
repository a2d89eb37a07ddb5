"""Training on a mesh of devices: the same within rounding, each device its part of a batch."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest

from tests.training.lines import X, Y, assert_same, fit_line

ROOT = Path(__file__).parents[2]
MAKE = 'use jax.make_mesh((jax.device_count(),), ("data",))'


def test_on_two_and_eight_devices():
    flags = "--xla_force_host_platform_device_count=8"
    environment = os.environ | {"XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-W", "error", "-m", "tests.training.mesh_program"]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    assert (ended.stdout, ended.stderr) == ("done\n", "")


def test_a_mesh_of_one_device_makes_the_same_bits():
    mesh = jax.make_mesh((1,), ("data",))
    assert_same(fit_line(mesh=mesh), fit_line())
    stream = {"data": [(X, Y)], "batch_size": None}
    assert_same(fit_line(mesh=mesh, **stream), fit_line(**stream))


@pytest.mark.parametrize(
    ("mesh", "error", "message"),
    [
        ("here", TypeError, f"fit: mesh must be a jax.sharding.Mesh; got a str; {MAKE}"),
        (jax.sharding.Mesh(np.array(jax.devices()[:1]), ("x",)), ValueError,
         f"fit: mesh must have an axis \"data\"; got ('x',); {MAKE}"),
    ],
)  # fmt: skip
def test_fit_refuses(mesh, error, message):
    with pytest.raises(error) as raised:
        fit_line(mesh=mesh)
    assert str(raised.value) == message
