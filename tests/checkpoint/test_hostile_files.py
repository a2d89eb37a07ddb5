"""Files that would run a program, fill the memory or never end in pickle.load: all are refused."""

import copy
import io
import pickle
import struct
import tracemalloc
import warnings
import zipfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

import pytest

from jaxnn.checkpoint import budgets, load_torch, save_torch


class _Runs:
    def __reduce__(self) -> Any:
        return print, ("this text is printed if a file is run",)


def _zip_of(code: bytes, **records: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in {"data.pkl": code, **records}.items():
            archive.writestr(f"x/{name}", content)
    return stream.getvalue()


def _called(module: str, name: str, arguments: bytes) -> bytes:
    return b"\x80\x02c" + f"{module}\n{name}\n".encode() + arguments + b"R."


_TENSOR = b"ctorch._utils\n_rebuild_tensor_v2\n(%b%b(%bt(%bt\x89ccollections\nOrderedDict\n)RtR."
_STORAGE = (
    b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu%btQ"
)


def _number(n: int) -> bytes:
    return b"\x8a\x09" + n.to_bytes(9, "little", signed=True)


def _tensor(numel: int = 4, offset: int = 0, size: int = 4, stride: int = 1) -> bytes:
    storage = _STORAGE % _number(numel)
    code = b"\x80\x02" + _TENSOR % (storage, _number(offset), _number(size), _number(stride))
    return _zip_of(code, **{"data/0": bytes(16)})


def _stack_global(module: str, name: str) -> bytes:
    def text(value: str) -> bytes:
        return b"\x8c" + bytes([len(value)]) + value.encode()

    return b"\x80\x04" + text(module) + text(name) + b"\x93(" + text("true") + b"tR."


def _keys(count: int, key: Callable[[int], bytes]) -> bytes:
    """A dict of so many keys."""
    return _zip_of(b"\x80\x02}(" + b"".join(key(i) + b"N" for i in range(count)) + b"u.")


def _alike(i: int) -> bytes:
    """A complex number; all of them have the same hash."""
    parts = b"".join(b"G" + struct.pack(">d", x) for x in (12345 - 1000003.0 * i, float(i)))
    return b"c__builtin__\ncomplex\n" + parts + b"\x86R"


_STORED = b"\x80\x02" + _STORAGE % _number(4)

HOSTILE = {
    "os.system": (_zip_of(_called("os", "system", b"(X\x04\x00\x00\x00truet")), "'os.system'"),
    "__reduce__": (_zip_of(pickle.dumps({"a": _Runs()}, 2)), "'builtins.print'"),
    "__reduce__, protocol 5": (_zip_of(pickle.dumps({"a": _Runs()}, 5)), "'builtins.print'"),
    "STACK_GLOBAL": (_zip_of(_stack_global("posix", "system")), "'posix.system'"),
    "dotted STACK_GLOBAL": (_zip_of(_stack_global("torch", "os.system")), "'torch.os.system'"),
    "STACK_GLOBAL of no text": (_zip_of(b"\x80\x04K\x01K\x02\x93."), "by what is no text"),
    "a name out of the memo": (
        _zip_of(b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94" + b"00h\x00h\x01\x93."),
        "'os.system'",
    ),
    "a pickle in a tensor's storage": (
        _zip_of(_called("torch.storage", "_load_from_bytes", b"(C\x01Nt")),
        "'torch.storage._load_from_bytes'",
    ),
    "eval": (_zip_of(_called("builtins", "eval", b"(X\x01\x00\x00\x001t")), "'builtins.eval'"),
    "getattr": (_zip_of(_called("builtins", "getattr", b")")), "'builtins.getattr'"),
    "INST": (_zip_of(b"(ios\nsystem\n."), "instruction INST"),
    "OBJ": (_zip_of(b"\x80\x02(cos\nsystem\no."), "'os.system'"),
    "NEWOBJ": (_zip_of(b"\x80\x02ccollections\nOrderedDict\n)\x81."), "instruction NEWOBJ"),
    "BUILD into a function": (
        _zip_of(b"\x80\x02ccollections\nOrderedDict\n}b."),
        "treats a Callee as a dict",
    ),
    "extension": (_zip_of(b"\x80\x02\x82\x01."), "instruction EXT1"),
    "a call of a tensor": (_zip_of(b"\x80\x02N)R."), "calls something that is no function"),
    "a persistent id of one's own": (_zip_of(b"\x80\x02X\x01\x00\x00\x00aQ."), "no storage"),
    "a text as persistent id": (_zip_of(b"Pa\n."), "instruction PERSID"),
    "a persistent id with a path": (
        _zip_of(
            _STORAGE.replace(b"X\x01\x00\x00\x000", b"X\x09\x00\x00\x00../../etc") % _number(1)
            + b"."
        ),
        "no record 'data/../../etc'",
    ),
    "a huge storage": (_tensor(numel=2**50), "not the size or type"),
    "a negative storage": (_tensor(numel=-1), "no storage"),
    "a huge tensor": (_tensor(size=2**50), "beyond its storage"),
    "a tensor behind its storage": (_tensor(offset=1), "beyond its storage"),
    "a tensor before its storage": (_tensor(offset=-1), "a layout that is none"),
    "a negative stride": (_tensor(stride=-1), "a size or stride that is none"),
    "a huge bytearray": (
        _zip_of(_called("builtins", "bytearray", b"(" + _number(2**45) + b"t")),
        "not made of bytes",
    ),
    "a text encoded again and again": (
        _zip_of(
            b"\x80\x02X" + struct.pack("<I", 2**16) + bytes(2**16) + b"q\x000"
            + b"c_codecs\nencode\n(h\x00X\x06\x00\x00\x00latin1tR0" * 500 + b"N."
        ),
        "many times its own size",
    ),
    "colliding keys": (
        _zip_of(b"\x80\x02}(" + b"\x8a\x09" + bytes(8) + b"\x7fNu."),
        "more than 60 bits",
    ),
    "a list as key": (_zip_of(b"\x80\x02}(]Nu."), "a key is a list"),
    "a tuple of tuples of tuples": (
        _zip_of(b"\x80\x02}()" + b"\x85" * 100_000 + b"Nu."),
        "a key is a tuple of tuples",
    ),
    "numbers that may collide": (
        _keys(20_000, lambda i: b"J" + struct.pack("<i", 2**15 * i)),
        "too many keys that are no texts",
    ),
    "an element that may collide": (
        _zip_of(_called("builtins", "set", b"((" + b"cbuiltins\ncomplex\n]\x85R" + b"tt")),
        "not made of numbers",
    ),
    "a long key": (_zip_of(b"\x80\x02}(" + b"N" * 101 + b"tNs."), "a tuple of more than 100"),
    "a memo that may collide": (_zip_of(b"Np2305843009213693951\n."), "does not count the values"),
    "an encoding that is no text": (
        _zip_of(_called("_codecs", "encode", b"(X\x01\x00\x00\x00a]t")),
        "not written as Latin-1",
    ),
    "a list in itself": (_zip_of(b"]q\x00h\x00a."), "nested more than 100 deep"),
    "a list in lists": (_zip_of(b"]" * 3000 + b"a" * 2999 + b"."), "nested more than 100 deep"),
    "a function alone": (
        _zip_of(b"\x80\x02]ctorch._utils\n_rebuild_tensor_v2\na."),
        "where only data can be",
    ),
    "a type alone": (_zip_of(b"\x80\x02ctorch\nTensor\n."), "where only data can be"),
    "a storage class alone": (_zip_of(b"ctorch\nFloatStorage\n."), "where only data can be"),
    "a storage alone": (_zip_of(_STORED + b".", **{"data/0": bytes(16)}), "where only data can be"),
    "an endless memo": (_zip_of(b"\x80\x02h\x05."), "has not made"),
    "no end": (_zip_of(b"\x80\x02N"), "exhausted before seeing STOP"),
    "two values": (_zip_of(b"\x80\x02NN."), "more or less than one value"),
    "only a mark": (_zip_of(b"\x80\x02(."), "more values than it has made"),
    "nothing": (b"", "no file that torch.save writes"),
    "text": (b"hello", "no file that torch.save writes"),
    "another pickle": (pickle.dumps({"a": 1}), "no file that torch.save writes"),
    "two pickles": (_zip_of(b"N.", **{"../x/data.pkl": b"N."}), "none of torch's"),
    "another zip": (_zip_of(b"").replace(b"data.pkl", b"data.xyz"), "none of torch's"),
    "a program of TorchScript": (
        _zip_of(b"\x80\x02N.", **{"constants.pkl": b""}),
        "save its state_dict() instead",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(name, tmp_path, capfd):
    content, reason = HOSTILE[name]
    path = tmp_path / "x.pt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="cannot be loaded: ") as caught:
        load_torch(path)
    assert reason in str(caught.value)
    assert capfd.readouterr().out == ""


_NAMED = b"\x80\x02ctorch\nSize\nq\x00(" + b"K\x01" * 64 + b"tq\x010"
_VIEWED = _STORED.removesuffix(b"tQ") + b"(NK\x01K\x02ttq\x000"

#: What makes much of a byte or a few, and what comes before.
ENLARGING = {
    "sets": (b"", b"\x8f"),
    "dicts": (b"", b"}"),
    "dicts of one": (b"", b"}NNs"),
    "lists": (b"", b"]"),
    "places in the memo": (b"N", b"\x94"),
    "sizes": (_NAMED, b"h\x00h\x01\x85R"),
    "parts of a storage": (_VIEWED, b"h\x00Q"),
}


@pytest.mark.parametrize("name", ENLARGING)
def test_what_is_made_is_in_proportion_to_the_file(name, tmp_path, monkeypatch):
    monkeypatch.setattr(budgets, "_BYTES", 2**20)
    monkeypatch.setattr(budgets, "_BYTES_PER_BYTE", 32)  # below what each of them makes
    before, again = ENLARGING[name]
    path = tmp_path / "x.pt"
    path.write_bytes(_zip_of(before + again * 50_000, **{"data/0": bytes(16)}))
    tracemalloc.start()
    with pytest.raises(ValueError, match="makes many times its own size of data"):
        load_torch(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 48 * path.stat().st_size + 2**20


def test_keys_that_collide_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(budgets, "_STEPS", 2**20)
    (tmp_path / "x.pt").write_bytes(_keys(1000, _alike))
    assert len(load_torch(tmp_path / "x.pt")) == 1000
    (tmp_path / "x.pt").write_bytes(_keys(2000, _alike))
    with pytest.raises(ValueError, match="too many keys that are no texts"):
        load_torch(tmp_path / "x.pt")


@pytest.mark.parametrize("key", [b"K\x05", b"N", b"X" + bytes(4)], ids=["5", "None", "no letters"])
def test_a_key_whose_place_others_may_have_taken_is_counted(key, tmp_path, monkeypatch):
    monkeypatch.setattr(budgets, "_STEPS", 2**20)
    chosen = b"".join(_alike(i) + b"N" for i in range(1000))
    path = tmp_path / "x.pt"
    path.write_bytes(_zip_of(b"\x80\x02}(" + chosen + (key + b"N") * 500 + b"u."))
    assert len(load_torch(path)) == 1001
    path.write_bytes(_zip_of(b"\x80\x02}(" + chosen + (key + b"N") * 600 + b"u."))
    with pytest.raises(ValueError, match="too many keys that are no texts"):
        load_torch(path)


#: What makes the most of its bytes, of all that torch writes.
DENSE = {
    "sets": [set(range(77)) for _ in range(300)],
    "small sets": [set(range(5)) for _ in range(3000)],
    "ordered dicts": [OrderedDict.fromkeys(range(171)) for _ in range(200)],
    "small ordered dicts": [OrderedDict({j: j for j in range(11)}) for _ in range(2000)],
    "counters": [Counter(range(171)) for _ in range(200)],
    "dicts": [{0: None} for _ in range(3000)],
    "empty dicts": [{} for _ in range(3000)],
}


@pytest.mark.parametrize("name", DENSE)
def test_what_torch_writes_in_few_bytes_is_no_trouble(name, tmp_path, monkeypatch):
    monkeypatch.setattr(budgets, "_BYTES", 0)
    (tmp_path / "x.pt").write_bytes(_zip_of(pickle.dumps(DENSE[name], 2)))
    assert load_torch(tmp_path / "x.pt") == DENSE[name]


def test_lists_that_share_lists_are_no_trouble(tmp_path):
    value: Any = []
    for _ in range(90):  # written out, 2 ** 90 of them
        value = [value, value]
    save_torch(tmp_path / "x.pt", value)
    loaded = load_torch(tmp_path / "x.pt")
    assert loaded[0] is loaded[1]
    assert (tmp_path / "x.pt").stat().st_size < 5000


def test_what_a_long_training_remembers_is_no_trouble(tmp_path):
    history = [{"loss": 0.1 * i} for i in range(30_000)]
    value = {
        "state": dict.fromkeys(range(30000)), "history": history, "empty": [{}] * 9,
        "seen": dict.fromkeys(range(0, 10**7, 1000)), (1, 2.5, "a"): [[] for _ in range(9000)],
    }  # fmt: skip
    save_torch(tmp_path / "x.pt", value)
    assert load_torch(tmp_path / "x.pt") == value


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "x.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/data.pkl", bytes(2**26))
    with pytest.raises(ValueError, match="its records are larger than the file"):
        load_torch(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/data.pkl", b"\x80\x02N.")
    with pytest.raises(ValueError, match="its records are compressed"):
        load_torch(path)


def test_a_record_that_is_there_many_times_is_refused(tmp_path):
    path = tmp_path / "x.pt"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")  # of the second name
        archive.writestr("x/data.pkl", b"\x80\x02N.")
        archive.writestr("x/data.pkl", b"\x80\x02K\x01.")
    with pytest.raises(ValueError, match="it has two records of one name"):
        load_torch(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/data.pkl", bytes(2**16))
        for i in range(100):  # entries of the index that all are the same bytes
            again = copy.copy(archive.infolist()[0])
            again.filename = f"x/data/{i}"
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again
    with pytest.raises(ValueError, match="its records are larger than the file"):
        load_torch(path)
