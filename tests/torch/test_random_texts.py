"""What the adapter says of random calls that it refuses is torch's, and they draw nothing."""

import json
from pathlib import Path

import numpy as np
import pytest

import jaxnn.torch
from tests.torch.random_texts import CALLS, outcome

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "adapter_random.npz")
EXPECTED = json.loads(str(GOLDEN["texts"]))


def test_golden_covers_every_call():
    assert list(EXPECTED) == CALLS
    assert len(CALLS) > 350


@pytest.mark.parametrize("call", CALLS)
def test_as_torch_says_it(call):
    before = bytes(jaxnn.torch.get_rng_state().numpy())
    said, told = outcome(jaxnn.torch, call)
    assert [said, told] == EXPECTED[call]
    if "Error: " in said:
        assert bytes(jaxnn.torch.get_rng_state().numpy()) == before
