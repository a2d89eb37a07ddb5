"""Layers: each a function over a named tuple of arrays, or over nothing but its input."""

import math
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike, DTypeLike

from jaxnn import initializers
from jaxnn._checks import as_floating, check_range, complaint, describe
from jaxnn._rng import Rng, all_or_nothing, split
from jaxnn.initializers import Initializer

_LINEAR_KERNEL = initializers.kaiming_uniform(a=math.sqrt(5))


class Dense(NamedTuple):
    """The parameters of y = x · kernel + bias.

    Attributes:
        kernel: (in, out), the transpose of torch's weight.
        bias: (out,), or None for a layer without.
    """

    kernel: Array
    bias: Array | None


@all_or_nothing
def init_dense(
    rng: Rng,
    in_features: int,
    out_features: int,
    *,
    bias: bool = True,
    kernel_init: Initializer = _LINEAR_KERNEL,
    bias_init: Initializer | None = None,
    dtype: DTypeLike = jnp.float32,
) -> Dense:
    """First parameters of a dense layer: by default uniform in ±1 / √in_features, as torch's.

    A key is split in two, for kernel and bias. A Generator gives first the kernel, then the bias,
    with the bits that ``torch.nn.Linear(in_features, out_features)`` would hold.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        in_features: The size of an input.
        out_features: The size of an output.
        bias: Whether there is one.
        kernel_init: Makes the kernel, ``kernel_init(rng, (in, out), dtype)``.
        bias_init: Makes the bias, ``bias_init(rng, (out,), dtype)``; None for the default.
        dtype: Of both.

    Returns:
        ``Dense(kernel, bias)`` with shapes (in, out) and (out,).

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: A size is negative.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> print(jaxnn.init_dense(generator, 2, 3).kernel)
        [[-0.00529398 -0.58198076 -0.27234524]
         [ 0.3793229  -0.5203875   0.18961589]]

    Source: torch.nn.Linear.
    """
    for name, size in (("in_features", in_features), ("out_features", out_features)):
        check_range("init_dense", name, size, 0, math.inf)
    kernel_rng, bias_rng = split(rng, 2)
    kernel = kernel_init(kernel_rng, (in_features, out_features), dtype)
    if not bias:
        return Dense(kernel, None)
    bound = 1 / math.sqrt(in_features) if in_features else 0
    bias_init = bias_init or initializers.uniform(-bound, bound)
    return Dense(kernel, bias_init(bias_rng, (out_features,), dtype))


def dense(params: Dense, x: ArrayLike) -> Array:
    """Dense layer: y = x · kernel + bias.

    Args:
        params: Of ``init_dense``: kernel (in, out), bias (out,) or None.
        x: Floating point, (in,), (batch, in) or (…, in), in the dtype of the parameters.

    Returns:
        (…, out) in the dtype of ``x``.

    Raises:
        TypeError: ``x`` is not floating point, or kernel or bias has another dtype.
        ValueError: The shapes of ``x``, kernel and bias do not belong together.

    Example:
        >>> import jax.numpy as jnp, jaxnn
        >>> params = jaxnn.Dense(kernel=jnp.array([[1.0], [2.0]]), bias=jnp.array([10.0]))
        >>> jaxnn.dense(params, jnp.array([[3.0, 4.0]]))
        Array([[21.]], dtype=float32)

    Source: torch.nn.functional.linear (its weight is the transpose of kernel).
    """
    x = as_floating("dense", "x", x)
    kernel = jnp.asarray(params.kernel)
    if kernel.ndim != 2 or not x.ndim or x.shape[-1] != kernel.shape[0]:
        raise _no_product(x, kernel)
    _check_dtype(x, "@", "kernel", kernel)
    y = x @ kernel
    return y if params.bias is None else y + _bias_for(y, params.bias)


def _no_product(x: Array, kernel: Array) -> ValueError:
    must = "the last axis of x must be as long as the first of kernel (in, out)"
    if kernel.ndim != 2:
        instead = "give kernel two axes"
    elif x.shape[-1:] == kernel.shape[1:]:
        instead = "use kernel.T"
    else:
        instead = f"give x the shape (…, {kernel.shape[0]})"
    came = f"{describe(x)} @ {describe(kernel)}"
    return ValueError(complaint("dense", must, came, instead))


def _check_dtype(x: Array, operator: str, name: str, param: Array) -> None:
    if param.dtype != x.dtype:
        must, instead = f"x and {name} must have the same dtype", f"use x.astype({name}.dtype)"
        came = f"{describe(x)} {operator} {describe(param)}"
        raise TypeError(complaint("dense", must, came, instead))


def _bias_for(y: Array, bias: ArrayLike) -> Array:
    bias = jnp.asarray(bias)
    _check_dtype(y, "+", "bias", bias)
    if bias.shape != y.shape[-1:]:
        must, instead = "bias must be (out,)", "use Dense(kernel, None) for a layer without"
        raise ValueError(complaint("dense", must, f"{describe(y)} + {describe(bias)}", instead))
    return lax.broadcast_to_rank(bias, y.ndim)
