"""``einsum``: sums of products over the dimensions that an equation names.

It is put together from views and batched products, as torch does it, so that the result has torch's
strides, shares memory where torch's does, and refuses what torch refuses.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch.operations.matrices.equations import Subscript, arguments, parse, resolve
from jaxnn.torch.operations.matrices.matmul import bmm
from jaxnn.torch.tensor import Tensor


def einsum(*args: Any) -> Tensor:
    """The sums of products over all subscripts that the result does not have.

    Args:
        args: an equation such as ``"bij,bjk->bik"`` and its operands, or each operand followed by
            the list of its subscripts, and the result's list.

    >>> import jaxnn.torch as torch
    >>> torch.einsum("ij->j", torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([4., 6.])

    Source: ``torch.einsum``.
    """
    text, given = arguments(args)
    equation = parse(text, len(given))
    labels, output, order = resolve(equation, [x.shape for x in given])
    operands = [_aligned(x, its, order) for x, its in zip(given, labels, strict=True)]
    kept = len(output)
    if len(operands) == 1:
        return _summed(operands[0], kept)
    joined = _contracted(operands, kept, _path(labels, output, given))
    return joined.view(joined.shape[:kept])


def _summed(x: Any, kept: int) -> Tensor:
    return x if x.ndim == kept else x.sum(tuple(range(kept, x.ndim)))


def _aligned(x: Any, labels: Sequence[Subscript], order: Sequence[Subscript]) -> Any:
    """A view with a dimension for each subscript of all, of size 1 where the tensor has none."""
    dims: list[Subscript] = []
    for label in labels:
        if label in dims:
            place = dims.index(label)
            x = x.diagonal(0, place, len(dims)).movedim(-1, place)
        else:
            dims.append(label)
    x = x.permute([dims.index(label) for label in order if label in dims])
    for place, label in enumerate(order):
        if label not in dims:
            x = x.unsqueeze(place)
    return x


def _path(
    labels: Sequence[Sequence[Subscript]], output: Sequence[Subscript], given: Sequence[Tensor]
) -> Iterator[tuple[int, int]]:
    """Which two operands to multiply next, again and again: in the order of the least work."""
    if len(given) == 2:
        return iter([(0, 1)])
    names = {each: place for place, each in enumerate(dict.fromkeys(itertools.chain(*labels)))}
    shapes = [np.broadcast_to(np.float32(0), x.shape) for x in given]
    listed = [[names[each] for each in its] for its in labels]
    pairs: Any = itertools.chain(*zip(shapes, listed, strict=True))
    kept: Any = [names[each] for each in output]
    path = jnp.einsum_path(*pairs, kept, optimize="auto")[0]
    return ((min(pair), max(pair)) for pair in path)


def _contracted(operands: list[Any], kept: int, path: Iterator[tuple[int, int]]) -> Any:
    """All operands multiplied two by two, each dimension summed when the last two have it."""
    counts = [sum(x.shape[d] != 1 for x in operands) for d in range(operands[0].ndim)]
    for i, j in path:
        b, a = operands.pop(j), operands.pop(i)
        together: list[int] = []
        alone: tuple[list[int], list[int]] = ([], [])
        for d in range(kept, len(counts)):
            sides = a.shape[d] != 1, b.shape[d] != 1
            if all(sides):
                counts[d] -= 1
                if counts[d] == 1:
                    together.append(d)
                    counts[d] = 0
            elif counts[d] == 1 and any(sides):
                alone[sides.index(True)].append(d)
                counts[d] = 0
        a, b = (
            x.sum(dims, keepdim=True) if dims else x for x, dims in zip((a, b), alone, strict=True)
        )
        operands.append(_product(a, b, together))
    return operands[0]


def _product(a: Any, b: Any, summed: Sequence[int]) -> Any:
    """The products of aligned operands, summed over some dimensions, which become of size 1."""
    if not summed:
        return a * b
    others = [d for d in range(a.ndim) if d not in summed]
    both = [d for d in others if a.shape[d] != 1 and b.shape[d] != 1]
    left = [d for d in others if a.shape[d] != 1 and d not in both]
    right = [d for d in others if d not in both and d not in left]
    batch, inner = (math.prod(a.shape[d] for d in dims) for dims in (both, summed))
    rows, columns = math.prod(a.shape[d] for d in left), math.prod(b.shape[d] for d in right)
    first = a.permute([*both, *left, *summed, *right]).reshape(batch, rows, inner)
    second = b.permute([*both, *summed, *right, *left]).reshape(batch, inner, columns)
    sizes = [
        *(a.shape[d] for d in (*both, *left)),
        *(1 for _ in summed),
        *(b.shape[d] for d in right),
    ]
    order = [*both, *left, *summed, *right]
    return bmm(first, second).view(sizes).permute([order.index(d) for d in range(a.ndim)])
