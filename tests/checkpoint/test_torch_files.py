"""Files of torch's: what is in them comes back, whatever else is refused, and nothing is run."""

from collections import Counter, OrderedDict
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.checkpoint import load_torch, save_torch
from jaxnn.checkpoint.formats import TORCH

FOLDER = Path(__file__).parents[1] / "golden" / "checkpoints"
VALUES = np.load(FOLDER / "values.npz")
FILES = ("zip.pt", "legacy.pt")


def numbers(value: Any, path: str = "") -> dict[str, np.ndarray]:
    if isinstance(value, np.ndarray):
        return {path: value.astype(np.float32) if value.dtype == jnp.bfloat16 else value}
    items = value.items() if isinstance(value, dict) else []
    return {name: x for key, child in items for name, x in numbers(child, f"{path}/{key}").items()}


@pytest.mark.parametrize("name", FILES)
def test_every_tensor_comes_back(name):
    ours = numbers(load_torch(FOLDER / name))
    assert ours.keys() == set(VALUES.files) - {"torch"}
    for path, value in ours.items():
        assert value.dtype == VALUES[path].dtype
        np.testing.assert_array_equal(value, VALUES[path], err_msg=path)


@pytest.mark.parametrize("name", FILES)
def test_everything_else_comes_back_too(name):
    loaded = load_torch(FOLDER / name)
    assert loaded["epoch"] == 3
    assert loaded["name"] == "digits"
    assert loaded["losses"] == [0.5, 0.25]
    assert loaded["shape"] == (2, 3)
    assert loaded["device"] == "cpu"
    assert loaded["dtype"] == np.float64
    assert loaded["nothing"] is None
    assert loaded["large"] == 10**30
    assert loaded["raw"] == b"\x00\xff"
    assert loaded["labels"] == {1, 2}
    assert list(loaded["ordered"]) == ["b", "a"]
    assert loaded["bfloat16"].dtype == jnp.bfloat16
    assert list(loaded["model"]) == [
        *("0.weight", "0.bias", "2.weight", "2.bias", "2.running_mean", "2.running_var"),
        *("2.num_batches_tracked", "3.weight", "3.bias"),
    ]
    assert loaded["optimizer"]["param_groups"][0]["lr"] == 0.01
    assert loaded["optimizer"]["state"][0]["exp_avg"].shape == (3, 2)


@pytest.mark.parametrize("name", FILES)
def test_what_shared_memory_shares_it_still(name):
    loaded = load_torch(FOLDER / name)
    for view in ("transposed", "row", "steps"):
        assert np.shares_memory(loaded["base"], loaded[view]), view


def test_what_is_written_is_read_again(tmp_path):
    shared = np.arange(6.0).reshape(2, 3)
    value = {
        "f64": shared, "again": shared, "bf16": jnp.ones(2, jnp.bfloat16),
        "u16": np.array([7], np.uint16), "scalar": jnp.float32(1.5), "empty": np.zeros((0, 2)),
        "turned": shared.T,
        "rest": [1, -(2**40), 2**200, 2.5, "ü", None, True, (1, 2)], 3: {"deep": [{}]},
    }  # fmt: skip
    save_torch(tmp_path / "x.pt", value)
    loaded = load_torch(tmp_path / "x.pt")
    assert loaded.keys() == value.keys()
    assert loaded["rest"] == value["rest"]
    assert loaded[3] == value[3]
    assert np.shares_memory(loaded["f64"], loaded["again"])
    for name in ("f64", "bf16", "u16", "scalar", "empty", "turned"):
        assert loaded[name].dtype == np.asarray(value[name]).dtype
        np.testing.assert_array_equal(loaded[name], value[name])


