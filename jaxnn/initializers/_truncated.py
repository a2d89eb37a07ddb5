"""Normal numbers within bounds."""

import functools
import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.typing import DTypeLike

from jaxnn import random
from jaxnn._checks import check_range, complaint
from jaxnn._precision import widen
from jaxnn._rng import Rng
from jaxnn.initializers._protocol import Initializer, as_known, drawn_as_torch
from jaxnn.random import Generator, cephes
from jaxnn.random.arguments import as_float
from jaxnn.random.single_math import by_platform

# Where more of the normal distribution lies between the bounds, torch draws normals again until
# they do; where less, uniform candidates until one is accepted.
ENOUGH = 0.3


class Law(NamedTuple):
    """A normal distribution and the bounds that cut it off."""

    mean: float
    std: float
    a: float
    b: float

    def mass(self) -> float:
        """How much of the distribution lies between the bounds."""
        below = [(1 + math.erf((x - self.mean) / self.std / math.sqrt(2))) / 2 for x in self[2:]]
        return below[1] - below[0]

    def log_peak(self) -> float:
        """The logarithm of the largest density between the bounds, over that at the mean."""
        mode = max(self.a, min(self.mean, self.b))
        return -0.5 * ((mode - self.mean) / self.std) ** 2


def trunc_normal(
    mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0
) -> Initializer:
    """Normal with a mean and a standard deviation, but never outside of [a, b].

    The bounds are values, not multiples of ``std``. A Generator draws whole arrays until no element
    is outside, as torch does: far out in a tail, or in a small part of a wide interval, that is
    many arrays. Its bits are torch's; but where less than 0.3 of the distribution lies between the
    bounds, acceptance hangs on a logarithm that torch does not round correctly, and about one
    element in 10⁸ may be decided otherwise, whereupon it, or the stream after it, differs. A JAX
    key draws once, by the inverse of the distribution function.

    Args:
        mean: Of the distribution that is cut off.
        std: Its standard deviation, above 0.
        a: The least value.
        b: The greatest value, at least ``a``.

    Returns:
        An initialiser for any shape.

    Raises:
        TypeError: A number is traced.
        ValueError: ``std`` is not above 0, or ``a`` is above ``b``.

    Example:
        >>> import jaxnn
        >>> generator = jaxnn.random.Generator().manual_seed(0)
        >>> jaxnn.initializers.trunc_normal(a=-1.0, b=1.0)(generator, (3,))
        Array([ 0.56843126, -0.2934289 , -0.7192576 ], dtype=float32)

    Source: torch.nn.init.trunc_normal_.
    """
    given = {"mean": mean, "std": std, "a": a, "b": b}
    law = Law(**{name: as_known("trunc_normal", name, x) for name, x in given.items()})
    if not law.std > 0:
        must, instead = "std must be above 0", "use constant(mean) for a spread of 0"
        raise ValueError(complaint("trunc_normal", must, str(std), instead))
    check_range("trunc_normal", "a", law.a, -math.inf, law.b)

    def draw(rng: Rng, shape: tuple[int, ...], dtype: DTypeLike) -> Array:
        dtype = as_float("trunc_normal", dtype)
        if not isinstance(rng, Generator):
            return _inverted(rng, shape, dtype, law)
        with jax.enable_x64(True):
            redrawn = _redrawn_normals if law.mass() > ENOUGH else _accepted_candidates
            x, after = redrawn(rng, shape, dtype, law)
        rng.state = after.state
        return x

    return drawn_as_torch(draw)


Drawn = tuple[Array, Generator]


@functools.partial(jax.jit, static_argnums=(1, 2, 3))
def _redrawn_normals(
    generator: Generator, shape: tuple[int, ...], dtype: np.dtype, law: Law
) -> Drawn:
    low, high = (np.asarray(bound, dtype) for bound in (law.a, law.b))

    def fresh(generator: Generator) -> Array:
        return random.normal(generator, shape, dtype, mean=law.mean, std=law.std)

    def outside(x: Array) -> Array:
        return (x < low) | (x > high)

    def redraw(drawn: Drawn) -> Drawn:
        x, generator = drawn
        return jnp.where(outside(x), fresh(generator), x), generator

    return lax.while_loop(
        lambda drawn: outside(drawn[0]).any(), redraw, (fresh(generator), generator)
    )


@functools.partial(jax.jit, static_argnums=(1, 2, 3))
def _accepted_candidates(
    generator: Generator, shape: tuple[int, ...], dtype: np.dtype, law: Law
) -> Drawn:
    def propose(drawn: tuple[Array, Array, Generator]) -> tuple[Array, Array, Generator]:
        x, pending, generator = drawn
        candidate = random.uniform(generator, shape, dtype, low=law.a, high=law.b)
        x = jnp.where(pending, candidate, x)
        chance = random.uniform(generator, shape, dtype)
        return x, pending & rejected(candidate, chance, law), generator

    everything = (jnp.zeros(shape, dtype), jnp.ones(shape, bool), generator)
    x, _, generator = lax.while_loop(lambda drawn: drawn[1].any(), propose, everything)
    return x, generator


def rejected(candidate: Array, chance: Array, law: Law) -> Array:
    """Which candidates, evenly spread between the bounds, are not to be taken by even chances."""
    return _log(chance) > _log_density(candidate, law)


def _log_density(x: Array, law: Law) -> Array:
    """The logarithm of the density over the peak's, rounded to the dtype at each step, as torch's.

    torch rounds numbers to the dtype before it subtracts them, but not the one that it divides by.
    """
    dtype, wide = jnp.finfo(x.dtype), widen(x).dtype
    mean, log_peak = (np.asarray(n, x.dtype).astype(wide) for n in (law.mean, law.log_peak()))
    # XLA divides by a constant in its own way, off by an ulp. In double that is of no consequence:
    # the quotient of two float32 is never so near to where its rounding to float32 changes.
    std = law.std if wide == np.float64 else float(np.float32(law.std))
    y = widen(x)
    for step in (
        lambda y: y - mean,
        lambda y: (lax.convert_element_type(y, jnp.float64) / std).astype(wide),
        lambda y: y * y,
        lambda y: y * -0.5 - log_peak,  # the half of a number is exact
    ):
        # XLA leaves out conversions there and back, but not these roundings.
        y = lax.reduce_precision(step(y), dtype.nexp, dtype.nmant)
    return y.astype(x.dtype)


def _log(x: Array) -> Array:
    log = jnp.log if x.dtype == jnp.float64 else functools.partial(by_platform, cephes.log32)
    return jnp.where(x == 0, -jnp.inf, log(widen(x)).astype(x.dtype))


def _inverted(key: Array, shape: tuple[int, ...], dtype: np.dtype, law: Law) -> Array:
    wide = np.dtype(np.float64) if dtype == np.float64 else np.dtype(np.float32)
    low, high = (math.erf((x - law.mean) / law.std / math.sqrt(2)) for x in (law.a, law.b))
    with jax.enable_x64(True):
        x = lax.erf_inv(random.uniform(key, shape, wide, low=low, high=high))
        # Rounding may lead outside, and far out in a tail the inverse is infinite.
        return jnp.clip(x * (law.std * math.sqrt(2)) + law.mean, law.a, law.b).astype(dtype)
