"""Square brackets: reading and assigning through views and index tensors."""

from typing import Any

import jax
import numpy as np

from jaxnn.torch import dtypes, pieces, promotion, views
from jaxnn.torch.dtypes import dtype
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.arguments import NUMBER
from jaxnn.torch.operations.definition.call import Call, Result, apply, apply_in_place
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.operations.indexing import indices
from jaxnn.torch.operations.indexing.picking import pick
from jaxnn.torch.operations.indexing.placing import keep
from jaxnn.torch.operations.indexing.putting import put_at
from jaxnn.torch.size import type_name
from jaxnn.torch.storage import Storage
from jaxnn.torch.tensor import Tensor, of_array, wrap

_FIRST_TYPES = (
    *(dtypes.float16, dtypes.float32, dtypes.float64),
    *(dtypes.uint8, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64),
)


def _getitem(self: Tensor, index: Any) -> Any:
    found = indices.parse(self._layout, index)
    view = wrap(self._storage, found.layout, self._dtype)
    return apply(pick(view, found.listed())) if found.parts else view


def _setitem(self: Tensor, index: Any, value: Any) -> None:
    given = _as_value(self, value)
    if index is False:
        return
    if index is True:
        index = None
    found = indices.parse(self._layout, index)
    target = wrap(self._storage, found.layout, self._dtype)
    if found.parts:
        put_at(target, found.listed(), _without_leading_ones(given), False, stacklevel=3)
    else:
        _assign(target, given)


def _as_value(self: Tensor, value: Any) -> Tensor:
    if isinstance(value, jax.Array):
        return of_array(value)
    if isinstance(value, np.integer):
        value = int(value)
    if isinstance(value, Tensor):
        return value
    if not isinstance(value, NUMBER):
        name = self.type().removeprefix("torch.")
        raise TypeError(f"can't assign a {type_name(value)} to a torch.{name}")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("Overflow when unpacking long long")
    element = np.asarray(_as_element(value, self._dtype))
    return wrap(Storage(element.reshape(1)), Layout((), ()), self._dtype)


def _as_element(value: complex, d: dtype) -> Any:
    if promotion.accumulator(d) is d:
        return as_element(value, d)
    with np.errstate(over="ignore"):  # only here torch lets the floats of 16 bits overflow
        return as_element(value, dtypes.float64).astype(d.numpy)


def _assign(target: Tensor, value: Tensor) -> None:
    if not value.ndim and not target._layout.numel:
        return
    if value.ndim and value.shape != target.shape:
        value = _without_leading_ones(value)
    layout = views.expand(value._layout, target._layout.shape, _type_text(value))
    if (value._storage, layout) == (target._storage, target._layout):
        return
    source = Source(value._storage, layout)
    result = Result(target._layout, target._dtype)
    apply_in_place(Call(keep, (source,), (result,)), target)


def _type_text(x: Tensor) -> str:
    """A tensor's type as the message of ``expand`` has it, which knows torch's first ones best."""
    if x._dtype in _FIRST_TYPES:
        return x.type()
    return f"CPU{promotion.SCALAR_NAMES[x._dtype]}Type"


def _without_leading_ones(value: Tensor) -> Tensor:
    layout = value._layout
    while layout.ndim and layout.shape[0] == 1:
        layout = pieces.select(layout, 0, 0)
    return wrap(value._storage, layout, value._dtype)


Tensor.__getitem__ = _getitem
Tensor.__setitem__ = _setitem
