"""Numbers at equal distances, and at equal ratios."""

import math
import warnings
from typing import Any

import numpy as np

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.creation.fused import multiply_add
from jaxnn.torch.operations.definition.options import NEW, Options
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.tensor import Tensor

_UNPLACED = NEW.removeprefix("Tensor out = None, ")


@taking(
    "arange",
    f"Number end, *, {NEW}",
    f"Number start, Number end, *, {_UNPLACED}",
    f"Number start, Number end, Number step = 1, *, {NEW}",
)
def arange(end: Any, start: Any = 0, step: Any = 1, **options: Any) -> Tensor:
    """The numbers from ``start`` (0 if only an end is given) up to before ``end``.

    >>> import jaxnn.torch as torch
    >>> torch.arange(3), torch.arange(0, 1, 0.25)
    (tensor([0, 1, 2]), tensor([0.0000, 0.2500, 0.5000, 0.7500]))

    Source: ``torch.arange``.
    """
    chosen = Options(otherwise=_inferred(start, end, step), **options)
    if chosen.dtype is dtypes.bool or chosen.dtype.is_complex:
        raise promotion.not_implemented("arange_cpu", chosen.dtype)
    if chosen.dtype is dtypes.int64:  # only for this type torch drops fractions before it counts
        given = step
        start, end, step = (int(as_element(x, dtypes.int64)) for x in (start, end, step))
        if given and not step:
            raise ValueError("step must be nonzero")
    start, end, step = map(_checked, (start, end, step))
    _check_range(start, end, step)
    whole = all(isinstance(x, int) for x in (start, end, step))
    count = -((start - end) // step) if whole else math.ceil((end - start) / step)
    values = _steps(start, step, count, chosen.dtype)
    if chosen.out is not None and chosen.out.numel() == count:
        return chosen.out.copy_(Options(dtype=chosen.dtype).hold(values).view(chosen.out.shape))
    _warn_of_size(chosen.out, count)
    return chosen.hold(values)


def _inferred(*bounds: Any) -> DType:
    whole = all(isinstance(x, int) for x in bounds)
    return dtypes.int64 if whole else dtypes.get_default_dtype()


def _checked(x: Any) -> Any:
    return (
        int(as_element(x, dtypes.int64))
        if isinstance(x, int)
        else float(as_element(x, dtypes.float64))
    )


def _check_range(start: Any, end: Any, step: Any) -> None:
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start:g} -> {end:g}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")


#: The bytes that torch's kernel of `arange` computes at once, two times over.
_VECTOR = 32


def _steps(start: Any, step: Any, count: int, dtype: DType) -> np.ndarray:
    """Counted from the first number of each vector, which is rounded before the others are made.

    What does not fill two vectors is counted from the start.
    """
    if promotion.is_integral(dtype):
        first, pace = (np.asarray(x).astype(np.int64) for x in (start, step))
        return (first + np.arange(count) * pace).astype(dtype.numpy)
    wide = _wide(dtype)
    first, pace = (np.asarray(x).astype(wide) for x in (start, step))
    lanes, index = _VECTOR // dtype.itemsize, np.arange(count)
    block = np.where(index < count - count % (2 * lanes), index // lanes * lanes, -1)
    at_block = multiply_add(first, pace, block.astype(wide)).astype(dtype.numpy).astype(wide)
    base, offset = np.where(block < 0, first, at_block), index - np.maximum(block, 0)
    return multiply_add(base, pace, offset.astype(wide)).astype(dtype.numpy)


def _warn_of_size(out: Tensor | None, count: int) -> None:
    if out is not None and out.numel():
        warnings.warn(
            f"The number of elements in the out tensor of shape {list(out.shape)} is {out.numel()} "
            f"which does not match the computed number of elements {count}. Note that this may "
            "occur as a result of rounding error. The out tensor will be resized to a tensor of "
            f"shape ({count},).",
            stacklevel=4,
        )


@taking("range", f"Number start, Number end, Number step = 1, *, {NEW}")
def range(start: Any, end: Any, step: Any, **options: Any) -> Tensor:
    """The numbers from ``start`` to ``end``, which is included: `arange` as it once was.

    Source: ``torch.range``.
    """
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release because its behavior "
        "is inconsistent with Python's range builtin. Instead, use torch.arange, which produces "
        "values in [start, end).",
        stacklevel=2,
    )
    chosen = Options(**options)
    _check_range(start, end, step)
    first, last, pace = (np.asarray(x).astype(_wide(chosen.dtype)) for x in (start, end, step))
    count = int((last - first) / pace + 1)
    return chosen.hold(multiply_add(first, pace, np.arange(count).astype(first.dtype)))


