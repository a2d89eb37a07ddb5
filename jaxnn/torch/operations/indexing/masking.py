"""Elements chosen by masks: filled, taken out, written one after another."""

import warnings
from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, layouts, promotion, views
from jaxnn.torch.host import hosted
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout, contiguous
from jaxnn.torch.operations.definition.call import Call, Result, apply_in_place
from jaxnn.torch.operations.definition.declaration import of_method
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.operations.indexing.indices import truths
from jaxnn.torch.operations.indexing.placing import library
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, scalar, wrap

#: torch's warning for writing where several indices mean one element.
EXPANDED = (
    "Use of {} on expanded tensors is deprecated. Please clone() the tensor before performing this "
    "operation. This also applies to advanced indexing e.g. tensor[{}"
)


def _source(x: Tensor, shape: tuple[int, ...]) -> Source:
    """A tensor's elements, expanded."""
    return Source(x._storage, views.expand(x._layout, shape), x._layout)


def _joint(x: Tensor, mask: Tensor) -> tuple[int, ...]:
    return layouts.broadcast_shapes(mask._layout.shape, x._layout.shape)


@hosted
def _fill(x: Array, mask: Array, value: Array) -> Array:
    return library(x).where(mask, value.astype(x.dtype), x)


def _filled(x: Tensor, mask: Tensor, value: Any, shape: tuple[int, ...]) -> Call:
    if mask.dtype is not dtypes.bool:
        raise RuntimeError(
            "masked_fill_ only supports boolean masks, but got mask with dtype "
            f"{promotion.C_NAMES[mask.dtype]}"
        )
    if isinstance(value, Tensor):
        value = filling(value, "masked_fill_")
    given = value if isinstance(value, Source) else as_element(value, x.dtype)
    operands = (_source(x, shape), _source(mask, shape), given)
    return Call(_fill, operands, (Result(contiguous(shape), x.dtype),))


def filling(value: Tensor, name: str) -> Any:
    """The number that a tensor holds, or where it is if that cannot be read."""
    if value.ndim:
        raise RuntimeError(
            f"{name} only supports a 0-dimensional value tensor, but got tensor with "
            f"{value.ndim} dimension(s)."
        )
    return Source(value._storage, value._layout) if is_traced(value) else scalar(value)


def _prepare_fill(input: Tensor, mask: Tensor, value: Any) -> Call:
    return _filled(input, mask, value, _joint(input, mask))


_FILL = ("Tensor input, Tensor mask, Tensor value", "Tensor input, Tensor mask, Number value")


@taking("masked_fill_", *map(of_method, _FILL), method=True)
def _masked_fill_(self: Tensor, mask: Tensor, value: Any) -> Tensor:
    return fill_masked(self, mask, value, stacklevel=4)


def fill_masked(self: Tensor, mask: Tensor, value: Any, stacklevel: int) -> Tensor:
    """Write one number into a tensor where a mask holds."""
    shape = layouts.broadcast_shapes(self._layout.shape, mask._layout.shape)
    call = _filled(self, mask, value, shape)
    if not layouts.overlaps_itself(self._layout) or shape != self._layout.shape:
        return apply_in_place(call, self)
    warnings.warn(EXPANDED.format("masked_fill_", "mask] = scalar"), stacklevel=stacklevel)
    once = layouts.distinct(self._layout)
    own, chosen = Source(self._storage, once), _any(mask.expand(shape), once)
    operands = (own, chosen, call.operands[2])
    apply_in_place(
        call._replace(operands=operands, results=(Result(once, self._dtype),)),
        wrap(self._storage, once, self._dtype),
    )
    return self


def _any(mask: Tensor, once: Layout) -> Source:
    """Where the mask holds for any of the indices that mean one element."""
    for d, (n, m) in enumerate(zip(once.shape, mask.shape, strict=True)):
        mask = mask.any(d, keepdim=True) if n != m else mask
    return Source(mask._storage, mask._layout)


@hosted
def _scatter(x: Array, mask: Array, source: Array) -> Array:
    if not source.size:
        return x
    of = library(x)
    # The elements that are chosen up to each place say which of the source's goes there.
    order = of.cumsum(mask.reshape(-1).astype(int)) - 1
    given = source.reshape(-1)[of.clip(order, 0, source.size - 1)]
    return of.where(mask, given.reshape(x.shape), x)


def _scattered(x: Tensor, mask: Tensor, source: Tensor, shape: tuple[int, ...]) -> Call:
    if x.dtype is not source.dtype:
        names = [promotion.SCALAR_NAMES[each.dtype] for each in (x, source)]
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got"
            f"{names[0]} and {names[1]}"
        )
    if mask.dtype is not dtypes.bool:
        raise RuntimeError(
            "masked_scatter_ only supports boolean masks, but got mask with dtype "
            f"{promotion.SCALAR_NAMES[mask.dtype]}"
        )
    chosen = _source(mask, shape)
    if not is_traced(mask):
        count = int(mask._storage.values(chosen.layout).sum())
        if count > source._layout.numel:
            raise RuntimeError("Number of elements of source < number of ones in mask")
    operands = (_source(x, shape), chosen, Source(source._storage, source._layout))
    return Call(_scatter, operands, (Result(contiguous(shape), x.dtype),))


def _prepare_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Call:
    return _scattered(input, mask, source, _joint(input, mask))


_SCATTER = "Tensor input, Tensor mask, Tensor source"


@taking("masked_scatter_", of_method(_SCATTER), method=True)
def _masked_scatter_(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    shape = self._layout.shape
    views.expand(mask._layout, shape, "CPUBoolType")
    return apply_in_place(_scattered(self, mask, source, shape), self)


@hosted
def _select(x: Array, mask: Array, count: int) -> Array:
    if isinstance(x, np.ndarray):
        return x[mask]
    return x.reshape(-1)[jnp.flatnonzero(mask, size=count)]


def _prepare_select(input: Tensor, mask: Tensor) -> Call:
    if mask.dtype is not dtypes.bool:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    shape = _joint(input, mask)
    chosen = _source(mask, shape)
    count = int(truths(mask.expand(shape)).sum())
    operands, result = (_source(input, shape), chosen), Result(contiguous((count,)), input.dtype)
    options = (("count", count),)
    return Call(_select, operands, (result,), None, options, refused=layouts.overlap)


masked_fill = define(
    Operation(
        "masked_fill",
        _prepare_fill,
        "``value`` where ``mask`` holds, elsewhere the element.",
        signatures=_FILL,
    )
)
masked_scatter = define(
    Operation(
        "masked_scatter",
        _prepare_scatter,
        "The source's elements one after another where ``mask`` holds, elsewhere the element.",
        signatures=(_SCATTER,),
    )
)
masked_select = define(
    Operation(
        "masked_select",
        _prepare_select,
        "The elements where a mask holds, in the order of their indices.",
        signatures=("Tensor input, Tensor mask, *, Tensor out = None",),
        out_type="same",
    )
)
attach("masked_fill_", _masked_fill_, "Writes one number where a mask holds.")
attach("masked_scatter_", _masked_scatter_, "Writes elements one after another where a mask holds.")
