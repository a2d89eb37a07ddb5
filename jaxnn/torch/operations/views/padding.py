"""Tensors with a border of one number."""

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import formats, pieces
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

Widths = tuple[tuple[int, int], ...]


def _padded(x: Array, value: Array, widths: Widths) -> Array:
    edges = [(before, after, 0) for before, after in widths]
    return lax.pad(x, jnp.asarray(value).astype(x.dtype), edges)


def _prepare(input: Tensor, pad: tuple[int, ...], value: complex) -> Call:
    layout, given = input._layout, len(pad) // 2
    if len(pad) % 2:
        raise RuntimeError(f"Length of pad must be even but instead it equals {len(pad)}")
    if given > layout.ndim:
        raise RuntimeError(
            "Length of pad should be no more than twice the number of dimensions of the input. "
            f"Pad length is {len(pad)}while the input has {layout.ndim}dimensions."
        )
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    widths = (*((0, 0) for _ in range(layout.ndim - given)), *reversed(pairs))
    for d, (before, after) in enumerate(widths):
        size = layout.shape[d]
        if size + before + after < 0:
            raise RuntimeError(
                f"The input size {size}, plus negative padding {before} and {after} resulted in a "
                "negative output size, which is invalid. Check dimension "
                f"{d} of your input."
            )
        pieces.narrow(layout, d, max(-before, 0), size - max(-before, 0) - max(-after, 0))
    shape = [n + sum(pair) for n, pair in zip(layout.shape, widths, strict=True)]
    result = Result(formats.layout_in(shape, formats.suggested(layout)), input._dtype)
    source = Source(input._storage, layout)
    number = as_element(value, input._dtype).item()
    return Call(_padded, (source, number), (result,), None, (("widths", widths),))


constant_pad_nd = define(
    Operation(
        "constant_pad_nd",
        _prepare,
        "A border of one number, its widths given from the last dimension on.",
        method=False,
        signatures=("Tensor input, tuple of ints pad, Number value = 0",),
    )
)
