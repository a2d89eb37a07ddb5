"""Where elements are other than 0, and places counted in all dimensions at once."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.host import hosted
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout, contiguous
from jaxnn.torch.operations.creation.conversion import tensor
from jaxnn.torch.operations.definition.call import Call, Result, check_memory, resize
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.operations.indexing.indices import truths
from jaxnn.torch.operations.indexing.placing import library
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, of_array, wrap


@taking("nonzero", "Tensor input, *, bool as_tuple = False, Tensor out = None")
def nonzero(input: Tensor, as_tuple: bool, out: Tensor | None) -> Any:
    """The indices of the elements other than 0: a matrix, or a tuple of one tensor a dimension.

    >>> import jaxnn.torch as torch
    >>> torch.nonzero(torch.tensor([0, 3, 0, 1]))
    tensor([[1],
            [3]])

    Source: ``torch.nonzero``.
    """
    if as_tuple:
        return _matrix(input if input.ndim else input.reshape(1)).unbind(1)
    found = _matrix(input)
    if out is None:
        return found
    _check_out("nonzero", out)
    check_memory(out, (Source(input._storage, input._layout),))
    if out.shape != found.shape:
        resize(out, found._layout.shape)
        out._layout = found._layout._replace(offset=out._layout.offset)
    return out.copy_(found)


@taking("nonzero", "", "*, bool as_tuple", method=True)
def _nonzero(self: Tensor, as_tuple: bool = False) -> Any:
    return nonzero(self, as_tuple=as_tuple)


def _matrix(x: Tensor) -> Tensor:
    """The indices as rows, of which torch puts the columns one after another in memory."""
    found = np.argwhere(truths(x))
    storage = of_array(np.ascontiguousarray(found.T))._storage
    return wrap(storage, Layout(found.shape, (1, len(found))), dtypes.int64)


def _check_out(name: str, out: Tensor) -> None:
    if out.dtype is not dtypes.int64:
        raise RuntimeError(
            f"{name}: Expected out tensor to have scalar type Long but got scalar type"
            f"{promotion.SCALAR_NAMES[out.dtype]}"
        )


def _argwhere(input: Tensor) -> Any:
    return nonzero(input)


@hosted
def _first_nonzeros(x: Array, size: int, fill_value: int) -> Array:
    if not x.ndim:
        return library(x).zeros((size, 0), np.int64)
    if not isinstance(x, np.ndarray):
        return jnp.argwhere(x.astype(bool), size=size, fill_value=fill_value)
    made = np.full((size, x.ndim), fill_value, np.int64)
    found = np.argwhere(x)[:size]
    made[: len(found)] = found
    return made


def _prepare_static(input: Tensor, size: int, fill_value: int) -> Call:
    if size < 0:
        raise RuntimeError("nonzero_static: 'size' must be an non-negative integer")
    result = Result(contiguous((size, input.ndim)), dtypes.int64)
    options = (("size", size), ("fill_value", fill_value))
    return Call(_first_nonzeros, (Source(input._storage, input._layout),), (result,), None, options)


def unravel_index(indices: Tensor, shape: int | Sequence[int]) -> tuple[Tensor, ...]:
    """The indices in each dimension of a shape of indices that count all elements.

    >>> import jaxnn.torch as torch
    >>> torch.unravel_index(torch.tensor([1, 5]), (2, 3))
    (tensor([0, 1]), tensor([1, 2]))

    Source: ``torch.unravel_index``.
    """
    if indices.is_complex() or indices.is_floating_point() or indices.dtype is dtypes.bool:
        raise TypeError(f"expected 'indices' to be integer dtype, but got {indices.dtype}")
    sizes = _sizes(shape)
    if not sizes:
        return ()
    steps = contiguous(sizes).strides if all(sizes) else _steps(sizes)
    if 0 in (*steps, *sizes) and indices.numel():
        raise RuntimeError("ZeroDivisionError")
    divided = indices.unsqueeze(-1).floor_divide(tensor(steps))
    return (divided % tensor(sizes)).unbind(-1)


def _sizes(shape: Any) -> list[int]:
    if not isinstance(shape, int | Sequence):
        raise TypeError(f"expected 'shape' to be int or sequence of ints, but got {type(shape)}")
    sizes = [shape] if isinstance(shape, int) else list(shape)
    for each in sizes:
        if not isinstance(each, int):
            raise TypeError(f"expected 'shape' sequence to only contain ints, but got {type(each)}")
    if min(sizes, default=0) < 0:
        raise ValueError(f"'shape' cannot have negative values, but got {tuple(sizes)}")
    return sizes


def _steps(sizes: Sequence[int]) -> list[int]:
    return [int(np.prod(sizes[d + 1 :])) for d in range(len(sizes))]


argwhere = define(
    Operation(
        "argwhere",
        _argwhere,
        "The indices of the elements other than 0, as a matrix.",
        signatures=("Tensor input",),
    )
)
nonzero_static = define(
    Operation(
        "nonzero_static",
        _prepare_static,
        "The first indices of elements other than 0, of which there shall be so many.",
        signatures=("Tensor input, *, int size, int fill_value = -1, Tensor out = None",),
        out_type="same",
    )
)
attach("nonzero", _nonzero, "The indices of the elements other than 0.")
