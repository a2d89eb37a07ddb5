"""Activations along a dimension: softmax and its kin, and the halves that gate each other."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn import activations
from jaxnn.torch import layouts, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.core import source
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.rules import BOOL, COMPLEX, INTEGER, SAME
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_SIGNATURE = "Tensor input, int dim, torch.dtype dtype = None, *, Tensor out = None"


def _log_softmax_of_halves(x: Array, axis: int, exponent: int, mantissa: int) -> Array:
    """As torch has it in the last dimension: the sum and its logarithm have 16 bits themselves."""
    if not x.ndim:
        return x - x
    top = jnp.max(x, axis=axis, keepdims=True, initial=-jnp.inf)
    total = jnp.sum(jnp.exp(x - top), axis=axis, keepdims=True)
    total = lax.reduce_precision(total, exponent, mantissa)
    return x - top - lax.reduce_precision(jnp.log(total), exponent, mantissa)


def _normalizer(name: str, doc: str) -> Callable[..., Tensor]:
    function = getattr(activations, name)

    def normalize(x: Array, axis: int) -> Array:
        return function(x, axis) if x.ndim else function(x.reshape(1), 0).reshape(())

    def prepare(input: Tensor, dim: int, dtype: DType | None = None) -> Call:
        wanted = dtype or input.dtype
        axis = wrap_dim(dim, input.ndim)
        if not wanted.is_floating_point:
            last = axis == max(input.ndim, 1) - 1
            raise promotion.not_implemented(f"{name}{'_lastdim' * last}_kernel_impl", wanted)
        result = Result(layouts.contiguous(input.shape), wanted)
        compute = promotion.accumulator(wanted)
        options: tuple[tuple[str, int], ...] = (("axis", axis),)
        kernel = normalize
        if name == "log_softmax" and compute is not wanted and axis == max(input.ndim, 1) - 1:
            kernel, bits = _log_softmax_of_halves, jnp.finfo(wanted.numpy)
            options = (*options, ("exponent", bits.nexp), ("mantissa", bits.nmant))
        return Call(kernel, (source(input),), (result,), compute, options)

    normalize.__name__ = name
    return define(Operation(name, prepare, doc, signatures=(_SIGNATURE,), out_type="same"))


softmax = _normalizer("softmax", "exp(x) / sum(exp(x)) along a dimension.")
log_softmax = _normalizer("log_softmax", "The logarithm of `softmax` along a dimension.")

_GLU = SAME.refusing("glu_cpu", BOOL, INTEGER, COMPLEX)


def _prepare_glu(input: Tensor, dim: int) -> Call:
    if not input.ndim:
        raise RuntimeError("glu does not support 0-dimensional tensors")
    axis = wrap_dim(dim, input.ndim)
    size = input.shape[axis]
    if size % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {axis} is size {size}")
    _GLU.check(input.dtype)
    shape = tuple(n // 2 if d == axis else n for d, n in enumerate(input.shape))
    result = Result(layouts.contiguous(shape), input.dtype)
    compute = promotion.accumulator(input.dtype)
    return Call(activations.glu, (source(input),), (result,), compute, (("axis", axis),))


glu: Callable[..., Any] = define(
    Operation(
        "glu",
        _prepare_glu,
        "The first half along a dimension times the sigmoid of the second.",
        method=False,
        signatures=("Tensor input, int dim = -1, *, Tensor out = None",),
    )
)
