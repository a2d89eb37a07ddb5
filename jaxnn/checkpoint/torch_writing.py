"""Files that ``torch.load(path, weights_only=True)`` reads, written without torch."""

import math
import os
import struct
import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from jaxnn._checks import complaint
from jaxnn.checkpoint import atomic
from jaxnn.checkpoint.budgets import Budget, check_key
from jaxnn.checkpoint.formats import STORAGES, TORCH_NAMES
from jaxnn.checkpoint.nesting import check_nesting

_ROOT = "archive"
_STORAGE_NAMES = {dtype: name for name, dtype in STORAGES.items()}
_CONSTANTS = {None: b"N", True: b"\x88", False: b"\x89"}


def save_torch(path: str | os.PathLike[str], value: Any) -> None:
    """Write arrays and containers into a file that torch loads, and that runs nothing there.

    Args:
        path: Where the file is to be; one that is there is replaced. It is there whole or not at
            all.
        value: Arrays of JAX or of NumPy in dicts, lists and tuples, with numbers, texts and None:
            a state dict, or a dict of several. What is the same object in two places stays one.

    Raises:
        TypeError: It holds something else.
        ValueError: It is nested more than 100 deep, or in itself, or has keys that `load_torch`
            does not take: arrays, or tens of thousands of numbers that do not count up from 0.
        OSError: There is no room, or no right to write there.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import jax.numpy as jnp
        >>> from jaxnn.checkpoint import load_torch
        >>> path = Path(tempfile.mkdtemp()) / "model.pt"
        >>> save_torch(path, {"model": {"bias": jnp.zeros(2)}, "epoch": 3})
        >>> load_torch(path)
        {'model': {'bias': array([0., 0.], dtype=float32)}, 'epoch': 3}

    Source: ``torch.save``.
    """
    pickle = _Pickle()
    try:
        check_nesting(value, lambda _: None)
        pickle.add(value)
    except ValueError as error:
        must = "value must be what load_torch reads"
        instead = "use to_state_dict(params)"
        raise ValueError(complaint("save_torch", must, str(error), instead)) from None
    atomic.write(path, lambda file: _write_zip(file, pickle))


class _Pickle:
    """The instructions that make a value again, and the storages that they refer to."""

    def __init__(self) -> None:
        self.code = bytearray(b"\x80\x02")
        self.arrays: list[np.ndarray] = []
        self._keys: dict[int, tuple[int, Any]] = {}
        self._places: dict[int, tuple[int, Any]] = {}
        self._budget = Budget(0)

    def add(self, value: Any) -> None:
        """Append what makes a value."""
        if value is None or isinstance(value, bool):
            self.code += _CONSTANTS[value]
        elif isinstance(value, str):
            text = value.encode()
            self.code += b"X" + struct.pack("<I", len(text)) + text
        elif isinstance(value, int):
            self._add_integer(value)
        elif isinstance(value, float):
            self.code += b"G" + struct.pack(">d", value)
        elif isinstance(value, Mapping):
            self._add_mapping(value)
        elif isinstance(value, list):
            self._add_all(value, b"](", value, b"e")
        elif isinstance(value, tuple):
            self._add_all(value, b"(", value, b"t")
        elif hasattr(value, "dtype") and hasattr(value, "shape"):
            self._add_array(value)
        else:
            must = "value must be made of arrays, containers, numbers and texts"
            came, instead = f"a {type(value).__name__}", "use to_state_dict(params)"
            raise TypeError(complaint("save_torch", must, came, instead))

    def _add_mapping(self, value: Mapping[Any, Any]) -> None:
        """Append a dict, and pay for its keys when `load_torch` does: after what is in it."""
        is_new = id(value) not in self._places
        for key in value:
            check_key(key)
        self._add_all(value, b"}(", [each for item in value.items() for each in item], b"u")
        for count, key in enumerate(value if is_new else ()):
            self._budget.look_up(key, count)

    def _add_all(self, container: Any, before: bytes, values: Any, after: bytes) -> None:
        """Append a container; one that stands elsewhere too is remembered from there."""
        if id(container) in self._places:
            place, _ = self._places[id(container)]
            self.code += b"j" + struct.pack("<I", place)
            return
        self.code += before
        for each in values:
            self.add(each)
        place = len(self._places)
        self._places[id(container)] = place, container  # which keeps its identity taken
        self.code += after + b"r" + struct.pack("<I", place)

    def _add_integer(self, value: int) -> None:
        if -(2**31) <= value < 2**31:
            self.code += b"J" + struct.pack("<i", value)
            return
        data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
        if len(data) > 255:
            must = "integers must have 2000 bits or less"
            came, instead = f"one of {value.bit_length()} bits", "write it as a text"
            raise TypeError(complaint("save_torch", must, came, instead))
        self.code += b"\x8a" + bytes([len(data)]) + data

    def _add_array(self, value: Any) -> None:
        key, array = self._stored(value)
        name = TORCH_NAMES[array.dtype]
        storage = _STORAGE_NAMES.get(name)
        make = "_rebuild_tensor_v2" if storage else "_rebuild_tensor_v3"
        self._add_name("torch._utils", make)
        self.code += b"("
        self._add_storage(key, array, storage)
        for each in (0, array.shape, _strides(array.shape), False):
            self.add(each)
        self._add_name("collections", "OrderedDict")
        self.code += b")R"
        if storage is None:
            self._add_name("torch", name)
        self.code += b"tR"

    def _add_storage(self, key: int, array: np.ndarray, storage: str | None) -> None:
        self.code += b"("
        self.add("storage")
        self._add_name(*("torch", storage) if storage else ("torch.storage", "UntypedStorage"))
        for each in (str(key), "cpu", array.size if storage else array.nbytes):
            self.add(each)
        self.code += b"tQ"

    def _add_name(self, module: str, name: str) -> None:
        self.code += f"c{module}\n{name}\n".encode()

    def _stored(self, value: Any) -> tuple[int, np.ndarray]:
        """An array's key and its elements in order; the same object has one key."""
        if id(value) not in self._keys:
            array = np.asarray(value, order="C")
            if array.dtype not in TORCH_NAMES:
                must = "arrays must be of a type that torch has"
                raise TypeError(complaint("save_torch", must, str(array.dtype), "convert it"))
            self._keys[id(value)] = len(self.arrays), value  # which keeps its identity taken
            self.arrays.append(array.astype(array.dtype.newbyteorder("<"), copy=False))
        key, _ = self._keys[id(value)]
        return key, self.arrays[key]


def _strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Of elements in order; NumPy's are anything, even below 0, along an axis of 1."""
    sizes = [max(n, 1) for n in shape]
    return tuple(math.prod(sizes[axis + 1 :]) for axis in range(len(sizes)))


def _write_zip(file: BinaryIO, pickle: _Pickle) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{_ROOT}/data.pkl", bytes(pickle.code) + b".")
        archive.writestr(f"{_ROOT}/byteorder", b"little")
        for key, array in enumerate(pickle.arrays):
            archive.writestr(f"{_ROOT}/data/{key}", array.tobytes())
        archive.writestr(f"{_ROOT}/version", b"3\n")
