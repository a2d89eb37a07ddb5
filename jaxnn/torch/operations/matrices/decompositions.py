"""Factors of matrices: triangular, orthogonal, of eigenvalues and singular values."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.declaration import function
from jaxnn.torch.operations.definition.results import named_results
from jaxnn.torch.operations.matrices.matrix_checks import check_info, check_matrices
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def columns(shape: Sequence[int]) -> Layout:
    """The layout of matrices whose columns lie one after another, as LAPACK has them."""
    order = [*range(len(shape) - 2), len(shape) - 1, len(shape) - 2]
    return layouts.in_order(shape, order)


def factored(
    function: Callable[..., Any], results: Sequence[Result], *operands: Tensor, **options: Any
) -> Call:
    """The call of a function of matrices of one type."""
    sources = tuple(Source(x._storage, x._layout) for x in operands)
    pack = None if len(results) == 1 else lambda *made: made
    return Call(function, sources, tuple(results), None, tuple(options.items()), pack)


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def hermitian(x: Array, triangle: str) -> Array:
    """The Hermitian matrix of which one triangle is given; torch's derivative is Hermitian too."""
    half = jnp.tril if triangle == "L" else jnp.triu
    beyond = half(x, -1 if triangle == "L" else 1)
    return half(x) + jnp.conj(beyond.mT)


@hermitian.defjvp
def _hermitian_jvp(
    triangle: str, primals: tuple[Array], tangents: tuple[Array]
) -> tuple[Array, Array]:
    (tangent,) = tangents
    return hermitian(*primals, triangle), (tangent + jnp.conj(tangent.mT)) / 2


def _cholesky(x: Array, upper: bool) -> tuple[Array, Array]:
    x = hermitian(x, "U" if upper else "L")
    lower = jnp.linalg.cholesky(x, symmetrize_input=False)
    failed = jnp.isnan(jnp.diagonal(lower, axis1=-2, axis2=-1))
    return (jnp.conj(lower.mT) if upper else lower), first_true(failed)


def first_true(flags: Array) -> Array:
    """One more than the place of the first true flag along the last dimension; 0 without any."""
    counted = jnp.where(flags, jnp.arange(flags.shape[-1]), flags.shape[-1])
    first = jnp.min(counted, -1, initial=flags.shape[-1])
    return jnp.where(flags.any(-1), first + 1, 0)


def _prepare_cholesky(input: Tensor, upper: bool) -> Tensor:
    check_matrices("linalg.cholesky", input, square=True)
    shape = input._layout.shape
    results = Result(columns(shape), input._dtype), _notes(shape)
    factor, minor = apply(factored(_cholesky, results, input, upper=upper))
    check_info(
        minor,
        "linalg.cholesky: {1}The factorization could not be completed because the input is not "
        "positive-definite (the leading minor of order {0} is not positive-definite).",
    )
    return factor


def _notes(shape: Sequence[int]) -> Result:
    return Result(layouts.contiguous(shape[:-2]), dtypes.int64)


def _qr(x: Array, mode: str) -> tuple[Array, Array]:
    if mode == "r":
        return jnp.zeros((0,), x.dtype), jnp.linalg.qr(x, mode="r")
    return tuple(jnp.linalg.qr(x, mode=mode))


def _prepare_qr(A: Tensor, mode: str) -> Call:
    check_matrices("linalg.qr", A)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), "
            "'r', or 'complete'"
        )
    *batch, n, m = A._layout.shape
    inner = n if mode == "complete" else min(n, m)
    first = layouts.contiguous((0,)) if mode == "r" else columns((*batch, n, inner))
    results = [Result(x, A._dtype) for x in (first, columns((*batch, inner, m)))]
    return factored(_qr, results, A, mode=mode)._replace(pack=named_results("linalg_qr", "Q R"))


def _svd(x: Array, full_matrices: bool) -> tuple[Array, Array, Array]:
    return tuple(jnp.linalg.svd(x, full_matrices=full_matrices))


