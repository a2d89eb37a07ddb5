"""The golden steps of optimizers and schedules are what torch does now."""

from pathlib import Path

import numpy as np
import pytest

from jaxnn.checkpoint import load_torch
from tests.checkpoint.test_torch_files import numbers
from tests.golden import make_optim, make_optimizer_states
from tests.golden.make_checkpoints import arrays
from tests.optim_cases import OPTIMIZERS, SAVED, SCHEDULERS

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "optim.npz")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps(name, dtype):
    for param, values in make_optim.steps(OPTIMIZERS[name], dtype).items():
        np.testing.assert_array_equal(values, GOLDEN[f"{name} {dtype} {param}"])


@pytest.mark.parametrize("name", SCHEDULERS)
def test_rates(name):
    np.testing.assert_array_equal(make_optim.rates(SCHEDULERS[name])[0], GOLDEN[f"{name} lr"])


@pytest.mark.parametrize("name", SAVED)
def test_states(name):
    recorded = numbers(load_torch(make_optimizer_states.PATH)[name])
    found = arrays(make_optimizer_states.interrupted(OPTIMIZERS[name]))
    assert recorded.keys() == found.keys()
    for path, values in found.items():
        np.testing.assert_array_equal(values, recorded[path], err_msg=path)
