"""Tensors of another type, on another device, or in another memory format."""

from typing import Any

from jaxnn.torch import dtypes, formats, kernels, promotion
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.formats import memory_format as MemoryFormat
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.storage import moved
from jaxnn.torch.tensor import Tensor, wrap
from jaxnn.torch.tensor_types import TensorType


def cast(x: Tensor, dtype: DType, memory_format: MemoryFormat | None = None) -> Any:
    """A new tensor of another type, by default in the same order in memory."""
    source = Source(x._storage, x._layout)
    result = Result(formats.layout_of_copy(x._layout, memory_format), dtype)
    return apply(Call(kernels.identity, (source,), (result,)))


_REST = "bool non_blocking = False, bool copy = False, *, torch.memory_format? memory_format = None"


@taking(
    "to",
    f"torch.device? device = None, torch.dtype? dtype = None, {_REST}",
    f"torch.dtype dtype, {_REST}",
    f"Tensor tensor, {_REST}",
    method=True,
)
def _to(
    self: Tensor,
    device: Device | None = None,
    dtype: DType | None = None,
    tensor: Tensor | None = None,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: MemoryFormat | None = None,
) -> Any:
    if tensor is not None:
        dtype, device = tensor.dtype, tensor.device
    made = self
    if copy or dtype not in (None, self._dtype) or not _is_kept(self, memory_format):
        made = cast(self, dtype or self._dtype, memory_format)
    return made if device is None else _move(made, device)


def _is_kept(x: Tensor, memory_format: MemoryFormat | None) -> bool:
    """Whether a tensor counts as being in a format; all without another do for the contiguous."""
    any_will_do = memory_format in (None, formats.preserve_format)
    return any_will_do or formats.suggested(x._layout) is memory_format


def _move(x: Tensor, device: Device) -> Any:
    storage = moved(x._storage, device)
    return x if storage is x._storage else wrap(storage, x._layout, x._dtype)


_FORMAT = "*, torch.memory_format? memory_format = None"


@taking("cpu", _FORMAT, method=True)
def _cpu(self: Tensor, memory_format: MemoryFormat | None) -> Any:
    return self.to("cpu", memory_format=memory_format)


@taking(
    "cuda",
    f"torch.device? device = None, bool non_blocking = False, {_FORMAT}",
    method=True,
)
def _cuda(
    self: Tensor, device: Device | None, non_blocking: bool, memory_format: MemoryFormat | None
) -> Any:
    return self.to(device or "cuda", memory_format=memory_format)


def _type(self: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    if dtype is None:
        return _CLASSES[self._dtype]
    if isinstance(dtype, TensorType):
        dtype = dtype.dtype
    if dtype is Tensor:
        dtype = dtypes.get_default_dtype()
    if isinstance(dtype, str | type):
        name = dtype if isinstance(dtype, str) else dtype.__name__
        if name not in _BY_CLASS:
            raise ValueError(f"invalid type: '{name}'")
        dtype = _BY_CLASS[name]
    if not isinstance(dtype, DType):
        raise TypeError("dtype must be a type, str, or dtype object")
    return self.to(dtype)


@taking("type_as", "Tensor other", method=True)
def _type_as(self: Tensor, other: Tensor) -> Any:
    return self.to(other.dtype)


_CLASSES = {each: f"torch.{name}Tensor" for each, name in promotion.SCALAR_NAMES.items()}
_BY_CLASS = {name: each for each, name in _CLASSES.items()}
_METHODS = {
    "half": dtypes.float16,
    "bfloat16": dtypes.bfloat16,
    "float": dtypes.float32,
    "double": dtypes.float64,
    "char": dtypes.int8,
    "short": dtypes.int16,
    "int": dtypes.int32,
    "long": dtypes.int64,
    "byte": dtypes.uint8,
    "bool": dtypes.bool,
    "cfloat": dtypes.complex64,
    "cdouble": dtypes.complex128,
}


def _caster(name: str, dtype: DType) -> Any:
    @taking(name, _FORMAT, method=True)
    def method(self: Tensor, memory_format: MemoryFormat | None) -> Any:
        return self.to(dtype, memory_format=memory_format)

    return method


attach("to", _to, "The tensor in another type or on another device; itself where nothing changes.")
attach("cpu", _cpu, "The tensor on the CPU; itself where it is there.")
attach("cuda", _cuda, "The tensor on a GPU; itself where it is there.")
attach("type", _type, "The name of the tensor's type, or the tensor in another type.")
attach("type_as", _type_as, "The tensor in another tensor's type.")
for _name, _dtype in _METHODS.items():
    attach(
        _name, _caster(_name, _dtype), f"The tensor as {_dtype}; itself where it is that already."
    )
