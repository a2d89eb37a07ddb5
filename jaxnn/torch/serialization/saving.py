"""``torch.save``."""

import io
import os
from pathlib import Path
from typing import Any

import jax
import numpy as np

from jaxnn.checkpoint import atomic
from jaxnn.checkpoint.makers import MARKS
from jaxnn.checkpoint.nesting import check_nesting
from jaxnn.checkpoint.torch_writing import TorchPickle
from jaxnn.torch import dtypes, formats, lacking, layouts
from jaxnn.torch.aliases import is_mapped
from jaxnn.torch.devices import device
from jaxnn.torch.size import Size
from jaxnn.torch.tensor import Tensor, is_traced


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = None,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
) -> None:
    """Write tensors and containers into a file that ``load`` reads, and torch's own ``load``.

    Tensors that view one another do so again when they are loaded: a storage is written once, and
    whole. Attributes of dicts are not written, and a dict of any other kind comes back as a dict.

    Args:
        obj: Tensors in dicts, lists, tuples and sets, with numbers, texts, bytes, sizes, dtypes,
            devices and None: a state dict, or a dict of several.
        f: A path, whose file is there whole or not at all, or a file that is open for bytes.
        pickle_module: Not used.
        pickle_protocol: Not used; the format is always the one that torch writes by default.

    Raises:
        RuntimeError: Tensors view the same data as different types, or the folder is not there.
        NotImplementedError: It holds something else.
        ValueError: It is nested more than 100 deep, or in itself, or has keys that ``load`` does
            not take: others than texts, bytes, numbers of up to 60 bits, None and tuples of these,
            or tens of thousands of numbers that do not count up from 0.

    Source: ``torch.save``.

    >>> import io
    >>> import jaxnn.torch as torch
    >>> file = io.BytesIO()
    >>> torch.save({"weight": torch.ones(2, 3), "epoch": 7}, file)
    >>> torch.load(io.BytesIO(file.getvalue()))
    {'weight': tensor([[1., 1., 1.],
            [1., 1., 1.]]), 'epoch': 7}
    """
    if not _use_new_zipfile_serialization:
        name, instead = "_use_new_zipfile_serialization", "Files are of torch 1.6's format"
        raise lacking.argument("save", name, instead)
    if not isinstance(f, str | os.PathLike) and not hasattr(f, "write"):
        raise AttributeError(
            "expected 'f' to be string, path, or a file-like object with a 'write' attribute"
        )
    code = _Pickle()
    try:
        check_nesting(obj, lambda _: None)
        code.add(obj)
    except ValueError as error:
        raise ValueError(f"save: obj must be what load reads, but {error}") from None
    if isinstance(f, str | os.PathLike):
        _check_place(Path(f))
        atomic.write(f, code.write)
    else:
        content = io.BytesIO()
        code.write(content)
        f.write(content.getbuffer())


class _Pickle(TorchPickle):
    """A pickle of torch's objects as the adapter has them."""

    function = "torch.save"

    def __init__(self) -> None:
        super().__init__()
        self.ways = {
            Size: lambda value: self.add_call("torch", "Size", (tuple(value),)),
            **self.ways,
            Tensor: self._add_tensor,
            dtypes.dtype: lambda value: self.add_name("torch", value._name),
            device: self._add_device,
            formats.layout: self._add_layout,
        }

    def add_other(self, value: Any) -> None:
        if isinstance(value, jax.Array):
            super().add_other(value)
            return
        instead = "Files hold tensors, containers, numbers and texts"
        if isinstance(value, np.ndarray):
            instead = "Make it a tensor: torch.from_numpy(array)"
        raise NotImplementedError(f"jaxnn.torch.save writes no {type(value).__name__}. {instead}.")

    def _add_tensor(self, value: Tensor) -> None:
        if is_traced(value):
            raise RuntimeError("save cannot write a tensor inside of a function that JAX traces")
        origin = value._storage.origin
        whole = origin.values(layouts.contiguous((origin.size,))).view(np.uint8)
        dtype, (shape, strides, offset) = value._dtype.numpy, value._layout
        flat = whole[: whole.size // dtype.itemsize * dtype.itemsize].view(dtype)
        marks = [name for name, mark in MARKS.items() if is_mapped(value._storage, mark)]
        try:
            self.add_tensor(origin, flat, offset, shape, strides, marks)
        except ValueError as error:
            raise RuntimeError(f"Cannot save multiple {error}") from None

    def _add_layout(self, value: formats.layout) -> None:
        self.add_call("torch.serialization", "_get_layout", (str(value),))

    def _add_device(self, value: device) -> None:
        index = () if value.index is None else (value.index,)
        self.add_call("torch", "device", (value.type, *index))


def _check_place(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise RuntimeError(f"Parent directory {path.parent} does not exist.")
    if path.is_dir():
        raise RuntimeError(f"invalid file name: {path}")
