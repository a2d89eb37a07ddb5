"""JAX's transformations of functions on tensors, under the names of ``torch.func``.

``jax.jit`` and ``jax.vmap`` take such functions as they are. ``jax.grad`` does, if the function
returns ``jnp.asarray(loss)``, for it wants an array; `grad` here spares that.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from jaxnn.torch import lacking
from jaxnn.torch.tensor import Tensor, of_array


def _returning_array(func: Callable[..., Any], has_aux: bool) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = func(*args, **kwargs)
        if has_aux:
            value, aux = result
            return jnp.asarray(value), aux
        return jnp.asarray(result)

    return wrapped


def grad(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the gradient of ``func``, which returns a tensor of one number.

    >>> import jaxnn.torch as torch
    >>> torch.func.grad(lambda x: (x * x).sum())(torch.tensor([1.0, 2.0]))
    tensor([2., 4.])

    Source: ``torch.func.grad``.
    """
    return jax.grad(_returning_array(func, has_aux), argnums, has_aux)


def grad_and_value(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the gradient of ``func`` and what ``func`` gives.

    Source: ``torch.func.grad_and_value``.
    """
    both = jax.value_and_grad(_returning_array(func, has_aux), argnums, has_aux)

    def gradient_and_value(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        value, gradient = both(*args, **kwargs)
        if has_aux:
            value, aux = value
            return gradient, (of_array(value), aux)
        return gradient, of_array(value)

    return gradient_and_value


def vmap(
    func: Callable[..., Any], in_dims: Any = 0, out_dims: Any = 0
) -> Callable[..., Tensor | Any]:
    """``func`` mapped over a dimension of its arguments.

    Source: ``torch.func.vmap``.
    """
    return jax.vmap(func, in_dims, out_dims)


def __getattr__(name: str) -> Any:
    raise lacking.function("func", name)
