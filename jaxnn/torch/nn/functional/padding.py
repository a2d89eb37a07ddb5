"""More elements around a tensor: constant, reflected, repeated, or from the other side."""

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
from jax import lax

from jaxnn.torch import dtypes, formats, layouts, promotion
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.core import source
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
_KERNELS = {"reflect": "reflection_pad{}d", "replicate": "replication_pad{}d"}


def pad(
    input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Tensor:
    """More elements before and after each of the last dimensions; fewer where numbers are negative.

    ``pad`` holds pairs, that of the last dimension first.

    Source: ``torch.nn.functional.pad``.
    """
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * input.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(pad)} and input of dimension {input.ndim}"
        )
    pairs = [(int(low), int(high)) for low, high in zip(pad[::2], pad[1::2], strict=True)]
    around = [(0, 0)] * (input.ndim - len(pairs)) + pairs[::-1]
    if mode == "constant":
        return apply(_constant(input, around, 0.0 if value is None else value))
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    return apply(_continued(input, around, len(pairs), mode))


def _padded_shape(input: Tensor, around: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    return tuple(low + n + high for n, (low, high) in zip(input.shape, around, strict=True))


def _constant(input: Tensor, around: Sequence[tuple[int, int]], value: complex) -> Call:
    shape = _padded_shape(input, around)
    for d, n in enumerate(shape):
        if n < 0 or min(input.shape[d] + min(low, 0) for low in around[d]) < 0:
            raise RuntimeError(_refusal(input, around, d, n))
    layout = formats.layout_in(shape, formats.suggested(input._layout))
    if all(n <= 0 for pair in around for n in pair):
        layout = _kept(input, shape)
    options = (("around", tuple(around)),)
    return Call(_filled, (source(input), value), (Result(layout, input.dtype),), None, options)


def _refusal(input: Tensor, around: Sequence[tuple[int, int]], d: int, n: int) -> str:
    if all(each <= 0 for pair in around for each in pair):
        return "narrow(): length must be non-negative."
    low, high = around[d]
    return (
        f"The input size {input.shape[d]}, plus negative padding {low} and {high} resulted in a "
        f"negative output size, which is invalid. Check dimension {d} of your input."
    )


def _kept(input: Tensor, shape: tuple[int, ...]) -> layouts.Layout:
    """The layout of the copy of a part."""
    return layouts.like(layouts.Layout(shape, input._layout.strides))


def _filled(x: Array, value: Array, around: Sequence[tuple[int, int]]) -> Array:
    return lax.pad(x, value.astype(x.dtype), [(low, high, 0) for low, high in around])


def _continued(input: Tensor, around: Sequence[tuple[int, int]], count: int, mode: str) -> Call:
    if mode not in _MODES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if input.ndim not in (count + 1, count + 2) or count > 3:
        raise NotImplementedError(
            f"Padding size {2 * count} is not supported for {input.ndim}D input tensor."
        )
    _CHECKS[mode](input, around)
    if mode in _KERNELS and input.dtype is dtypes.bool:
        raise promotion.not_implemented(_KERNELS[mode].format(count), input.dtype)
    shape = _padded_shape(input, around)
    layout = layouts.contiguous(shape)
    if mode != "circular" and count > 1:
        layout = formats.layout_in(shape, formats.suggested(input._layout))
    options = (("around", tuple(around)), ("mode", _MODES[mode]))
    return Call(_extended, (source(input),), (Result(layout, input.dtype),), None, options)


def _extended(x: Array, around: Sequence[tuple[int, int]], mode: str) -> Array:
    if mode == "wrap":  # what is cut off does not come back on the other side
        x, around = _cropped(x, around), [(max(low, 0), max(high, 0)) for low, high in around]
    more = [(max(low, 0), max(high, 0)) for low, high in around]
    whole = jnp.pad(x, more, mode=mode) if x.size else jnp.zeros(_sum(x, more), x.dtype)
    return _cropped(whole, around)


def _cropped(x: Array, around: Sequence[tuple[int, int]]) -> Array:
    start = [max(-low, 0) for low, _ in around]
    limit = [n - max(-high, 0) for n, (_, high) in zip(x.shape, around, strict=True)]
    return lax.slice(x, start, limit)


def _sum(x: Array, more: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    return tuple(low + n + high for n, (low, high) in zip(x.shape, more, strict=True))


def _check_reflection(input: Tensor, around: Sequence[tuple[int, int]]) -> None:
    for d, (low, high) in enumerate(around):
        if max(low, high) >= input.shape[d] and max(low, high) > 0:
            raise RuntimeError(
                "Argument #4: Padding size should be less than the corresponding input dimension, "
                f"but got: padding ({low}, {high}) at dimension {d} of input {list(input.shape)}"
            )
    _check_size(input, around)


def _check_size(input: Tensor, around: Sequence[tuple[int, int]]) -> None:
    shape = _padded_shape(input, around)
    if any(n < 1 for d, n in enumerate(shape) if around[d] != (0, 0)):
        raise RuntimeError(
            f"input (size {list(input.shape)}) is too small. Calculated output size {list(shape)}"
        )


def _check_wrap(input: Tensor, around: Sequence[tuple[int, int]]) -> None:
    for d, (low, high) in enumerate(around):
        if max(low, high) > input.shape[d]:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if low + high + input.shape[d] < 0:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")


_CHECKS: dict[str, Callable[[Tensor, Any], None]] = {
    "reflect": _check_reflection,
    "replicate": _check_size,
    "circular": _check_wrap,
}
