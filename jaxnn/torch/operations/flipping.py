"""Elements in the opposite order."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import layout as layouts
from jaxnn.torch.kernels import Source
from jaxnn.torch.operations.arguments import dims as wrapped_dims
from jaxnn.torch.operations.arguments import require_tensor, sizes, wrong_argument
from jaxnn.torch.operations.call import Call, Result, apply
from jaxnn.torch.operations.viewing import attach
from jaxnn.torch.tensor import Tensor


def flip(input: Tensor, dims: Any) -> Tensor:
    """A copy with some dimensions in the opposite order.

    >>> import jaxnn.torch as torch
    >>> torch.flip(torch.tensor([[1, 2], [3, 4]]), (0, 1))
    tensor([[4, 3],
            [2, 1]])

    Source: ``torch.flip``.
    """
    x = require_tensor(input, "flip", "input", 1)
    if not isinstance(dims, tuple | list):
        raise wrong_argument("flip", "dims", 2, "tuple of ints", dims)
    axes = wrapped_dims(dims, x.ndim) if dims else ()
    source = Source(x._storage, x._layout)
    result = Result(layouts.like(x._layout), x.dtype)
    return apply(Call(jnp.flip, (source,), (result,), None, (("axis", axes),)))


def _flip(self: Tensor, *args: Any, dims: Any = None) -> Tensor:
    return flip(self, sizes(args, "flip", "dims") if dims is None else dims)


attach("flip", _flip, "A copy with some dimensions in the opposite order.")
