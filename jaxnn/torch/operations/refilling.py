"""Random numbers written into tensors, in the order in which their elements lie in memory."""

from typing import Any

from jaxnn.torch import dtypes
from jaxnn.torch.operations.drawing import (
    Draw,
    check_deviation,
    check_real,
    draw,
    draw_coins,
    draw_integers,
    evenly,
    normally,
    range_of,
)
from jaxnn.torch.operations.filling import copy
from jaxnn.torch.operations.viewing import attach
from jaxnn.torch.random import Generator
from jaxnn.torch.tensor import Tensor


def _rewrite(self: Tensor, sample: Draw, generator: Generator | None) -> Tensor:
    return copy(self, draw(self._layout, self._dtype, sample, generator))


def _uniform_(
    self: Tensor,
    from_: float = 0.0,
    to: float = 1.0,
    *,
    generator: Generator | None = None,
    **bound: float,
) -> Tensor:
    low = bound.pop("from", from_)  # torch's name, which is a word of Python's grammar
    if bound:
        raise TypeError(f"uniform_() got an unexpected keyword argument '{next(iter(bound))}'")
    check_real(self._dtype, "check_uniform_bounds")
    if low > to:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={to:g}"
        )
    return _rewrite(self, evenly(float(low), float(to)), generator)


def _normal_(
    self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    check_deviation(std)
    check_real(self._dtype, "normal_kernel_cpu")
    return _rewrite(self, normally(float(mean), float(std)), generator)


_LAST_WHOLE = {
    dtypes.float16: 2**11,
    dtypes.bfloat16: 2**8,
    dtypes.float32: 2**24,
    dtypes.float64: 2**53,
}


def _random_(
    self: Tensor,
    from_: int | None = None,
    to: int | None = None,
    *,
    generator: Generator | None = None,
) -> Tensor:
    if from_ is not None and to is None:
        from_, to = 0, from_
    if to is None:
        from_, to = 0, _LAST_WHOLE.get(self._dtype, range_of(self._dtype)[1]) + 1
    return copy(self, draw_integers(self._layout, self._dtype, int(from_ or 0), to, generator))


def _bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    return copy(self, draw_coins(self._layout, self._dtype, p, generator))


attach("uniform_", _uniform_, "Writes numbers spread evenly over [from, to).")
attach("normal_", _normal_, "Writes normal numbers of a mean and a deviation.")
attach("random_", _random_, "Writes integers spread evenly over [from, to) or all that fit.")
attach("bernoulli_", _bernoulli_, "Writes 1 with probability ``p``, else 0.")
