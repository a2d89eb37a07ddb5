"""Files that ``torch.load(path, weights_only=True)`` reads, written without torch."""

import math
import os
import struct
import zipfile
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
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

#: What is written once, however many places it stands in; tensors and arrays are, too.
_SHARED = (Mapping, list, tuple, set)


def save_torch(path: str | os.PathLike[str], value: Any) -> None:
    """Write arrays and containers into a file that torch loads, and that runs nothing there.

    Args:
        path: Where the file is to be; one that is there is replaced. It is there whole or not at
            all.
        value: Arrays of JAX or of NumPy in dicts, lists, tuples and sets, with numbers, texts,
            bytes, NumPy's types (which become torch's) and None: a state dict, or a dict of
            several. What is the same object in two places stays one.

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
    pickle = TorchPickle()
    try:
        check_nesting(value, lambda _: None)
        pickle.add(value)
    except ValueError as error:
        must = "value must be what load_torch reads"
        instead = "use to_state_dict(params)"
        raise ValueError(complaint("save_torch", must, str(error), instead)) from None
    atomic.write(path, pickle.write)


class TorchPickle:
    """The instructions that make a value again, and the storages that they refer to."""

    #: Who writes, for messages.
    function = "save_torch"

    def __init__(self) -> None:
        self._code = bytearray(b"\x80\x02")
        self._storages: list[np.ndarray] = []
        self._keys: dict[int, tuple[int, np.dtype, Any]] = {}
        self._places: dict[int, tuple[int, Any]] = {}
        self._budget = Budget(0)
        #: How to append a value of each type; the first that fits is taken.
        self.ways: dict[type, Callable[[Any], None]] = {
            type(None): self._add_constant,
            bool: self._add_constant,
            str: self._add_text,
            int: self._add_integer,
            float: self._add_float,
            complex: self._add_complex,
            bytes: self._add_bytes,
            bytearray: self._add_bytes,
            Counter: self._add_counter,
            OrderedDict: self._add_ordered,
            Mapping: self._add_mapping,
            list: lambda value: self._add_all(b"](", value, b"e"),
            tuple: lambda value: self._add_all(b"(", value, b"t"),
            set: self._add_set,
            np.dtype: self._add_dtype,
        }

    def add(self, value: Any) -> None:
        """Append what makes a value; one that stands elsewhere too is remembered from there."""
        if id(value) in self._places:
            place, _ = self._places[id(value)]
            self._code += b"j" + struct.pack("<I", place)
            return
        fitting = (way for kind, way in self.ways.items() if isinstance(value, kind))
        next(fitting, self.add_other)(value)
        if isinstance(value, _SHARED) or hasattr(value, "shape"):
            place = len(self._places)
            self._places[id(value)] = place, value  # which keeps its identity taken
            self._code += b"r" + struct.pack("<I", place)

    def add_other(self, value: Any) -> None:
        """Append a value of a type that has no way of its own: an array of JAX or of NumPy.

        Raises:
            TypeError: It is none.
        """
        if not (hasattr(value, "dtype") and hasattr(value, "shape")):
            must = "value must be made of arrays, containers, numbers and texts"
            came, instead = f"a {type(value).__name__}", "use to_state_dict(params)"
            raise TypeError(complaint(self.function, must, came, instead))
        array = np.asarray(value, order="C")
        if array.dtype not in TORCH_NAMES:
            must = "arrays must be of a type that torch has"
            raise TypeError(complaint(self.function, must, str(array.dtype), "convert it"))
        flat = array.reshape(-1)
        self.add_tensor(flat, flat, 0, array.shape, _strides(array.shape))

    def add_tensor(
        self, memory: Any, flat: np.ndarray, offset: int, shape: tuple[int, ...],
        strides: tuple[int, ...], marks: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """Append a tensor.

        Args:
            memory: What identifies the storage, which is written once.
            flat: All of the storage's elements.
            offset: Where in it the tensor's elements begin.
            shape: Their number along each axis.
            strides: How far apart they are along each axis.
            marks: What torch puts off until the tensor is read: "conj", "neg".

        Raises:
            ValueError: The storage is written already, as elements of another type.
        """
        name = TORCH_NAMES[flat.dtype]
        storage = _STORAGE_NAMES.get(name)
        self.add_name("torch._utils", "_rebuild_tensor_v2" if storage else "_rebuild_tensor_v3")
        self._code += b"("
        self._add_storage(self._key(memory, flat), flat, storage)
        for each in (offset, shape, strides, False):
            self.add(each)
        self.add_call("collections", "OrderedDict", ())
        if storage is None:
            self.add_name("torch", name)
        if marks:
            self.add(dict.fromkeys(marks, True))
        self._code += b"tR"

    def add_call(self, module: str, name: str, arguments: tuple[Any, ...]) -> None:
        """Append a call of what goes by a name."""
        self.add_name(module, name)
        self.add(arguments)
        self._code += b"R"

    def add_name(self, module: str, name: str) -> None:
        """Append what goes by a name."""
        self._code += f"c{module}\n{name}\n".encode()

    def write(self, file: BinaryIO) -> None:
        """Write a file of what has been added."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(f"{_ROOT}/data.pkl", bytes(self._code) + b".")
            archive.writestr(f"{_ROOT}/byteorder", b"little")
            for key, flat in enumerate(self._storages):
                archive.writestr(f"{_ROOT}/data/{key}", flat.tobytes())
            archive.writestr(f"{_ROOT}/version", b"3\n")

    def _add_constant(self, value: bool | None) -> None:
        self._code += _CONSTANTS[value]

    def _add_text(self, value: str) -> None:
        text = value.encode()
        self._code += b"X" + struct.pack("<I", len(text)) + text

    def _add_integer(self, value: int) -> None:
        if -(2**31) <= value < 2**31:
            self._code += b"J" + struct.pack("<i", value)
            return
        data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
        if len(data) > 255:
            must = "integers must have 2000 bits or less"
            came, instead = f"one of {value.bit_length()} bits", "write it as a text"
            raise TypeError(complaint(self.function, must, came, instead))
        self._code += b"\x8a" + bytes([len(data)]) + data

    def _add_float(self, value: float) -> None:
        self._code += b"G" + struct.pack(">d", value)

    def _add_complex(self, value: complex) -> None:
        self.add_call("__builtin__", "complex", (value.real, value.imag))

    def _add_bytes(self, value: bytes | bytearray) -> None:
        text = value.decode("latin1")  # this version of the format has no bytes
        if isinstance(value, bytearray):
            self.add_call("__builtin__", "bytearray", (text, "latin-1"))
        else:
            self.add_call("_codecs", "encode", (text, "latin1"))

    def _add_mapping(self, value: Mapping[Any, Any]) -> None:
        self._code += b"}"
        self._add_items(value)

    def _add_ordered(self, value: OrderedDict[Any, Any]) -> None:
        self.add_call("collections", "OrderedDict", ())
        self._add_items(value)

    def _add_items(self, value: Mapping[Any, Any]) -> None:
        """Append what fills a dict, and pay for its keys when `load_torch` does: after values."""
        for key in value:
            check_key(key)
        self._add_all(b"(", [each for item in value.items() for each in item], b"u")
        self._pay(value)

    def _add_counter(self, value: Counter[Any]) -> None:
        self.add_call("collections", "Counter", (dict(value),))
        self._pay(value)

    def _add_set(self, value: set[Any]) -> None:
        self._pay(value)
        self.add_call("__builtin__", "set", (list(value),))

    def _pay(self, keys: Iterable[Any]) -> None:
        for count, key in enumerate(keys):
            self._budget.look_up(key, count)

    def _add_all(self, before: bytes, values: Iterable[Any], after: bytes) -> None:
        self._code += before
        for each in values:
            self.add(each)
        self._code += after

    def _add_dtype(self, value: np.dtype) -> None:
        if value not in TORCH_NAMES:
            must = "types must be ones that torch has"
            raise TypeError(complaint(self.function, must, str(value), "write it as a text"))
        self.add_name("torch", TORCH_NAMES[value])

    def _add_storage(self, key: int, flat: np.ndarray, storage: str | None) -> None:
        self._code += b"("
        self.add("storage")
        self.add_name(*("torch", storage) if storage else ("torch.storage", "UntypedStorage"))
        for each in (str(key), "cpu", flat.size if storage else flat.nbytes):
            self.add(each)
        self._code += b"tQ"

    def _key(self, memory: Any, flat: np.ndarray) -> int:
        """The number of a storage."""
        if id(memory) not in self._keys:
            self._keys[id(memory)] = len(self._storages), flat.dtype, memory
            self._storages.append(flat.astype(flat.dtype.newbyteorder("<"), copy=False))
        key, dtype, _ = self._keys[id(memory)]
        if dtype != flat.dtype:
            raise ValueError("tensors or storages that view the same data as different types")
        return key


def _strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Of elements in order; NumPy's are anything, even below 0, along an axis of 1."""
    sizes = [max(n, 1) for n in shape]
    return tuple(math.prod(sizes[axis + 1 :]) for axis in range(len(sizes)))
