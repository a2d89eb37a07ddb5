"""The golden steps of optimizers and schedules are what torch does now."""

from pathlib import Path

import numpy as np
import pytest

from tests.golden import make_optim
from tests.optim_cases import OPTIMIZERS, SCHEDULERS

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "optim.npz")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps(name, dtype):
    for param, values in make_optim.steps(OPTIMIZERS[name], dtype).items():
        np.testing.assert_array_equal(values, GOLDEN[f"{name} {dtype} {param}"])


@pytest.mark.parametrize("name", SCHEDULERS)
def test_rates(name):
    np.testing.assert_array_equal(make_optim.rates(SCHEDULERS[name])[0], GOLDEN[f"{name} lr"])
