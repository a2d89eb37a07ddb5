"""Which of JAX's traces is under way, if any."""

from typing import Any

import jax
from jax.extend.core import get_opaque_trace_state

with jax.ensure_compile_time_eval():
    _EAGER = get_opaque_trace_state()


def current() -> Any:
    """The state of JAX's tracing: equal to another one in the same trace only."""
    return get_opaque_trace_state()


def is_eager() -> bool:
    """Whether everything runs at once, since no function is traced.

    >>> is_eager(), jax.jit(lambda: is_eager())().item()
    (True, False)
    """
    return get_opaque_trace_state() == _EAGER
