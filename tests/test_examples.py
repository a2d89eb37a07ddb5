"""Every example runs to its end, without a warning."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))
PRINTED = {
    "digits": "test accuracy 9",
    "port_check": "randperm      equal",
    "seeds_vmap": "loss after 500 steps from 100 seeds:",
}


def test_every_example_is_known():
    assert [path.stem for path in EXAMPLES] == sorted(PRINTED)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path):
    command = [sys.executable, "-W", "error", str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert PRINTED[path.stem] in finished.stdout
