"""From torch to the adapter: tensors with their memory, arguments, and the database's functions."""

import builtins
import functools
import types
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import torch

import jaxnn.torch
from jaxnn.torch.layouts import Layout
from jaxnn.torch.storage import Storage, from_array
from jaxnn.torch.tensor import wrap

#: How torch's bytes are read where NumPy lacks the type or torch cannot export it.
_AS_NUMPY = {torch.bfloat16: (torch.int16, ml_dtypes.bfloat16)}


class UntranslatableError(Exception):
    """An argument that has no counterpart, such as a sparse tensor."""


class Memory:
    """Translates tensors so that those which share memory in torch share it in the adapter."""

    def __init__(self) -> None:
        self.storages: dict[tuple[int, torch.dtype], Storage] = {}

    def __call__(self, value: Any) -> Any:
        """The counterpart of an argument, containers included."""
        if isinstance(value, torch.Tensor):
            return self.tensor(value)
        if isinstance(value, torch.Size):
            return jaxnn.torch.Size(value)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value)(*map(self, value))
        if isinstance(value, list | tuple):
            return type(value)(map(self, value))
        if isinstance(value, dict):
            return {key: self(each) for key, each in value.items()}
        if isinstance(value, slice):
            return slice(self(value.start), self(value.stop), self(value.step))
        if isinstance(value, torch.dtype | torch.memory_format | torch.layout):
            return named(str(value).removeprefix("torch."))
        if isinstance(value, torch.device):
            return jaxnn.torch.device(str(value))
        if isinstance(value, torch.Generator):
            raise UntranslatableError("a generator")
        if callable(value):
            return function(value)
        return value

    def tensor(self, x: torch.Tensor) -> Any:
        """The same elements in the same places of memory."""
        if x.layout is not torch.strided or x.is_quantized or x.device.type != "cpu":
            raise UntranslatableError(f"{x.layout} tensor")
        x = x.detach().resolve_conj().resolve_neg()
        memory = x.untyped_storage()
        key = memory.data_ptr(), x.dtype
        if key not in self.storages or not memory.data_ptr():
            flat = torch.tensor([], dtype=x.dtype).set_(memory)
            self.storages[key] = Storage(from_array(to_numpy(flat)))
        layout = Layout(tuple(x.shape), x.stride(), int(x.storage_offset()))
        return wrap(self.storages[key], layout, named(str(x.dtype).removeprefix("torch.")))


def named(path: str) -> Any:
    """What the adapter has under a name such as ``nn.functional.relu``."""
    return functools.reduce(getattr, path.split("."), jaxnn.torch)


def to_numpy(x: torch.Tensor) -> np.ndarray:
    """A copy as a NumPy array, of ml_dtypes' types where NumPy has none."""
    if x.dtype in _AS_NUMPY:
        bits, dtype = _AS_NUMPY[x.dtype]
        return x.view(bits).numpy().copy().view(dtype)
    return x.numpy().copy()


def to_torch(x: Any) -> Any:
    """A result of the adapter's as torch's, containers included, for comparison."""
    if isinstance(x, jaxnn.torch.Tensor):
        values = np.array(x._storage.values(x._layout), order="C")
        for dtype, (bits, name) in _AS_NUMPY.items():
            if values.dtype == name:
                return torch.from_numpy(
                    values.view(to_numpy(torch.zeros(0, dtype=bits)).dtype)
                ).view(dtype)
        return torch.from_numpy(values)
    if isinstance(x, list | tuple):
        return [to_torch(each) for each in x]
    return x


_HOMES = {
    "": torch,
    "Tensor": torch.Tensor,
    "nn.functional": torch.nn.functional,
    "linalg": torch.linalg,
    "special": torch.special,
}


@functools.cache
def _names() -> dict[int, str]:
    """The public name of each of torch's functions, by identity."""
    found: dict[int, str] = {}
    for home, module in _HOMES.items():
        for name in dir(module):
            found.setdefault(id(getattr(module, name, None)), f"{home}.{name}".lstrip("."))
    return found


def function(torchs: Callable[..., Any], name: str | None = None) -> Callable[..., Any]:
    """The adapter's function for one of torch's, or for a function that calls torch's.

    The second kind, of which the database has many, is built again with ``torch`` in it meaning
    the adapter.
    """
    if name is not None and torchs is _public(name):
        return named(name)
    if isinstance(torchs, types.BuiltinFunctionType) and getattr(torchs, "__module__", "") in (
        "_operator",
        "builtins",
        "math",
    ):
        return torchs
    if id(torchs) in _names():
        return named(_names()[id(torchs)])
    if isinstance(torchs, types.FunctionType):
        return _rebuilt(torchs)
    if isinstance(torchs, functools.partial):
        return functools.partial(function(torchs.func), *torchs.args, **torchs.keywords)
    if isinstance(torchs, type):
        return torchs
    if hasattr(torchs, "__name__") and hasattr(torch.Tensor, torchs.__name__):
        return getattr(jaxnn.torch.Tensor, torchs.__name__)
    raise UntranslatableError(repr(torchs))


def _public(name: str) -> Any:
    try:
        return functools.reduce(getattr, name.split("."), torch)
    except AttributeError:
        return None


def _rebuilt(written: types.FunctionType) -> types.FunctionType:
    scope: dict[str, Any] = {
        **written.__globals__,
        "torch": jaxnn.torch,
        "F": jaxnn.torch.nn.functional,
        "freeze_rng_state": jaxnn.torch.random.fork_rng,
    }
    for name in written.__code__.co_names:
        inner = written.__globals__.get(name)
        inside = getattr(inner, "__module__", "").startswith("torch.testing")
        if isinstance(inner, types.FunctionType) and inside and name != "freeze_rng_state":
            scope[name] = _rebuilt(inner) if inner is not written else inner
    cells = tuple(types.CellType(_cell(each.cell_contents)) for each in written.__closure__ or ())
    again = types.FunctionType(
        written.__code__, scope, written.__name__, written.__defaults__, cells
    )
    again.__kwdefaults__ = written.__kwdefaults__
    return again


def _cell(content: Any) -> Any:
    return function(content) if builtins.callable(content) else content
