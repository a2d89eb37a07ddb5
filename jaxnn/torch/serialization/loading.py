"""``torch.load``."""

import functools
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from jaxnn.checkpoint.makers import MARKS, Makers
from jaxnn.checkpoint.storages import View
from jaxnn.checkpoint.torch_files import DAMAGES, read_torch
from jaxnn.torch import dtypes, formats
from jaxnn.torch.aliases import mapped, retyped
from jaxnn.torch.devices import device, device_count
from jaxnn.torch.layouts import Layout
from jaxnn.torch.size import Size
from jaxnn.torch.storage import Storage, from_array, moved
from jaxnn.torch.tensor import Tensor, wrap
from jaxnn.torch.untyped_storage import UntypedStorage

#: What a zip file ends with, and the length of it without a comment.
_END, _END_SIZE = b"PK\x05\x06", 22
_NO_CUDA = (
    "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. If "
    "you are running on a CPU-only machine, please use torch.load with "
    "map_location=torch.device('cpu') to map your storages to the CPU."
)


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    encoding: str = "utf-8",
) -> Any:
    """Read what ``save`` or torch's own ``save`` wrote, without running anything in it.

    Args:
        f: A path, or a file that is open for bytes, which is read from where it stands.
        map_location: Where tensors are to be: a device, its name, a dict from names to names, or a
            function of an ``UntypedStorage`` and a name that returns a storage there or None.
            Without it they come to where they were.
        pickle_module: Not used.
        weights_only: Not used: even with False nothing but tensors and containers is loaded.
        mmap: Whether the file may stay on the disk, which it does not; ``f`` has to be a path.
        encoding: Not used.

    Returns:
        What was saved. A parameter comes as a tensor.

    Raises:
        pickle.UnpicklingError: It holds anything but tensors and containers, or is damaged.
        RuntimeError: Its parts cannot be found, or its tensors were on a device that is not here.
        OSError: It cannot be read.
        EOFError: It is empty.

    Source: ``torch.load``.

    >>> import io
    >>> import jaxnn.torch as torch
    >>> file, x = io.BytesIO(), torch.zeros(2)
    >>> torch.save([x, x[1:]], file)
    >>> y, part = torch.load(io.BytesIO(file.getvalue()))
    >>> part += 5
    >>> y
    tensor([0., 5.])
    """
    is_path = isinstance(f, str | os.PathLike)
    if mmap and not is_path:
        raise ValueError("f must be a file path in order to use the mmap argument")
    if not is_path and not (hasattr(f, "seek") and hasattr(f, "read")):
        raise AttributeError(
            f"{type(f).__name__!r} object has no attribute 'seek'. You can only torch.load from a "
            "file that is seekable. Please pre-load the data into a buffer like io.BytesIO and try "
            "to load from it instead."
        )
    data = Path(f).read_bytes() if is_path else _first(f)
    if not isinstance(data, bytes | bytearray | memoryview):
        raise AssertionError(f"Expected bytes, got {type(data).__name__}")
    if not data:
        raise EOFError("Ran out of input")
    try:
        return read_torch(bytes(data), _Tensors(map_location).makers)
    except zipfile.BadZipFile as error:
        raise RuntimeError(f"PytorchStreamReader failed reading zip archive: {error}") from None
    except _Refusal as refusal:
        raise refusal.error from None
    except DAMAGES as error:
        reason = str(error) or type(error).__name__
        raise pickle.UnpicklingError(f"Weights only load failed: {reason}") from None


def _first(file: Any) -> Any:
    """The bytes of the first file of those that may follow one another from where it stands."""
    start = file.tell() if hasattr(file, "tell") else 0
    data = file.read()
    if not isinstance(data, bytes | bytearray | memoryview) or data[:4] != b"PK\x03\x04":
        return data
    data, place = bytes(data), -1
    while (place := data.find(_END, place + 1)) >= 0 and len(data) - place >= _END_SIZE:
        size, offset, comment = struct.unpack_from("<IIH", data, place + 12)
        if size + offset == place:
            end = place + _END_SIZE + comment
            file.seek(start + end)
            return data[:end]
    return data


class _Refusal(Exception):  # noqa: N818 - carries the error that it stands for
    """An error of the caller's, on its way through a reader that takes errors for damage."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class _Tensors:
    """What a file's storages and tensors become.

    Args:
        map_location: Where they are to be.
    """

    def __init__(self, map_location: Any) -> None:
        self.located = _located(map_location)
        self.storages: dict[int, tuple[np.ndarray, Storage]] = {}
        self.makers = Makers(
            kind=Tensor,
            tensor=self.tensor,
            marks={name: functools.partial(_marked, mark) for name, mark in MARKS.items()},
            size=Size,
            device=device,
            layout=_layout,
            dtype=_dtype,
            others=(dtypes.dtype, device, formats.layout),
        )

    def tensor(self, view: View) -> Any:
        """The tensor that views a storage."""
        stored, dtype, offset, shape, strides = view
        start, between = divmod(stored.start, dtype.itemsize)
        if between:
            raise ValueError("a tensor in the file begins inside of an element")
        layout = Layout(shape, strides, start + offset)
        return wrap(retyped(self._storage(view), dtype), layout, dtypes.from_jax(dtype))

    def _storage(self, view: View) -> Storage:
        """The memory of a storage, which is the same for every view of it."""
        whole = view.storage.whole
        if id(whole) not in self.storages:
            divides = not whole.size % view.dtype.itemsize
            flat = from_array(np.array(whole.view(view.dtype) if divides else whole))
            try:
                storage = self.located(Storage(flat), view.storage.location)
            except Exception as error:
                raise _Refusal(error) from None
            self.storages[id(whole)] = whole, storage
        _, storage = self.storages[id(whole)]
        return storage


def _located(map_location: Any) -> Callable[[Storage, str], Storage]:
    """A function of a storage, and the name of where it was, that puts it where it is to be."""
    if map_location is None:
        return _restored
    if isinstance(map_location, dict):
        return lambda storage, name: _restored(storage, map_location.get(name, name))
    if isinstance(map_location, str | device):
        return lambda storage, _: _restored(storage, str(map_location))
    if not callable(map_location):
        raise TypeError(f"{type(map_location).__name__!r} object is not callable")

    def located(storage: Storage, name: str) -> Storage:
        chosen = map_location(UntypedStorage(storage), name)
        if chosen is None:
            return _restored(storage, name)
        if not isinstance(chosen, UntypedStorage):
            must = "map_location must return a storage or None"
            raise TypeError(f"{must}, not {type(chosen).__name__}")
        return chosen.as_type(storage.dtype)

    return located


def _restored(storage: Storage, name: str) -> Storage:
    """A storage on the device of a name."""
    kind, _, _ = name.partition(":")
    if kind == "cpu":
        return storage
    if kind != "cuda":
        raise RuntimeError(
            f"don't know how to restore data location of torch.storage.UntypedStorage (tagged with "
            f"{name})"
        )
    if not device_count():
        raise RuntimeError(_NO_CUDA)
    return moved(storage, device(name))


def _marked(mark: Any, x: Any) -> Any:
    return wrap(mapped(x._storage, mark), x._layout, x._dtype)


def _layout(name: str) -> Any:
    if name != str(formats.strided):
        raise ValueError(f"it names the layout {name[:100]!r}")
    return formats.strided


def _dtype(dtype: np.dtype) -> dtypes.dtype | None:
    return next((each for each in dtypes.DTYPES if each.numpy == dtype), None)