def _wide(dtype: DType) -> Any:
    """The type in which torch's kernels of ranges compute."""
    if promotion.is_integral(dtype):
        return np.int64
    return np.float32 if dtype.itemsize == 2 else np.float64


def _spaced(name: str, start: Any, end: Any, steps: int, options: Any) -> tuple[Options, Any, Any]:
    """The options and the ends, as numbers."""
    start, end = _ends(name, start, end)
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    inferred = promotion.to_complex(dtypes.get_default_dtype())
    is_complex = isinstance(start, complex) or isinstance(end, complex)
    chosen = Options(otherwise=inferred if is_complex else None, **options)
    if is_complex and not chosen.dtype.is_complex:
        raise RuntimeError(
            f"torch.{name}(): inferred dtype {promotion.C_NAMES[inferred]} can't be safely cast to "
            f"passed dtype {promotion.SCALAR_NAMES[chosen.dtype]}"
        )
    if chosen.dtype is dtypes.bool:
        raise promotion.not_implemented(f"{name}_cpu", chosen.dtype)
    return chosen, start, end


def _ends(name: str, start: Any, end: Any) -> list[Any]:
    ends = [start, end]
    counts = [x.ndim if isinstance(x, Tensor) else 0 for x in ends]
    if any(counts):
        raise RuntimeError(
            f"{name} only supports 0-dimensional start and end tensors, but got start with "
            f"{counts[0]} dimension(s) and end with {counts[1]} dimension(s)."
        )
    return [x.item() if isinstance(x, Tensor) else x for x in ends]


def _points(start: Any, end: Any, pace: Any, steps: int, add: Any) -> np.ndarray:
    """``steps`` points, each counted from the nearer end."""
    index = np.arange(steps)
    near_start = index < steps // 2
    count = np.where(near_start, index, steps - 1 - index).astype(pace.dtype)
    return np.where(near_start, add(start, pace, count), add(end, -pace, count))


_KINDS = ("Tensor", "Number")
_ENDS = [f"{a} start, {b} end, int steps" for b in _KINDS for a in _KINDS]


@taking("linspace", *(f"{ends}, *, {NEW}" for ends in _ENDS))
def linspace(start: Any, end: Any, steps: int, **options: Any) -> Tensor:
    """``steps`` numbers at equal distances from ``start`` to ``end``, both included.

    >>> import jaxnn.torch as torch
    >>> torch.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])

    Source: ``torch.linspace``.
    """
    chosen, start, end = _spaced("linspace", start, end, steps, options)
    wide = np.dtype(np.float64) if promotion.is_integral(chosen.dtype) else chosen.dtype.numpy
    first, last = (as_element(x, chosen.dtype).astype(wide) for x in (start, end))
    if steps == 1:
        return chosen.hold(np.array([first]))
    pace = (last - first) / np.asarray(max(steps - 1, 1)).astype(wide)
    return chosen.hold(_points(first, last, pace, steps, multiply_add))


@taking("logspace", *(f"{ends}, float base = 10.0, *, {NEW}" for ends in _ENDS))
def logspace(start: Any, end: Any, steps: int, base: float, **options: Any) -> Tensor:
    """The powers of ``base`` from ``base ** start`` to ``base ** end``, at equal ratios.

    >>> import jaxnn.torch as torch
    >>> torch.logspace(0, 2, 3)
    tensor([  1.,  10., 100.])

    Source: ``torch.logspace``.
    """
    chosen, start, end = _spaced("logspace", start, end, steps, options)
    if steps == 1:
        return chosen.hold(np.array([_power(base, start)]))
    first, last = (as_element(x, chosen.dtype) for x in (start, end))
    wide = np.complex128 if chosen.dtype.is_complex else np.float64
    pace = (last - first).astype(wide) / max(steps - 1, 1)
    exponents = _points(first.astype(wide), last.astype(wide), pace, steps, _add_product)
    with np.errstate(all="ignore"):
        return chosen.hold(np.array([_power(base, x) for x in exponents.tolist()], wide))


def _add_product(start: np.ndarray, pace: np.ndarray, count: np.ndarray) -> np.ndarray:
    return start + pace * count


def _power(base: float, exponent: complex) -> complex:
    """As C's ``pow``, which Python calls one by one; NumPy's rounds otherwise in a last bit."""
    try:
        return base**exponent if isinstance(exponent, complex) else math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:  # of a negative base, or of 0 to a negative power
        return math.inf if base == 0 else math.nan
