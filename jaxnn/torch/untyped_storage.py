"""The memory behind tensors as torch shows it: bytes, without a type."""

from typing import Any

import numpy as np

from jaxnn.torch import layouts
from jaxnn.torch.aliases import retyped
from jaxnn.torch.devices import device
from jaxnn.torch.storage import Storage, moved

_Device = device
_CPU = device("cpu")


class UntypedStorage:
    """The memory that tensors share, as bytes.

    Tensors view one another if their storages are equal.

    Source: ``torch.UntypedStorage``.

    >>> import jaxnn.torch as torch
    >>> x = torch.zeros(2, 3)
    >>> x.untyped_storage() == x.T[1:].untyped_storage(), x.untyped_storage().nbytes()
    (True, 24)
    """

    __slots__ = ("_storage",)
    __module__ = "jaxnn.torch"

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    @property
    def device(self) -> device:
        """Where the memory is."""
        return self._storage.device

    @property
    def _cdata(self) -> int:
        """What identifies the memory; code that asks whether tensors share it compares this."""
        return id(self._storage)

    def nbytes(self) -> int:
        """The number of bytes."""
        return self._storage.nbytes

    def size(self) -> int:
        """The number of bytes."""
        return self._storage.nbytes

    def element_size(self) -> int:
        """1: an element is a byte."""
        return 1

    def data_ptr(self) -> int:
        """The address of the memory."""
        return self._storage.address

    def cpu(self) -> "UntypedStorage":
        """The memory on the CPU: itself where it is there, else a copy."""
        return UntypedStorage(moved(self._storage, _CPU))

    def cuda(self, device: Any = None) -> "UntypedStorage":
        """The memory on a GPU: itself where it is there, else a copy."""
        place = _Device("cuda" if device is None else device)
        return UntypedStorage(moved(self._storage, place))

    def resizable(self) -> bool:
        """Whether the memory may grow: not where an array of NumPy's lies over it."""
        return self._storage.resizable

    def tolist(self) -> list[int]:
        """The bytes as Python numbers."""
        return self._bytes().tolist()

    def as_type(self, dtype: np.dtype) -> Storage:
        """The memory as elements of a type."""
        return retyped(self._storage, dtype)

    def _bytes(self) -> np.ndarray:
        memory = self._storage.values(layouts.contiguous((self._storage.size,)))
        return memory.view(np.uint8)

    def __len__(self) -> int:
        return self._storage.nbytes

    def __getitem__(self, index: Any) -> int:
        return int(self._bytes()[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UntypedStorage) and self._storage is other._storage

    def __hash__(self) -> int:
        return id(self._storage)

    def __repr__(self) -> str:
        lines = "".join(f" {byte}\n" for byte in self.tolist())
        return f"{lines}[torch.storage.UntypedStorage(device={self.device}) of size {len(self)}]"
