"""Random programs of views, writes and operations, run on torch and on the adapter in step.

After every step all that either has made agrees: values, shapes, types, strides, offsets, which
tensors share memory, what NumPy's arrays over it hold, and what was raised. ``THOROUGH=1``
runs twenty thousand programs rather than four hundred.
"""

import warnings
from typing import Any

import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jaxnn.torch
from tests.parity.program_steps import STEPS, VIEWS, UndefinedError, World
from tests.thoroughness import amount

PROGRAMS = amount(400, 20_000)

Program = list[tuple[str, int, int, int]]

SMALL = st.integers(0, 11)
PROGRAM = st.lists(
    st.tuples(st.sampled_from(list(STEPS)), SMALL, SMALL, SMALL), min_size=3, max_size=14
)


def outcome(name: str, world: World, *numbers: int) -> Any:
    """What a step returns that is no tensor, or what it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = STEPS[name](world, *numbers)
        except UndefinedError:
            return "undefined"
        except Exception as error:
            kind = next(k for k in type(error).__mro__ if k.__module__ == "builtins")
            text = str(error).split("\nException raised")[0]
            return kind, text if name in VIEWS else None
    world.keep(made)
    return made if isinstance(made, bool | int | float | complex) else type(made).__name__


def described(x: Any) -> tuple[Any, ...]:
    """All that a tensor is, but for its memory and the signs of zeros.

    torch itself keeps or loses those by the number of elements that it computes at once.
    """
    place = (tuple(x.shape), x.stride(), x.storage_offset())
    values = (np.array(x.tolist()) + 0).tolist()
    return (*place, repr(x.dtype), x.is_conj(), x.is_neg(), repr(values))


def sharing(world: World) -> list[int]:
    """For each tensor the first one that has the same memory."""
    memories = [x.untyped_storage()._cdata for x in world.tensors]
    return [memories.index(each) for each in memories]


def state(world: World) -> dict[str, Any]:
    """All that can be seen of a world."""
    return {
        "tensors": list(map(described, world.tensors)),
        "sharing": sharing(world),
        "arrays": [(a.strides, repr(a + 0)) for a in world.arrays],
    }


def difference(program: Program) -> str | None:
    """Run a program on both; the first step after which they differ, and in what."""
    theirs, ours = World(torch), World(jaxnn.torch)
    for name, *numbers in program:
        expected, actual = (outcome(name, world, *numbers) for world in (theirs, ours))
        if actual != expected:
            return f"{name}: {actual} is not {expected}"
        wanted, found = state(theirs), state(ours)
        for what in wanted:
            if found[what] != wanted[what]:
                return f"{what} after {name}:\n{found[what]}\nare not\n{wanted[what]}"
    return None


@settings(
    max_examples=PROGRAMS,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(PROGRAM)
def test_programs_as_torch(program):
    assert difference(program) is None
