"""Writes of given numbers into a tensor."""

from typing import Any

from jaxnn.torch import kernels, layouts, views
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.arguments import require_tensor
from jaxnn.torch.operations.definition.call import Call, Result, apply_in_place
from jaxnn.torch.operations.definition.elementwise import broadcast
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.tensor import Tensor, wrap

#: The forms of the value in torch's signatures.
VALUES = ("Tensor value", "Number value")


def fill(target: Tensor, value: complex) -> Tensor:
    """Write one number into every element."""
    return apply_in_place(number_everywhere(target, target._layout, value), target)


def copy(target: Tensor, source: Tensor) -> Tensor:
    """Write another tensor's elements, expanded to the target's shape, whatever their type."""
    return apply_in_place(copied(source, target, target._layout), target)


def number_everywhere(target: Tensor, layout: Layout, value: complex) -> Call:
    """The call that writes one number into every element of a target's layout."""
    element = as_element(value, target._dtype)
    return Call(kernels.identity, (element,), (Result(layout, target._dtype),), target._dtype)


def copied(source: Tensor, target: Tensor, layout: Layout) -> Call:
    """The call that writes a tensor's elements into those of a target's layout."""
    place = views.expand(source._layout, layout.shape)
    result = Result(layout, target._dtype)
    return Call(kernels.identity, (Source(source._storage, place),), (result,))


def check_single(value: Tensor) -> None:
    """Raise torch's error for a value that has dimensions."""
    if value.ndim:
        raise RuntimeError(
            "fill_ only supports 0-dimension value tensor but got tensor with "
            f"{value.ndim} dimensions."
        )


@taking("fill_", *VALUES, method=True)
def _fill_(self: Tensor, value: Any) -> Tensor:
    if not isinstance(value, Tensor):
        return _fill_everywhere(self, value)
    check_single(value)
    return copy(self, value)


def _zero_(self: Tensor) -> Tensor:
    return _fill_everywhere(self, 0)


def _fill_everywhere(self: Tensor, value: complex) -> Tensor:
    """Fill a tensor of which several indices may mean one element."""
    fill(wrap(self._storage, layouts.distinct(self._layout), self._dtype), value)
    return self


def _copy_(self: Tensor, other: Any, non_blocking: bool = False) -> Tensor:
    source = require_tensor(other, "copy_", "other", 1)
    if source is self:
        return self
    (_, place), joint = broadcast((self._layout, source._layout))
    result = Result(joint, self._dtype)
    call = Call(kernels.identity, (Source(source._storage, place, source._layout),), (result,))
    return apply_in_place(call, self)


attach("fill_", _fill_, "Writes one number into every element.")
attach("zero_", _zero_, "Writes 0 into every element.")
attach("copy_", _copy_, "Writes another tensor's elements, broadcast and converted.")
