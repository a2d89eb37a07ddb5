"""The elements that index tensors and masks select, as a new tensor."""

import functools
from collections.abc import Sequence

from jaxnn.torch import layouts
from jaxnn.torch.host import hosted
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.indexing import advanced
from jaxnn.torch.operations.indexing.advanced import Places
from jaxnn.torch.operations.indexing.placing import keep, spread
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


@hosted
def _pick(x: Array, *tensors: Array, dims: tuple[bool, ...]) -> Array:
    return x[spread(tensors, dims)]


def pick(x: Tensor, parts: Sequence[Tensor | None]) -> Call:
    """The elements that index tensors select, in memory as torch gathers them."""
    places, sources = advanced.select(x._layout, parts)
    advanced.check_bounds(places, sources)
    result = Result(_layout(places), x._dtype)
    if not result.layout.numel:
        return Call(keep, (0,), (result,))
    operands = (Source(x._storage, x._layout), *sources)
    return Call(_pick, operands, (result,), None, (("dims", places.dims),))


@functools.lru_cache(maxsize=4096)
def _layout(places: Places) -> Layout:
    selected = places.layout
    operands = [selected, *places.spread]
    if places.reshaped == selected.shape:
        return layouts.elementwise(selected.shape, operands)
    return layouts.iterated(selected.shape, operands)
