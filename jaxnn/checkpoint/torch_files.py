"""Files that ``torch.save`` wrote, read without torch: the zip format, and the one before it."""

import io
import os
import struct
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

from jaxnn.checkpoint.budgets import Budget
from jaxnn.checkpoint.makers import ARRAYS, Makers
from jaxnn.checkpoint.nesting import check_nesting
from jaxnn.checkpoint.pickles import read
from jaxnn.checkpoint.storages import Storages
from jaxnn.checkpoint.torch_legacy import read_legacy
from jaxnn.checkpoint.torch_objects import Objects

#: What reading a damaged file may raise.
DAMAGES = (
    ValueError, KeyError, IndexError, EOFError, RecursionError, UnicodeError, OverflowError,
    struct.error, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError,
)  # fmt: skip

_LEAVES = (str, bytes, bytearray, int, float, complex)


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
            quantized tensors, and whole modules rather than their state dicts, are among that, and
            so are containers nested more than 100 deep, or in themselves, and dicts and sets with
            tens of thousands of numbers for keys that do not count up from 0.
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
        return read_torch(data)
    except DAMAGES as error:
        reason = str(error) or type(error).__name__
        raise ValueError(f"load_torch: {os.fspath(path)} cannot be loaded: {reason}") from None


def read_torch(data: bytes, makers: Makers = ARRAYS) -> Any:
    """What was saved in a file.

    Args:
        data: The file's bytes.
        makers: What to make of tensors and their types.

    Raises:
        DAMAGES: It is damaged, or no such file, or holds what is not read.
    """
    with warnings.catch_warnings(), io.BytesIO(data) as stream:
        warnings.simplefilter("ignore")  # of what Python thinks of escapes in damaged texts
        is_zip = data[:4] == b"PK\x03\x04"
        value = (
            _read_zip(stream, len(data), makers) if is_zip else read_legacy(stream, data, makers)
        )
        check_nesting(value, lambda leaf: _check_leaf(leaf, makers))
        return value


def _check_leaf(value: Any, makers: Makers) -> None:
    """Refuse what stands for names and storages in a pickle."""
    if value is not None and not isinstance(value, (*_LEAVES, makers.kind, *makers.others)):
        raise ValueError("it holds a type, function or storage where only data can be")


def _read_zip(stream: io.BytesIO, size: int, makers: Makers) -> Any:
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
        return read(pickle, Objects(budget, makers).find, storages.find, budget)


def _root(records: dict[str, Any]) -> str:
    """The folder of a file's records, which has the name that the file was saved under."""
    roots = {name.rpartition("/")[0] for name in records if name.endswith("/data.pkl")}
    if any(name.endswith("/constants.pkl") for name in records):
        raise ValueError("it is a program of TorchScript; save its state_dict() instead")
    if len(roots) != 1:
        raise ValueError("it is a zip file, but none of torch's")
    return roots.pop()
