"""Dropout in all of torch's forms, and the leaky activation that draws its slopes."""

import math
import operator
from collections.abc import Callable

import numpy as np

from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.generator import Generator
from jaxnn.torch.lacking import LackingError
from jaxnn.torch.operations.creation.creation import empty, empty_like, zeros
from jaxnn.torch.operations.definition.call import check_memory
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.drawing.distributions import evenly
from jaxnn.torch.operations.drawing.drawing import draw
from jaxnn.torch.operations.indexing.selection import where
from jaxnn.torch.tensor import Tensor, is_traced, of_array, values

_ALPHA = 1.7580993408473766  # minus the least value of selu
_Product = Callable[[Tensor, Tensor], Tensor]


def _scaled(x: Tensor, keep: Tensor, p: float, product: _Product) -> Tensor:
    return product(x, keep.div_(1 - p))


def _affine(x: Tensor, keep: Tensor, p: float, product: _Product) -> Tensor:
    """What is dropped becomes selu's least value; then an affine map restores both moments."""
    scale = 1 / math.sqrt((_ALPHA * _ALPHA * p + 1) * (1 - p))
    shift = (keep - 1).mul_(_ALPHA * scale).add_(_ALPHA * scale * p)
    return product(x, keep.mul_(scale)).add_(shift)


def _channels(x: Tensor) -> Tensor:
    """Room for one number for each channel of each example."""
    if x.ndim < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return empty(*x.shape[:2], *[1] * (x.ndim - 2), dtype=x.dtype)


def _maker(
    name: str,
    doc: str,
    room: Callable[[Tensor], Tensor],
    weigh: Callable[[Tensor, Tensor, float, _Product], Tensor],
) -> tuple[Callable[..., Tensor], Callable[..., Tensor]]:
    """A form of dropout, and its in-place twin."""

    def drop(x: Tensor, p: float, train: bool, product: _Product) -> Tensor:
        if not 0 <= p <= 1:
            raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p:g}")
        if p == 0 or not train or not x.numel():
            return x
        if p == 1:
            return product(x, zeros((), dtype=x.dtype))
        if promotion.is_integral(x.dtype):
            promotion.check_cast(dtypes.get_default_dtype(), x.dtype)
        return weigh(x, room(x).bernoulli_(1 - p), p, product)

    @taking(name, "Tensor input, float p, bool train")
    def function(input: Tensor, p: float, train: bool) -> Tensor:
        return drop(input, p, train, operator.mul)

    @taking(f"{name}_", "Tensor input, float p, bool train")
    def twin(input: Tensor, p: float, train: bool) -> Tensor:
        check_memory(input, ())
        return drop(input, p, train, operator.imul)

    for face, named in ((function, name), (twin, name + "_")):
        face.__name__ = face.__qualname__ = named
        face.__doc__ = f"{doc}\n\nSource: ``torch.{named}``."
    return function, twin


dropout, dropout_ = _maker(
    "dropout", "Elements become 0 with probability p, the rest grows.", empty_like, _scaled
)
feature_dropout, feature_dropout_ = _maker(
    "feature_dropout", "`dropout` of whole channels of a batch.", _channels, _scaled
)
alpha_dropout, alpha_dropout_ = _maker(
    "alpha_dropout", "`dropout` that keeps mean and variance after selu.", empty_like, _affine
)
feature_alpha_dropout, feature_alpha_dropout_ = _maker(
    "feature_alpha_dropout", "`alpha_dropout` of whole channels of a batch.", _channels, _affine
)

_RRELU = (
    "Tensor input, Number lower = 0.125, Number upper = 0.3333333333333333, "
    "bool training = False, torch.Generator generator = None"
)


@taking("rrelu", _RRELU)
def rrelu(
    input: Tensor, lower: float, upper: float, training: bool, generator: Generator | None
) -> Tensor:
    """Each element, or where it is not above 0, a part of it: in training a random one.

    The slope is spread evenly over [lower, upper); else it is the mean of the two.

    Source: ``torch.rrelu``.
    """
    for name, bound in (("lower", lower), ("upper", upper)):
        if not math.isfinite(bound):
            raise RuntimeError(f"rrelu: {name} bound must be finite, got {bound:g}")
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not training:
        return where(input > 0, input, input * ((lower + upper) / 2))
    if input.dtype not in (dtypes.bfloat16, dtypes.float32, dtypes.float64):
        raise promotion.not_implemented("rrelu_with_noise_out_cpu", input.dtype)
    wide = promotion.accumulator(input.dtype)
    low, high = (float(wide.numpy.type(bound)) for bound in (lower, upper))
    slopes = of_array(_slopes(input, low, high, generator))
    return (input.contiguous().to(wide) * slopes.to(wide)).to(input.dtype)


def _slopes(x: Tensor, lower: float, upper: float, generator: Generator | None) -> np.ndarray:
    """A slope for each element; only those that need one take numbers from the generator."""
    if is_traced(x):
        raise LackingError(
            "jaxnn.torch.rrelu draws for the elements that are not above 0, which a traced "
            "function does not know. Draw outside, or use jaxnn.random.uniform and jax.numpy.where"
        )
    falling = values(x) <= 0
    layout = layouts.contiguous((int(falling.sum()),))
    drawn = draw(layout, dtypes.float64, evenly(dtypes.float64), generator, x.device)
    slopes = np.ones(x.shape)
    slopes[falling] = values(drawn) * (upper - lower) + lower
    return slopes


@taking("rrelu_", _RRELU)
def rrelu_(
    input: Tensor, lower: float, upper: float, training: bool, generator: Generator | None
) -> Tensor:
    """`rrelu`, written into the tensor itself.

    Source: ``torch.rrelu_``.
    """
    check_memory(input, ())
    return input.copy_(rrelu(input, lower, upper, training, generator))
