"""Checkpoints of `fit`: the same bits after a kill, and never a silent wrong result."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from jaxnn.random import Generator
from jaxnn.training import Checkpoints, loop
from tests.thoroughness import amount
from tests.training.lines import X, Y, assert_same, fit_line

COMMAND = [sys.executable, Path(__file__).with_name("killed_program.py")]
#: A killed process may leave half an entry in the cache of compiled programs, so it has none.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "JAX_COMPILATION_CACHE_DIR"}
#: How often the process is killed; each time it has to start again, which takes seconds.
KILLS = amount(4, 30)


def stopping_at(step: int) -> Any:
    """A callback that ends the process's patience: it raises after a step."""

    def callback(progress: Any) -> None:
        if progress.step >= step:
            raise RuntimeError("killed")

    return callback


OPTIONS = {
    "key": dict,
    "generator": lambda: {"rng": Generator().manual_seed(3)},
    "validation": lambda: {"validation": (X, Y)},
    "dict": lambda: {"validation": lambda p: {"a": p["slope"], "loss": -p["offset"]}},
    "networks": lambda: {
        "rng": jax.random.split(jax.random.key(0), 2),
        "params": {"slope": np.zeros(2, np.float32), "offset": np.ones(2, np.float32)},
    },
    "stream": lambda: {"data": [(X[:4], Y[:4]), (X[4:], Y[4:])], "batch_size": None},
}


@pytest.mark.parametrize("first_steps", [1, 64])
@pytest.mark.parametrize("name", OPTIONS)
def test_a_run_that_goes_on_ends_with_the_same_bits(name, first_steps, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "FIRST_STEPS", first_steps)
    options = OPTIONS[name]
    whole = fit_line(**options())
    where = Checkpoints(tmp_path, seconds=0.0)
    with pytest.raises(RuntimeError, match="killed"):
        fit_line(checkpoint=where, callbacks=[stopping_at(4)], **options())
    resumed = fit_line(checkpoint=where, **options())
    assert_same(resumed, whole)
    jax.tree.map(np.testing.assert_array_equal, resumed.validation, whole.validation)
    assert resumed.best_epoch == whole.best_epoch
    assert len(list(tmp_path.iterdir())) == 3


def test_a_generator_is_advanced_as_if_nothing_had_happened(tmp_path):
    expected, generator = Generator().manual_seed(3), Generator().manual_seed(3)
    fit_line(rng=expected)
    where = Checkpoints(tmp_path, seconds=0.0)
    with pytest.raises(RuntimeError):
        fit_line(rng=generator, checkpoint=where, callbacks=[stopping_at(6)])
    fresh = Generator().manual_seed(99)
    fit_line(rng=fresh, checkpoint=where)
    assert fresh.get_state() == expected.get_state()


def test_a_finished_run_returns_at_once_and_more_epochs_go_on(tmp_path):
    first = fit_line(checkpoint=tmp_path)
    assert_same(fit_line(checkpoint=tmp_path), first)
    assert_same(fit_line(checkpoint=tmp_path, epochs=5), fit_line(epochs=5))


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(tmp_path):
    where = Checkpoints(tmp_path, seconds=0.0)
    whole = fit_line(checkpoint=where)
    newest = max(tmp_path.iterdir())
    content = newest.read_bytes()
    rng = np.random.default_rng(0)
    places = {0, 1, 7, 8, 9, len(content) - 1, *rng.integers(len(content), size=20).tolist()}
    for place in sorted(places):
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(rng.integers(8))
        for damage in (bytes(damaged), content[:place]):
            newest.write_bytes(damage)
            with pytest.warns(UserWarning, match="is passed over: it is not what was written"):
                assert_same(fit_line(checkpoint=where), whole)
            assert newest.read_bytes() == content  # it was made again


def test_only_damaged_checkpoints_are_an_error(tmp_path):
    fit_line(checkpoint=tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(b"")
    with (
        pytest.warns(UserWarning, match="is passed over"),
        pytest.raises(
            ValueError, match="one checkpoint in the folder must be whole; got 1 damaged"
        ),
    ):
        fit_line(checkpoint=tmp_path)


def test_a_checkpoint_of_another_training_is_refused(tmp_path):
    fit_line(checkpoint=tmp_path)
    others: dict[str, dict[str, Any]] = {
        "batch_size is 4, not 5": {"batch_size": 5},
        "samples is 10, not 9": {"data": (X[:9], Y[:9])},
        "slope'] is float32(), not float32(2,)": {
            "params": {"slope": np.zeros(2, np.float32), "offset": np.float32(0)}
        },
    }
    for reason, options in others.items():
        with pytest.raises(ValueError, match="must be one of this training; got ") as caught:
            fit_line(checkpoint=tmp_path, **options)
        assert reason in str(caught.value)


def test_what_a_kill_left_half_written_is_removed(tmp_path):
    left = tmp_path / ".epoch-000001-step-000000000003-abc.safetensors.x1"
    left.write_bytes(b"half")
    fit_line(checkpoint=tmp_path)
    assert not left.exists()


def test_keeps_as_many_as_are_asked_for(tmp_path):
    fit_line(checkpoint=Checkpoints(tmp_path, seconds=0.0, keep=1))
    assert [path.name[:30] for path in tmp_path.iterdir()] == ["epoch-000003-step-000000000009"]
    with pytest.raises(ValueError, match="Checkpoints: keep must be 1 or more; got 0; use keep=3"):
        fit_line(checkpoint=Checkpoints(tmp_path, keep=0))


@pytest.mark.skipif(os.geteuid() == 0, reason="the system's administrator may write anywhere")
def test_a_folder_without_rights_is_an_error(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError):
        fit_line(checkpoint=tmp_path)


def test_a_full_disk_is_an_error_and_leaves_the_older_checkpoints(tmp_path, monkeypatch):
    fit_line(checkpoint=tmp_path)
    before = {path.name for path in tmp_path.iterdir()}

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device"):
        fit_line(checkpoint=tmp_path, epochs=5)
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.slow
def test_kills_at_random_moments_change_nothing(tmp_path, seed):
    """A process is killed again and again, in the middle of checkpoints too, until it is done."""
    rng, epochs = np.random.default_rng(seed), str(12 * KILLS)
    whole, resumed, folder = tmp_path / "whole.npz", tmp_path / "resumed.npz", tmp_path / "run"
    subprocess.run(
        [*COMMAND, whole, epochs], check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT
    )
    for _ in range(KILLS):
        with subprocess.Popen(
            [*COMMAND, resumed, epochs, folder], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            time.sleep(rng.uniform(0, 0.1))
            process.kill()
            assert process.wait() == -signal.SIGKILL
    subprocess.run(
        [*COMMAND, resumed, epochs, folder], check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT
    )
    a, b = np.load(whole), np.load(resumed)
    assert a.files == b.files
    for name in a.files:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)
