"""Differences of neighbours along a dimension, and areas under them."""

from typing import Any

from jaxnn.torch import dtypes
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.elements.arithmetic import sub
from jaxnn.torch.operations.elements.logic import logical_xor
from jaxnn.torch.operations.reductions.scans import cumsum
from jaxnn.torch.operations.reductions.sums import sum
from jaxnn.torch.operations.views.joining import cat
from jaxnn.torch.tensor import Tensor

_DIFF = (
    "Tensor input, int n = 1, int dim = -1, Tensor prepend = None, Tensor append = None, *, "
    "Tensor out = None",
)
_OVER_POINTS = "Tensor y, Tensor x, *, int dim = -1"
_OVER_STEPS = "Tensor y, *, Number dx = 1, int dim = -1"
_AREA = (_OVER_POINTS, _OVER_STEPS)
_OLD_AREA = (_OVER_STEPS.replace("Number", "float"), _OVER_POINTS)


def _neighbours(x: Tensor, dim: int) -> tuple[Tensor, Tensor]:
    """All but the last, and all but the first."""
    last = max(x._layout.shape[dim] - 1, 0)
    return x.narrow(dim, 0, last), x.narrow(dim, x._layout.shape[dim] - last, last)


def _prepare_diff(
    input: Tensor, n: int, dim: int, prepend: Tensor | None, append: Tensor | None
) -> Tensor:
    _check_diff(input, n, dim, (prepend, append))
    if n == 0:
        return input.clone()
    axis = wrap_dim(dim, input.ndim)
    pieces = [each for each in (prepend, input, append) if each is not None]
    found = cat(pieces, axis) if len(pieces) > 1 else input
    minus = logical_xor if found._dtype is dtypes.bool else sub
    for _ in range(min(n, found._layout.shape[axis])):
        before, after = _neighbours(found, axis)
        found = minus(after, before)
    return found


def _check_diff(input: Tensor, n: int, dim: int, more: Any) -> None:
    if not input.ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    axis = wrap_dim(dim, input.ndim)
    for each in more:
        if each is None:
            continue
        if each.ndim != input.ndim:
            raise RuntimeError("diff expects prepend or append to be the same dimension as input")
        pairs = zip(input.shape, each.shape, strict=True)
        for d, (size, given) in enumerate(pairs):
            if d != axis and size != given:
                raise RuntimeError(
                    "diff expects the shape of tensor to prepend or append to match that of input "
                    f"except along the differencing dimension; input.size({d}) = {size}, but got "
                    f"tensor.size({d}) = {given}"
                )


def _axis(y: Tensor, dim: int) -> int:
    if not y.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return wrap_dim(dim, y.ndim)


def _steps(name: str, y: Tensor, x: Tensor, axis: int) -> Tensor:
    """The distances of the points, beside the dimension of ``y`` that they belong to."""
    if dtypes.bool in (y._dtype, x._dtype):
        raise RuntimeError(
            f"{name}: received a bool input for `x` or `y`, but bool is not supported"
        )
    if x.ndim == 1:
        if x._layout.numel != y._layout.shape[axis]:
            raise RuntimeError(f"{name}: There must be one `x` value for each sample point")
        x = x.view([-1 if d == axis else 1 for d in range(y.ndim)])
    elif x.ndim < y.ndim:
        x = x.view([1] * (y.ndim - x.ndim) + list(x.shape))
    before, after = _neighbours(x, axis)
    return after - before


def _check_step(name: str, y: Tensor, dx: Any) -> None:
    if y._dtype is dtypes.bool:
        raise RuntimeError(f"{name}: received a bool input for `y`, but bool is not supported")
    if isinstance(dx, bool | complex):
        raise RuntimeError(f"{name}: Currently, we only support dx as a real number.")


def _prepare_trapezoid(y: Tensor, dim: int, x: Tensor | None = None, dx: Any = 1) -> Tensor:
    axis = _axis(y, dim)
    if not y._layout.shape[axis]:
        return sum(y, axis).to(y._dtype)
    if x is not None:
        steps = _steps("trapezoid", y, x, axis)
        before, after = _neighbours(y, axis)
        return sum((before + after) * steps, axis) / 2.0
    _check_step("trapezoid", y, dx)
    ends = (y.select(axis, 0) + y.select(axis, -1)) * 0.5
    return (sum(y, axis) - ends) * dx


def _prepare_cumulative_trapezoid(
    y: Tensor, dim: int, x: Tensor | None = None, dx: Any = 1
) -> Tensor:
    if x is None:
        _check_step("cumulative_trapezoid", y, dx)
    axis = wrap_dim(dim, y.ndim)
    if not y.ndim:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    before, after = _neighbours(y, axis)
    if x is not None:
        steps = _steps("cumulative_trapezoid", y, x, axis)
        return cumsum((before + after) * steps, axis) / 2.0
    return (dx / 2.0) * cumsum(before + after, axis)


diff = define(
    Operation(
        "diff",
        _prepare_diff,
        "The difference of each element and the one before, taken ``n`` times.",
        signatures=_DIFF,
    )
)
trapezoid = define(
    Operation(
        "trapezoid",
        _prepare_trapezoid,
        "The area under the points, between each two of them a straight line.",
        method=False,
        out=False,
        signatures=_AREA,
    )
)
trapz = define(
    Operation(
        "trapz",
        _prepare_trapezoid,
        "The same as `trapezoid`.",
        method=False,
        out=False,
        signatures=_OLD_AREA,
    )
)
cumulative_trapezoid = define(
    Operation(
        "cumulative_trapezoid",
        _prepare_cumulative_trapezoid,
        "The area so far under the points, between each two of them a straight line.",
        method=False,
        out=False,
        signatures=_AREA,
    )
)
