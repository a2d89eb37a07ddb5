"""How variables, one a row, vary together."""

import warnings
from typing import Any

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.elements.complex_numbers import complex
from jaxnn.torch.operations.matrices.matmul import mm
from jaxnn.torch.operations.reductions.sums import sum
from jaxnn.torch.tensor import Tensor, is_traced, scalar, values

_COV = ("Tensor input, *, int correction = 1, Tensor fweights = None, Tensor aweights = None",)


def _prepare_cov(
    input: Tensor, correction: int, fweights: Tensor | None, aweights: Tensor | None
) -> Any:
    if input.ndim > 2:
        raise RuntimeError(
            "cov(): expected input to have two or fewer dimensions but got an input with "
            f"{input.ndim} dimensions"
        )
    if input._dtype is dtypes.bool:
        raise RuntimeError("cov(): bool dtype is not supported for input")
    x = input.view(1, -1) if input.ndim < 2 else input
    count = x._layout.shape[1]
    weights = _weights(count, fweights, aweights)
    total = x.new_tensor(count, dtype=dtypes.int64) if weights is None else sum(weights)
    if weights is not None and not is_traced(total) and scalar(total) == 0:
        raise RuntimeError("cov(): weights sum to zero, can't be normalized")
    mean = sum(x if weights is None else x * weights, 1) / total
    offset = x - mean.unsqueeze(1)
    weighted = offset if weights is None else offset * weights
    freedom = total - correction
    if aweights is not None and correction:
        freedom = total - correction * sum(weights * aweights) / total
    return (mm(offset, weighted.t().conj()) / _at_least_0(freedom)).squeeze()


def _at_least_0(freedom: Tensor) -> Tensor:
    if not is_traced(freedom) and scalar(freedom) <= 0:
        warnings.warn(
            "cov(): degrees of freedom is <= 0. Correction should be strictly less than the number "
            "of observations.",
            stacklevel=5,
        )
    return freedom.clamp(min=0)


def _weights(count: int, fweights: Tensor | None, aweights: Tensor | None) -> Tensor | None:
    """The product of both kinds of weights."""
    if fweights is not None:
        integral = promotion.is_integral(fweights._dtype)
        _check_weights("fweights", fweights, count, "integral", integral)
    if aweights is not None:
        real = aweights._dtype.is_floating_point
        _check_weights("aweights", aweights, count, "floating point", real)
    if fweights is None or aweights is None:
        return aweights if fweights is None else fweights
    return fweights * aweights


def _check_weights(name: str, weights: Tensor, count: int, kind: str, fits: bool) -> None:
    if weights.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with "
            f"{weights.ndim} dimensions"
        )
    if not fits:
        given = promotion.SCALAR_NAMES[weights._dtype]
        raise RuntimeError(
            f"cov(): expected {name} to have {kind} dtype but got {name} with {given} dtype"
        )
    if weights._layout.numel != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input "
            f"but got {weights._layout.numel} != {count}"
        )
    if not is_traced(weights) and (values(weights) < 0).any():
        raise RuntimeError(f"cov(): {name} cannot be negative")


def _prepare_corrcoef(input: Tensor) -> Any:
    if input.ndim > 2:
        raise RuntimeError(
            "corrcoef(): expected input to have two or fewer dimensions but got an input with "
            f"{input.ndim} dimensions"
        )
    found = cov(input)
    if not found.ndim:
        return found / found
    diagonal = found.diagonal()
    deviation = (diagonal.real if found._dtype.is_complex else diagonal).sqrt()
    found = found / deviation.view(-1, 1) / deviation.view(1, -1)
    if found._dtype.is_complex:
        return complex(found.real.clamp(-1, 1), found.imag.clamp(-1, 1))
    return found.clamp(-1, 1)


cov = define(
    Operation(
        "cov",
        _prepare_cov,
        "The covariance of variables, one a row, over observations, one a column.",
        out=False,
        signatures=_COV,
    )
)
corrcoef = define(
    Operation(
        "corrcoef",
        _prepare_corrcoef,
        "The correlation of variables, one a row: their covariance over their deviations.",
        out=False,
        signatures=("Tensor input",),
    )
)
