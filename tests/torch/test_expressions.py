"""Results and errors of the adapter against what torch itself printed for the same expressions."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import jaxnn.torch

HERE = Path(__file__).parent
GOLDEN = np.load(HERE.parent / "golden" / "adapter.npz")
_spec = importlib.util.spec_from_file_location("expressions", HERE / "expressions.py")
assert _spec is not None
assert _spec.loader is not None
expressions = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(expressions)

CASES = [
    pytest.param(line, expected, id=f"{family}: {line}")
    for family in expressions.FAMILIES
    for line, expected in GOLDEN[family]
]


def test_golden_covers_every_expression():
    assert {family: len(lines) for family, lines in expressions.FAMILIES.items()} == {
        family: len(GOLDEN[family]) for family in expressions.FAMILIES
    }
    assert len(CASES) > 300


@pytest.mark.filterwarnings("ignore:.*deprecated:UserWarning")
@pytest.mark.filterwarnings("ignore:Creating a tensor from a list:UserWarning")
@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_as_torch_printed_it(expression, expected):
    assert expressions.outcome(jaxnn.torch, str(expression)) == str(expected)
