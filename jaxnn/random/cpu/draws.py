"""What every distribution starts from: words of the stream, drawn in groups.

A distribution is a pure function of a `State` and a static count that returns ``(samples, state)``,
the samples flat and in the order in which torch fills memory. Doubles and 64-bit integers appear
inside, so all of it is traced within ``jax.enable_x64(True)``; the functions of `jaxnn.random` see
to that, to shapes and to checks.
"""

import jax

from jaxnn.random.cpu import mt19937
from jaxnn.random.cpu.state import State

Samples = tuple[jax.Array, State]


def draw(state: State, groups: int, words: int, convert: mt19937.Convert) -> Samples:
    """Draw groups of words and flatten what `convert` makes of them, see `mt19937.draw`."""
    samples, engine = mt19937.draw(state.engine, groups, words, convert)
    return samples.reshape(-1), state._replace(engine=engine)


def skip(state: State, words: int) -> State:
    """Pass over words."""
    return draw(state, words, 1, lambda w: w)[1]
