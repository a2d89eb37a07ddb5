"""Every example runs to its end, without a warning."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))
PRINTED = {
    "batch_norm": "mean 2      -0.31299  -0.31299",
    "continue_torch_run": "loss        0.506109  0.506109",
    "digits": "test accuracy 9",
    "introduction": "output    [0.3171]\n          [0.3171]",
    "port_check": "randperm      equal",
    "port_training": "epoch 4     0.180707  0.180707",
    "resume": "params     bit for bit those of an undisturbed run",
    "seed_sweep": "seed 7 made the steps that it makes alone",
    "seeds_vmap": "loss after 500 steps from 100 seeds:",
    "serve_checkpoint": "accuracy here  96.39%",
}


def test_every_example_is_known():
    assert [path.stem for path in EXAMPLES] == sorted(PRINTED)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path):
    command = [sys.executable, "-W", "error", str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert PRINTED[path.stem] in finished.stdout
