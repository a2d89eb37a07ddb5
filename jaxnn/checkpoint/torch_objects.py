"""What may be named in a file of torch's, and what it stands for here."""

import itertools
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

from jaxnn.checkpoint.budgets import Budget
from jaxnn.checkpoint.formats import STORAGES, TORCH
from jaxnn.checkpoint.makers import Makers
from jaxnn.checkpoint.pickles import Callee
from jaxnn.checkpoint.storages import StorageType, view


class Objects:
    """The table of names, for one file.

    Args:
        budget: What the file may cost.
        makers: What to make of tensors and their types.
    """

    def __init__(self, budget: Budget, makers: Makers) -> None:
        self.budget, self.makers = budget, makers
        calls: dict[str, Callable[..., Any]] = {
            "collections.OrderedDict": self._mapping,
            "collections.Counter": self._counter,
            "builtins.dict": self._mapping,
            "builtins.set": self._set,
            "builtins.complex": _complex,
            "builtins.bytearray": _bytearray,
            "_codecs.encode": _encoded,
            "torch.Size": self._size,
            "torch.device": self._device,
            "torch.serialization._get_layout": self._layout,
            "torch.Tensor": _type,
            "torch.nn.parameter.Parameter": _type,
            "torch._utils._rebuild_tensor": self._tensor,
            "torch._utils._rebuild_tensor_v2": self._tensor_v2,
            "torch._utils._rebuild_tensor_v3": self._tensor_v3,
            "torch._utils._rebuild_parameter": self._parameter,
            "torch._utils._rebuild_parameter_with_state": self._parameter,
            "torch._utils._rebuild_device_tensor_from_cpu_tensor": self._parameter,
            "torch._tensor._rebuild_from_type_v2": self._typed,
        }
        self.names: dict[str, Any] = {name: Callee(name, make) for name, make in calls.items()}
        made = {name: (makers.dtype(dtype), dtype) for name, dtype in TORCH.items()}
        self.dtypes = {id(own): dtype for own, dtype in made.values() if own is not None}
        self.names |= {f"torch.{name}": own for name, (own, _) in made.items() if own is not None}
        for home, (name, dtype) in itertools.product(("torch", "torch.cuda"), STORAGES.items()):
            self.names[f"{home}.{name}"] = StorageType(name, TORCH[dtype])
        self.names["torch.storage.UntypedStorage"] = StorageType("UntypedStorage", None)

    def find(self, module: str, name: str) -> Any:
        """What stands for a name.

        Raises:
            ValueError: It is none of those that a file of tensors needs.
        """
        full = f"{module.replace('__builtin__', 'builtins')}.{name}"
        if full not in self.names:
            raise ValueError(
                f"it names {full[:200]!r}, which is no part of tensors and containers, and nothing "
                "in a file is run here"
            )
        return self.names[full]

    def _mapping(self, items: Any = ()) -> dict[Any, Any]:
        if not isinstance(items, list | tuple) or any(
            not isinstance(pair, list | tuple) or len(pair) != 2 for pair in items
        ):
            raise ValueError("a dict in the file is not made of pairs")
        made: OrderedDict[Any, Any] = OrderedDict()
        self.budget.fill(made, items)
        return made

    def _counter(self, counts: Any = None) -> dict[Any, Any]:
        if counts is not None and not isinstance(counts, dict):
            raise ValueError("a Counter in the file is not made of a dict")
        made: Counter[Any] = Counter()
        self.budget.fill(made, (counts or {}).items())
        return made

    def _set(self, elements: Any = ()) -> set[Any]:
        if not isinstance(elements, list | tuple):
            raise ValueError("a set in the file is not made of a list")
        made: set[Any] = set()
        self.budget.add(made, elements)
        return made

    def _tensor(self, storage: Any, offset: Any, size: Any, stride: Any, *_: Any) -> Any:
        return self.makers.tensor(view(storage, None, offset, size, stride))

    def _tensor_v2(
        self, storage: Any, offset: Any, size: Any, stride: Any, requires_grad: Any, hooks: Any,
        metadata: Any = None,
    ) -> Any:  # fmt: skip
        x = self.makers.tensor(view(storage, None, offset, size, stride))
        return self._marked(x, metadata)

    def _tensor_v3(
        self, storage: Any, offset: Any, size: Any, stride: Any, requires_grad: Any, hooks: Any,
        dtype: Any, metadata: Any = None,
    ) -> Any:  # fmt: skip
        of = self.dtypes.get(id(dtype))  # a hash of what a file makes might take forever
        if of is None:
            raise ValueError("a tensor in the file has a type that is none")
        return self._marked(self.makers.tensor(view(storage, of, offset, size, stride)), metadata)

    def _marked(self, x: Any, metadata: Any) -> Any:
        """A tensor with what torch puts off done."""
        if not isinstance(metadata, dict):
            return x
        for mark, function in self.makers.marks.items():
            if metadata.get(mark) is True:
                self.budget.spend(x.nbytes)
                x = function(x)
        return x

    def _size(self, sizes: Any = ()) -> Any:
        if not isinstance(sizes, tuple | list) or any(type(n) is not int for n in sizes):
            raise ValueError("a size in the file is not made of integers")
        return self.makers.size(tuple(sizes))

    def _device(self, kind: Any, index: Any = None) -> Any:
        if not isinstance(kind, str) or not (index is None or type(index) is int):
            raise ValueError("a device in the file is not given by name and number")
        return self.makers.device(kind, index)

    def _layout(self, name: Any) -> Any:
        if not isinstance(name, str):
            raise ValueError("a layout in the file is not given by name")
        return self.makers.layout(name)

    def _parameter(self, data: Any, *_: Any) -> Any:
        if not isinstance(data, self.makers.kind):
            raise ValueError("a parameter in the file is no tensor")
        return data

    def _typed(self, make: Any, kind: Any, arguments: Any, state: Any) -> Any:
        """A tensor with attributes of its own, of which the tensor is kept."""
        if not isinstance(make, Callee) or not isinstance(arguments, tuple):
            raise ValueError("a tensor in the file is made by what is no function")
        return self._parameter(make.make(*arguments))


def _type(*_: Any) -> Any:
    raise ValueError("a tensor in the file is made by its type alone")


def _bytearray(data: Any = b"", *encoding: Any) -> bytearray:
    data = _encoded(data, *encoding) if isinstance(data, str) else data
    if not isinstance(data, bytes):
        raise ValueError("a bytearray in the file is not made of bytes")
    return bytearray(data)


def _encoded(text: Any, encoding: Any = "latin1") -> bytes:
    if type(text) is not str or type(encoding) is not str or encoding not in ("latin1", "latin-1"):
        raise ValueError("bytes in the file are not written as Latin-1 text")
    return text.encode("latin1")


def _complex(real: Any, imag: Any = 0.0) -> complex:
    if not isinstance(real, int | float) or not isinstance(imag, int | float):
        raise ValueError("a complex number in the file is not made of numbers")
    return complex(real, imag)
