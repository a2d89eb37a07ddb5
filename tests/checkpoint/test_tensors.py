"""Safetensors files, and writes that are whole or not at all."""

import json
import os
import struct

import numpy as np
import pytest

from jaxnn.checkpoint import (
    atomic,
    load,
    save,
)
from jaxnn.checkpoint.formats import SAFETENSORS, TORCH


@pytest.mark.parametrize("name", SAFETENSORS.values())
def test_every_type_comes_back(name, tmp_path):
    x = np.arange(1, 7).reshape(2, 3).astype(TORCH[name])
    save(tmp_path / "x.safetensors", {"x": x, "turned": x.T, "scalar": x[1, 1], "none": x[:0]})
    loaded = load(tmp_path / "x.safetensors")
    assert list(loaded) == ["none", "scalar", "turned", "x"]
    for key, expected in {"x": x, "turned": x.T, "scalar": x[1, 1], "none": x[:0]}.items():
        assert loaded[key].dtype == expected.dtype
        np.testing.assert_array_equal(loaded[key], expected)


def header(**entries: tuple[str, list[int], list[int]]) -> bytes:
    described = {
        name: {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        for name, (dtype, shape, offsets) in entries.items()
    }
    text = json.dumps(described).encode()
    return struct.pack("<Q", len(text)) + text


HOSTILE = {
    "a huge header": struct.pack("<Q", 2**62) + b"{}",
    "a nested header": struct.pack("<Q", 10**6) + b"[" * 10**6,
    "a huge tensor": header(x=("F32", [2**60], [0, 2**62])) + bytes(4),
    "a shape that overflows": header(x=("F32", [2**32, 2**32], [0, 0])),
    "a negative shape": header(x=("F32", [-1], [0, 4])) + bytes(4),
    "the bytes of another": header(x=("F32", [1], [0, 4]), y=("F32", [1], [0, 4])) + bytes(4),
    "a hole": header(x=("F32", [1], [4, 8])) + bytes(8),
    "more bytes than its shape": header(x=("F32", [1], [0, 8])) + bytes(8),
    "another type": header(x=("Q4", [1], [0, 4])) + bytes(4),
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(name, tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(ValueError, match="cannot be loaded: "):
        load(path)


def test_refuses_what_the_format_has_not(tmp_path):
    with pytest.raises(ValueError, match="x must be of a type that safetensors has; got complex12"):
        save(tmp_path / "x", {"x": np.ones(1, complex)})
    with pytest.raises(ValueError, match="the format's own; got '__metadata__'; use metadata="):
        save(tmp_path / "x", {"__metadata__": np.ones(1)})
    with pytest.raises(TypeError, match="x must be an array; got a list; use to_state_dict"):
        save(tmp_path / "x", {"x": [1.0]})
    assert not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"old")

    def fail(file):
        file.write(b"half of the new")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        atomic.write(path, fail)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_has_the_rights_of_any_other(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    atomic.write(tmp_path / "x", lambda file: file.write(b"new"))
    assert os.stat(tmp_path / "x").st_mode == os.stat(tmp_path / "plain").st_mode


def test_a_link_stays_and_what_it_points_to_is_written(tmp_path):
    (tmp_path / "folder").mkdir()
    link, target = tmp_path / "link", tmp_path / "folder" / "target"
    link.symlink_to(target)
    for content in (b"new", b"newer"):
        atomic.write(link, lambda file, content=content: file.write(content))
        assert link.is_symlink()
        assert target.read_bytes() == content
    assert list(target.parent.iterdir()) == [target]


def test_a_device_stays_one():
    with pytest.raises(OSError, match="no file can be written there"):
        atomic.write(os.devnull, lambda file: file.write(b"new"))
    assert not os.path.isfile(os.devnull)
