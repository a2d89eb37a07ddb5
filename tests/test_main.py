"""The demonstration as a user starts it, in a process of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from jaxnn.__main__ import main

HIDE = """
import sys
sys.modules[{hidden!r}] = None
from jaxnn.__main__ import main
sys.exit(main(["--train"]))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_whole_of_it(tmp_path: Path):
    folder = tmp_path / "new" / "demo"
    finished = run("-m", "jaxnn", "--output", str(folder))
    assert finished.returncode == 0, finished.stderr
    assert "30 of 30 numbers agree with the published digits" in finished.stdout
    accuracy = re.search(r"^test accuracy ([\d.]+)%", finished.stdout, re.MULTILINE)
    assert accuracy is not None
    assert float(accuracy.group(1)) >= 97.0
    for name in ("network", "activation", "training", "confusion"):
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert f"{folder / name}.png" in finished.stdout
    assert finished.stderr == ""  # no bar where there is no terminal
    times = {
        line.rsplit(maxsplit=2)[0]: [float(word) for word in line.split()[-2:]]
        for line in finished.stdout.splitlines()
        if re.search(r"\d\.\d\d +\d+\.\d\d$", line)
    }
    assert {"introduction", "train", "pictures", "all of it"} < set(times)
    total, compiling = times["train"]
    assert 0 < compiling < total < times["all of it"][0]


def test_flags_choose_the_parts_and_the_progress_bar(tmp_path: Path):
    finished = run("-m", "jaxnn", "--train", "--epochs=1", "--no-progress", "--seed=3")
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    assert "manual_seed(3)" in finished.stdout
    for absent in ("introduction", "Pictures", "Where the time went"):
        assert absent not in finished.stdout


@pytest.mark.parametrize(
    ("hidden", "package"),
    [("sklearn", "scikit-learn"), ("matplotlib", "matplotlib"), ("tqdm", "tqdm")],
)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(hidden, package):
    finished = run("-c", HIDE.format(hidden=hidden))
    assert finished.returncode == 1
    assert finished.stderr == (
        f"\nThis needs {package}, which comes with jaxnn's demo extra. Install it with\n\n"
        '    pip install "jaxnn[demo]"\n'
    )


def test_any_other_missing_module_is_an_error_of_ours():
    finished = run("-c", HIDE.format(hidden="jaxnn.plot"))
    assert "ModuleNotFoundError" in finished.stderr


def test_a_number_that_differs_from_the_published_one_fails(monkeypatch, capsys):
    from jaxnn import introduction

    wrong = introduction.Number("Single neuron", "y[0, 0]", "0.1595", 0.1595, 0.1594)
    monkeypatch.setattr(introduction, "compare", lambda: [wrong])
    assert main(["--introduction"]) == 1
    assert "NO" in capsys.readouterr().out


@pytest.mark.parametrize("epochs", ["0", "-1", "many"])
def test_epochs_must_be_a_count(epochs, capsys):
    with pytest.raises(SystemExit):
        main([f"--epochs={epochs}"])
    assert f"must be 1 or more, got {epochs}" in capsys.readouterr().err
