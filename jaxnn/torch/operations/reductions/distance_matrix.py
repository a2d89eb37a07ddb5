"""The distances between all rows of two matrices."""

from typing import Any

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.reductions.norms import norm_of_vectors
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_MODES = (
    "use_mm_for_euclid_dist_if_necessary",
    "use_mm_for_euclid_dist",
    "donot_use_mm_for_euclid_dist",
)


def _distances(a: Array, b: Array, p: float) -> Array:
    ndim = max(a.ndim, b.ndim)
    a, b = (x.reshape((1,) * (ndim - x.ndim) + x.shape) for x in (a, b))
    return norm_of_vectors(a[..., :, None, :] - b[..., None, :, :], (-1,), False, p)


@taking("cdist", "Tensor x1, Tensor x2, float p = 2.0, object compute_mode = None")
def cdist(x1: Tensor, x2: Tensor, p: float, compute_mode: Any) -> Tensor:
    """The p-norm distance of each row of ``x1`` from each row of ``x2``, in stacks of matrices.

    >>> import jaxnn.torch as torch
    >>> torch.cdist(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])

    Source: ``torch.cdist``.
    """
    if compute_mode not in (None, 0, 1, 2, *_MODES):
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    _check(x1, x2, p)
    batch = layouts.broadcast_shapes(x1._layout.shape[:-2], x2._layout.shape[:-2])
    shape = (*batch, x1._layout.shape[-2], x2._layout.shape[-2])
    sources = tuple(Source(x._storage, x._layout) for x in (x1, x2))
    result = Result(layouts.contiguous(shape), x1._dtype)
    return apply(Call(_distances, sources, (result,), x1._dtype, (("p", p),)))


def _check(x1: Tensor, x2: Tensor, p: float) -> None:
    for name, x in (("X1", x1), ("X2", x2)):
        if x.ndim < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, {name} got: {x.ndim}D")
    columns = x1._layout.shape[-1], x2._layout.shape[-1]
    if columns[0] != columns[1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {columns[0]} X2: {columns[1]}"
        )
    names = [promotion.SCALAR_NAMES[x._dtype] for x in (x1, x2)]
    for label, x, name in zip(("X1", "X2"), (x1, x2), names, strict=True):
        if not x._dtype.is_floating_point:
            raise RuntimeError(f"cdist only supports floating-point dtypes, {label} got: {name}")
    if not p >= 0:
        raise RuntimeError("cdist only supports non-negative p values")
    if x1._dtype not in (dtypes.float32, dtypes.float64):
        raise promotion.not_implemented("cdist", x1._dtype)
    if names[0] != names[1]:
        raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")
