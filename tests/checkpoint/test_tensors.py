"""Safetensors files, state dicts, and writes that are whole or not at all."""

import json
import os
import struct

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from jaxnn.checkpoint import (
    atomic,
    from_state_dict,
    load,
    load_torch,
    save,
    to_state_dict,
)
from jaxnn.checkpoint.formats import SAFETENSORS, TORCH
from tests.checkpoint.test_torch_files import FOLDER, MUTATIONS, refused_mutations


@pytest.mark.parametrize("name", SAFETENSORS.values())
def test_every_type_comes_back(name, tmp_path):
    x = np.arange(1, 7).reshape(2, 3).astype(TORCH[name])
    save(tmp_path / "x.safetensors", {"x": x, "turned": x.T, "scalar": x[1, 1], "none": x[:0]})
    loaded = load(tmp_path / "x.safetensors")
    for key, expected in {"x": x, "turned": x.T, "scalar": x[1, 1], "none": x[:0]}.items():
        assert loaded[key].dtype == expected.dtype
        np.testing.assert_array_equal(loaded[key], expected)


def test_a_damaged_file_loads_or_says_why_not(tmp_path, seed):
    path = tmp_path / "x.safetensors"
    save(path, to_state_dict(jaxnn.init_mlp(jax.random.key(0), (4, 8, 2))))
    refused = refused_mutations(load, path.read_bytes(), 2 * MUTATIONS, path, seed)
    assert refused > MUTATIONS


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
    with pytest.raises(TypeError, match="x must be an array; got a list; use to_state_dict"):
        save(tmp_path / "x", {"x": [1.0]})
    assert not list(tmp_path.iterdir())


def test_a_model_of_torchs_becomes_parameters():
    state = {
        name: value
        for name, value in load_torch(FOLDER / "zip.pt")["model"].items()
        if not name.startswith("2.")
    }
    like = (
        jaxnn.Dense(jnp.zeros((2, 3)), jnp.zeros(3)),
        jaxnn.Dense(jnp.zeros((3, 1)), jnp.zeros(1)),
    )
    params = from_state_dict(state, like, names=("0", "3"))
    np.testing.assert_array_equal(params[0].kernel, state["0.weight"].T)
    again = to_state_dict(params, names=("0", "3"))
    assert again.keys() == state.keys()
    for name in state:
        np.testing.assert_array_equal(again[name], state[name])


def test_names_follow_the_structure():
    params = {
        "conv": jaxnn.init_conv(jax.random.key(0), 3, 4, (5, 5)),
        "layers": [jaxnn.init_dense(jax.random.key(0), 2, 3, bias=False)],
        "scale": jnp.ones(()),
    }
    state = to_state_dict(params)
    assert {name: value.shape for name, value in state.items()} == {
        "conv.weight": (4, 3, 5, 5), "conv.bias": (4,), "layers.0.weight": (3, 2), "scale": (),
    }  # fmt: skip
    again = from_state_dict(state, jax.eval_shape(lambda: params))
    jax.tree.map(np.testing.assert_array_equal, again, params)


def test_a_mismatch_is_refused_by_name_and_shape():
    params = jaxnn.init_mlp(jax.random.key(0), (2, 3, 1))
    state = to_state_dict(params)
    state["3.weight"] = state.pop("2.weight")
    state["0.bias"] = np.zeros(4)
    with pytest.raises(ValueError) as caught:
        from_state_dict(state, params)
    assert str(caught.value) == (
        "from_state_dict: names and shapes must be those of the parameters; got 2.weight is "
        "missing; 3.weight is one too many; 0.bias is (4,), not (3,); see to_state_dict(like) for "
        "them"
    )
    with pytest.raises(ValueError, match="got 3 names and 2 elements; leave names out"):
        to_state_dict(params, names=("a", "b", "c"))


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
