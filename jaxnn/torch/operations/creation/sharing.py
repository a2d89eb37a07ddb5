"""Tensors over memory that another object has: a NumPy array, a buffer, what lends by DLPack."""

import warnings
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.size import type_name
from jaxnn.torch.storage import Storage, setting
from jaxnn.torch.tensor import Tensor, of_array, wrap

_ARRAY_NOT_WRITABLE = (
    "The given NumPy array is not writable, and PyTorch does not support non-writable tensors. "
    "This means writing to this tensor will result in undefined behavior. You may want to copy the "
    "array to protect its data or make it writable before converting it to a tensor. This type of "
    "warning will be suppressed for the rest of this program."
)
_BUFFER_NOT_WRITABLE = (
    "The given buffer is not writable, and PyTorch does not support non-writable tensors. This "
    "means you can write to the underlying (supposedly non-writable) buffer using the tensor. You "
    "may want to copy the buffer to protect its data or make it writable before converting it to a "
    "tensor. This type of warning will be suppressed for the rest of this program."
)
_INVALID_CAPSULE = (
    "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only "
    "once, so you might have already constructed a tensor from it once."
)
_CPU = 1
"""The CPU's number among DLPack's kinds of devices."""


def from_numpy(ndarray: np.ndarray, /) -> Tensor:
    """A tensor over an array's own memory: a write into either is seen in both.

    Raises:
        TypeError: it is no array, or of a type that torch has not.
        ValueError: a stride is negative, or no multiple of an element.

    >>> import jaxnn.torch as torch
    >>> a = np.ones(3)
    >>> _ = torch.from_numpy(a).mul_(2)
    >>> a.tolist()
    [2.0, 2.0, 2.0]

    Source: ``torch.from_numpy``.
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type_name(ndarray)})")
    if not ndarray.flags.writeable:
        warnings.warn(_ARRAY_NOT_WRITABLE, stacklevel=2)
    return over(ndarray)


def over(array: np.ndarray) -> Any:
    """`from_numpy` of an array of which no one need be told that it is not writable."""
    strides = _element_strides(array)
    dtype = dtypes.from_numpy(array.dtype)
    layout = Layout(array.shape, strides)
    flat = np.lib.stride_tricks.as_strided(
        array.view(np.ndarray), (layout.extent,), (array.itemsize,)
    )
    return wrap(Storage(flat), layout, dtype)


def _element_strides(array: np.ndarray) -> tuple[int, ...]:
    if any(stride % array.itemsize for stride in array.strides):
        raise ValueError(
            "given numpy array strides not a multiple of the element byte size. "
            "Copy the numpy array to reallocate the memory."
        )
    if min(array.strides, default=0) < 0:
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative "
            "strides are not currently supported. (You can probably work around this by making a "
            "copy of your array  with array.copy().) "
        )
    return tuple(stride // array.itemsize for stride in array.strides)


def has_buffer(obj: Any) -> bool:
    """Whether an object other than an array of numbers lets others into its memory."""
    return not isinstance(obj, np.ndarray | np.generic | jax.Array) and _memory(obj) is not None


def _memory(buffer: Any) -> memoryview | None:
    try:
        return memoryview(buffer)
    except TypeError:
        return None


@taking(
    "frombuffer",
    "object? buffer, *, torch.dtype dtype, int count = -1, int offset = 0, "
    "bool requires_grad = False",
)
def frombuffer(buffer: Any, dtype: DType, count: int, offset: int, requires_grad: bool) -> Tensor:
    """A vector over the memory of an object that has a buffer, as bytearrays have.

    Args:
        buffer: what has the memory.
        dtype: the type as which its bytes are read.
        count: how many elements; all that there are if negative.
        offset: how many bytes are left out before them.
        requires_grad: not to be had: `jax.grad` needs no such mark.

    Raises:
        ValueError: there is no buffer, or not of this length.

    >>> import jaxnn.torch as torch
    >>> torch.frombuffer(bytearray([1, 0, 2, 0]), dtype=torch.int16)
    tensor([1, 2], dtype=torch.int16)

    Source: ``torch.frombuffer``.
    """
    memory = _memory(buffer)
    if memory is None:
        raise ValueError("object does not implement Python buffer protocol.")
    if not memory.c_contiguous:
        raise RuntimeError("could not retrieve buffer from object")
    numel = _length(memory.nbytes, dtype.itemsize, count, offset)
    if memory.readonly:
        warnings.warn(_BUFFER_NOT_WRITABLE, stacklevel=3)
    taken = np.frombuffer(memory, np.uint8)[offset : offset + numel * dtype.itemsize]
    made = wrap(Storage(taken.view(dtype.numpy)), Layout((numel,), (1,)), dtype)
    return made.requires_grad_() if requires_grad else made


def _length(nbytes: int, itemsize: int, count: int, offset: int) -> int:
    """The number of elements."""
    if not nbytes or not count:
        raise ValueError(f"both buffer length ({nbytes}) and count ({count}) must not be 0")
    if not 0 <= offset < nbytes:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length "
            f"({nbytes} bytes) minus 1"
        )
    left = nbytes - offset
    if count < 0:
        if left % itemsize:
            raise ValueError(
                f"buffer length ({left} bytes) after offset ({offset} bytes) must be a multiple of "
                f"element size ({itemsize})"
            )
        return left // itemsize
    if count * itemsize > left:
        raise ValueError(
            f"requested buffer length ({count} * {itemsize} bytes) after offset ({offset} bytes) "
            f"must not be greater than actual buffer length ({nbytes} bytes)"
        )
    return count


def from_dlpack(ext_tensor: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor over the memory of another library's array, by DLPack.

    A write into either is seen in both, but for arrays of JAX's, which never change, and for types
    that NumPy lacks, whose elements are copied.

    Args:
        ext_tensor: an array that has ``__dlpack__``, or a capsule of one on the CPU.
        device: where the tensor is to be.
        copy: True for memory of its own.

    Raises:
        RuntimeError: it is no such array, or a capsule that was used already.
        BufferError: the other library does not lend this array.

    Source: ``torch.from_dlpack``.
    """
    made: Any = _lent(ext_tensor)
    made = made.clone() if copy else made
    return made if device is None else made.to(Device(device))


def _lent(source: Any) -> Any:
    if isinstance(source, Tensor):
        return source.detach()
    if isinstance(source, jax.Array):
        return of_array(source)
    if type(source).__name__ == "PyCapsule":
        source = _Capsule(source)
    if not hasattr(source, "__dlpack__"):
        raise RuntimeError(_INVALID_CAPSULE)
    kind, _ = source.__dlpack_device__()
    return _of_lender(source) if kind == _CPU else of_array(jnp.from_dlpack(source))


def _of_lender(source: Any) -> Any:
    try:
        return over(np.from_dlpack(source))
    except ValueError as error:
        raise RuntimeError(_INVALID_CAPSULE) from error
    except RuntimeError:  # a type that NumPy lacks
        with setting():
            return of_array(jnp.from_dlpack(source, copy=True))


class _Capsule:
    """A capsule as the array that it comes from, on the CPU."""

    def __init__(self, capsule: Any) -> None:
        self._capsule = capsule

    def __dlpack__(self, **_: Any) -> Any:
        return self._capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return _CPU, 0


def to_dlpack(tensor: Tensor) -> Any:
    """A capsule over a tensor's memory, to be used once.

    Source: ``torch.to_dlpack``.
    """
    return tensor.__dlpack__()
