"""Files that ``torch.save`` wrote before torch 1.6: pickles, and the storages behind them."""

import io
import struct
from typing import Any

from jaxnn.checkpoint.budgets import Budget
from jaxnn.checkpoint.makers import Makers
from jaxnn.checkpoint.pickles import Callee, read
from jaxnn.checkpoint.storages import Storages, StorageType, storage_identifier
from jaxnn.checkpoint.torch_objects import Objects

#: What such a file begins with, pickled.
_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_PROTOCOL = 1001


def read_legacy(stream: io.BytesIO, data: bytes, makers: Makers) -> Any:
    """What was saved.

    Args:
        stream: The file at its beginning.
        data: Its bytes.
        makers: What to make of tensors and their types.

    Raises:
        ValueError: It is damaged, or no such file.
    """
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
    read(stream, _Names(budget, makers).find, lambda identifier: _noted(types, identifier), budget)
    records = _legacy_records(stream, types, data)
    stream.seek(start)
    budget = Budget(size)
    return read(stream, Objects(budget, makers).find, Storages(records.__getitem__).find, budget)


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
    storage = storage_identifier(identifier)
    types[storage.key] = storage.kind


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
