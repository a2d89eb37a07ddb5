"""``torch.save`` and ``torch.load``: tensors come back as they were, with what they share."""

import io
import pickle
from collections import Counter, OrderedDict
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch
from tests.checkpoint.mutating import mutated
from tests.checkpoint.test_torch_files import FILES, FOLDER, VALUES
from tests.thoroughness import amount

PLAIN = [
    {"a": [1, -(2**40), 2.5, None, True], 3: ("ü", b"\x00\xff", bytearray(b"x"))},
    OrderedDict([("b", 1), ("a", OrderedDict())]),
    Counter("abca"),
    [torch.Size([2, 3]), torch.float16, torch.strided, 1 + 2j, {1, "a", (2.5, None)}],
    [torch.device("cpu"), torch.device("cuda", 1)],
]


def saved(value: Any) -> io.BytesIO:
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return file


def again(value: Any, **options: Any) -> Any:
    return torch.load(saved(value), **options)


def tensors(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, torch.Tensor):
        return {path: value}
    items = value.items() if isinstance(value, dict) else []
    return {name: x for key, child in items for name, x in tensors(child, f"{path}/{key}").items()}


@pytest.mark.parametrize("name", FILES)
def test_reads_what_torch_wrote(name):
    loaded = torch.load(FOLDER / name)
    found = tensors(loaded)
    assert found.keys() == set(VALUES.files) - {"torch"}
    for path, x in found.items():
        expected = VALUES[path]
        x = (x.float() if x.dtype == torch.bfloat16 else x).resolve_conj().numpy()
        np.testing.assert_array_equal(x, expected, err_msg=path, strict=True)
    assert loaded["shape"] == torch.Size([2, 3])
    assert isinstance(loaded["shape"], torch.Size)
    assert loaded["device"] == torch.device("cpu")
    assert loaded["dtype"] is torch.float64
    assert isinstance(loaded["model"], OrderedDict)
    assert loaded["conjugate"].is_conj()


@pytest.mark.parametrize("name", FILES)
def test_a_write_is_seen_by_the_views_of_the_file(name):
    loaded = torch.load(FOLDER / name)
    loaded["base"][1, 2] = -5
    assert loaded["transposed"][2, 1] == loaded["row"][2] == loaded["steps"][1, 1] == -5
    assert loaded["expanded"].stride() == (0,)


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: type(value).__name__)
def test_what_is_no_tensor_comes_back(value):
    loaded = again(value)
    assert loaded == value
    assert type(loaded) is type(value)


@pytest.mark.parametrize("dtype", [*torch.dtypes.DTYPES], ids=str)
def test_every_type_comes_back_in_its_layout(dtype):
    x = torch.arange(24).reshape(2, 3, 4).to(dtype)
    for view in (x, x.mT, x[:, ::2, 1::2], x[:, :1].expand(2, 5, 4), x[1, 2, 3], x[:0, 1:]):
        loaded = again(view)
        assert loaded.dtype is dtype
        assert loaded.stride() == view.stride()
        assert loaded.storage_offset() == view.storage_offset()
        assert loaded.untyped_storage().nbytes() == x.untyped_storage().nbytes()
        assert torch.equal(loaded, view)


def test_views_and_the_same_tensor_stay_what_they_are_to_one_another():
    x = torch.zeros(2, 3)
    first, turned, other, same = again([x, x.T, x.clone(), x])
    first[0, 1] = 7
    assert turned[1, 0] == 7
    assert other[0, 1] == 0
    assert same is first


def test_a_loaded_tensor_is_written_without_the_file():
    file = saved(torch.ones(300, 300))
    content = file.getvalue()
    x = torch.load(file)
    x += 1
    x.numpy()[0, 0] = 9
    assert file.getvalue() == content
    assert x[0, 0] == 9
    assert x[1, 1] == 2


def test_memory_shared_with_numpy_is_saved_as_it_is_now():
    array = np.zeros(4)
    x = torch.from_numpy(array)
    array[2] = 5
    assert again(x[1:]).tolist() == [0, 5, 0]


