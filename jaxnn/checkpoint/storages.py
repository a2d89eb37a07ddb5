"""The storages of a file of torch's, and the tensors that are views of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Bytes = np.ndarray
"""The bytes of a storage, as uint8."""


@dataclass(frozen=True, slots=True)
class StorageType:
    """A storage class: its name, and the type of its elements where it has one."""

    name: str
    dtype: np.dtype | None


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A storage that the file names: its bytes, and the type of its elements."""

    data: Bytes
    dtype: np.dtype | None


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


def strided(
    storage: Any, dtype: np.dtype | None, offset: Any, size: Any, stride: Any
) -> np.ndarray:
    """A tensor as a view of its storage's bytes, all of whose elements lie inside of them.

    Raises:
        ValueError: They do not, or the numbers are no layout.
    """
    if not isinstance(storage, StoredTensor):
        raise ValueError("a tensor in the file has no storage")
    element = storage.dtype or dtype
    shape, strides = _integers(size), _integers(stride)
    if element is None or not isinstance(offset, int) or offset < 0 or len(shape) != len(strides):
        raise ValueError("a tensor in the file has a layout that is none")
    of = dtype or element
    last = offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    if 0 in shape:
        return np.zeros(shape, of)
    if last >= storage.data.size // of.itemsize:
        raise ValueError("a tensor in the file reaches beyond its storage")
    steps = [step * of.itemsize for step in strides]
    return np.ndarray(shape, of, storage.data, offset * of.itemsize, steps)


def _integers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, tuple | list) or len(value) > 64:
        raise ValueError("a tensor in the file has a shape that is none")
    if any(type(n) is not int or not 0 <= n < 2**63 for n in value):
        raise ValueError("a tensor in the file has a size or stride that is none")
    return tuple(value)
