"""Convolutions of one to three axes, and their transposes."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike

from jaxnn import initializers
from jaxnn._checks import complaint
from jaxnn._rng import Rng, all_or_nothing, split
from jaxnn.initializers import Initializer

_KERNEL = initializers.kaiming_uniform(a=math.sqrt(5))


class Conv(NamedTuple):
    """The parameters of a convolution, or of a transposed one.

    Attributes:
        kernel: (*window, in / groups, out), or (*window, out / groups, in) for a transposed one:
            "HWIO" to `jax.lax.conv_general_dilated`, and to `jax.lax.conv_transpose` with
            ``transpose_kernel=True``.
        bias: (out,), or None for a layer without.
    """

    kernel: Array
    bias: Array | None


@all_or_nothing
def init_conv(
    rng: Rng,
    in_channels: int,
    out_channels: int,
    window: Sequence[int],
    *,
    groups: int = 1,
    bias: bool = True,
    kernel_init: Initializer = _KERNEL,
    bias_init: Initializer | None = None,
    dtype: DTypeLike = jnp.float32,
) -> Conv:
    """First parameters of a convolution: by default uniform in ±1 / √fan_in, as torch's.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        in_channels: Of the input.
        out_channels: Of the output.
        window: The kernel's size along each axis, one to three of them.
        groups: Of channels that are convolved apart from each other.
        bias: Whether there is one.
        kernel_init: Makes the kernel, ``kernel_init(rng, (*window, in / groups, out), dtype)``.
        bias_init: Makes the bias, ``bias_init(rng, (out,), dtype)``; None for the default.
        dtype: Of both.

    Returns:
        ``Conv(kernel, bias)`` with shapes (*window, in / groups, out) and (out,).

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: ``groups`` does not divide both numbers of channels, or a size is negative.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> kernel, bias = jaxnn.init_conv(generator, 2, 1, (3,))
        >>> print(kernel[..., 0].T)
        [[-0.00305648  0.21900219 -0.3360068 ]
         [-0.30044585 -0.15723862  0.10947479]]

    Source: torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d.
    """
    _check_groups("init_conv", groups, in_channels, out_channels)
    shape = (*window, in_channels // groups, out_channels)
    return _init(rng, shape, out_channels, bias, kernel_init, bias_init, dtype)


@all_or_nothing
def init_conv_transpose(
    rng: Rng,
    in_channels: int,
    out_channels: int,
    window: Sequence[int],
    *,
    groups: int = 1,
    bias: bool = True,
    kernel_init: Initializer = _KERNEL,
    bias_init: Initializer | None = None,
    dtype: DTypeLike = jnp.float32,
) -> Conv:
    """First parameters of a transposed convolution, by default as torch's.

    Its kernel is that of the convolution which it transposes, from the output's channels to the
    input's. So that convolution's fan_in is what scales it: ±1 / √(out / groups · window).

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        in_channels: Of the input.
        out_channels: Of the output.
        window: The kernel's size along each axis, one to three of them.
        groups: Of channels that are convolved apart from each other.
        bias: Whether there is one.
        kernel_init: Makes the kernel, ``kernel_init(rng, (*window, out / groups, in), dtype)``.
        bias_init: Makes the bias, ``bias_init(rng, (out,), dtype)``; None for the default.
        dtype: Of both.

    Returns:
        ``Conv(kernel, bias)`` with shapes (*window, out / groups, in) and (out,).

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: ``groups`` does not divide both numbers of channels, or a size is negative.

    Example:
        >>> import jax, jaxnn
        >>> layer = jaxnn.init_conv_transpose(jax.random.key(0), 6, 4, (3, 3), groups=2)
        >>> layer.kernel.shape, layer.bias.shape
        ((3, 3, 2, 6), (4,))

    Source: torch.nn.ConvTranspose1d, torch.nn.ConvTranspose2d, torch.nn.ConvTranspose3d.
    """
    _check_groups("init_conv_transpose", groups, in_channels, out_channels)
    shape = (*window, out_channels // groups, in_channels)
    return _init(rng, shape, out_channels, bias, kernel_init, bias_init, dtype)


def _check_groups(function: str, groups: int, in_channels: int, out_channels: int) -> None:
    if groups < 1 or in_channels % groups or out_channels % groups:
        must = f"groups must divide {in_channels} channels in and {out_channels} channels out"
        raise ValueError(complaint(function, must, f"groups={groups}", "use groups=1"))


def _init(
    rng: Rng,
    shape: tuple[int, ...],
    out_channels: int,
    bias: bool,
    kernel_init: Initializer,
    bias_init: Initializer | None,
    dtype: DTypeLike,
) -> Conv:
    kernel_rng, bias_rng = split(rng, 2)
    kernel = kernel_init(kernel_rng, shape, dtype)
    if not bias:
        return Conv(kernel, None)
    fan_in = math.prod(shape[:-1])
    bound = 1 / math.sqrt(fan_in) if fan_in else 0
    bias_init = bias_init or initializers.uniform(-bound, bound)
    return Conv(kernel, bias_init(bias_rng, (out_channels,), dtype))
