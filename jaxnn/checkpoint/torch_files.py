"""Files that ``torch.save`` wrote, read without torch: the zip format, and the one before it."""

import io
import os
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from jaxnn.checkpoint.budgets import Budget
from jaxnn.checkpoint.nesting import check_nesting
from jaxnn.checkpoint.pickles import Callee, read
from jaxnn.checkpoint.torch_objects import Objects, StorageType, StoredTensor

#: What the format before the zip files begins with, pickled.
_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_PROTOCOL = 1001

_DAMAGES = (
    ValueError, KeyError, IndexError, EOFError, RecursionError, UnicodeError, OverflowError,
    struct.error, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError,
)  # fmt: skip


_LEAVES = (str, bytes, bytearray, int, float, complex, np.dtype, np.ndarray)


def load_torch(path: str | os.PathLike[str]) -> Any:
    """Read what ``torch.save`` wrote, without torch and without running anything in it.

    Tensors come back as NumPy arrays that share memory where they did in torch, and cannot be
    written; ``jnp.asarray`` takes each to JAX. Containers, numbers, texts and None come back as
    they are, a ``torch.Size`` as a tuple, a dtype as NumPy's, a device as its name. A state dict is
    thus a dict of arrays by torch's names, which `from_state_dict` makes parameters of.

    Args:
        path: A ``.pt`` or ``.pth`` file, of torch 1.6's zip format or the one before it.

    Returns:
        What was saved.

    Raises:
        ValueError: The file is damaged or no such file, or holds anything but tensors and
            containers: such a file could have run any program in ``torch.load``. Sparse and
            quantized tensors, and whole modules rather than their state dicts, are among that.
        OSError: It cannot be read.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from jaxnn.checkpoint import save_torch
        >>> path = Path(tempfile.mkdtemp()) / "model.pt"
        >>> save_torch(path, {"0.weight": np.ones((2, 3), np.float32), "epoch": 7})
        >>> load_torch(path)["0.weight"].shape
        (2, 3)

    Source: ``torch.load(path, weights_only=True)``.
    """
    data = Path(path).read_bytes()
    try:
        with warnings.catch_warnings(), io.BytesIO(data) as stream:
            warnings.simplefilter("ignore")  # of what Python thinks of escapes in damaged texts
            is_zip = data[:4] == b"PK\x03\x04"
            value = _read_zip(stream, len(data)) if is_zip else _read_legacy(stream, data)
            check_nesting(value, _check_leaf)
            return value
    except _DAMAGES as error:
        reason = str(error) or type(error).__name__
        raise ValueError(f"load_torch: {os.fspath(path)} cannot be loaded: {reason}") from None


def _check_leaf(value: Any) -> None:
    """Refuse what stands for names and storages in a pickle."""
    if value is not None and not isinstance(value, _LEAVES):
        raise ValueError("it holds a type, function or storage where only data can be")


def _read_zip(stream: io.BytesIO, size: int) -> Any:
    with zipfile.ZipFile(stream) as archive:
        records = {info.filename: info for info in archive.infolist()}
        if len(records) < len(archive.infolist()):
            raise ValueError("it has two records of one name")
        if sum(info.file_size for info in records.values()) > size:
            raise ValueError("its records are larger than the file")
        root = _root(records)

        def record(name: str) -> bytes:
            info = records.get(f"{root}/{name}")
            if info is None:
                raise ValueError(f"it has no record {name[:100]!r}")
            if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
                raise ValueError("its records are compressed, which torch's never are")
            return archive.read(info)

        order = record("byteorder") if f"{root}/byteorder" in records else b"little"
        storages = Storages(lambda key: record(f"data/{key}"), order)
        budget = Budget(size)
        pickle = io.BytesIO(record("data.pkl"))
        return read(pickle, Objects(budget).find, storages.find, budget)


def _root(records: dict[str, Any]) -> str:
    """The folder of a file's records, which has the name that the file was saved under."""
    roots = {name.rpartition("/")[0] for name in records if name.endswith("/data.pkl")}
    if any(name.endswith("/constants.pkl") for name in records):
        raise ValueError("it is a program of TorchScript; save its state_dict() instead")
    if len(roots) != 1:
        raise ValueError("it is a zip file, but none of torch's")
    return roots.pop()


