"""One source of randomness for several draws."""

import functools
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

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


Options = ParamSpec("Options")
Result = TypeVar("Result")


def all_or_nothing(function: Callable[Options, Result]) -> Callable[Options, Result]:
    """Let a function of several draws, ``rng`` first, leave a Generator as it was if it raises."""

    @functools.wraps(function)
    def guarded(*args: Options.args, **kwargs: Options.kwargs) -> Result:
        rng = args[0] if args else kwargs.get("rng")
        before = rng.state if isinstance(rng, Generator) else None
        try:
            return function(*args, **kwargs)
        except BaseException:
            if isinstance(rng, Generator) and before is not None:
                rng.state = before
            raise

    return guarded
