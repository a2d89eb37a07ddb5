"""Channels and pixels in another order."""

import math
from collections.abc import Callable
from typing import Any

from jaxnn.torch import layouts
from jaxnn.torch.kernels import identity
from jaxnn.torch.operations.definition.call import Call, Result
from jaxnn.torch.operations.definition.core import source
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.tensor import Tensor


def _copy(view: Tensor, shape: tuple[int, ...]) -> Call:
    """The call of a copy of a view, in another shape of as many elements."""
    flat = (("shape", shape),)
    result = Result(layouts.contiguous(shape), view.dtype)
    return Call(_reshaped, (source(view),), (result,), None, flat)


def _reshaped(x: Any, shape: tuple[int, ...]) -> Any:
    return identity(x).reshape(shape)


def _check(name: str, input: Tensor, factor: int, which: str) -> None:
    if input.ndim < 3:
        raise RuntimeError(
            f"{name} expects input to have at least 3 dimensions, but got input with {input.ndim} "
            "dimension(s)"
        )
    if factor <= 0:
        raise RuntimeError(f"{name} expects a positive {which}, but got {factor}")


def _prepare_shuffle(input: Tensor, upscale_factor: int) -> Call:
    r = upscale_factor
    _check("pixel_shuffle", input, r, "upscale_factor")
    *batch, channels, height, width = input.shape
    if channels % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square "
            f"of upscale_factor, but input.size(-3)={channels} is not divisible by {r * r}"
        )
    n = len(batch)
    split = input.reshape(*batch, channels // (r * r), r, r, height, width)
    view = split.permute(*range(n), n, n + 3, n + 1, n + 4, n + 2)
    return _copy(view, (*batch, channels // (r * r), height * r, width * r))


def _prepare_unshuffle(input: Tensor, downscale_factor: int) -> Call:
    r = downscale_factor
    _check("pixel_unshuffle", input, r, "downscale_factor")
    *batch, channels, height, width = input.shape
    for word, size in (("height", height), ("width", width)):
        if size % r:
            d = -2 if word == "height" else -1
            raise RuntimeError(
                f"pixel_unshuffle expects {word} to be divisible by downscale_factor, but "
                f"input.size({d})={size} is not divisible by {r}"
            )
    n = len(batch)
    split = input.reshape(*batch, channels, height // r, r, width // r, r)
    view = split.permute(*range(n), n, n + 2, n + 4, n + 1, n + 3)
    return _copy(view, (*batch, channels * r * r, height // r, width // r))


def _prepare_channels(input: Tensor, groups: int) -> Call:
    if input.ndim < 3:
        raise RuntimeError(
            f"channel_shuffle expects input with > 2 dims, but got input with sizes "
            f"{list(input.shape)}"
        )
    if groups <= 0:
        raise RuntimeError(
            f"Number of groups to divide channels in must be positive. Value of groups:{groups}"
        )
    batch, channels, *rest = input.shape
    if channels % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {channels} channels and "
            f"{groups} groups."
        )
    split = input.reshape(batch, groups, channels // groups, math.prod(rest))
    return _copy(split.transpose(1, 2), tuple(input.shape))


def _defined(name: str, prepare: Callable[..., Call], option: str, doc: str) -> Callable[..., Any]:
    signatures = (f"Tensor input, int {option}",)
    return define(Operation(name, prepare, doc, method=False, signatures=signatures))


pixel_shuffle = _defined(
    "pixel_shuffle", _prepare_shuffle, "upscale_factor", "Channels laid out as pixels in between."
)
pixel_unshuffle = _defined(
    "pixel_unshuffle", _prepare_unshuffle, "downscale_factor", "Pixels gathered as channels."
)
channel_shuffle = _defined(
    "channel_shuffle", _prepare_channels, "groups", "Channels of all groups in turn."
)
