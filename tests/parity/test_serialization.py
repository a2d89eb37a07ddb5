"""Files between live torch and the adapter, both ways."""

import io
from collections import Counter, OrderedDict
from typing import Any

import pytest
import torch

import jaxnn.torch as ours

LEGACY = {"_use_new_zipfile_serialization": False}
TYPES = [str(each).removeprefix("torch.") for each in ours.dtypes.DTYPES]


def programs(of: Any) -> dict[str, Any]:
    """Values by name, made of either library."""
    x = of.arange(24.0).reshape(2, 3, 4)
    layouts = {"x": x, "turned": x.mT, "steps": x[:, ::2, 1::2], "wide": x[:, :1].expand(2, 5, 4)}
    z = [of.tensor([1 + 2j, 3 - 4j]) for _ in range(4)]
    return {
        **{name: x.to(getattr(of, name)) for name in TYPES},
        "layouts": layouts,
        "empty": [of.zeros(10)[5:5], of.zeros(0, 3)[:, 1:], of.tensor(1.5)],
        "marks": [z[0].conj(), z[1].conj().imag, z[2].imag, z[3].real],
        "reinterpreted": of.arange(4, dtype=of.int16).view(of.int32),
        "a state": OrderedDict([("0.weight", x), ("0.bias", x[0, 0]), ("same", x)]),
        "random state": of.manual_seed(7).get_state(),
        "data": [1, 2.5, 1 + 2j, "ü", b"\xff", bytearray(b"a"), None, True, {1, "a"}, 2**70],
        "objects": [of.Size([2, 3]), of.float16, of.device("cuda", 1), of.strided, Counter("ab")],
        "nested": {"a": [(x, {3: [x]})], (1, "b"): OrderedDict()},
    }


def outline(value: Any, memories: dict[int, int]) -> Any:
    """What a value is, in words that both libraries share: which tensors view one memory too."""
    if isinstance(value, torch.Tensor | ours.Tensor):
        memory = memories.setdefault(value.data_ptr() - _before(value), len(memories))
        marks = value.is_conj(), value.is_neg()
        elements = value.resolve_conj().resolve_neg().tolist()
        layout = tuple(value.shape), value.stride(), value.storage_offset()
        return str(value.dtype), layout, marks, memory, value.untyped_storage().nbytes(), elements
    if isinstance(value, dict):
        return type(value).__name__, [(k, outline(v, memories)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return type(value).__name__, [outline(each, memories) for each in value]
    return type(value).__name__, repr(value)


def _before(value: Any) -> int:
    return value.storage_offset() * value.element_size()


@pytest.mark.parametrize("options", [{}, LEGACY], ids=["zip", "legacy"])
@pytest.mark.parametrize("name", programs(ours))
def test_reads_what_torch_writes(name, options):
    value, file = programs(torch)[name], io.BytesIO()
    torch.save(value, file, **options)
    assert outline(ours.load(io.BytesIO(file.getvalue())), {}) == outline(value, {})


@pytest.mark.parametrize("name", programs(ours))
def test_torch_reads_what_is_written(name):
    value, file = programs(ours)[name], io.BytesIO()
    ours.save(value, file)
    theirs = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    assert outline(theirs, {}) == outline(value, {})
    assert outline(ours.load(io.BytesIO(file.getvalue())), {}) == outline(value, {})


def test_a_model_of_torchs_is_read_and_given_back():
    model, other = torch.nn.BatchNorm1d(3), torch.nn.BatchNorm1d(3)
    file, returned = io.BytesIO(), io.BytesIO()
    torch.save(model.state_dict(), file)
    state = ours.load(io.BytesIO(file.getvalue()))
    state["running_mean"] += 2
    ours.save(state, returned)
    other.load_state_dict(torch.load(io.BytesIO(returned.getvalue())))
    assert torch.equal(other.weight, model.weight)
    assert other.running_mean is not None
    assert other.running_mean.tolist() == [2, 2, 2]
