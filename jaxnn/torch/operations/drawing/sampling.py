"""New tensors of random numbers: even, normal, integers, permutations."""

from typing import Any

import numpy as np

from jaxnn import random as streams
from jaxnn.torch import dtypes, layouts
from jaxnn.torch.dtypes import dtype as DType
from jaxnn.torch.generator import Generator
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.options import LIKE, NEW, Options, check_shape
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.drawing import distributions
from jaxnn.torch.operations.drawing.drawing import Draw, check_kernel, draw, redraw
from jaxnn.torch.promotion import SCALAR_NAMES
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor

_Source = Generator | None


def _forms(options: str, *arguments: str) -> tuple[str, ...]:
    """Torch's signatures of these arguments, each with a generator and without."""
    return tuple(
        f"{each}, *, {generator}{options}"
        for each in arguments
        for generator in ("torch.Generator? generator, ", "")
    )


def fill(options: Options, layout: Layout, drawn: Draw, generator: _Source) -> Tensor:
    """Draw into ``out``, which takes the layout's shape, or into a new tensor."""
    check_shape(layout.shape)
    if options.out is not None:
        return redraw(options.out.resize_(layout.shape), drawn, generator)
    if options.device is not None:
        _ = options.device.jax_device  # raises where there is none, before anything is drawn
    return draw(layout, options.dtype, drawn, generator, options.device)


@taking("rand", *_forms(NEW, "tuple of ints size"))
def rand(size: tuple[int, ...], generator: _Source = None, **options: Any) -> Tensor:
    """Numbers spread evenly over [0, 1): ``rand(2, 3)`` or ``rand((2, 3))``.

    Of complex types both parts are.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.rand(2)
    tensor([0.4963, 0.7682])

    Source: ``torch.rand``.
    """
    chosen = Options(**options)
    drawn = distributions.evenly(chosen.dtype)
    return fill(chosen, layouts.contiguous(size), drawn, generator)


@taking("randn", *_forms(NEW, "tuple of ints size"))
def randn(size: tuple[int, ...], generator: _Source = None, **options: Any) -> Tensor:
    """Normal numbers of mean 0 and variance 1: ``randn(2, 3)`` or ``randn((2, 3))``.

    Of complex types both parts have half of the variance.

    Source: ``torch.randn``.
    """
    return fill(Options(**options), layouts.contiguous(size), _NORMAL, generator)


_NORMAL = distributions.normally()


@taking("rand_like", *_forms(LIKE, "Tensor input"))
def rand_like(input: Tensor, generator: _Source = None, **options: Any) -> Tensor:
    """`rand` in another tensor's shape, type and order in memory.

    Source: ``torch.rand_like``.
    """
    chosen = Options(otherwise=input._dtype, **options)
    drawn = distributions.evenly(chosen.dtype)
    return fill(chosen, chosen.layout_like(input._layout), drawn, generator)


@taking("randn_like", *_forms(LIKE, "Tensor input"))
def randn_like(input: Tensor, generator: _Source = None, **options: Any) -> Tensor:
    """`randn` in another tensor's shape, type and order in memory.

    Source: ``torch.randn_like``.
    """
    chosen = Options(otherwise=input._dtype, **options)
    return fill(chosen, chosen.layout_like(input._layout), _NORMAL, generator)


@taking(
    "randint",
    *_forms(NEW, "int high, tuple of ints size", "int low, int high, tuple of ints size"),
)
def randint(
    size: tuple[int, ...], high: int, low: int = 0, generator: _Source = None, **options: Any
) -> Tensor:
    """Integers spread evenly over [low, high), by ``randint(high, size)`` or with ``low`` first.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randint(10, (5,))
    tensor([4, 9, 3, 0, 3])

    Source: ``torch.randint``.
    """
    chosen = Options(otherwise=dtypes.int64, **options)
    check_shape(size)
    drawn = distributions.integers(chosen.dtype, low, high)
    return fill(chosen, layouts.contiguous(size), drawn, generator)


@taking(
    "randint_like",
    *_forms(
        LIKE, "Tensor input, int low, int high", "Tensor input, Tensor high",
        "Tensor input, int high",
    ),
)  # fmt: skip
def randint_like(
    input: Tensor, high: Tensor | int, low: int = 0, generator: _Source = None, **options: Any
) -> Tensor:
    """`randint` in another tensor's shape, type and order in memory.

    Source: ``torch.randint_like``.
    """
    if isinstance(high, Tensor):
        if high.ndim:
            raise RuntimeError("high must be a scalar tensor and on CPU")
        high = int(high)
    chosen = Options(otherwise=input._dtype, **options)
    drawn = distributions.integers(chosen.dtype, low, high)
    return fill(chosen, chosen.layout_like(input._layout), drawn, generator)


@taking("randperm", *_forms(NEW, "int n"))
def randperm(n: int, generator: _Source = None, **options: Any) -> Tensor:
    """The numbers 0 to n - 1 in random order.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randperm(5)
    tensor([4, 0, 1, 3, 2])

    Source: ``torch.randperm``.
    """
    chosen = Options(otherwise=dtypes.int64, **options)
    check_shape((n,))
    _check_holds(chosen.dtype, n)
    return fill(chosen, layouts.contiguous((n,)), _PERMUTATION, generator)


def _permute(stream: streams.Generator, n: int, dtype: np.dtype, contiguous: bool) -> Array:
    if dtype != dtypes.bfloat16.numpy:
        return streams.permutation(stream, n, dtype)
    # Beyond 257 torch rounds the numbers of this type, of which there are as many all the same.
    return streams.permutation(stream, n, np.int64).astype(np.float32).astype(dtype)


_PERMUTATION = Draw("randperm", _permute)
_MOST_APART = {
    dtypes.float16: (2**11 + 1, "2049"),
    dtypes.float32: (2**24 + 1, "2^24+1"),
    dtypes.float64: (2**53 + 1, "2^53+1"),
}


def _check_holds(dtype: DType, n: int) -> None:
    """Raise torch's error for a permutation whose numbers a type cannot hold apart."""
    check_kernel("randperm", dtype)
    most, written = _MOST_APART.get(dtype, (n, ""))
    if n > most:
        raise RuntimeError(f"n cannot be greater than {written} for {SCALAR_NAMES[dtype]} type.")
    if not dtype.is_floating_point and n - 1 > np.iinfo(dtype.numpy).max:
        name = str(dtype).removeprefix("torch.")
        raise RuntimeError(f"value cannot be converted to type {name}_t without overflow")
