"""What examples say that torch finds is what the programs that they port find."""

import ast
import runpy
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def program_of(path: Path) -> str:
    """The program in an example's docstring: what is indented there."""
    doc = ast.get_docstring(ast.parse(path.read_text())) or ""
    lines = [line for line in doc.splitlines() if not line or line.startswith("    ")]
    return textwrap.dedent("\n".join(lines))


@pytest.mark.parametrize("name", ["batch_norm", "port_training"])
def test_torch_finds_what_was_recorded(name):
    recorded = runpy.run_path(str(EXAMPLES / f"{name}.py"))
    found: dict[str, Any] = {}
    exec(program_of(EXAMPLES / f"{name}.py"), found)
    epochs = np.reshape(found["losses"], (len(recorded["TORCH_EPOCHS"]), -1)).mean(axis=1)
    steps = found["losses"][: len(recorded["TORCH_STEPS"])]
    np.testing.assert_allclose(steps, recorded["TORCH_STEPS"], atol=2e-6)
    np.testing.assert_allclose(epochs, recorded["TORCH_EPOCHS"], atol=1e-5)
    assert found["correct"] == pytest.approx(recorded["TORCH_CORRECT"], abs=1e-6)
    if "TORCH_MEANS" in recorded:
        np.testing.assert_allclose(found["means"], recorded["TORCH_MEANS"], atol=1e-6)
