"""How near vectors are to each other: the core's distances, on tensors."""

from typing import Any

from jaxnn import distances
from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.core import core_call
from jaxnn.torch.operations.definition.elementwise import broadcast
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.tensor import Tensor


def _pair(x: Tensor, y: Tensor) -> tuple[list[Source], tuple[int, ...], dtypes.dtype]:
    """Two tensors of one type, expanded to their common shape."""
    common = promotion.result_type(x, y)
    given = [each if each.dtype is common else each.to(common) for each in (x, y)]
    expanded, layout = broadcast(tuple(each._layout for each in given))
    sources = [Source(x._storage, p, x._layout) for x, p in zip(given, expanded, strict=True)]
    return sources, layout.shape, common


def _prepare_cosine(x1: Tensor, x2: Tensor, dim: int, eps: float) -> Any:
    if not (x1.is_floating_point() and x2.is_floating_point()):
        raise RuntimeError("expected common dtype to be floating point, yet common dtype is Long")
    sources, shape, common = _pair(x1, x2)
    axis = wrap_dim(dim, len(shape))
    if not shape:
        return _prepare_cosine(x1.reshape(1), x2.reshape(1), 0, eps)
    if common.itemsize == 2:  # torch rounds after each step
        pair = [x.to(common).expand(shape) for x in (x1, x2)]
        units = [x / x.norm(2, axis, keepdim=True).clamp_min(eps) for x in pair]
        return (units[0] * units[1]).sum(axis)
    rest = tuple(n for d, n in enumerate(shape) if d != axis)
    result = Result(layouts.contiguous(rest), common)
    function = distances.cosine_similarity
    return core_call(function, sources, result, axis=axis, eps=float(eps))


cosine_similarity = define(
    Operation(
        "cosine_similarity",
        _prepare_cosine,
        "The cosine of the angle between vectors along a dimension.",
        method=False,
        signatures=("Tensor x1, Tensor x2, int dim = 1, float eps = 1e-08",),
    )
)


def _prepare_pairwise(x1: Tensor, x2: Tensor, p: float, eps: float, keepdim: bool) -> Call:
    if promotion.is_integral(promotion.result_type(x1, x2)):
        x1, x2 = (x.to(dtypes.get_default_dtype()) for x in (x1, x2))
    sources, shape, common = _pair(x1, x2)
    rest = (*shape[:-1], 1) if keepdim else shape[:-1]
    result = Result(layouts.contiguous(rest), common)
    named = {"eps": float(eps)}
    function = distances.pairwise_distance
    return core_call(function, sources, result, named, p=float(p), keepdims=keepdim)


pairwise_distance = define(
    Operation(
        "pairwise_distance",
        _prepare_pairwise,
        "The p-norm of x1 - x2 + eps along the last dimension.",
        method=False,
        signatures=("Tensor x1, Tensor x2, float p = 2, float eps = 1e-06, bool keepdim = False",),
    )
)


def _prepare_pdist(input: Tensor, p: float) -> Call:
    if input.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.ndim}D")
    if input.dtype not in (dtypes.float32, dtypes.float64):
        raise RuntimeError("pdist only supports floating-point dtypes")
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values")
    rows = input.shape[0]
    result = Result(layouts.contiguous((rows * (rows - 1) // 2,)), input.dtype)
    return core_call(distances.pdist, (input,), result, p=float(p))


pdist = define(
    Operation(
        "pdist",
        _prepare_pdist,
        "The p-norms of the differences of all pairs of rows.",
        method=False,
        signatures=("Tensor input, float p = 2",),
    )
)