def _prepare_svd(A: Tensor, full_matrices: bool, driver: str | None) -> Any:
    _check_svd(A, driver)
    *batch, n, m = A._layout.shape
    least = min(n, m)
    left, right = (n, m) if full_matrices else (least, least)
    results = (
        Result(columns((*batch, n, left)), A._dtype),
        Result(layouts.contiguous((*batch, least)), promotion.to_real(A._dtype)),
        Result(columns((*batch, right, m)), A._dtype),
    )
    pack = named_results("linalg_svd", "U S Vh")
    return factored(_svd, results, A, full_matrices=full_matrices)._replace(pack=pack)


def _check_svd(x: Tensor, driver: str | None) -> None:
    check_matrices("linalg.svd", x)
    if driver is not None:
        raise RuntimeError(
            "torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with "
            "cuSOLVER backend."
        )


def _svdvals(x: Array) -> Array:
    return jnp.linalg.svdvals(x)


def _prepare_svdvals(A: Tensor, driver: str | None) -> Call:
    _check_svd(A, driver)
    *batch, n, m = A._layout.shape
    result = Result(layouts.contiguous((*batch, min(n, m))), promotion.to_real(A._dtype))
    return factored(_svdvals, [result], A)


def eigen(x: Array, triangle: str) -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors of the matrix of which one triangle is given."""
    x = hermitian(x, triangle)
    vectors, eigenvalues = lax.linalg.eigh(x, lower=triangle == "L", symmetrize_input=False)
    return eigenvalues, vectors


def _eigvalsh(x: Array, triangle: str) -> Array:
    return eigen(x, triangle)[0]


def _check_eigh(name: str, x: Tensor, triangle: str) -> str:
    if promotion.is_integral(x._dtype):
        raise promotion.not_implemented("linalg_eigh_cpu", x._dtype)
    check_matrices(name, x, square=True)
    if triangle.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {triangle}")
    return triangle.upper()


def _prepare_eigh(input: Tensor, UPLO: str) -> Call:
    triangle = _check_eigh("linalg.eigh", input, UPLO)
    shape = input._layout.shape
    results = (
        Result(layouts.contiguous(shape[:-1]), promotion.to_real(input._dtype)),
        Result(columns(shape), input._dtype),
    )
    pack = named_results("linalg_eigh", "eigenvalues eigenvectors")
    return factored(eigen, results, input, triangle=triangle)._replace(pack=pack)


def _prepare_eigvalsh(input: Tensor, UPLO: str) -> Call:
    triangle = _check_eigh("linalg.eigh", input, UPLO)
    shape = input._layout.shape[:-1]
    result = Result(layouts.contiguous(shape), promotion.to_real(input._dtype))
    return factored(_eigvalsh, [result], input, triangle=triangle)


cholesky = function(
    "linalg_cholesky",
    ["Tensor input, *, bool upper = False, Tensor out = None"],
    _prepare_cholesky,
    "same",
)
qr = function(
    "linalg_qr",
    ['Tensor A, str mode = "reduced", *, tuple of Tensors out = None'],
    _prepare_qr,
    "same",
)
svd = function(
    "linalg_svd",
    ["Tensor A, bool full_matrices = True, *, str driver = None, tuple of Tensors out = None"],
    _prepare_svd,
    "same",
)
svdvals = function(
    "linalg_svdvals",
    ["Tensor A, *, str driver = None, Tensor out = None"],
    _prepare_svdvals,
    "same",
)
eigh = function(
    "linalg_eigh",
    ['Tensor input, str UPLO = "L", *, tuple of Tensors out = None'],
    _prepare_eigh,
    "same",
)
eigvalsh = function(
    "linalg_eigvalsh",
    ['Tensor input, str UPLO = "L", *, Tensor out = None'],
    _prepare_eigvalsh,
    "same",
)
