"""What a tensor tells of itself: sizes, strides, Python numbers, NumPy arrays."""

from typing import Any

import numpy as np

from jaxnn.torch import dtypes, formats, lacking
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.size import Size
from jaxnn.torch.tensor import Tensor, scalar, values


def _size(self: Tensor, dim: int | None = None) -> Size | int:
    return self.shape if dim is None else self.shape[wrap_dim(dim, self.ndim)]


def _stride(self: Tensor, dim: int | None = None) -> tuple[int, ...] | int:
    strides = self._layout.strides
    return strides if dim is None else strides[wrap_dim(dim, self.ndim)]


def _storage_offset(self: Tensor) -> int:
    return self._layout.offset


def _numel(self: Tensor) -> int:
    return self._layout.numel


def _dim(self: Tensor) -> int:
    return self.ndim


@taking(
    "is_contiguous",
    "*, torch.memory_format memory_format = torch.contiguous_format",
    method=True,
)
def _is_contiguous(self: Tensor, memory_format: formats.memory_format) -> bool:
    return formats.is_in(self._layout, memory_format)


def _element_size(self: Tensor) -> int:
    return self.itemsize


def _data_ptr(self: Tensor) -> int:
    start = self._storage.address
    return start + self._layout.offset * self.itemsize if self._layout.numel else 0


def _item(self: Tensor) -> Any:
    if self._layout.numel != 1:
        raise RuntimeError(
            f"a Tensor with {self._layout.numel} elements cannot be converted to Scalar"
        )
    return scalar(self)


def _tolist(self: Tensor) -> Any:
    return values(self).tolist()


@taking("numpy", "*, bool force = False", method=True)
def _numpy(self: Tensor, force: bool) -> np.ndarray:
    if force:
        return self.detach().cpu().resolve_conj().resolve_neg().numpy()
    if self.is_cuda:
        raise TypeError(
            f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() to copy "
            "the tensor to host memory first."
        )
    if self._dtype is dtypes.bfloat16:
        raise TypeError("Got unsupported ScalarType BFloat16")
    return self._storage.numpy(self._layout)


def _get_device(self: Tensor) -> int:
    return (self.device.index or 0) if self.is_cuda else -1


def _is_floating_point(self: Tensor) -> bool:
    return self._dtype.is_floating_point


def _is_complex(self: Tensor) -> bool:
    return self._dtype.is_complex


def _is_same_size(self: Tensor, other: Tensor) -> bool:
    return self.shape == other.shape


def _requires_grad(self: Tensor, requires_grad: bool = True) -> Tensor:
    if requires_grad:
        raise lacking.method("requires_grad_")
    return self


attach("size", _size, "The size of each dimension, or of one.")
attach("stride", _stride, "The steps in memory of each dimension, or of one, in elements.")
attach("storage_offset", _storage_offset, "The place of the first element in its storage.")
attach("dim", _dim, "The number of dimensions.")
attach("ndimension", _dim, "The number of dimensions.")
attach("nelement", _numel, "The number of elements.")
attach("is_contiguous", _is_contiguous, "Whether elements lie in memory in the order of indices.")
attach("element_size", _element_size, "Bytes an element.")
attach("data_ptr", _data_ptr, "The address of the first element, which no write changes.")
attach("item", _item, "The only element, as a Python number.")
attach("tolist", _tolist, "The elements as nested lists of Python numbers.")
attach(
    "numpy", _numpy, "An array over the tensor's own memory: a write into either is seen in both."
)
get_device = attach("get_device", _get_device, "The index of the tensor's GPU; -1 on the CPU.")
attach("is_same_size", _is_same_size, "Whether another tensor has the same shape.")
attach("requires_grad_", _requires_grad, "Refuses to record gradients: `jax.grad` needs no mark.")
numel = attach("numel", _numel, "The number of elements.")
is_floating_point = attach(
    "is_floating_point", _is_floating_point, "Whether elements are real floats."
)
is_complex = attach("is_complex", _is_complex, "Whether elements are complex numbers.")


def is_tensor(obj: Any) -> bool:
    """Whether something is a tensor.

    Source: ``torch.is_tensor``.
    """
    return isinstance(obj, Tensor)
