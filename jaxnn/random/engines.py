"""torch's generators by device, and the distributions that an engine draws, compiled.

An engine is a module with a `State`, the functions ``from_seed``, ``to_bytes``, ``from_bytes`` and
``jump``, and the distributions that torch's kernels of that device make of its words: pure
functions ``(state, count, ...) -> (samples, state)`` of the same names in every engine.
"""

import functools
import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import jax

from jaxnn.random import cpu, cuda

State = cpu.State | cuda.State

ENGINES: dict[str, ModuleType] = {"cpu": cpu, "cuda": cuda}


def engine_of(state: State) -> ModuleType:
    """Return the engine to which a state belongs."""
    return next(engine for engine in ENGINES.values() if isinstance(state, engine.State))


def distribution(state: State, name: str) -> Callable[..., tuple[jax.Array, State]]:
    """Return a distribution of a state's engine, or raise a NotImplementedError."""
    engine = engine_of(state)
    if not hasattr(engine, name):
        device = next(device for device, each in ENGINES.items() if each is engine)
        raise NotImplementedError(
            f"the {device} stream has no {name} yet; Generator(device='cpu') has it"
        )
    return getattr(engine, name)


def compiled(name: str, *static: str) -> Callable[..., tuple[jax.Array, State]]:
    """Return the distribution of any engine, compiled, with a shape in place of its count.

    Args:
        name: that of the distribution.
        static: its options that are fixed when it is compiled.
    """

    @functools.partial(jax.jit, static_argnames=("shape", *static))
    def shaped(state: State, *, shape: tuple[int, ...], **options: Any) -> tuple[jax.Array, State]:
        flat, state = distribution(state, name)(state, math.prod(shape), **options)
        return flat.reshape(shape), state

    return shaped
