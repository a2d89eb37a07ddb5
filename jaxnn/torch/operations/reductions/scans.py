"""What has come so far along a dimension: running sums, products and extremes."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.derivatives import picked
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import along, with_indices
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, INTEGER, SAME
from jaxnn.torch.operations.reductions.sums import total_type
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_TOTAL = ("Tensor input, int dim, *, torch.dtype dtype = None, Tensor out = None",)
_EXTREME = ("Tensor input, int dim, *, tuple of Tensors out = None",)
_LOGARITHM = ("Tensor input, int dim, *, Tensor out = None",)

#: The types in which torch carries a running total of others.
_WIDER = {dtypes.float32: dtypes.float64, dtypes.complex64: dtypes.complex128}


def _running(name: str, function: Callable[..., Array]) -> Callable[..., Call]:
    def accumulate(x: Array, axis: int) -> Array:
        return function(x, axis=axis) if x.ndim else x

    accumulate.__name__ = name

    def prepare(input: Tensor, dim: int, dtype: DType | None = None) -> Call:
        wanted = total_type(input._dtype, dtype)
        if wanted is dtypes.bool:
            raise promotion.not_implemented(f"{name}_out_cpu", wanted)
        return along(input, accumulate, dim, wanted, _WIDER.get(wanted, wanted))

    return prepare


def _extreme(scan: Callable[..., Array]) -> Callable[..., tuple[Array, Array]]:
    """Running extremes with the last place of each; a nan counts as more than any number."""

    def extreme(x: Array, axis: int) -> tuple[Array, Array]:
        if not x.ndim:
            return x, jnp.zeros((), np.int64)
        comparable = x.astype(np.uint8) if x.dtype == bool else x
        values = scan(comparable, axis=axis)
        best = (comparable == values) | (comparable != comparable)
        place = lax.broadcasted_iota(np.int64, x.shape, axis)
        places = lax.cummax(jnp.where(best, place, 0), axis=axis)
        if jnp.issubdtype(x.dtype, jnp.floating):
            values = picked(values, x, places, axis)
        return values, places

    extreme.__name__ = scan.__name__
    return extreme


def _running_extreme(name: str, scan: Callable[..., Array]) -> Callable[..., Call]:
    function = _extreme(scan)
    rule = SAME.refusing(f"{name}_cpu", COMPLEX)

    def prepare(input: Tensor, dim: int) -> Call:
        if not input.ndim and dim not in (-1, 0):
            raise IndexError(f"{name}(): Expected reduction dim -1 or 0 for scalar but got {dim}")
        rule.check(input._dtype)
        known = dim if input._layout.numel else -1  # torch does not look at it
        return with_indices(along(input, function, known, input._dtype), name)

    return prepare


def _log_add_exp(a: Array, b: Array) -> Array:
    """As JAX's, but of complex numbers too."""
    high, low = jnp.where(a.real >= b.real, a, b), jnp.where(a.real >= b.real, b, a)
    same_infinity = jnp.isinf(high.real) & (high == low)
    return jnp.where(same_infinity, high, high + jnp.log1p(jnp.exp(low - high)))


def _logcumsumexp(x: Array, axis: int) -> Array:
    if not x.ndim:
        return x
    join = _log_add_exp if x.dtype.kind == "c" else jnp.logaddexp
    return lax.associative_scan(join, x, axis=axis)


def _prepare_logcumsumexp(input: Tensor, dim: int) -> Call:
    wide = _WIDER.get(input._dtype, input._dtype)
    call = along(input, _logcumsumexp, dim, input._dtype, wide)
    SAME.refusing("logcumsumexp_out_cpu", BOOL, INTEGER).check(input._dtype)
    return call


cumsum = define(
    Operation(
        "cumsum",
        _running("cumsum", jnp.cumsum),
        "Sums of the elements so far.",
        twin=True,
        signatures=_TOTAL,
        out_type="dtype",
    )
)
cumprod = define(
    Operation(
        "cumprod",
        _running("cumprod", jnp.cumprod),
        "Products of the elements so far.",
        twin=True,
        signatures=_TOTAL,
        out_type="dtype",
    )
)
cummax = define(
    Operation(
        "cummax",
        _running_extreme("cummax", lax.cummax),
        "The largest of the elements so far, and where it is.",
        signatures=_EXTREME,
        out_type="same",
    )
)
cummin = define(
    Operation(
        "cummin",
        _running_extreme("cummin", lax.cummin),
        "The smallest of the elements so far, and where it is.",
        signatures=_EXTREME,
        out_type="same",
    )
)
logcumsumexp = define(
    Operation(
        "logcumsumexp",
        _prepare_logcumsumexp,
        "log(sum(exp(x))) of the elements so far.",
        signatures=_LOGARITHM,
        out_type="same",
    )
)
