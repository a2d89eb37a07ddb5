"""Elements in another order along dimensions: turned round, moved on, rotated."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import layouts
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.arguments import dims as wrapped_dims
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.tensor import Tensor


def _prepare_flip(input: Tensor, dims: tuple[int, ...]) -> Call:
    axes = wrapped_dims(dims, input.ndim) if dims else ()
    source = Source(input._storage, input._layout)
    result = Result(layouts.like(input._layout), input._dtype)
    return Call(jnp.flip, (source,), (result,), None, (("axis", axes),))


def _prepare_fliplr(input: Tensor) -> Call:
    if input.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return _prepare_flip(input, (1,))


def _prepare_flipud(input: Tensor) -> Call:
    if not input.ndim:
        raise RuntimeError("Input must be >= 1-d.")
    return _prepare_flip(input, (0,))


def _prepare_roll(input: Tensor, shifts: tuple[int, ...], dims: tuple[int, ...]) -> Call:
    if not shifts:
        raise RuntimeError("`shifts` required")
    if len(shifts) != len(dims) and (dims or len(shifts) > 1):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(dims)}"
        )
    if dims and not input.ndim:
        raise IndexError(f"Dimension specified as {dims[0]} but tensor has no dimensions")
    axes = tuple(wrap_dim(d, input.ndim) for d in dims) if input.numel() else ()
    source = Source(input._storage, input._layout)
    result = Result(layouts.contiguous(input._layout.shape), input._dtype)
    if not input.ndim or not input.numel():
        shifts = axes = ()
    options = (("shift", shifts if axes else shifts[:1]), ("axis", axes))
    return Call(_rolled, (source,), (result,), None, options)


def _rolled(x: Any, shift: tuple[int, ...], axis: tuple[int, ...]) -> Any:
    if not shift:
        return x
    return jnp.roll(x, shift, axis) if axis else jnp.roll(x, shift[0])


def _check_rotation(x: Tensor, dims: tuple[int, ...]) -> None:
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if x.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {x.ndim}")
    if dims[0] == dims[1] or abs(dims[0] - dims[1]) == x.ndim:
        raise RuntimeError(
            f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}"
        )
    for d in dims:
        wrap_dim(d, x.ndim)


def _rot90(input: Any, k: int, dims: tuple[int, ...]) -> Tensor:
    _check_rotation(input, dims)
    if k % 4 == 0:
        return input.clone()
    if k % 4 == 2:
        return input.flip(dims)
    turned = input.flip((dims[1],) if k % 4 == 1 else (dims[0],))
    return turned.transpose(*dims)


def _define(name: str, prepare: Any, doc: str, rest: str = "") -> Any:
    signatures = (f"Tensor input{rest}",)
    return define(Operation(name, prepare, doc, signatures=signatures))


flip = _define(
    "flip",
    _prepare_flip,
    "A copy with some dimensions in the opposite order.",
    ", tuple of ints dims",
)
fliplr = _define("fliplr", _prepare_fliplr, "A copy with the columns in the opposite order.")
flipud = _define("flipud", _prepare_flipud, "A copy with the rows in the opposite order.")
roll = _define(
    "roll",
    _prepare_roll,
    "Elements moved on along dimensions, the last ones to the front.",
    ", tuple of ints[1] shifts, tuple of ints[1] dims = {}",
)
rot90 = _define(
    "rot90",
    _rot90,
    "A copy turned by quarters in the plane of two dimensions.",
    ", int k = 1, tuple of ints dims = {0,1}",
)
