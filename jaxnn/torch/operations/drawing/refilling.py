"""Random numbers written into tensors, in the order in which their elements lie in memory."""

from jaxnn.torch.generator import Generator
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.operations.drawing import distributions
from jaxnn.torch.operations.drawing.drawing import redraw
from jaxnn.torch.tensor import Tensor

_Source = Generator | None
_GENERATOR = "*, torch.Generator generator = None"


@taking("uniform_", f"float from = 0, float to = 1, {_GENERATOR}", method=True)
def _uniform_(self: Tensor, from_: float, to: float, generator: _Source) -> Tensor:
    return redraw(self, distributions.evenly(self._dtype, from_, to), generator)


@taking("normal_", f"float mean = 0, float std = 1, {_GENERATOR}", method=True)
def _normal_(self: Tensor, mean: float, std: float, generator: _Source) -> Tensor:
    return redraw(self, distributions.normally(mean, std), generator)


@taking("exponential_", f"float lambd = 1, {_GENERATOR}", method=True)
def _exponential_(self: Tensor, lambd: float, generator: _Source) -> Tensor:
    return redraw(self, distributions.exponentially(lambd), generator)


@taking("cauchy_", f"float median = 0, float sigma = 1, {_GENERATOR}", method=True)
def _cauchy_(self: Tensor, median: float, sigma: float, generator: _Source) -> Tensor:
    return redraw(self, distributions.cauchy(self._dtype, median, sigma), generator)


@taking("log_normal_", f"float mean = 1, float std = 2, {_GENERATOR}", method=True)
def _log_normal_(self: Tensor, mean: float, std: float, generator: _Source) -> Tensor:
    return redraw(self, distributions.log_normally(mean, std), generator)


@taking("geometric_", f"float p, {_GENERATOR}", method=True)
def _geometric_(self: Tensor, p: float, generator: _Source) -> Tensor:
    return redraw(self, distributions.geometrically(p), generator)


@taking(
    "random_",
    _GENERATOR,
    f"int from, int? to, {_GENERATOR}",
    f"int to, {_GENERATOR}",
    method=True,
)
def _random_(
    self: Tensor, generator: _Source, from_: int | None = None, to: int | None = None
) -> Tensor:
    low = 0 if from_ is None and to is not None else from_
    return redraw(self, distributions.integers(self._dtype, low, to), generator)


@taking("bernoulli_", f"Tensor p, {_GENERATOR}", f"float p = 0.5, {_GENERATOR}", method=True)
def _bernoulli_(self: Tensor, p: Tensor | float, generator: _Source) -> Tensor:
    if isinstance(p, Tensor):
        return redraw(self, distributions.coins_each(self, p), generator)
    return redraw(self, distributions.coins(p), generator)


attach("uniform_", _uniform_, "Writes numbers spread evenly over [from, to).")
attach("normal_", _normal_, "Writes normal numbers of a mean and a deviation.")
attach("exponential_", _exponential_, "Writes exponential numbers of a rate.")
attach("cauchy_", _cauchy_, "Writes numbers of the Cauchy distribution.")
attach("log_normal_", _log_normal_, "Writes numbers whose logarithms are normal.")
attach("geometric_", _geometric_, "Writes counts of tries up to the first success.")
attach("random_", _random_, "Writes integers spread evenly over [from, to) or all that fit.")
attach("bernoulli_", _bernoulli_, "Writes 1 with probability ``p``, else 0.")
