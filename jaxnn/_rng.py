"""One source of randomness for several draws."""

from collections.abc import Sequence

import jax

from jaxnn.random import Generator
from jaxnn.random.arguments import as_key
from jaxnn.random.generator import Rng as Rng


def check_rng(rng: Rng) -> None:
    """Refuse what is neither a key nor a Generator, with a TypeError."""
    if not isinstance(rng, Generator):
        as_key(rng)


def split(rng: Rng, n: int) -> Sequence[Rng]:
    """One source for each of ``n`` draws in turn: new keys, or the same stream again and again."""
    return [rng] * n if isinstance(rng, Generator) else list(jax.random.split(as_key(rng), n))
