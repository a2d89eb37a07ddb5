"""Products of all pairs of elements, of vectors in space, and of an element with itself."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, layouts, promotion, views
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.kernels import Options, Source
from jaxnn.torch.layouts import Layout, wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.declaration import function
from jaxnn.torch.operations.definition.elementwise import elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.precision import rounded
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, wrap


def _multiply_into(a: Array, b: Array, shape: tuple[int, ...]) -> Array:
    return (a * b).reshape(shape)


def _prepare_kron(input: Tensor, other: Tensor) -> Call:
    ndim = max(input.ndim, other.ndim)
    left, right = (_interleaved(x, ndim, place) for place, x in enumerate((input, other)))
    call = elementwise(_multiply_into, (left, right))
    ((layout, dtype),) = call.results
    shape = tuple(n * m for n, m in zip(layout.shape[::2], layout.shape[1::2], strict=True))
    place = views.try_view(layout, shape) or layouts.contiguous(shape)
    return call._replace(results=(Result(place, dtype),), options=(("shape", shape),))


def _interleaved(x: Tensor, ndim: int, place: int) -> Tensor:
    """Each dimension with one of size 1 after it (place 0) or before it (place 1)."""
    layout = x._layout
    shape = (1,) * (ndim - layout.ndim) + layout.shape
    strides = (0,) * (ndim - layout.ndim) + layout.strides
    pairs = [(n, 1) if place == 0 else (1, n) for n in shape]
    steps = [(s, 0) if place == 0 else (0, s) for s in strides]
    wide = Layout(
        tuple(n for pair in pairs for n in pair),
        tuple(s for pair in steps for s in pair),
        layout.offset,
    )
    return wrap(x._storage, wide, x._dtype)


def _cross(a: Array, b: Array, dim: int, dtype: np.dtype) -> Array:
    first, second = (jnp.roll(x, -1, dim) for x in (a, b))
    return jnp.roll(_rounded(a * second, dtype) - _rounded(first * b, dtype), -1, dim)


def _rounded(x: Array, dtype: np.dtype) -> Array:
    return rounded(x, dtype) if dtype.itemsize == 2 and dtype.kind not in "iu" else x


def _prepare_linalg_cross(input: Tensor, other: Tensor, dim: int) -> Call:
    """The cross products along one dimension."""
    if input.ndim != other.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    if not input.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    axis = wrap_dim(dim, input.ndim)
    lengths = input._layout.shape[axis], other._layout.shape[axis]
    if lengths != (3, 3):
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {lengths[0]} and "
            f"{lengths[1]}"
        )
    if input._dtype is not other._dtype:
        names = [promotion.SCALAR_NAMES[x._dtype] for x in (input, other)]
        raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")
    if input._dtype is dtypes.bool:
        raise promotion.not_implemented("cross", input._dtype)
    call = elementwise(_cross, (input, other))
    shape = call.results[0].layout.shape
    result = Result(layouts.contiguous(shape), input._dtype)
    options = (("dim", axis), ("dtype", input._dtype.numpy))
    return call._replace(results=(result,), options=options)


def _prepare_cross(input: Tensor, other: Tensor, dim: int | None) -> Call:
    if dim is None:
        threes = [d for d, n in enumerate(input._layout.shape) if n == 3]
        if not threes:
            raise RuntimeError("no dimension of size 3 in input")
        dim = threes[0]
    return _prepare_linalg_cross(input, other, dim)


def _prepare_vecdot(x: Tensor, y: Tensor, dim: int) -> Call:
    """The dot products along one dimension, of the first's conjugate."""
    if not (x._dtype.is_floating_point or x._dtype.is_complex):
        raise RuntimeError(
            "linalg.vecdot: Expected a floating point or complex tensor as input. Got "
            f"{promotion.SCALAR_NAMES[x._dtype]}"
        )
    if x._dtype is not y._dtype:
        names = [promotion.SCALAR_NAMES[each._dtype] for each in (x, y)]
        raise RuntimeError(
            "linalg.vecdot: Expected x and y to have the same dtype, but found x of type "
            f"{names[0]} and y of type {names[1]} instead"
        )
    call = elementwise(_vecdot, (x, y))
    shape = list(call.results[0].layout.shape)
    axis = wrap_dim(dim, len(shape))
    del shape[axis : axis + 1]
    result = Result(layouts.contiguous(shape), x._dtype)
    options: Options = (("dim", axis), ("dtype", x._dtype.numpy))
    compute = promotion.accumulator(x._dtype)
    return call._replace(results=(result,), compute=compute, options=options)


def _vecdot(x: Array, y: Array, dim: int, dtype: np.dtype) -> Array:
    """Torch rounds the products of 16-bit numbers before it adds them up."""
    products = jnp.conj(x) * y
    products = rounded(products, dtype) if dtype.itemsize == 2 else products
    return jnp.sum(products, dim) if products.ndim else products


def _powers(x: Array, count: int) -> Array:
    repeated = jnp.broadcast_to(x[..., None], (*x.shape, max(count - 1, 0)))
    powers = jnp.cumprod(repeated, -1, dtype=x.dtype)
    return jnp.concatenate([jnp.ones_like(x)[..., None], powers], -1)[..., :count]


def _falling_powers(x: Array, count: int) -> Array:
    return jnp.flip(_powers(x, count), -1)


def _prepare_linalg_vander(x: Tensor, N: int | None) -> Call:
    if x._dtype is dtypes.bool:
        raise RuntimeError(
            "linalg.vander supports floating point, complex, and integer tensors, but got "
            f"{promotion.SCALAR_NAMES[x._dtype]}"
        )
    x = x if x.ndim else wrap(x._storage, views.unsqueeze(x._layout, 0), x._dtype)
    count = x._layout.shape[-1] if N is None else N
    if count <= 1:
        raise RuntimeError("N must be greater than 1.")
    return _power_table(x, count, x._dtype)


def _prepare_vander(x: Tensor, N: int | None, increasing: bool) -> Call:
    if x.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    if N is not None and N < 0:
        raise RuntimeError("N must be non-negative.")
    dtype = dtypes.int64 if promotion.is_integral(x._dtype) else x._dtype
    call = _power_table(x, len(x) if N is None else N, dtype)
    return call if increasing else call._replace(function=_falling_powers)


def _power_table(x: Tensor, count: int, dtype: DType) -> Call:
    source = Source(x._storage, x._layout)
    result = Result(layouts.contiguous((*x._layout.shape, count)), dtype)
    return Call(_powers, (source,), (result,), dtype, (("count", count),))


def _operation(name: str, prepare: Any, arguments: str, doc: str, **faces: Any) -> Any:
    signatures = (f"Tensor input, {arguments}, *, Tensor out = None",)
    return define(Operation(name, prepare, doc, signatures=signatures, **faces))


kron = _operation(
    "kron", _prepare_kron, "Tensor other", "The second tensor times each element of the first."
)
cross = _operation(
    "cross", _prepare_cross, "Tensor other, int dim = None", "The products of vectors in space."
)

vander = function("vander", ["Tensor x, int N = None, bool increasing = False"], _prepare_vander)
linalg_cross = function(
    "linalg_cross",
    ["Tensor input, Tensor other, *, int dim = -1, Tensor out = None"],
    _prepare_linalg_cross,
    "same",
)
linalg_vecdot = function(
    "linalg_vecdot",
    ["Tensor x, Tensor y, *, int dim = -1, Tensor out = None"],
    _prepare_vecdot,
)
linalg_vander = function("linalg_vander", ["Tensor x, *, int N = None"], _prepare_linalg_vander)