def test_all_that_is_read_is_written(tmp_path):
    for name in FILES:
        loaded = load_torch(FOLDER / name)
        save_torch(tmp_path / "x.pt", loaded)
        again = load_torch(tmp_path / "x.pt")
        assert repr(again) == repr(loaded)
        assert type(again["ordered"]) is OrderedDict
    value = [Counter("abca"), {1, (2.5, None)}, bytearray(b"x"), b"\xff", 1 - 2j, np.dtype("int8")]
    save_torch(tmp_path / "x.pt", value)
    again = load_torch(tmp_path / "x.pt")
    assert again == value
    assert [type(each) for each in again] == [type(each) for each in value]


def test_what_is_one_object_comes_back_as_one(tmp_path):
    x, pair = np.ones(2), (1, [2])
    save_torch(tmp_path / "x.pt", {"x": x, "same": x, "pair": pair, "again": pair})
    loaded = load_torch(tmp_path / "x.pt")
    assert loaded["x"] is loaded["same"]
    assert loaded["pair"] is loaded["again"]


def test_keys_of_sets_and_counters_cost_what_they_cost_the_reader(tmp_path):
    many = [i + 0.5 for i in range(20_000)]
    for value in (set(many), Counter(many[:15_000])):
        with pytest.raises(ValueError, match="there are too many keys that are no texts"):
            save_torch(tmp_path / "x.pt", value)
    few = Counter(many[:11_000])
    save_torch(tmp_path / "x.pt", few)
    assert load_torch(tmp_path / "x.pt") == few


@pytest.mark.parametrize("name", TORCH)
def test_every_type_comes_back_in_every_layout(name, tmp_path):
    x = np.arange(24).reshape(2, 3, 4).astype(TORCH[name])
    arrays = {"x": x, "turned": x.T, "scalar": x[1, 2, 3, ...], "none": x[:0]}
    arrays["back"] = np.flip(x[:1], 0)
    save_torch(tmp_path / "x.pt", arrays)
    loaded = load_torch(tmp_path / "x.pt")
    for key, expected in arrays.items():
        assert (loaded[key].dtype, loaded[key].shape) == (expected.dtype, expected.shape)
        assert loaded[key].tobytes() == expected.tobytes()
        assert not loaded[key].flags.writeable or key == "none"


def _cyclic() -> list[Any]:
    value: list[Any] = []
    value.append({"a": (value,)})
    return value


def _nested(depth: int) -> list[Any]:
    return [_nested(depth - 1)] if depth else []


REFUSED = {
    "a list in itself": (_cyclic(), "containers are nested more than 100 deep, or in themselves"),
    "a list in lists": (_nested(101), "containers are nested more than 100 deep, or in themselves"),
    "a number of NumPy's as key": ({np.int64(3): 1}, "a key is a int64"),
    "a set as key": ({frozenset(): 1}, "a key is a frozenset"),
    "keys that may collide": (
        dict.fromkeys(float(i) + 0.5 for i in range(20_000)),
        "there are too many keys that are no texts",
    ),
    "half a letter": ("\ud800", "'utf-8' codec can't encode character"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_to_write_what_would_be_refused(name, tmp_path):
    value, came = REFUSED[name]
    with pytest.raises(ValueError, match=f"value must be what load_torch reads; got {came}"):
        save_torch(tmp_path / "x.pt", value)
    assert not list(tmp_path.iterdir())


def test_a_dict_in_many_places_is_written_once(tmp_path):
    shared = dict.fromkeys(i + 0.5 for i in range(2000))
    save_torch(tmp_path / "x.pt", [shared] * 100)
    assert load_torch(tmp_path / "x.pt") == [shared] * 100


def test_refuses_to_write_what_it_could_not_read(tmp_path):
    save_torch(tmp_path / "x.pt", _nested(99))
    assert load_torch(tmp_path / "x.pt") == _nested(99)
    (tmp_path / "x.pt").unlink()
    with pytest.raises(TypeError, match=r"value must be made of arrays, .* got a object; use"):
        save_torch(tmp_path / "x.pt", {"a": object()})
    assert not list(tmp_path.iterdir())