def test_views_as_another_type_and_marks_come_back():
    x = torch.tensor([1 + 2j, 3 - 4j])
    assert again(x.conj()).is_conj()
    assert again(x.conj().imag).is_neg()
    assert again(x.conj().imag).tolist() == [-2, 4]
    assert again(x.imag).stride() == (2,)
    assert again(torch.ones(3, dtype=torch.int16)[:2].view(torch.int32)).tolist() == [65537]


def test_an_array_of_jax_is_saved_as_a_tensor():
    assert again({"w": jnp.ones(2)})["w"].tolist() == [1, 1]


def test_saves_to_a_path_whole_or_not_at_all(tmp_path):
    torch.save(torch.ones(2), tmp_path / "x.pt")
    with pytest.raises(NotImplementedError, match=r"torch\.save writes no object\. Files hold"):
        torch.save([torch.zeros(2), object()], str(tmp_path / "x.pt"))
    assert torch.load(str(tmp_path / "x.pt"), mmap=True).tolist() == [1, 1]
    assert [path.name for path in tmp_path.iterdir()] == ["x.pt"]


def test_several_are_loaded_from_one_file():
    file = io.BytesIO()
    for value in (torch.ones(2), [torch.zeros(3), "PK\x05\x06"], {"a": 1}):
        torch.save(value, file)
    file.seek(0)
    assert torch.load(file).tolist() == [1, 1]
    assert torch.load(file)[1] == "PK\x05\x06"
    assert torch.load(file) == {"a": 1}
    with pytest.raises(EOFError):
        torch.load(file)


def test_a_file_is_read_from_where_it_stands():
    file = io.BytesIO(b"12345" + saved(torch.ones(2)).getvalue())
    file.seek(5)
    assert torch.load(file).tolist() == [1, 1]


SAVES = {
    "two types": (
        lambda f: torch.save([(x := torch.ones(2)), x.view(torch.int32)], f),
        (RuntimeError, "Cannot save multiple tensors or storages that view the same data as diff"),
    ),
    "an array of NumPy's": (
        lambda f: torch.save(np.ones(2), f),
        (NotImplementedError, r"writes no ndarray\. Make it a tensor: torch\.from_numpy\(array\)"),
    ),
    "a list in itself": (
        lambda f: torch.save((x := [], x.append(x)), f),
        (ValueError, "save: obj must be what load reads, but containers are nested more than 100"),
    ),
    "a tensor as key": (
        lambda f: torch.save({torch.ones(1): 1}, f),
        (ValueError, "save: obj must be what load reads, but a key is a Tensor"),
    ),
    "a long number": (
        lambda f: torch.save(2**3000, f),
        (TypeError, r"torch\.save: integers must have 2000 bits or less"),
    ),
    "no file": (lambda _: torch.save(1, None), (AttributeError, "expected 'f' to be string, path")),
    "no folder": (
        lambda _: torch.save(1, "no/such/x.pt"),
        (RuntimeError, "Parent directory no/such does not exist"),
    ),
    "a folder": (lambda _: torch.save(1, "."), (RuntimeError, r"invalid file name: \.")),
    "the older format": (
        lambda f: torch.save(1, f, _use_new_zipfile_serialization=False),
        (NotImplementedError, "takes no _use_new_zipfile_serialization= for save"),
    ),
    "a tracer": (
        lambda f: jax.jit(lambda x: torch.save(torch.tensor(x), f))(1.0),
        (RuntimeError, "save cannot write a tensor inside of a function that JAX traces"),
    ),
}


@pytest.mark.parametrize("name", SAVES)
def test_says_what_cannot_be_saved(name):
    call, (error, text) = SAVES[name]
    file = io.BytesIO()
    with pytest.raises(error, match=text):
        call(file)
    assert not file.getvalue()


