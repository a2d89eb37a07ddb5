"""Damaged files: each is refused with a reason, or holds what it held, or other numbers alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.thoroughness import amount

ROOT = Path(__file__).parents[2]
COUNT = amount(150, 2000)  # of each format
#: What reading may make besides four times the size of these files, in bytes.
MEMORY = 2**20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no process's memory is limited")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int]]:
    """How often what came of the files of each format."""
    arguments = (str(tmp_path_factory.mktemp("damaged")), str(COUNT), "0")
    command = [sys.executable, "-W", "error", "-m", "tests.checkpoint.mutating", *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("name", ["zip", "legacy", "safetensors"])
def test_a_damaged_file_loads_or_says_why_not(name, outcomes):
    counts = dict(outcomes[name])
    assert counts.pop("memory") < MEMORY
    assert sum(counts.values()) == COUNT
    assert counts["refused"] > COUNT // 3
    assert len(counts) > 1
