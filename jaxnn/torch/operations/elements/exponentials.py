"""Sums of exponentials, in their logarithms."""

import jax.nn
import jax.numpy as jnp

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.definition.arguments import dims
from jaxnn.torch.operations.definition.call import Call
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.definition.reduction import reduced
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_LOGSUMEXP = "Tensor input, tuple of ints[1] dim, bool keepdim = False, *, Tensor out = None"


def _logsumexp(x: Array, axis: tuple[int, ...], keepdims: bool) -> Array:
    if not x.size:
        return jnp.log(jnp.sum(x, axis=axis, keepdims=keepdims))
    return jax.nn.logsumexp(x, axis=axis, keepdims=keepdims)


def _prepare_logsumexp(input: Tensor, dim: tuple[int, ...], keepdim: bool = False) -> Call:
    if dim == () and input.ndim and input._layout.numel and not keepdim:
        kept = [1] * input.ndim
        raise RuntimeError(f"output with shape [] doesn't match the broadcast shape {kept}")
    integral = promotion.is_integral(input._dtype)
    wanted = dtypes.get_default_dtype() if integral else input._dtype
    return reduced(input, _logsumexp, dims(dim, input.ndim), keepdim, wanted, wanted)


logsumexp = define(
    Operation(
        "logsumexp",
        _prepare_logsumexp,
        "log(sum(exp(x))) over some dimensions.",
        signatures=(_LOGSUMEXP,),
    )
)
