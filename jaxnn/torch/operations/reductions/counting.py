"""How often each number occurs, for as many numbers as there are up to the largest."""

import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, layouts
from jaxnn.torch.lacking import LackingError
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.core import source
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, REAL, SAME
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, values

_BINCOUNT = ("Tensor input, Tensor weights = None, int minlength = 0",)
_RULE = SAME.refusing("bincount_cpu", BOOL, REAL, COMPLEX)


def _count(x: Array, *weights: Array, length: int, dtype: np.dtype) -> Array:
    amount = weights[0].real.astype(dtype) if weights else jnp.ones(x.shape, dtype)
    return jnp.zeros(length, dtype).at[x].add(amount)


def _prepare_bincount(input: Tensor, weights: Tensor | None, minlength: int) -> Call:
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    _RULE.check(input._dtype)
    length = max(_length(input), minlength)
    if weights is None:
        result = dtypes.int64
    else:
        if weights._layout.shape != input._layout.shape:
            raise RuntimeError("weights should be 1-d and have the same length as input")
        result = dtypes.float32 if weights._dtype is dtypes.float32 else dtypes.float64
    operands = tuple(source(each) for each in (input, weights) if each is not None)
    options = (("length", length), ("dtype", result.numpy))
    place = Result(layouts.contiguous((length,)), result)
    return Call(_count, operands, (place,), None, options)


def _length(x: Tensor) -> int:
    """How many numbers there are up to the largest."""
    if is_traced(x):
        raise LackingError(
            "jaxnn.torch.bincount returns as many counts as the largest element says, which a "
            "traced function does not know. Use jnp.bincount(x, length=...)"
        )
    if x.ndim == 1 and not x._layout.numel:
        return 0
    if x.ndim != 1 or values(x).min() < 0:
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    return int(values(x).max()) + 1


bincount = define(
    Operation(
        "bincount",
        _prepare_bincount,
        "How often each of 0, 1, 2, ... occurs, or with how much weight.",
        out=False,
        signatures=_BINCOUNT,
    )
)
