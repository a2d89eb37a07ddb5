"""How operations over dimensions are called: those that reduce them, and those that keep them."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Options, Source
from jaxnn.torch.layouts import Layout, wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.results import named_results
from jaxnn.torch.tensor import Tensor

#: torch keeps the dimensions to reduce in as many bits.
_MOST_DIMS = 64


def reduced(
    x: Tensor,
    function: Callable[..., Any],
    axes: tuple[int, ...],
    keepdim: bool,
    result: DType,
    compute: DType | None = None,
    options: Options = (),
) -> Call:
    """The call of ``function(x, axis=, keepdims=)`` over some dimensions."""
    shape = reduced_shape(x._layout.shape, axes, keepdim)
    compute = promotion.accumulator(compute or x._dtype)
    options = (("axis", axes), ("keepdims", keepdim), *options)
    _check_ndim(x)
    source, place = Source(x._storage, x._layout), Result(layouts.contiguous(shape), result)
    return Call(function, (source,), (place,), compute, options, refused=_no_overlap)


def _check_ndim(x: Tensor) -> None:
    if x.ndim > _MOST_DIMS:
        raise RuntimeError(f"only tensors with up to {_MOST_DIMS} dims are supported")


def _no_overlap(source: Layout, target: Layout) -> bool:
    """Torch looks for none: it reads each element before it writes there, mostly."""
    return False


@functools.lru_cache(maxsize=4096)
def reduced_shape(shape: tuple[int, ...], axes: tuple[int, ...], keepdim: bool) -> tuple[int, ...]:
    """What is left of a shape: reduced dimensions are gone, or of size 1."""
    if keepdim:
        return tuple(1 if d in axes else n for d, n in enumerate(shape))
    return tuple(n for d, n in enumerate(shape) if d not in axes)


def along(
    x: Tensor,
    function: Callable[..., Any],
    dim: int,
    result: DType,
    compute: DType | None = None,
    options: Options = (),
) -> Call:
    """The call of ``function(x, axis=)`` along one dimension, whose shape stays."""
    axis = wrap_dim(dim, x.ndim)
    source = Source(x._storage, x._layout)
    place = Result(layouts.contiguous(x._layout.shape), result)
    compute = promotion.accumulator(compute or result)
    options = (("axis", axis), *options)
    return Call(function, (source,), (place,), compute, options, refused=_no_overlap)


def with_indices(call: Call, name: str) -> Call:
    """A call with a second result of the same layout: where each value was found."""
    (values,) = call.results
    indices = Result(values.layout, dtypes.int64)
    return call._replace(results=(values, indices), pack=named_results(name, "values indices"))


def one_dim(dim: int, ndim: int) -> tuple[int, ...]:
    """The only dimension of a reduction; a tensor of none has none to reduce."""
    axis = wrap_dim(dim, ndim)
    return (axis,) if ndim else ()


def listed(dim: int | Sequence[int] | None) -> tuple[int, ...] | None:
    """One or several dimensions as several; None, which means all, stays."""
    return (dim,) if isinstance(dim, int) else None if dim is None else tuple(dim)


def check_nonempty(caller: str, x: Tensor, axes: tuple[int, ...], whole: bool = False) -> None:
    """Refuse to reduce nothing, where that has no value.

    Args:
        caller: by which the message calls the operation, as in ``max()``.
        x: what is to be reduced.
        axes: over which dimensions.
        whole: whether no dimension was named.

    Raises:
        RuntimeError: all of an empty tensor is to be reduced.
        IndexError: one of the dimensions is empty.
    """
    if x._layout.numel:
        return
    if whole:
        raise RuntimeError(
            f"{caller}: Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )
    for axis in axes:
        if not x._layout.shape[axis]:
            raise IndexError(f"{caller}: Expected reduction dim {axis} to have non-zero size.")
