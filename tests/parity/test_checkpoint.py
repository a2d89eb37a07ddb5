"""Checkpoints between live torch and jaxnn, both ways; the golden files are what torch writes."""

import numpy as np
import pytest
import torch

import jaxnn
from jaxnn.checkpoint import from_state_dict, load_torch, save_torch, to_state_dict
from jaxnn.checkpoint.formats import TORCH
from tests.checkpoint.test_torch_files import numbers
from tests.golden.make_checkpoints import arrays, training

LEGACY = {"_use_new_zipfile_serialization": False}


@pytest.mark.parametrize("options", [{}, LEGACY], ids=["zip", "legacy"])
def test_reads_what_torch_writes(options, tmp_path):
    value = training()
    torch.save(value, tmp_path / "x.pt", **options)
    ours, theirs = numbers(load_torch(tmp_path / "x.pt")), arrays(value)
    assert ours.keys() == theirs.keys()
    for path, expected in theirs.items():
        np.testing.assert_array_equal(ours[path], expected, err_msg=path)


@pytest.mark.parametrize("name", TORCH)
def test_torch_reads_what_is_written(name, tmp_path):
    x = np.arange(1, 7).reshape(2, 3).astype(TORCH[name])
    save_torch(
        tmp_path / "x.pt", {"x": x, "turned": x.T, "again": x, "rest": [1, "a", None, 2**70]}
    )
    for mmap in (False, True):
        loaded = torch.load(tmp_path / "x.pt", weights_only=True, mmap=mmap)
        assert loaded["rest"] == [1, "a", None, 2**70]
        assert str(loaded["x"].dtype) == f"torch.{name}"
        assert (
            loaded["x"].tolist() == x.astype(x.dtype if x.dtype.kind in "biufc" else float).tolist()
        )
        assert loaded["turned"].shape == (3, 2)
        assert loaded["x"].data_ptr() == loaded["again"].data_ptr()


def test_a_model_goes_there_and_back(tmp_path):
    params = jaxnn.init_mlp(jaxnn.random.Generator().manual_seed(0), (4, 8, 3))
    save_torch(tmp_path / "x.pt", to_state_dict(params))
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Sigmoid(), torch.nn.Linear(8, 3))
    model.load_state_dict(torch.load(tmp_path / "x.pt", weights_only=True))
    x = np.linspace(-1, 1, 20, dtype=np.float32).reshape(5, 4)
    expected = model(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(jaxnn.mlp(params, x), expected, rtol=0, atol=1e-6)
    torch.save(model.state_dict(), tmp_path / "y.pt")
    again = from_state_dict(load_torch(tmp_path / "y.pt"), params)
    np.testing.assert_array_equal(again[1].kernel, params[1].kernel)
