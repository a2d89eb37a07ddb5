"""Tensors from Python and NumPy, and back."""

import functools
import math
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import jax
import numpy as np

from jaxnn.torch import dtypes, lacking, promotion
from jaxnn.torch.devices import device as Device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations.arguments import NUMBER, as_dtype, is_int
from jaxnn.torch.operations.creation import empty
from jaxnn.torch.size import type_name
from jaxnn.torch.storage import Storage
from jaxnn.torch.tensor import Tensor, of_array, wrap

_NOT_WRITABLE = (
    "The given NumPy array is not writable, and PyTorch does not support non-writable tensors. "
    "This means writing to this tensor will result in undefined behavior. You may want to copy the "
    "array to protect its data or make it writable before converting it to a tensor. This type of "
    "warning will be suppressed for the rest of this program."
)
_COPY_CONSTRUCT = (
    "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
    "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor)."
)


def tensor(
    data: Any, *, dtype: DType | None = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of numbers that stand in Python: a number, nested sequences, an array.

    Args:
        data: the numbers, copied.
        dtype: their type; by default the least of bool, int64, the default dtype and its complex
            type that holds all of them, or an array's own.
        device: where the tensor is to be.
        requires_grad: not to be had: `jax.grad` needs no such mark.

    Raises:
        ValueError: sequences of one depth differ in length, or an integer has over 64 bits.
        TypeError: something is no number.

    >>> import jaxnn.torch as torch
    >>> torch.tensor([[1, 2], [3, 4]])
    tensor([[1, 2],
            [3, 4]])

    Source: ``torch.tensor``.
    """
    if requires_grad:
        raise lacking.method("requires_grad")
    wanted = as_dtype(dtype, "tensor")
    if isinstance(data, Tensor):
        warnings.warn(_COPY_CONSTRUCT, stacklevel=2)
        made = data.clone()
    elif isinstance(data, np.ndarray | np.generic | jax.Array):
        if not isinstance(data, jax.Array):
            dtypes.from_numpy(data.dtype)
        made = of_array(data)
    else:
        made = of_array(_array(data, wanted))
    made = made if wanted is None else made.to(wanted)
    return made if device is None else made.to(Device(device))


def as_tensor(data: Any, dtype: DType | None = None, device: Any = None) -> Tensor:
    """``data`` as a tensor, without a copy where it is a tensor or a NumPy array already.

    Source: ``torch.as_tensor``.
    """
    wanted = as_dtype(dtype, "as_tensor")
    if isinstance(data, np.ndarray):
        data = from_numpy(data)
    if not isinstance(data, Tensor):
        return tensor(data, dtype=wanted, device=device)
    made = data if wanted is None else data.to(wanted)
    return made if device is None else made.to(Device(device))


def from_numpy(ndarray: np.ndarray) -> Tensor:
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
        warnings.warn(_NOT_WRITABLE, stacklevel=2)
    dtype = dtypes.from_numpy(ndarray.dtype)
    layout = Layout(ndarray.shape, _element_strides(ndarray))
    step = (ndarray.itemsize,)
    flat = np.lib.stride_tricks.as_strided(ndarray, (layout.extent,), step)
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


def _array(data: Any, dtype: DType | None) -> np.ndarray:
    """Python's numbers as an array of ``dtype`` or of the type that torch infers."""
    shape = tuple(_shape(data))
    leaves = list(_leaves(data, shape, 0))
    types = set(map(_type_of, leaves))
    wanted = dtype or functools.reduce(promotion.promote, types or {dtypes.get_default_dtype()})
    cast = _CASTS[promotion.kind(wanted)]
    return np.array([cast(leaf, wanted) for leaf in leaves], wanted.numpy).reshape(shape)


def _is_sequence(data: Any) -> bool:
    if isinstance(data, np.ndarray | jax.Array):
        return data.ndim > 0
    return isinstance(data, Sequence) and not isinstance(data, str | bytes)


def _shape(data: Any) -> Iterator[int]:
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    while _is_sequence(data):
        yield len(data)
        if not len(data):
            return
        data = data[0]


def _leaves(data: Any, shape: Sequence[int], depth: int) -> Iterator[Any]:
    if depth == len(shape):
        yield data
        return
    if not _is_sequence(data):
        raise TypeError("not a sequence")
    if len(data) != shape[depth]:
        raise ValueError(
            f"expected sequence of length {shape[depth]} at dim {depth} (got {len(data)})"
        )
    for each in data:
        yield from _leaves(each, shape, depth + 1)


def _type_of(leaf: Any) -> DType:
    if isinstance(leaf, Tensor):
        return leaf.dtype
    if isinstance(leaf, np.generic | np.ndarray | jax.Array):
        return dtypes.from_jax(leaf.dtype)
    if isinstance(leaf, NUMBER):
        return promotion.number_type(leaf)
    if isinstance(leaf, str):
        raise ValueError("too many dimensions 'str'")
    if _is_sequence(leaf):
        raise TypeError(f"'{type_name(leaf)}' object cannot be interpreted as an integer")
    raise RuntimeError(f"Could not infer dtype of {type_name(leaf)}")


def _integer(leaf: Any, dtype: DType) -> int:
    if isinstance(leaf, complex):
        raise TypeError("'complex' object cannot be interpreted as an integer")
    limits = np.iinfo(dtype.numpy)
    value = int(leaf) if math.isfinite(leaf) else limits.max + 1
    if isinstance(leaf, int) and not -(2**63) <= value < 2**63:
        raise ValueError("Overflow when unpacking long long")
    if not (limits.min or -limits.max) <= value <= limits.max:
        name = dtype.numpy.name
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")
    return value % (limits.max + 1) if not limits.min else value


def _real(leaf: Any, dtype: DType) -> float:
    if isinstance(leaf, complex):
        raise TypeError("must be real number, not complex")
    return float(leaf)


def _truth(leaf: Any, dtype: DType) -> bool:
    return bool(leaf)


def _complex(leaf: Any, dtype: DType) -> complex:
    return complex(leaf)


#: For each kind of type: what makes one of its Python numbers of a leaf.
_CASTS = (_truth, _integer, _real, _complex)


def _construct(cls: type, *args: Any) -> Tensor:
    """``Tensor(data)`` and ``Tensor(*sizes)``, as torch has had them before `tensor`."""
    default = dtypes.get_default_dtype()
    if len(args) == 1 and not is_int(args[0]):
        return args[0] if isinstance(args[0], Tensor) else tensor(args[0], dtype=default)
    return empty(*args) if args else empty(0)


Tensor.__new__ = staticmethod(_construct)
