"""Every draw of the adapter against torch's digests: numbers, memory, strides, generators."""

from pathlib import Path

import numpy as np
import pytest

import jaxnn.torch as torch
from tests.torch.random_cases import CALLS, QUICK, TABLE, Case, digest, draw

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "adapter_random.npz")
EXPECTED = {name: tuple(digests) for name, *digests in GOLDEN["draws"].tolist()}
SLOW = [case for case in TABLE if case not in QUICK]


def test_golden_covers_the_table():
    assert list(EXPECTED) == [case.name for case in TABLE]
    assert len(TABLE) > 900
    assert {case.call for case in QUICK} >= {case.call for case in TABLE if case.dtype == "float32"}
    assert {case.call for case in TABLE} == set(CALLS)


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_torchs_numbers_memory_and_state(case: Case):
    assert tuple(map(digest, draw(torch, case))) == EXPECTED[case.name]


@pytest.mark.slow
@pytest.mark.parametrize("case", SLOW, ids=lambda case: case.name)
def test_torchs_numbers_memory_and_state_in_every_place(case: Case):
    assert tuple(map(digest, draw(torch, case))) == EXPECTED[case.name]
