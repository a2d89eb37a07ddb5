"""Sums of products over dimensions of two tensors, and products of several matrices."""

import itertools
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import promotion
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.declaration import function
from jaxnn.torch.operations.definition.elementwise import elementwise
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.sequences import tensors_of
from jaxnn.torch.operations.matrices.matmul import product_call, refuse_bool
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor


def _contract(a: Array, b: Array, dims: tuple[Sequence[int], Sequence[int]]) -> Array:
    """``tensordot``, in which a size of 1 goes with any other."""
    for left, right in zip(*dims, strict=True):
        if a.shape[left] == 1:
            b = jnp.sum(b, right, keepdims=True, dtype=b.dtype)
        elif b.shape[right] == 1:
            a = jnp.sum(a, left, keepdims=True, dtype=a.dtype)
    return jnp.tensordot(a, b, dims, precision=lax.Precision.HIGHEST)


def _contraction(a: Tensor, b: Tensor, dims: tuple[tuple[int, ...], tuple[int, ...]]) -> Call:
    shape = [n for d, n in enumerate(a._layout.shape) if d not in dims[0]]
    shape += [n for d, n in enumerate(b._layout.shape) if d not in dims[1]]
    refuse_bool("addmm_impl_cpu_", a, b)
    call = product_call(_contract, tuple(shape), a, b)
    return call._replace(options=(("dims", dims),))


def _prepare_inner(input: Tensor, other: Tensor) -> Call:
    if not input.ndim or not other.ndim:
        return elementwise(jnp.multiply, (input, other))
    if input.shape[-1] != other.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(input.shape)} and {list(other.shape)}"
        )
    if input._dtype is not other._dtype:
        raise RuntimeError("both inputs should have same dtype")
    return _contraction(input, other, ((input.ndim - 1,), (other.ndim - 1,)))


def tensordot(a: Tensor, b: Tensor, dims: Any = 2, out: Tensor | None = None) -> Tensor:
    """The sums of products over dimensions of both: the last of one and the first of the other.

    >>> import jaxnn.torch as torch
    >>> torch.tensordot(torch.ones(2, 3), torch.ones(3, 4), 1).shape
    torch.Size([2, 4])

    Source: ``torch.tensordot``.
    """
    left, right = _contracted_dims(a, b, dims)
    return _tensordot(a, b, left, right) if out is None else _tensordot(a, b, left, right, out=out)


def _contracted_dims(a: Tensor, b: Tensor, dims: Any) -> tuple[list[int], list[int]]:
    if isinstance(dims, Tensor):
        dims = dims.tolist()
    if isinstance(dims, tuple | list):
        left, right = dims
        return list(left), list(right)
    if not isinstance(dims, int):
        raise RuntimeError(
            "tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] "
            f"containing two lists, but got dims={dims}"
        )
    if dims < 0:
        raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
    if dims > min(a.dim(), b.dim()):
        raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
    return list(range(-dims, 0)), list(range(dims))


def _prepare_tensordot(
    input: Tensor, other: Tensor, dims_self: tuple[int, ...], dims_other: tuple[int, ...]
) -> Call:
    if len(dims_self) != len(dims_other):
        raise RuntimeError("both dimension lists should have same length")
    if input._dtype is not other._dtype:
        raise RuntimeError("both inputs should have same dtype")
    left = tuple(wrap_dim(d, input.ndim) for d in dims_self)
    right = tuple(wrap_dim(d, other.ndim) for d in dims_other)
    for i, (d, e) in enumerate(zip(left, right, strict=True)):
        n, m = input._layout.shape[d], other._layout.shape[e]
        if n != m and 1 not in (n, m):
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {n} in dim "
                f"{dims_self[i]} and second has size {m} in dim {dims_other[i]}"
            )
    for dims in (left, right):
        for d in dims:
            if dims.count(d) > 1:
                raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return _contraction(input, other, (left, right))


_tensordot = function(
    "tensordot",
    ["Tensor input, Tensor other, tuple of ints dims_self, tuple of ints dims_other, *, "
     "Tensor out = None"],
    _prepare_tensordot,
    "same",
)  # fmt: skip


def _multiply_all(*matrices: Array) -> Array:
    return jnp.linalg.multi_dot(list(matrices), precision=lax.Precision.HIGHEST)


def _prepare_multi_dot(tensors: Any) -> Call:
    """The product of matrices in the order that takes the least work."""
    given = tensors_of(tensors)
    _check_chain(given)
    shape = given[0]._layout.shape[:-1] + given[-1]._layout.shape[1:]
    refuse_bool("addmm_impl_cpu_", *given)
    return product_call(_multiply_all, shape, *given)


def _check_chain(given: Sequence[Tensor]) -> None:
    if len(given) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(given)}")
    for name, x in (("first", given[0]), ("last", given[-1])):
        if x.ndim not in (1, 2):
            raise RuntimeError(f"multi_dot(): the {name} tensor must be 1D or 2D but got {x.ndim}D")
    for place, x in enumerate(given):
        if 0 < place < len(given) - 1 and x.ndim != 2:
            raise RuntimeError(f"multi_dot(): tensor {place} must be 2D but got {x.ndim}D")
        if x._dtype is not given[0]._dtype:
            names = [promotion.C_NAMES[each._dtype] for each in (given[0], x)]
            raise RuntimeError(
                "multi_dot(): all tensors must have be the same dtype but tensor 0 is "
                f"{names[0]} and tensor {place} {names[1]}"
            )
    for place, (x, y) in enumerate(itertools.pairwise(given)):
        if x._layout.shape[-1] != y._layout.shape[0]:
            raise RuntimeError(
                f"multi_dot(): tensors {place} and {place + 1} with shapes {list(x.shape)} and "
                f"{list(y.shape)} cannot be multiplied"
            )


def chain_matmul(*matrices: Tensor, out: Tensor | None = None) -> Tensor:
    """The product of matrices in the order that takes the least work.

    Source: ``torch.chain_matmul``.
    """
    given = tensors_of(matrices)
    for x in given:
        if x.ndim != 2:
            raise RuntimeError(f"Tensor dimension is {x.ndim}, expected 2 instead.")
    if not given:
        raise RuntimeError("chain_matmul(): Expected one or more matrices")
    if len(given) == 1:
        return given[0] if out is None else out.resize_(given[0].shape).copy_(given[0])
    return multi_dot(given) if out is None else multi_dot(given, out=out)


multi_dot = function(
    "linalg_multi_dot",
    ["tuple of Tensors tensors, *, Tensor out = None"],
    _prepare_multi_dot,
    "same",
)


inner = define(
    Operation(
        "inner",
        _prepare_inner,
        "The sums of products over the last dimension of both.",
        signatures=("Tensor input, Tensor other, *, Tensor out = None",),
    )
)
