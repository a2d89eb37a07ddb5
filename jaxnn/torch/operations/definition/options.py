"""What functions that make tensors take besides their own arguments: type, place, format, out."""

from typing import Any

import numpy as np

from jaxnn.torch import dtypes, formats, lacking, layouts, promotion
from jaxnn.torch.devices import default_device
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.storage import Storage, from_array
from jaxnn.torch.tensor import Tensor, wrap

#: The options in torch's notation: of all such functions,
PLACED = (
    "torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, "
    "bool pin_memory = False, bool requires_grad = False"
)
#: of those that write into a given tensor,
NEW = f"Tensor out = None, {PLACED}"
#: and of those that make a tensor like another.
LIKE = f"torch.memory_format memory_format = None, {PLACED}"


class Options:
    """Where the elements of a new tensor go, and of which type they are.

    Args:
        out: a tensor that is to hold them.
        dtype: the type; by default that of ``out``, or ``otherwise``.
        device: where a new tensor is to be.
        pin_memory: refused, as by a torch without GPUs.
        requires_grad: refused: `jax.grad` needs no mark.
        memory_format: the order of dimensions in memory.
        layout: strided, as all tensors are.
        otherwise: the type where none is given, by default the default one.
    """

    def __init__(
        self,
        *,
        out: Tensor | None = None,
        dtype: DType | None = None,
        device: Device | None = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
        memory_format: formats.memory_format | None = None,
        layout: formats.layout | None = None,
        otherwise: DType | None = None,
    ) -> None:
        if pin_memory:
            raise RuntimeError(
                "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory "
                "allocator is available on this system."
            )
        if requires_grad:
            raise lacking.method("requires_grad")
        if out is not None:
            otherwise = _check_out(out, dtype, device)
        self.out, self.format = out, memory_format
        self.device = device or (default_device() if out is None else None)
        self.dtype = dtype or otherwise or dtypes.get_default_dtype()

    def layout_for(self, shape: tuple[int, ...]) -> Layout:
        """The layout of a new tensor of this shape, with torch's error for a size below 0."""
        check_shape(shape)
        return formats.layout_in(shape, self.format or formats.contiguous_format)

    def layout_like(self, source: Layout) -> Layout:
        """The layout of a new tensor like another."""
        return formats.layout_of_copy(source, self.format)

    def fill(self, layout: Layout, value: complex) -> Tensor:
        """A tensor of one number."""
        element = as_element(value, self.dtype)
        if self.out is not None:
            return self._resized(layout.shape).fill_(value)
        flat = np.empty(layout.extent, self.dtype.numpy)
        flat.fill(element)
        return self._made(flat, layout)

    def hold(self, values: np.ndarray) -> Tensor:
        """A tensor of an array's values, which are converted to its type."""
        flat = values.astype(self.dtype.numpy, copy=False).reshape(-1)
        layout = layouts.contiguous(values.shape)
        if self.out is not None:
            return self._resized(layout.shape).copy_(self._made(flat, layout))
        return self._made(flat, layout)

    def _made(self, flat: np.ndarray, layout: Layout) -> Any:
        # Numbers that Python knows need no kernel: NumPy makes them, and JAX takes them over.
        made = wrap(Storage(from_array(flat)), layout, self.dtype)
        elsewhere = self.device is not None and self.device.type != "cpu"
        return made.to(self.device) if elsewhere else made

    def _resized(self, shape: tuple[int, ...]) -> Any:
        out: Any = self.out
        return out if out._layout.shape == shape else out.resize_(shape)


def _check_out(out: Tensor, dtype: DType | None, device: Device | None) -> DType:
    if dtype not in (None, out._dtype):
        raise RuntimeError(
            f"dtype {promotion.SCALAR_NAMES[dtype]} does not match dtype of out parameter "
            f"({promotion.SCALAR_NAMES[out._dtype]})"
        )
    if device is not None and device.type != out.device.type:
        raise RuntimeError(
            f"device type {device.type} does not match device type of out parameter "
            f"({out.device.type})"
        )
    return out._dtype


def check_shape(shape: tuple[int, ...]) -> None:
    """Raise torch's error for a size below 0."""
    if min(shape, default=0) < 0:
        size = next(size for size in shape if size < 0)
        raise RuntimeError(f"Trying to create tensor with negative dimension {size}: {list(shape)}")
