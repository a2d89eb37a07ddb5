"""Slopes of sampled functions: ``torch.gradient``."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.kernels import Options, Source
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.arguments import dims as wrapped_dims
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.precision import rounded
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _at(x: Array, *bounds: int | None) -> Array:
    return x[..., slice(*bounds)]


def _even_slopes(x: Array, spacing: Array, dim: int, edge_order: int, dtype: np.dtype) -> Array:
    """Of points at one distance: central differences, and one-sided ones at both ends."""
    x = jnp.moveaxis(x, dim, -1)

    def add(a: Array, b: Array) -> Array:
        return rounded(a + b, dtype) if dtype.itemsize == 2 else a + b

    inner = (_at(x, 2, None) - _at(x, 0, -2)) / 2
    if edge_order == 1:
        first, last = _at(x, 1, 2) - _at(x, 0, 1), _at(x, -1, None) - _at(x, -2, -1)
    else:
        outer = add(1.5 * _at(x, 0, 1), 0), add(1.5 * _at(x, -1, None), 0)
        first = add(add(2 * _at(x, 1, 2), -outer[0]), -0.5 * _at(x, 2, 3))
        last = add(add(0.5 * _at(x, -3, -2), -2 * _at(x, -2, -1)), outer[1])
    differences = add(jnp.concatenate([first, inner, last], -1), 0)
    return jnp.moveaxis(differences / spacing, -1, dim)


def _uneven_slopes(x: Array, points: Array, dim: int, edge_order: int) -> Array:
    """Of points anywhere: the slopes of the parabolas, or at the ends the lines, through them."""
    x = jnp.moveaxis(x, dim, -1)
    steps = jnp.expand_dims(points[1:] - points[:-1], tuple(range(x.ndim - 1)))
    slopes = (_at(x, 1, None) - _at(x, 0, -1)) / steps
    before, after = _at(steps, 0, -1), _at(steps, 1, None)
    bends = (_at(slopes, 1, None) - _at(slopes, 0, -1)) / (before + after)
    inner = _at(slopes, 0, -1) + before * bends
    first, last = _at(slopes, 0, 1), _at(slopes, -1, None)
    if edge_order == 2:
        first = first - _at(steps, 0, 1) * _at(bends, 0, 1)
        last = last + _at(steps, -1, None) * _at(bends, -1, None)
    return jnp.moveaxis(jnp.concatenate([first, inner, last], -1), -1, dim)


@taking(
    "gradient",
    "Tensor input, *, tuple of ints dim, int edge_order = 1",
    "Tensor input, *, Number spacing, tuple of ints dim, int edge_order = 1",
    "Tensor input, *, Number spacing = None, int dim = None, int edge_order = 1",
    "Tensor input, *, tuple of Tensors spacing, tuple of ints dim, int edge_order = 1",
    "Tensor input, *, tuple of Tensors spacing, int dim = None, int edge_order = 1",
)
def gradient(
    input: Tensor, edge_order: int, dim: Any = None, spacing: Any = None
) -> tuple[Tensor, ...]:
    """The slopes of a function along each dimension, from its values at points of a grid.

    Args:
        input: the values.
        edge_order: 1 for lines through the two points at either end, 2 for parabolas through three.
        dim: the dimension or dimensions; by default all.
        spacing: the distance of points (1 if not given), or that in each dimension, or the places
            of the points in each dimension as tensors.

    >>> import jaxnn.torch as torch
    >>> torch.gradient(torch.tensor([0.0, 1.0, 4.0, 9.0]))
    (tensor([1., 2., 4., 5.]),)

    Source: ``torch.gradient``.
    """
    axes = _axes(input, dim)
    grids = _grids(spacing, axes)
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    for axis, grid in zip(axes, grids, strict=True):
        _check(input, axis, grid, edge_order)
    return tuple(
        apply(_call(input, axis, grid, edge_order)) for axis, grid in zip(axes, grids, strict=True)
    )


def _axes(x: Tensor, dim: Any) -> list[int]:
    if dim is None:
        return list(range(x.ndim))
    if isinstance(dim, int):
        return [wrap_dim(dim, x.ndim)]
    wrapped_dims(dim, x.ndim)
    return [wrap_dim(d, x.ndim) for d in dim]


def _grids(spacing: Any, axes: list[int]) -> list[Any]:
    if not isinstance(spacing, tuple | list):
        return [1.0 if spacing is None else spacing] * len(axes)
    if len(spacing) != len(axes):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim "
            "arguments to have the same length, but got a spacing argument of length "
            f"{len(spacing)} and a dim argument of length {len(axes)}."
        )
    return list(spacing)


def _check(x: Tensor, axis: int, grid: Any, edge_order: int) -> None:
    size = x._layout.shape[axis]
    if isinstance(grid, Tensor) and (grid.ndim != 1 or len(grid) != size):
        raise RuntimeError(
            "torch.gradient expected each tensor to have the same length as the dimension it is "
            f"for, but got {list(grid.shape)} for a dimension of size {size}"
        )
    if size < edge_order + 1:
        raise RuntimeError(
            "torch.gradient expected each dimension size to be at least edge_order+1"
        )


def _call(x: Tensor, axis: int, grid: Any, edge_order: int) -> Call:
    dtype = dtypes.get_default_dtype() if promotion.is_integral(x._dtype) else x._dtype
    if isinstance(grid, Tensor):
        dtype = promotion.promote(dtype, grid._dtype)
    result = Result(layouts.contiguous(x._layout.shape), dtype)
    options: Options = (("dim", axis), ("edge_order", edge_order))
    values = Source(x._storage, x._layout)
    if not isinstance(grid, Tensor):
        operands, function = (values, grid), _even_slopes
        options = (*options, ("dtype", dtype.numpy))
    else:
        operands, function = (values, Source(grid._storage, grid._layout)), _uneven_slopes
    return Call(function, operands, (result,), promotion.accumulator(dtype), options)