class Storages:
    """The storages of a file, each read once.

    Args:
        record: From a storage's key to its bytes.
        order: The byte order in which they were written.
    """

    def __init__(self, record: Callable[[str], bytes], order: bytes = b"little") -> None:
        if order not in (b"little", b"big"):
            raise ValueError("its byte order is neither little nor big")
        self.record, self.swapped = record, order == b"big"
        self.known: dict[str, StoredTensor] = {}

    def find(self, identifier: Any) -> StoredTensor:
        """The storage that a persistent identifier names."""
        kind, key, numel, view = storage_identifier(identifier)
        if key not in self.known:
            data = np.frombuffer(self.record(key), np.uint8)
            if self.swapped and kind.dtype is not None:
                data = data.view(kind.dtype).byteswap().view(np.uint8)
                data.flags.writeable = False
            self.known[key] = StoredTensor(data, kind.dtype)
        known = self.known[key]
        itemsize = 1 if kind.dtype is None else kind.dtype.itemsize
        if known.dtype != kind.dtype or numel * itemsize > known.data.size:
            raise ValueError("a storage has not the size or type that it was named with")
        start, count = (0, numel) if view is None else view
        if start + count > numel:
            raise ValueError("a part of a storage reaches beyond it")
        return StoredTensor(known.data[start * itemsize : (start + count) * itemsize], kind.dtype)


def storage_identifier(
    identifier: Any,
) -> tuple[StorageType, str, int, tuple[int, int] | None]:
    """Type, key, number of elements and part of the storage that an identifier names.

    Raises:
        ValueError: It names something else.
    """
    wrong = ValueError("it refers to something outside of it that is no storage")
    if not isinstance(identifier, tuple) or len(identifier) not in (5, 6):
        raise wrong
    word, kind, key, _, numel, *view = identifier
    if not isinstance(word, str) or word != "storage":
        raise wrong
    if not isinstance(kind, StorageType) or not isinstance(key, str):
        raise wrong
    if type(numel) is not int or not 0 <= numel < 2**62:
        raise wrong
    if not view or view[0] is None:
        return kind, key, numel, None
    if not isinstance(view[0], tuple) or len(view[0]) != 3:
        raise wrong
    _, start, count = view[0]
    if type(start) is not int or type(count) is not int or min(start, count) < 0:
        raise wrong
    return kind, key, numel, (start, count)


def _read_legacy(stream: io.BytesIO, data: bytes) -> Any:
    if data[257:262] == b"ustar":
        raise ValueError("it is a tar file of torch 0.1; load and save it with a later torch")
    size = len(data)
    if not data.startswith(b"\x80"):
        raise ValueError("it is no file that torch.save writes")
    if _plain(stream, size) != _MAGIC or _plain(stream, size) != _LEGACY_PROTOCOL:
        raise ValueError("it is no file that torch.save writes")
    system = _plain(stream, size)
    if not isinstance(system, dict) or system.get("little_endian") is not True:
        raise ValueError("its byte order is not little")
    start = stream.tell()
    # The storages stand behind the pickle that uses them: a first reading says of which types.
    types: dict[str, StorageType] = {}
    budget = Budget(size)
    read(stream, _Names(budget).find, lambda identifier: _noted(types, identifier), budget)
    records = _legacy_records(stream, types, data)
    stream.seek(start)
    budget = Budget(size)
    return read(stream, Objects(budget).find, Storages(records.__getitem__).find, budget)


def _plain(stream: io.BytesIO, size: int) -> Any:
    """A pickle of numbers, texts and containers."""

    def refuse(*_: Any) -> Any:
        raise ValueError("its header names things")

    return read(stream, refuse, refuse, Budget(size))


class _Names(Objects):
    """The table of names with calls that make nothing."""

    def find(self, module: str, name: str) -> Any:
        found = super().find(module, name)
        is_container = isinstance(found, Callee) and found.name.startswith("collections.")
        if isinstance(found, Callee) and not is_container:
            return Callee(found.name, lambda *_: None)
        return found


def _noted(types: dict[str, StorageType], identifier: Any) -> None:
    kind, key, _, _ = storage_identifier(identifier)
    types[key] = kind


def _legacy_records(
    stream: io.BytesIO, types: dict[str, StorageType], data: bytes
) -> dict[str, bytes]:
    """The bytes of each storage: the keys as a pickle, then for each its length and elements."""
    keys = _plain(stream, len(data))
    are_names = isinstance(keys, list) and all(isinstance(key, str) for key in keys)
    if not are_names or len(set(keys)) != len(keys):
        raise ValueError("its list of storages is none")
    place, records = stream.tell(), {}
    for key in keys:
        if key not in types:
            raise ValueError("it holds a storage that nothing uses")
        (numel,) = struct.unpack_from("<q", data, place)
        dtype = types[key].dtype
        size = numel * (1 if dtype is None else dtype.itemsize)
        if numel < 0 or place + 8 + size > len(data):
            raise ValueError("it ends before its storages do")
        records[key] = data[place + 8 : place + 8 + size]
        place += 8 + size
    return records
