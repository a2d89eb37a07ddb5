"""The storages of a file of torch's, and the layouts of the tensors that are views of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

Bytes = np.ndarray
"""The bytes of a storage, as uint8."""


@dataclass(frozen=True, slots=True)
class StorageType:
    """A storage class: its name, and the type of its elements where it has one."""

    name: str
    dtype: np.dtype | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A storage that the file names, or a part of one.

    Args:
        whole: The bytes of all of it.
        dtype: The type of its elements, where it has one.
        start: Where the part begins, in bytes.
        nbytes: How many bytes the part has.
        location: The device that it was on.
    """

    whole: Bytes
    dtype: np.dtype | None
    start: int
    nbytes: int
    location: str


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
        self.known: dict[str, tuple[Bytes, np.dtype | None]] = {}

    def find(self, identifier: Any) -> Stored:
        """The storage that a persistent identifier names."""
        kind, key, location, numel, part = storage_identifier(identifier)
        if key not in self.known:
            data = np.frombuffer(self.record(key), np.uint8)
            if self.swapped and kind.dtype is not None:
                data = data.view(kind.dtype).byteswap().view(np.uint8)
                data.flags.writeable = False
            self.known[key] = data, kind.dtype
        whole, dtype = self.known[key]
        itemsize = 1 if kind.dtype is None else kind.dtype.itemsize
        if dtype != kind.dtype or numel * itemsize > whole.size:
            raise ValueError("a storage has not the size or type that it was named with")
        start, count = part or (0, numel)
        if start + count > numel:
            raise ValueError("a part of a storage reaches beyond it")
        return Stored(whole, dtype, start * itemsize, count * itemsize, location)


class StorageIdentifier(NamedTuple):
    """What a file says of a storage: type, key, device, number of elements, and part of it."""

    kind: StorageType
    key: str
    location: str
    numel: int
    part: tuple[int, int] | None


def storage_identifier(identifier: Any) -> StorageIdentifier:
    """What a persistent identifier names.

    Raises:
        ValueError: It is no storage.
    """
    wrong = ValueError("it refers to something outside of it that is no storage")
    if not isinstance(identifier, tuple) or len(identifier) not in (5, 6):
        raise wrong
    word, kind, key, location, numel, *view = identifier
    if not isinstance(word, str) or word != "storage":
        raise wrong
    if not isinstance(kind, StorageType) or not isinstance(key, str):
        raise wrong
    if not isinstance(location, str) or type(numel) is not int or not 0 <= numel < 2**62:
        raise wrong
    if not view or view[0] is None:
        return StorageIdentifier(kind, key, location, numel, None)
    if not isinstance(view[0], tuple) or len(view[0]) != 3:
        raise wrong
    _, start, count = view[0]
    if type(start) is not int or type(count) is not int or min(start, count) < 0:
        raise wrong
    return StorageIdentifier(kind, key, location, numel, (start, count))


class View(NamedTuple):
    """A tensor's elements: a storage, their type, and where in it they lie, in elements."""

    storage: Stored
    dtype: np.dtype
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self) -> np.ndarray:
        """The elements over the bytes of the file, which cannot be written."""
        if 0 in self.shape:
            return np.zeros(self.shape, self.dtype)
        itemsize = self.dtype.itemsize
        start = self.storage.start + self.offset * itemsize
        steps = [step * itemsize for step in self.strides]
        return np.ndarray(self.shape, self.dtype, self.storage.whole, start, steps)


def view(storage: Any, dtype: np.dtype | None, offset: Any, size: Any, stride: Any) -> View:
    """A tensor over a storage, all of whose elements lie inside of it.

    Raises:
        ValueError: They do not, or the numbers are no layout.
    """
    if not isinstance(storage, Stored):
        raise ValueError("a tensor in the file has no storage")
    of = dtype or storage.dtype
    shape, strides = _integers(size), _integers(stride)
    if of is None or not isinstance(offset, int) or offset < 0 or len(shape) != len(strides):
        raise ValueError("a tensor in the file has a layout that is none")
    last = offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    if 0 not in shape and last >= storage.nbytes // of.itemsize:
        raise ValueError("a tensor in the file reaches beyond its storage")
    return View(storage, of, offset, shape, strides)


def _integers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, tuple | list) or len(value) > 64:
        raise ValueError("a tensor in the file has a shape that is none")
    if any(type(n) is not int or not 0 <= n < 2**63 for n in value):
        raise ValueError("a tensor in the file has a size or stride that is none")
    return tuple(value)
