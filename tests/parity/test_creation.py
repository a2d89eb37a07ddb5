"""Ranges against live torch, bit for bit."""

import random

import pytest
import torch

import jaxnn.torch
from tests.parity.conformance.translation import to_torch

COUNTS = (0, 1, 2, 3, 7, 8, 10, 16, 17, 33, 64, 100)


def _calls(dice, whole):
    """Calls of every range function, of endpoints with few and many digits."""
    a, b, step = (round(dice.uniform(-50, 50), dice.choice([0, 1, 3])) for _ in range(3))
    step = (int(step) if whole else step / 16) or 1
    count = dice.choice(COUNTS)
    yield "linspace", (a, b, count)
    yield "arange", (a, a + step * max(count - 0.5, 0), step)
    yield "logspace", (a / 20, b / 20, count)
    yield "full", ((3,), a)


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64", "int32", "int64"])
def test_ranges_are_torchs_to_the_bit(name):
    torch.set_num_threads(1)
    dice = random.Random(name)
    for _ in range(100):
        for function, args in _calls(dice, "int" in name):
            theirs = getattr(torch, function)(*args, dtype=getattr(torch, name))
            ours = getattr(jaxnn.torch, function)(*args, dtype=getattr(jaxnn.torch, name))
            assert torch.equal(to_torch(ours), theirs), (function, args)
