"""Activation functions: the core's, as operations on tensors."""

from typing import Any

import jax.numpy as jnp

from jaxnn import activations
from jaxnn.torch import dtypes, promotion
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.layout import wrap_dim
from jaxnn.torch.operations.arguments import require_tensor
from jaxnn.torch.operations.call import Call
from jaxnn.torch.operations.elementwise import elementwise, unary
from jaxnn.torch.operations.operation import Operation, define
from jaxnn.torch.operations.reductions import along
from jaxnn.torch.operations.rules import FLOAT
from jaxnn.torch.storage import Array


def _rectify(x: Array) -> Array:
    return activations.relu(x) if jnp.issubdtype(x.dtype, jnp.floating) else jnp.maximum(x, 0)


def _prepare_relu(input: Any) -> Call:
    x = require_tensor(input, "relu", "input", 1)
    if x.dtype is dtypes.bool:
        raise RuntimeError("Boolean inputs not supported for relu")
    if x.dtype.is_complex:
        raise NotImplementedError("clamp is not supported for complex types")
    return elementwise(_rectify, (x,))


def _sigmoid(x: Array) -> Array:
    return activations.sigmoid(x) if x.dtype.kind != "c" else 1 / (1 + jnp.exp(-x))


def _normalizer(name: str, function: Any) -> Any:
    def normalize(x: Array, axis: int) -> Array:
        return function(x, axis) if x.ndim else function(x.reshape(1), 0).reshape(())

    def prepare(input: Any, dim: int, dtype: DType | None = None) -> Call:
        x = require_tensor(input, name, "input", 1)
        wanted = dtype or x.dtype
        if not wanted.is_floating_point:
            last = wrap_dim(dim, x.ndim) == max(x.ndim, 1) - 1
            raise promotion.not_implemented(f"{name}{'_lastdim' * last}_kernel_impl", wanted)
        return along(x, normalize, dim, wanted)

    return prepare


relu = define(
    Operation(
        "relu", _prepare_relu, "Each element, or 0 where it is negative.", twin=True, out=False
    )
)
sigmoid = unary("sigmoid", _sigmoid, FLOAT, "1 / (1 + exp(-x)) of each element.")
softmax = define(
    Operation(
        "softmax",
        _normalizer("softmax", activations.softmax),
        "exp(x) / sum(exp(x)) along a dimension.",
    )
)
log_softmax = define(
    Operation(
        "log_softmax",
        _normalizer("log_softmax", activations.log_softmax),
        "The logarithm of `softmax` along a dimension.",
    )
)
