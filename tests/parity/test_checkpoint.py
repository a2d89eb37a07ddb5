"""Checkpoints between live torch and jaxnn, both ways; the golden files are what torch writes."""

from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

import jaxnn
from jaxnn.checkpoint import from_state_dict, load_torch, save_torch, to_state_dict
from jaxnn.checkpoint.formats import TORCH
from tests.checkpoint.test_state_dicts import CONVERTED
from tests.checkpoint.test_torch_files import numbers
from tests.golden.make_checkpoints import arrays, training

LEGACY = {"_use_new_zipfile_serialization": False}
both_formats = pytest.mark.parametrize("options", [{}, LEGACY], ids=["zip", "legacy"])


@both_formats
def test_reads_what_torch_writes(options, tmp_path):
    value = training()
    torch.save(value, tmp_path / "x.pt", **options)
    ours, theirs = numbers(load_torch(tmp_path / "x.pt")), arrays(value)
    assert ours.keys() == theirs.keys()
    for path, expected in theirs.items():
        np.testing.assert_array_equal(ours[path], expected, err_msg=path)


def _bytes(x: torch.Tensor) -> bytes:
    return x.contiguous().view(torch.uint8).numpy().tobytes()


@both_formats
@pytest.mark.parametrize("name", TORCH)
def test_reads_every_type_in_every_layout(name, options, tmp_path):
    x = torch.arange(24).reshape(2, 3, 4).to(getattr(torch, name))
    layouts = {"x": x, "turned": x.mT, "steps": x[:, ::2, 1::2], "wide": x[:, :1].expand(2, 5, 4)}
    torch.save(layouts, tmp_path / "x.pt", **options)
    loaded = load_torch(tmp_path / "x.pt")
    for key, expected in layouts.items():
        assert (loaded[key].dtype, loaded[key].shape) == (TORCH[name], expected.shape)
        assert loaded[key].tobytes() == _bytes(expected), key


SCHEDULERS: dict[str, Callable[[torch.optim.Optimizer], Any]] = {
    "MultiStepLR": lambda of: lr_scheduler.MultiStepLR(of, [3, 1, 3]),
    "CosineAnnealingLR": lambda of: lr_scheduler.CosineAnnealingLR(of, 5),
    "ReduceLROnPlateau": lambda of: lr_scheduler.ReduceLROnPlateau(of),
    "OneCycleLR": lambda of: lr_scheduler.OneCycleLR(of, 0.1, 9),
    "CyclicLR": lambda of: lr_scheduler.CyclicLR(of, 0.1, 0.2),
    "SequentialLR": lambda of: lr_scheduler.SequentialLR(
        of, [lr_scheduler.MultiStepLR(of, [2]), lr_scheduler.ExponentialLR(of, 0.5)], [2]
    ),
}
DATA = {
    **{name: lambda name=name: _scheduler(name) for name in SCHEDULERS},
    "Counter": lambda: Counter("abca"),
    "OrderedDict": lambda: OrderedDict(b=1, a=[None, True]),
    "numbers": lambda: [2**70, -1, 1.5, float("inf"), 1 + 2j],
    "texts": lambda: ["ü", "", b"\xff\x00", bytearray(b"abc")],
    "sets": lambda: [{1, "a", (2.5, None)}, set()],
    "shapes": lambda: (torch.Size([2, 3]), torch.Size([-1])),
}


def _scheduler(name: str) -> dict[str, Any]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    scheduler = SCHEDULERS[name](optimizer)
    optimizer.step()
    if name != "ReduceLROnPlateau":
        scheduler.step()
    return scheduler.state_dict()


@both_formats
@pytest.mark.parametrize("name", DATA)
def test_reads_the_data_that_torch_reads(name, options, tmp_path):
    torch.save(DATA[name](), tmp_path / "x.pt", **options)
    expected = torch.load(tmp_path / "x.pt", weights_only=True)
    loaded = load_torch(tmp_path / "x.pt")
    assert loaded == expected
    assert type(loaded) is type(expected)


ALONE = {
    "a storage": lambda: torch.zeros(2).untyped_storage(),
    "a storage's type": lambda: torch.FloatStorage,
    "a type": lambda: [torch.Tensor],
    "a sparse tensor": lambda: torch.eye(2).to_sparse(),
}


@both_formats
@pytest.mark.parametrize("name", ALONE)
def test_refuses_what_is_no_data(name, options, tmp_path):
    torch.save(ALONE[name](), tmp_path / "x.pt", **options)
    with pytest.raises(ValueError, match=r"loaded: it (holds a|names '.*_rebuild_sparse)"):
        load_torch(tmp_path / "x.pt")


@pytest.mark.parametrize(("value", "dtype"), CONVERTED, ids=lambda each: str(each)[:30])
def test_converts_numbers_as_torch_does(value, dtype):
    name = str(jnp.dtype(dtype))
    module, buffer = torch.nn.Module(), torch.zeros(value.shape, dtype=getattr(torch, name))
    module.register_buffer("x", buffer)
    given = torch.from_numpy(value.astype(np.float64) if value.dtype == jnp.bfloat16 else value)
    module.load_state_dict({"x": given})
    ours = from_state_dict({"x": value}, {"x": jnp.zeros(value.shape, dtype)})["x"]
    assert np.asarray(ours).tobytes() == _bytes(buffer)


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


def test_torch_reads_one_list_as_one(tmp_path):
    shared = [1, {"a": (2.5,)}]
    value = {"lists": [shared, shared, ()], "names": [(), shared]}
    save_torch(tmp_path / "x.pt", value)
    loaded = torch.load(tmp_path / "x.pt", weights_only=True)
    assert loaded == value
    assert loaded["lists"][0] is loaded["names"][1]


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
