"""Results and errors of the adapter against what torch itself printed for the same expressions."""

from pathlib import Path

import numpy as np
import pytest

import jaxnn.torch
from tests.torch.expressions import FAMILIES, outcome

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "adapter.npz")
CASES = [
    pytest.param(line, expected, id=f"{family}: {line}")
    for family in FAMILIES
    for line, expected in GOLDEN[family]
]


def test_golden_covers_every_expression():
    assert {family: [line for line, _ in GOLDEN[family]] for family in FAMILIES} == FAMILIES
    assert len(CASES) > 500


@pytest.mark.filterwarnings("ignore:.*deprecated:UserWarning")
@pytest.mark.filterwarnings("ignore:Creating a tensor from a list:UserWarning")
@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_as_torch_printed_it(expression, expected):
    assert outcome(jaxnn.torch, str(expression)) == str(expected)
