"""Windows, which weigh the samples of a signal: in torch's steps, so that they round as its do."""

import math
from collections.abc import Callable
from typing import Any

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.operations.creation.creation import ones, scalar_tensor
from jaxnn.torch.operations.creation.ranges import arange
from jaxnn.torch.operations.definition.options import PLACED
from jaxnn.torch.operations.definition.scalars import as_element
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.elements.bessel import i0
from jaxnn.torch.tensor import Tensor

_LENGTH, _PERIODIC = "int window_length", "int window_length, bool periodic"


def _forms(*parameters: str) -> list[str]:
    """The signatures: each parameter makes one with all before it."""
    heads = [_LENGTH, _PERIODIC]
    for each in parameters:
        heads.append(f"{heads[-1]}, {each}")
    return [f"{head}, *, {PLACED}" for head in heads]


def _window(
    name: str,
    length: int,
    periodic: bool,
    weigh: Callable[[Tensor, int], Tensor],
    options: dict[str, Any],
) -> Tensor:
    """A window of samples counted from 0; a periodic one is another's without its last."""
    dtype = options.pop("dtype", None) or dtypes.get_default_dtype()
    if promotion.is_integral(dtype):
        device = options.get("device") or "cpu"
        raise RuntimeError(
            f"{name} expects floating point dtypes, got: TensorOptions("
            f"dtype={promotion.C_NAMES[dtype]}, device={device}, layout=Strided (default), "
            "requires_grad=false (default), pinned_memory=false, memory_format=(nullopt))"
        )
    if length < 0:
        raise RuntimeError(
            f"{name} requires non-negative window_length, got window_length={length}"
        )
    if length < 2:
        return ones(length, dtype=dtype, **options)
    last = length if periodic else length - 1
    return weigh(arange(last + 1, dtype=dtype, **options), last)[:length]


def _scale(x: Tensor, factor: float) -> Tensor:
    """Multiply by a number, which 16-bit types round first."""
    return x.mul_(as_element(factor, x.dtype).item())


def _shift(x: Tensor, summand: float) -> Tensor:
    """Add a number, which 16-bit types round first."""
    return x.add_(as_element(summand, x.dtype).item())


@taking("bartlett_window", *_forms())
def bartlett_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """The triangular window: 1 - |2n / N - 1|, where N is the length, if periodic, or 1 less.

    >>> import jaxnn.torch as torch
    >>> torch.bartlett_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])

    Source: ``torch.bartlett_window``.
    """

    def weigh(n: Tensor, last: int) -> Tensor:
        _scale(n, 2 / last)
        n[last // 2 + 1 :].mul_(-1).add_(2)
        return n

    return _window("bartlett_window", window_length, periodic, weigh, options)


@taking("blackman_window", *_forms())
def blackman_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """Blackman's window: 0.42 - 0.5 cos(2πn / N) + 0.08 cos(4πn / N).

    >>> import jaxnn.torch as torch
    >>> torch.blackman_window(4, dtype=torch.float64)
    tensor([0.0000, 0.3400, 1.0000, 0.3400], dtype=torch.float64)

    Source: ``torch.blackman_window``.
    """

    def weigh(n: Tensor, last: int) -> Tensor:
        _scale(n, math.pi / last)
        return _shift(_scale((n * 4).cos_(), 0.08) - _scale((n * 2).cos_(), 0.5), 0.42)

    return _window("blackman_window", window_length, periodic, weigh, options)


@taking("hamming_window", *_forms("float alpha", "float beta"))
def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    **options: Any,
) -> Tensor:
    """Hamming's window: α - β cos(2πn / N).

    >>> import jaxnn.torch as torch
    >>> torch.hamming_window(4)
    tensor([0.0800, 0.5400, 1.0000, 0.5400])

    Source: ``torch.hamming_window``.
    """
    weigh = _cosine(alpha, beta)
    return _window("hamming_window", window_length, periodic, weigh, options)


@taking("hann_window", *_forms())
def hann_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """Hann's window: (1 - cos(2πn / N)) / 2.

    >>> import jaxnn.torch as torch
    >>> torch.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])

    Source: ``torch.hann_window``.
    """
    weigh = _cosine(0.5, 0.5)
    return _window("hann_window", window_length, periodic, weigh, options)


def _cosine(alpha: float, beta: float) -> Callable[[Tensor, int], Tensor]:
    def weigh(n: Tensor, last: int) -> Tensor:
        return _shift(_scale(_scale(n, 2 * math.pi / last).cos_(), -beta), alpha)

    return weigh


@taking("kaiser_window", *_forms("float beta"))
def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, **options: Any
) -> Tensor:
    """Kaiser's window: I₀(β √(1 - (2n / N - 1)²)) / I₀(β).

    >>> import jaxnn.torch as torch
    >>> torch.kaiser_window(4, beta=1.0, periodic=True)
    tensor([0.7898, 0.9450, 1.0000, 0.9450])

    Source: ``torch.kaiser_window``.
    """

    def weigh(n: Tensor, last: int) -> Tensor:
        wide = n.float() if n.dtype.itemsize == 2 else n
        apart = (wide - last / 2) / (last / 2)
        inside = (1 - apart * apart).sqrt_().mul_(beta)
        return (i0(inside) / i0(scalar_tensor(beta, dtype=wide.dtype))).to(n.dtype)

    return _window("kaiser_window", window_length, periodic, weigh, options)
