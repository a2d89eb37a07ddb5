"""Tensors of another type or on another device."""

from typing import Any

import jax

from jaxnn.torch import dtypes, kernels
from jaxnn.torch import layout as layouts
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.arguments import as_dtype
from jaxnn.torch.operations.call import Call, Result, apply
from jaxnn.torch.operations.viewing import attach
from jaxnn.torch.storage import Storage
from jaxnn.torch.tensor import Tensor, wrap


def cast(x: Tensor, dtype: DType) -> Any:
    """A new tensor of another type, in the same order in memory."""
    source = Source(x._storage, x._layout)
    result = Result(layouts.like(x._layout), dtype)
    return apply(Call(kernels.identity, (source,), (result,)))


def _to(
    self: Tensor,
    *args: Any,
    dtype: DType | None = None,
    device: Any = None,
    non_blocking: bool = False,
    copy: bool = False,
) -> Any:
    for arg in args:
        if isinstance(arg, Tensor):
            dtype, device = arg.dtype, arg.device
        elif isinstance(arg, DType | type):
            dtype = as_dtype(arg, "to")
        elif not isinstance(arg, bool):
            device = arg
    wanted = as_dtype(dtype, "to") or self._dtype
    made = cast(self, wanted) if copy or wanted is not self._dtype else self
    return made if device is None else _move(made, Device(device))


def _move(x: Tensor, device: Device) -> Any:
    here = x.device
    if device == here or (device.type == here.type and device.index is None):
        return x
    flat = jax.device_put(x._storage.flat, device.jax_device)
    return wrap(Storage(flat), x._layout, x._dtype)


def _cpu(self: Tensor) -> Any:
    return _move(self, Device("cpu"))


def _cuda(self: Tensor, device: Any = "cuda") -> Any:
    return _move(self, Device(device))


def _type(self: Tensor, dtype: Any = None) -> Any:
    if dtype is None:
        return f"torch.{_CLASSES[self._dtype]}Tensor"
    if isinstance(dtype, str):
        dtype = {f"torch.{kind}Tensor": each for each, kind in _CLASSES.items()}.get(dtype, dtype)
    if not isinstance(dtype, DType | type):
        raise ValueError(f"invalid type: '{dtype}'")
    return self.to(dtype)


def _type_as(self: Tensor, other: Tensor) -> Any:
    return self.to(other.dtype)


_CLASSES = {
    dtypes.float16: "Half",
    dtypes.bfloat16: "BFloat16",
    dtypes.float32: "Float",
    dtypes.float64: "Double",
    dtypes.int8: "Char",
    dtypes.int16: "Short",
    dtypes.int32: "Int",
    dtypes.int64: "Long",
    dtypes.uint8: "Byte",
    dtypes.bool: "Bool",
}
_METHODS = {
    **{kind.lower(): dtype for dtype, kind in _CLASSES.items()},
    "cfloat": dtypes.complex64,
    "cdouble": dtypes.complex128,
}


def _caster(dtype: DType) -> Any:
    def method(self: Tensor) -> Any:
        return self.to(dtype)

    return method


attach("to", _to, "The tensor in another type or on another device; itself where nothing changes.")
attach("cpu", _cpu, "The tensor on the CPU; itself where it is there.")
attach("cuda", _cuda, "The tensor on a GPU; itself where it is there.")
attach("type", _type, "The name of the tensor's type, or the tensor in another type.")
attach("type_as", _type_as, "The tensor in another tensor's type.")
for _name, _dtype in _METHODS.items():
    attach(_name, _caster(_dtype), f"The tensor as {_dtype}; itself where it is that already.")
