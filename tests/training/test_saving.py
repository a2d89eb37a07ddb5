"""Checkpoints of `fit`: the same bits after a kill, and never a silent wrong result."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import optim
from jaxnn.random import Generator
from jaxnn.training import CheckpointError, Checkpoints, loading, locks, loop, saving
from jaxnn.training.saving import Saved
from tests.thoroughness import amount
from tests.training.lines import X, Y, assert_same, fit_line, line_loss

COMMAND = [sys.executable, Path(__file__).with_name("killed_program.py")]
#: A killed process may leave half an entry in the cache of compiled programs, so it has none.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "JAX_COMPILATION_CACHE_DIR"}
#: How often the process is killed; each time it has to start again, which takes seconds.
KILLS = amount(4, 30)


def files(folder: Path) -> list[Path]:
    """The checkpoints in a folder, oldest first."""
    return sorted(folder.glob("epoch-*"))


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
    assert len(files(tmp_path)) == 3


def test_parameters_of_every_type_are_kept(tmp_path):
    def loss(params: Any, x: Any, y: Any) -> Any:
        return jnp.mean(jnp.abs(params * x.astype(params.dtype) - y.astype(params.dtype)))

    for dtype in (jnp.complex128, jnp.complex64, jnp.float64, jnp.bfloat16):
        with jax.enable_x64(True):
            options: dict[str, Any] = {
                "loss": loss, "params": jnp.ones((), dtype), "optimizer": optim.sgd(0.5),
                "validation": lambda params: params, "monitor": abs,
            }  # fmt: skip
            folder = tmp_path / np.dtype(dtype).name
            fit_line(checkpoint=folder, epochs=1, **options)
            resumed, whole = fit_line(checkpoint=folder, **options), fit_line(**options)
        assert_same(resumed, whole)
        np.testing.assert_array_equal(resumed.validation, whole.validation)
        types = {each.dtype for each in (resumed.params, resumed.best_params, resumed.validation)}
        assert types == {np.dtype(dtype)}


def test_what_checkpoints_cannot_hold_is_refused_before_work_is_lost(tmp_path):
    seen: list[Any] = []

    def loss(params: Any, statistics: Any, x: Any, y: Any) -> Any:
        return line_loss(params, x, y), statistics

    options: dict[str, Any] = {"checkpoint": tmp_path, "callbacks": [seen.append]}
    with pytest.raises(ValueError) as caught:
        fit_line(loss=loss, statistics={"a": jnp.zeros(1, jnp.float8_e5m2fnuz)}, **options)
    assert str(caught.value) == (
        "fit: carry.statistics['a'] must be of a type that checkpoints hold; got float8_e5m2fnuz; "
        "use another type, or no checkpoint"
    )
    for measured in (2**70, {"loss": "low"}):
        with pytest.raises(ValueError, match=r"validation.* must be of a type that checkpoints"):
            fit_line(validation=lambda params, measured=measured: measured, **options)
    assert not seen


def test_a_truth_value_may_be_numpys(tmp_path):
    given: Any = np.True_
    first = fit_line(checkpoint=tmp_path, drop_last=given)
    assert_same(fit_line(checkpoint=tmp_path, drop_last=True), first)


def test_a_generator_is_advanced_as_if_nothing_had_happened(tmp_path):
    expected, generator = Generator().manual_seed(3), Generator().manual_seed(3)
    fit_line(rng=expected)
    where = Checkpoints(tmp_path, seconds=0.0)
    with pytest.raises(RuntimeError):
        fit_line(rng=generator, checkpoint=where, callbacks=[stopping_at(6)])
    fresh = Generator().manual_seed(3)
    fit_line(rng=fresh, checkpoint=where)
    assert fresh.get_state() == expected.get_state()


def interrupting_at(step: int) -> Any:
    """A callback for which somebody presses Ctrl-C after a step."""

    def callback(progress: Any) -> None:
        if progress.step >= step:
            raise KeyboardInterrupt

    return callback


def test_the_first_generator_is_known_after_going_on_where_it_was_left(tmp_path):
    left = Generator().manual_seed(3)
    for step in (3, 6):
        given: Any = {"checkpoint": tmp_path, "callbacks": [interrupting_at(step)]}
        assert fit_line(rng=left, **given).stopped == f"interrupted after step {step}"
    whole = fit_line(rng=Generator().manual_seed(3))
    assert_same(fit_line(rng=Generator().manual_seed(3), checkpoint=tmp_path), whole)
    with pytest.raises(ValueError, match="rng differs"):
        fit_line(rng=Generator().manual_seed(4), checkpoint=tmp_path)


def test_a_finished_run_returns_at_once_and_more_epochs_go_on(tmp_path):
    first = fit_line(checkpoint=tmp_path)
    assert_same(fit_line(checkpoint=tmp_path), first)
    assert_same(fit_line(checkpoint=tmp_path, epochs=5), fit_line(epochs=5))


def test_the_steps_of_a_stream_without_a_length_are_known_again(tmp_path):
    def stream() -> Any:
        yield from [(X[:4], Y[:4]), (X[4:], Y[4:])]

    for epochs in (1, 1, 2, 2):  # which may go on with a stream that is gone through once
        result = fit_line(data=stream(), batch_size=None, epochs=epochs, checkpoint=tmp_path)
        assert result.losses.shape == (2 * epochs,)
        assert result.steps_per_epoch == 2


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(tmp_path):
    where = Checkpoints(tmp_path, seconds=0.0)
    whole = fit_line(checkpoint=where)
    newest = files(tmp_path)[-1]
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


def test_damaged_checkpoints_never_push_out_whole_ones(tmp_path):
    whole = fit_line(checkpoint=Checkpoints(tmp_path, seconds=0.0))
    for path in files(tmp_path)[1:]:
        path.write_bytes(b"damaged")
    where = Checkpoints(tmp_path, seconds=0.0, keep=1)
    with (
        pytest.warns(UserWarning, match="is passed over"),
        pytest.raises(RuntimeError, match="killed"),
    ):
        fit_line(checkpoint=where, callbacks=[stopping_at(9)])
    assert [path.name[:30] for path in files(tmp_path)] == ["epoch-000002-step-000000000009"]
    assert_same(fit_line(checkpoint=where), whole)


def test_a_later_checkpoint_does_not_push_out_the_one_just_written(tmp_path):
    where = Checkpoints(tmp_path, keep=1)
    for step in (9, 6):
        saving.save(where, 2, step, Saved({}, {}, {}))
    assert [path.name[:30] for path in files(tmp_path)] == ["epoch-000002-step-000000000006"]


def test_only_damaged_checkpoints_are_an_error(tmp_path):
    fit_line(checkpoint=tmp_path)
    for path in files(tmp_path):
        path.write_bytes(b"")
    with (
        pytest.warns(UserWarning, match="is passed over"),
        pytest.raises(
            ValueError, match="one checkpoint in the folder must be whole; got 1 damaged"
        ),
    ):
        fit_line(checkpoint=tmp_path)


def test_what_a_kill_left_half_written_is_removed(tmp_path):
    left = tmp_path / ".epoch-000001-step-000000000003-abc.safetensors.x1"
    left.write_bytes(b"half")
    fit_line(checkpoint=tmp_path)
    assert not left.exists()


def test_keeps_as_many_as_are_asked_for(tmp_path):
    fit_line(checkpoint=Checkpoints(tmp_path, seconds=0.0, keep=1))
    assert [path.name[:30] for path in files(tmp_path)] == ["epoch-000003-step-000000000009"]
    with pytest.raises(ValueError, match="Checkpoints: keep must be 1 or more; got 0; use keep=3"):
        fit_line(checkpoint=Checkpoints(tmp_path, keep=0))
    half: Any = 1.5
    with pytest.raises(TypeError, match=r"keep must be a whole number; got 1\.5; use keep=3"):
        fit_line(checkpoint=Checkpoints(tmp_path, keep=half))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that nobody may write to")
def test_a_folder_without_rights_is_an_error_before_anything_is_trained():
    told: list[Any] = []
    with pytest.raises(OSError):
        fit_line(checkpoint="/proc/self", callbacks=[told.append])
    assert not told


@pytest.mark.skipif(os.geteuid() == 0, reason="the system's administrator may write anywhere")
def test_a_folder_that_lost_its_rights_is_an_error_before_anything_is_trained(tmp_path):
    fit_line(checkpoint=tmp_path)
    tmp_path.chmod(0o500)
    told: list[Any] = []
    with pytest.raises(PermissionError):
        fit_line(checkpoint=tmp_path, epochs=5, callbacks=[told.append])
    assert not told


def full(monkeypatch: pytest.MonkeyPatch, *, times: int) -> None:
    """Let the disk be full so many times."""
    fsync, left = os.fsync, iter(range(times))

    def full_at_first(descriptor: int) -> None:
        if next(left, None) is not None:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full_at_first)


def test_a_full_disk_is_an_error_with_the_result_and_leaves_the_older_checkpoints(
    tmp_path, monkeypatch
):
    fit_line(checkpoint=tmp_path)
    before = files(tmp_path)
    full(monkeypatch, times=1)
    with pytest.raises(CheckpointError, match="No space left on device") as caught:
        fit_line(checkpoint=tmp_path, epochs=5)
    assert files(tmp_path) == before
    assert_same(caught.value.result, fit_line(epochs=5))


@pytest.mark.parametrize("callbacks", [[], [lambda progress: progress.epoch == 1]])
def test_a_training_that_was_over_needs_no_room(callbacks, tmp_path, monkeypatch):
    first = fit_line(checkpoint=tmp_path, callbacks=callbacks)
    full(monkeypatch, times=1)
    assert_same(fit_line(checkpoint=tmp_path, callbacks=callbacks), first)


def test_a_disk_that_is_full_for_a_while_stops_nothing(tmp_path, monkeypatch):
    full(monkeypatch, times=2)
    with pytest.warns(UserWarning, match="No space left on device; the training goes on") as caught:
        result = fit_line(checkpoint=Checkpoints(tmp_path, seconds=0.0))
    assert {Path(each.filename).name for each in caught} == {"lines.py"}  # which called fit
    assert_same(result, fit_line())
    assert_same(fit_line(checkpoint=tmp_path), result)


HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks")
def test_a_folder_is_of_one_training_at_a_time(tmp_path):
    command = [sys.executable, "-c", HOLDER, tmp_path / ".lock"]
    left = tmp_path / ".epoch-000001-step-000000000003-abc.safetensors.x1"
    left.write_bytes(b"what the other process is just writing")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(BlockingIOError) as caught:
            fit_line(checkpoint=tmp_path)
        assert str(caught.value) == (
            f"fit: the folder {tmp_path} must be of one training at a time; got another one "
            "that goes on there; wait for it, or use another folder"
        )
        assert left.exists()
        process.kill()
    fit_line(checkpoint=tmp_path)
    assert not left.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks")
def test_a_folder_is_of_one_training_of_a_process_at_a_time(tmp_path, monkeypatch):
    """Until its end, also where a process that was forked has its files."""
    forked, flock = [], locks.fcntl.flock

    def forking(descriptor: int, operation: int) -> None:
        forked.append(os.dup(descriptor))
        flock(descriptor, operation)

    monkeypatch.setattr(locks.fcntl, "flock", forking)
    where = Checkpoints(tmp_path)
    with saving.opened(where):
        for _ in range(2):
            with pytest.raises(BlockingIOError, match="must be of one training at a time"):
                fit_line(checkpoint=where)
    fit_line(checkpoint=where)
    for descriptor in forked:
        os.close(descriptor)


def test_a_folder_has_a_name():
    given: Any = 3
    with pytest.raises(TypeError) as caught:
        fit_line(checkpoint=given)
    must = "fit: checkpoint must be a folder or Checkpoints; got a int; "
    assert str(caught.value) == must + 'use checkpoint="runs/1"'


def test_the_newest_checkpoint_is_found_in_the_longest_training(tmp_path):
    where = Checkpoints(tmp_path, keep=2)
    for epoch in (2, 999_999, 1_000_000):
        saving.save(where, epoch, 3 * epoch, Saved({}, {}, {"epoch": epoch}))
    assert len(files(tmp_path)) == 2
    newest = loading.load(where, {}, lambda meta: [])
    assert newest is not None
    assert newest.meta["epoch"] == 1_000_000


@pytest.mark.parametrize("step", [3, 4])
@pytest.mark.parametrize("first_steps", [1, 64])
def test_a_bad_loss_after_going_on_returns_what_it_would_have_without(
    step, first_steps, tmp_path, monkeypatch
):
    """Also where it is that of the first step: at step 3, the first of an epoch."""
    monkeypatch.setattr(loop, "FIRST_STEPS", first_steps)

    def loss(params: Any, statistics: Any, x: Any, y: Any) -> Any:
        return line_loss(params, x, y) * jnp.where(statistics == step, jnp.nan, 1), statistics + 1

    options: dict[str, Any] = {"loss": loss, "statistics": jnp.int32(0)}
    with pytest.warns(UserWarning, match=f"the loss of step {step} is nan"):
        whole = fit_line(**options)
    where = Checkpoints(tmp_path, seconds=0.0)
    fit_line(epochs=1, checkpoint=where, **options)
    for _ in range(2):  # nothing was saved of the bad end
        with pytest.warns(UserWarning, match=f"the loss of step {step} is nan"):
            resumed = fit_line(checkpoint=where, **options)
        assert_same(resumed, whole)
        assert resumed.statistics == whole.statistics == step - 1


def test_no_carry_of_long_ago_is_gone_back_to(tmp_path):
    def loss(params: Any, statistics: Any, x: Any, y: Any) -> Any:
        return line_loss(params, x, y) * jnp.where(statistics == 6, jnp.nan, 1), statistics + 1

    options: dict[str, Any] = {"loss": loss, "statistics": jnp.int32(0), "checkpoint": tmp_path}
    fit_line(epochs=1, **options)
    fit_line(epochs=2, recover=False, **options)
    with pytest.warns(UserWarning, match="the loss of step 6 is nan"):
        assert fit_line(**options).statistics == 6


def test_arrays_come_back_where_they_would_lie():
    environment = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
    command = [sys.executable, "-m", "tests.training.devices_program"]
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[2]
    )
    assert (ended.stdout, ended.stderr) == ("done\n", "")


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
