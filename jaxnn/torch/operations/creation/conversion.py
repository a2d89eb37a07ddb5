"""Tensors from what stands in Python or NumPy: copies of it, or over the same memory."""

import warnings
from typing import Any

import jax
import numpy as np

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.devices import default_device
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.creation.nested import array_of_numbers
from jaxnn.torch.operations.creation.sharing import from_numpy, frombuffer, has_buffer, over
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.tensor import Tensor, of_array

_COPY_CONSTRUCT = (
    "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
    "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor)."
)


@taking(
    "tensor",
    "object? data, *, torch.dtype dtype = None, torch.device device = None, "
    "bool pin_memory = False, bool requires_grad = False",
)
def tensor(
    data: Any, dtype: DType | None, device: Any, pin_memory: bool, requires_grad: bool
) -> Tensor:
    """A tensor of numbers that stand in Python: a number, nested sequences, an array.

    Args:
        data: the numbers, copied.
        dtype: their type; by default the least of bool, int64, the default dtype and its complex
            type that holds all of them, or an array's own.
        device: where the tensor is to be.
        pin_memory: of no effect: JAX decides where copies to a GPU start.
        requires_grad: not to be had: `jax.grad` needs no such mark.

    Raises:
        ValueError: sequences of one depth differ in length, or an integer has over 64 bits.
        TypeError: something is no number.
        RuntimeError: a number does not fit into ``dtype``.

    >>> import jaxnn.torch as torch
    >>> torch.tensor([[1, 2], [3, 4]])
    tensor([[1, 2],
            [3, 4]])

    Source: ``torch.tensor``.
    """
    if isinstance(data, Tensor):
        warnings.warn(_COPY_CONSTRUCT, stacklevel=3)
        made: Any = data.detach().clone()
    elif isinstance(data, jax.Array):
        made = of_array(data)
    elif isinstance(data, np.ndarray):
        made = over(data).clone()
    else:
        made = of_array(array_of_numbers(data, dtype))
    return _marked(_moved(made, dtype, device), requires_grad)


@taking("as_tensor", "object? data, *, torch.dtype dtype = None, torch.device device = None")
def as_tensor(data: Any, dtype: DType | None, device: Any) -> Tensor:
    """``data`` as a tensor, without a copy where it is a tensor or a NumPy array already.

    Source: ``torch.as_tensor``.
    """
    return _moved(_shared(data, dtype), dtype, device)


@taking(
    "asarray",
    "object? obj, *, torch.dtype dtype = None, torch.device device = None, bool copy = None, "
    "bool requires_grad = False",
)
def asarray(
    obj: Any, dtype: DType | None, device: Any, copy: bool | None, requires_grad: bool
) -> Tensor:
    """``obj`` as a tensor: over the same memory where it can be, unless ``copy`` forbids it.

    Args:
        obj: a tensor, a NumPy array or scalar, an object with a buffer, or nested sequences.
        dtype: the type of the elements; those of a buffer are read as this type.
        device: where the tensor is to be.
        copy: True for memory of its own; False to raise where that cannot be avoided.
        requires_grad: not to be had: `jax.grad` needs no such mark.

    Raises:
        ValueError: ``copy`` is False and the elements have to be copied.

    Source: ``torch.asarray``.
    """
    if copy is False:
        _refuse_copy(obj)
    if has_buffer(obj):
        given = frombuffer(obj, dtype=dtype or dtypes.get_default_dtype())
    else:
        given = _shared(obj, dtype)
    made = _moved(given, dtype, device)
    if copy is False and made is not given:
        raise ValueError(_no_alias(given, made))
    return _marked(made.clone() if copy and made is given else made, requires_grad)


def _refuse_copy(obj: Any) -> None:
    if isinstance(obj, np.generic):
        raise RuntimeError(
            "can't alias NumPy scalars. Either remove copy=False or transform it in a ndarray. "
        )
    if not (isinstance(obj, Tensor | np.ndarray | jax.Array) or has_buffer(obj)):
        raise ValueError("can't alias arbitrary sequence into a tensor.")


def _no_alias(given: Tensor, made: Tensor) -> str:
    if given.device != made.device:
        return f"can't alias tensor from device '{given.device}' to '{made.device}'."
    names = [promotion.SCALAR_NAMES[each.dtype] for each in (given, made)]
    return f"can't alias tensor with dtype '{names[0]}' into dtype '{names[1]}'."


def _shared(data: Any, dtype: DType | None) -> Any:
    """A tensor over the memory of what is one or an array; else a new one."""
    if isinstance(data, Tensor):
        return data
    if isinstance(data, np.ndarray):
        return from_numpy(data)
    return of_array(data if isinstance(data, jax.Array) else array_of_numbers(data, dtype))


def _moved(made: Any, dtype: DType | None, device: Any) -> Any:
    made = made if dtype is None else made.to(dtype)
    place = default_device() if device is None else device
    return made if place is None else made.to(place)


def _marked(made: Any, requires_grad: bool) -> Any:
    return made.requires_grad_() if requires_grad else made
