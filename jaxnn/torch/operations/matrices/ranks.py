"""Ranks and pseudo-inverses: matrices without what is too small to count."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.declaration import function
from jaxnn.torch.operations.matrices.decompositions import eigen
from jaxnn.torch.operations.matrices.matrix_checks import check_matrices
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _too_small(sizes: Array, atol: Array, rtol: Array) -> Array:
    largest = jnp.max(sizes, -1, keepdims=True, initial=0)

    def spread(tolerance: Array) -> Array:
        """A tolerance of each matrix, or of all, for each of its values."""
        x = jnp.asarray(tolerance).astype(sizes.dtype)[..., None]
        return x.reshape((1,) * (sizes.ndim - x.ndim) + x.shape)

    return sizes <= jnp.maximum(spread(atol), spread(rtol) * largest)


def _rank(x: Array, atol: Array, rtol: Array, hermitian: bool) -> Array:
    sizes = jnp.abs(eigen(x, "L")[0]) if hermitian else jnp.linalg.svdvals(x)
    return jnp.sum(~_too_small(sizes, atol, rtol), -1)


@functools.partial(jax.custom_jvp, nondiff_argnums=(3,))
def _pseudo_inverse(x: Array, atol: Array, rtol: Array, hermitian: bool) -> Array:
    if hermitian:
        values, left = eigen(x, "L")
        right = jnp.conj(left.mT)
    else:
        left, values, right = jnp.linalg.svd(x, full_matrices=False)
    small = _too_small(jnp.abs(values), atol, rtol)
    inverses = jnp.where(small, 0, 1 / jnp.where(small, 1, values)).astype(x.dtype)
    scaled = jnp.conj(right.mT) * inverses[..., None, :]
    return jnp.matmul(scaled, jnp.conj(left.mT), precision=lax.Precision.HIGHEST)


@_pseudo_inverse.defjvp
def _pseudo_inverse_jvp(
    hermitian: bool, primals: tuple[Array, ...], tangents: tuple[Array, ...]
) -> tuple[Array, Array]:
    """Without the derivatives of factors, which singular matrices have not.

    Source: Golub and Pereyra, https://doi.org/10.1137/0710036.
    """
    x, tangent = primals[0], tangents[0]
    inverse = _pseudo_inverse(*primals, hermitian)
    product = functools.partial(jnp.matmul, precision=lax.Precision.HIGHEST)
    turned, inverse_turned = jnp.conj(tangent.mT), jnp.conj(inverse.mT)
    change = -product(product(inverse, tangent), inverse)
    left = product(product(inverse, inverse_turned), turned)
    right = product(product(turned, inverse_turned), inverse)
    change += left - product(product(left, x), inverse)
    change += right - product(inverse, product(x, right))
    return inverse, change


def _call(function: Any, x: Tensor, result: Result, atol: Any, rtol: Any, hermitian: bool) -> Call:
    """Where no tolerance is given, the rounding of the largest value is that."""
    if rtol is None:
        unit = float(np.finfo(promotion.to_real(x._dtype).numpy).eps)
        rtol = max(x._layout.shape[-2:]) * unit
        if isinstance(atol, Tensor):
            rtol = rtol * (atol <= 0)
        elif atol is not None and atol > 0:
            rtol = 0.0
    weights = [
        Source(each._storage, each._layout) if isinstance(each, Tensor) else each
        for each in (0.0 if atol is None else atol, rtol)
    ]
    operands = (Source(x._storage, x._layout), *weights)
    return Call(function, operands, (result,), None, (("hermitian", hermitian),))


def _prepare_rank(
    input: Tensor, hermitian: bool, atol: Any = None, rtol: Any = None, tol: Any = None
) -> Call:
    name = "linalg.eigh" if hermitian else "linalg.svd"
    check_matrices(name, input, square=hermitian)
    result = Result(layouts.contiguous(input._layout.shape[:-2]), dtypes.int64)
    if tol is not None:
        atol, rtol = tol, 0.0
    return _call(_rank, input, result, atol, rtol, hermitian)


def _prepare_pinv(
    input: Tensor, hermitian: bool, atol: Any = None, rtol: Any = None, rcond: Any = None
) -> Call:
    if input.ndim < 2 or promotion.is_integral(input._dtype):
        name = promotion.SCALAR_NAMES[input._dtype]
        raise RuntimeError(
            f"linalg.pinv({name}{{{list(input.shape)}}}): expected a tensor with 2 or more "
            "dimensions of float, double, cfloat or cdouble types"
        )
    check_matrices("linalg.eigh" if hermitian else "linalg.svd", input, square=hermitian)
    *batch, n, m = input._layout.shape
    result = Result(layouts.contiguous((*batch, m, n)), input._dtype)
    if rcond is not None:
        atol, rtol = 0.0, rcond
    return _call(_pseudo_inverse, input, result, atol, rtol, hermitian)


_TOLERANCES = (
    "*, Tensor~ atol = None, Tensor~ rtol = None, bool hermitian = False, Tensor out = None"
)
_REST = "bool hermitian = False, *, Tensor out = None"
matrix_rank = function(
    "linalg_matrix_rank",
    [f"Tensor input, {_TOLERANCES}", f"Tensor input, Tensor~ tol, {_REST}"],
    _prepare_rank,
)
pinv = function(
    "linalg_pinv",
    [f"Tensor input, {_TOLERANCES}", f"Tensor input, Tensor~ rcond, {_REST}"],
    _prepare_pinv,
    "same",
)
