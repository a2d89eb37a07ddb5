"""Indices drawn by weight: ``torch.multinomial``."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn import random as streams
from jaxnn.random.cpu.ordering import largest
from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.generator import Generator
from jaxnn.torch.lacking import LackingError
from jaxnn.torch.operations.creation.filling import copy
from jaxnn.torch.operations.definition.signatures import taking
from jaxnn.torch.operations.definition.viewing import attach
from jaxnn.torch.operations.drawing import distributions
from jaxnn.torch.operations.drawing.drawing import Draw, draw
from jaxnn.torch.storage import Array, setting
from jaxnn.torch.tensor import Tensor, array_of, is_traced, of_array, values

_SIGNATURE = "int num_samples, bool replacement = False, *, torch.Generator generator = None"
_MOST_CATEGORIES = 2**24


@taking("multinomial", f"Tensor input, {_SIGNATURE}, Tensor out = None")
def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool,
    generator: Generator | None,
    out: Tensor | None = None,
) -> Tensor:
    """Indices of each row, drawn in proportion to its weights.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.multinomial(torch.tensor([0.1, 0.2, 0.7]), 2)
    tensor([2, 1])

    Source: ``torch.multinomial``.
    """
    _check_arguments(input, num_samples, replacement, out)
    shape = (*input._layout.shape[:-1], num_samples)
    _check_weights(input, several=num_samples > 1 and replacement)

    order = layouts.memory_order(input._layout.shape, [input._layout.strides])
    if order == tuple(range(input.ndim)) or (num_samples > 1 and replacement):
        drawn = _in_order_of_indices(input, num_samples, replacement)
        made = draw(layouts.contiguous(shape), dtypes.int64, drawn, generator, input.device)
    else:
        made = _race_in_order_of_memory(input, num_samples, generator)
    if out is None:
        return made
    return copy(out.resize_(shape), made)


def _in_order_of_indices(x: Tensor, places: int, replacement: bool) -> Draw:
    def sample(stream: streams.Generator, count: int, dtype: np.dtype, contiguous: bool) -> Array:
        chosen = streams.multinomial(stream, array_of(x), places, replacement=replacement)
        return chosen.reshape(-1)

    return Draw("multinomial", sample)


def _race_in_order_of_memory(x: Tensor, places: int, generator: Generator | None) -> Tensor:
    """The draw for which torch makes exponential times in the order in which the weights lie."""
    drawn = distributions.exponentially(1.0)
    speeds = x / draw(layouts.like(x._layout), x.dtype, drawn, generator, x.device)
    with setting():
        return of_array(_winners(array_of(speeds), places))


@functools.partial(jax.jit, static_argnames="places")
def _winners(speeds: Array, places: int) -> Array:
    if places == 1:
        return jnp.argmax(speeds, axis=-1, keepdims=True)
    return lax.map(lambda row: largest(row, places), speeds).astype(jnp.int64)


def _check_arguments(x: Tensor, samples: int, replacement: bool, out: Tensor | None) -> None:
    if out is not None and out.dtype is not dtypes.int64:
        name = promotion.SCALAR_NAMES[out.dtype]
        raise RuntimeError(f"multinomial expects Long tensor out, got: {name}")
    if x.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if not x.dtype.is_floating_point:
        name = promotion.SCALAR_NAMES[x.dtype]
        raise RuntimeError(
            f"multinomial only supports floating-point dtypes for input, got: {name}"
        )
    if samples <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and samples > x.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    if x.shape[-1] > _MOST_CATEGORIES:
        raise RuntimeError("number of categories cannot exceed 2^24")


def _check_weights(x: Tensor, *, several: bool) -> None:
    """Raise torch's errors for weights; where several are drawn with replacement, other ones."""
    if is_traced(x):
        raise LackingError(
            "jaxnn.torch.multinomial draws in a traced function from weights that are known only. "
            "Use jaxnn.random.multinomial with a Generator of its own, or draw outside"
        )
    known = values(x).astype(np.float64)
    if several and (known < 0).any():
        raise RuntimeError(f"{_INVALID} (encountering probability entry < 0)")
    if several and not np.isfinite(known).all():
        raise RuntimeError(f"{_INVALID} (encountering probability entry = infinity or NaN)")
    if not ((known >= 0) & (known < np.inf)).all():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if known.size and not known.any(-1).all():
        raise RuntimeError(f"{_INVALID} (sum of probabilities <= 0)")


_INVALID = "invalid multinomial distribution"


@taking("multinomial", _SIGNATURE, method=True)
def _multinomial(
    self: Tensor, num_samples: int, replacement: bool, generator: Generator | None
) -> Tensor:
    return multinomial(self, num_samples, replacement, generator=generator)


attach("multinomial", _multinomial, "Indices of each row, drawn in proportion to its weights.")
