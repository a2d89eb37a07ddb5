"""New tensors of random numbers with a parameter for each: probabilities, rates, weights."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np

from jaxnn import random as streams
from jaxnn.torch import layouts, promotion
from jaxnn.torch.generator import Generator
from jaxnn.torch.lacking import LackingError
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.creation.creation import empty
from jaxnn.torch.operations.definition.call import resize_output
from jaxnn.torch.operations.definition.elementwise import broadcast
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.operations.drawing.drawing import Draw, check_kernel, draw
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, array_of, is_traced, values

_Source = Generator | None
_GENERATOR = "torch.Generator generator = None"
_NAMED = f"*, {_GENERATOR}"


@taking(
    "bernoulli",
    f"Tensor input, {_NAMED}, Tensor out = None",
    f"Tensor input, float p, {_NAMED}",
)
def bernoulli(
    input: Tensor, generator: _Source, p: float | None = None, out: Tensor | None = None
) -> Tensor:
    """1 with each element's probability, else 0; or with probability ``p``.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.bernoulli(torch.tensor([0.1, 0.5, 0.9]))
    tensor([0., 0., 1.])

    Source: ``torch.bernoulli``.
    """
    target = empty(input.shape, dtype=input.dtype, device=input.device) if out is None else out
    target = target.resize_(input._layout.shape)
    return target.bernoulli_(input if p is None else p, generator=generator)


@taking("bernoulli", _NAMED, f"float p, {_NAMED}", method=True)
def _bernoulli(self: Tensor, generator: _Source, p: float | None = None) -> Tensor:
    more = () if p is None else (p,)
    return bernoulli(self, *more, generator=generator)


@taking("poisson", f"Tensor input, {_GENERATOR}")
def poisson(input: Tensor, generator: _Source) -> Tensor:
    """How many events happen where on average so many do.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.poisson(torch.tensor([0.5, 5.0, 500.0]))
    tensor([  2.,   6., 497.])

    Source: ``torch.poisson``.
    """
    if not is_traced(input) and not (values(input) >= 0).all():
        check_kernel("poisson_cpu", input.dtype)
        raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
    return _draw_each("poisson_cpu", streams.poisson, generator, input)


@taking("_standard_gamma", f"Tensor input, {_GENERATOR}")
def _standard_gamma(input: Tensor, generator: _Source) -> Tensor:
    """Gamma numbers of these concentrations and scale 1.

    Source: ``torch._standard_gamma``.
    """
    return _draw_each("gamma_cpu", streams.gamma, generator, input)


@taking("_sample_dirichlet", f"Tensor input, {_GENERATOR}")
def _sample_dirichlet(input: Tensor, generator: _Source) -> Tensor:
    """Shares that sum to 1 along the last dimension.

    Source: ``torch._sample_dirichlet``.
    """
    rows = input if input.ndim else input.reshape(1)
    drawn = _draw_each("dirichlet", streams.dirichlet, generator, rows)
    return drawn.reshape(input.shape)


@taking("binomial", f"Tensor count, Tensor prob, {_GENERATOR}")
def binomial(count: Tensor, prob: Tensor, generator: _Source) -> Tensor:
    """How many of ``count`` trials succeed, each with probability ``prob``.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.binomial(torch.full((4,), 100.0), torch.full((4,), 0.3))
    tensor([29., 32., 25., 31.])

    Source: ``torch.binomial``.
    """
    for name, x in (("count", count), ("prob", prob)):
        if not x.dtype.is_floating_point:
            kind = promotion.SCALAR_NAMES[x.dtype]
            raise ValueError(
                f"binomial only supports floating-point dtypes for {name}, got: {kind}"
            )
    if prob.dtype is not count.dtype:
        names = [promotion.SCALAR_NAMES[x.dtype] for x in (prob, count)]
        raise RuntimeError("Found dtype {} but expected {}".format(*names))
    _, joint = broadcast((count._layout, prob._layout))
    if joint.shape == count._layout.shape:
        joint = layouts.contiguous(joint.shape)
    resize_output(empty(count.shape), joint.shape)  # for its warning: torch starts with such one
    return _draw_each("binomial_cpu", _successes, generator, count, prob, layout=joint)


def _successes(stream: streams.Generator, count: Array, prob: Array) -> Array:
    """`jaxnn.random.binomial`, also of what is no count or no probability, as torch takes it."""
    trials = jnp.where(jnp.isnan(count), jnp.zeros_like(count), jnp.clip(count, min=0))
    drawn = streams.binomial(stream, trials, jnp.nan_to_num(jnp.clip(prob, 0, 1)))
    return jnp.where(jnp.isnan(prob) & (trials > 0), prob, drawn)


def _draw_each(
    kernel: str,
    function: Callable[..., Array],
    generator: _Source,
    *parameters: Tensor,
    layout: Layout | None = None,
) -> Tensor:
    """The core's distribution of parameters that are expanded to a layout."""
    first = parameters[0]
    check_kernel(kernel, first.dtype)
    if any(map(is_traced, parameters)):
        raise LackingError(
            f"jaxnn.torch.{kernel.removesuffix('_cpu')} draws what the parameters' values want, "
            "which a traced function does not know. Use jaxnn.random with a Generator of its own, "
            "or draw outside"
        )
    place = layout or layouts.contiguous(first._layout.shape)
    order = layouts.memory_order(place.shape, [place.strides])
    arrays = [array_of(each.expand(place.shape).permute(order)) for each in parameters]

    def sample(stream: streams.Generator, count: int, dtype: np.dtype, contiguous: bool) -> Array:
        return function(stream, *arrays).reshape(-1)

    return draw(place, first.dtype, Draw(kernel, sample), generator, first.device)


attach("bernoulli", _bernoulli, "1 with each element's probability, else 0; or with ``p``.")
