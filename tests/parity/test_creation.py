"""Ranges against live torch, bit for bit."""

import random
from typing import Any

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


WINDOWS = {
    "bartlett_window": [()],
    "blackman_window": [()],
    "hamming_window": [(), (0.3,), (0.3, 0.9)],
    "hann_window": [()],
    "kaiser_window": [(), (2.5,)],
}


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("window", WINDOWS)
def test_windows_are_torchs(window, name):
    # What is 16 bits wide agrees in all of them: both take the same steps.
    dtype = getattr(torch, name)
    within: Any = {} if dtype.itemsize > 2 else {"rtol": 0, "atol": 0}
    for length in (0, 1, 2, 3, 8, 100):
        for more in WINDOWS[window]:
            for periodic in (True, False):
                args = (length, periodic, *more)
                theirs = getattr(torch, window)(*args, dtype=dtype)
                ours = getattr(jaxnn.torch, window)(*args, dtype=getattr(jaxnn.torch, name))
                torch.testing.assert_close(to_torch(ours), theirs, **within)
                assert ours.stride() == theirs.stride()


@pytest.mark.parametrize("wrap", [False, True])
def test_diagonals_are_filled_as_torch_fills_them(wrap):
    shapes = [(3, 3), (2, 5), (5, 2), (9, 2), (8, 2), (1, 1), (6, 1), (0, 3), (3, 0), (3, 3, 3)]
    for shape in shapes:
        assert _filled(jaxnn.torch, shape, wrap) == _filled(torch, shape, wrap)


def _filled(library, shape, wrap):
    """Diagonals of two halves of one memory, the second transposed, and the memory."""
    whole = library.zeros(2, *shape)
    halves = whole[1].fill_diagonal_(7, wrap), whole[0].transpose(0, 1)
    halves[1].fill_diagonal_(3, wrap=wrap)
    return [x.tolist() for x in (whole, *halves)]