WHOLE = saved(torch.ones(2)).getvalue()
LOADS = {
    "no file": (lambda: torch.load("nothere.pt"), (FileNotFoundError, "nothere")),
    "None": (lambda: torch.load(None), (AttributeError, "'NoneType' object has no attribute")),
    "a text": (lambda: torch.load(io.StringIO("a")), (AssertionError, "Expected bytes, got str")),
    "nothing": (lambda: torch.load(io.BytesIO()), (EOFError, "Ran out of input")),
    "a part": (
        lambda: torch.load(io.BytesIO(WHOLE[:-100])),
        (RuntimeError, "PytorchStreamReader failed reading zip archive"),
    ),
    "another file": (
        lambda: torch.load(io.BytesIO(b"hello")),
        (pickle.UnpicklingError, "Weights only load failed: it is no file that torch.save writes"),
    ),
    "a program": (
        lambda: torch.load(io.BytesIO(pickle.dumps(print)), weights_only=False),
        (pickle.UnpicklingError, "Weights only load failed"),
    ),
    "mmap of no file": (
        lambda: torch.load(io.BytesIO(WHOLE), mmap=True),
        (ValueError, "f must be a file path in order to use the mmap argument"),
    ),
    "no such place": (
        lambda: torch.load(io.BytesIO(WHOLE), map_location="nope"),
        (RuntimeError, "don't know how to restore data location .*tagged with nope"),
    ),
    "a place that is none": (
        lambda: torch.load(io.BytesIO(WHOLE), map_location=3),
        (TypeError, "'int' object is not callable"),
    ),
    "a function that fails": (
        lambda: torch.load(io.BytesIO(WHOLE), map_location=lambda storage, name: 1 // 0),
        (ZeroDivisionError, "by zero"),
    ),
    "a function of something else": (
        lambda: torch.load(io.BytesIO(WHOLE), map_location=lambda storage, name: 3),
        (TypeError, "map_location must return a storage or None, not int"),
    ),
}


@pytest.mark.parametrize("name", LOADS)
def test_says_what_cannot_be_loaded(name):
    call, (error, text) = LOADS[name]
    with pytest.raises(error, match=text):
        call()


@pytest.mark.parametrize(
    "place",
    [
        *("cpu", torch.device("cpu"), {"cpu": "cpu"}, {"cuda:0": "cpu"}),
        *(lambda storage, name: storage, lambda storage, name: None),
        lambda storage, name: storage.cpu(),
    ],
    ids=["name", "device", "dict", "other dict", "function", "function of None", "method"],
)
def test_takes_every_form_of_a_place(place):
    x, part = again([(x := torch.arange(3)), x[1:]], map_location=place)
    assert x.device == torch.device("cpu")
    part[0] = 7
    assert x.tolist() == [0, 7, 2]


def test_what_was_on_a_gpu_needs_one_or_a_place(tmp_path):
    content = saved(torch.arange(3)).getvalue()
    # A device is named where a file's only text of these letters stands.
    code = content.replace(b"X\x03\x00\x00\x00cpu", b"X\x03\x00\x00\x00gpu")
    assert code != content
    with pytest.raises((RuntimeError, pickle.UnpicklingError)):  # its checksum is wrong now
        torch.load(io.BytesIO(code))
    legacy = (FOLDER / "legacy.pt").read_bytes()
    code = legacy.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
    if not torch.cuda.is_available():
        with pytest.raises(RuntimeError, match="Attempting to deserialize object on a CUDA device"):
            torch.load(io.BytesIO(code))
    loaded = torch.load(io.BytesIO(code), map_location={"cuda:0": "cpu"})
    assert loaded["base"].device == torch.device("cpu")


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_loads_or_says_why_not(name):
    rng, original = np.random.default_rng(0), (FOLDER / name).read_bytes()
    refused = 0
    for _ in range(amount(60, 2000)):
        content = mutated(original, rng)
        try:
            torch.load(io.BytesIO(content), map_location="cpu")
        except (pickle.UnpicklingError, RuntimeError, EOFError):
            refused += 1
    assert refused > amount(20, 600)


def test_random_state_goes_through_a_file():
    torch.manual_seed(3)
    file = saved({"rng": torch.get_rng_state(), "generator": torch.Generator().get_state()})
    expected = torch.randn(4)
    torch.set_rng_state(torch.load(file)["rng"])
    assert torch.equal(torch.randn(4), expected)


def test_the_module_has_them_too(tmp_path: Path):
    torch.serialization.save([1], tmp_path / "x.pt")
    assert torch.serialization.load(tmp_path / "x.pt") == [1]
