"""Where a program's time goes: part by part, and how much of it goes into compiling."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import jax

# What JAX calls the time in which XLA compiles.
COMPILED = "/jax/core/compile/backend_compile_duration"


class Part(NamedTuple):
    """One part of a program; in seconds.

    Examples:
        >>> Part("training", 2.0, 1.5).name
        'training'
    """

    name: str
    total: float
    compiling: float


class Stopwatch:
    """Times the parts of a program.

    Attributes:
        parts: One `Part` for each that is over, in order.

    Examples:
        >>> watch = Stopwatch()
        >>> with watch.part("nothing"):
        ...     pass
        >>> watch.parts[0].name, watch.parts[0].compiling
        ('nothing', 0.0)
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._compiling = 0.0
        jax.monitoring.register_event_duration_secs_listener(self._listen)

    def _listen(self, event: str, duration_secs: float, **_: object) -> None:
        if event == COMPILED:
            self._compiling += duration_secs

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time what happens inside a ``with``."""
        start, compiled = time.perf_counter(), self._compiling
        yield
        total = time.perf_counter() - start
        self.parts.append(Part(name, total, self._compiling - compiled))

    def table(self) -> str:
        """The parts in lines, and their sum."""
        total = sum(part.total for part in self.parts)
        compiling = sum(part.compiling for part in self.parts)
        rows = [*self.parts, Part("all of it", total, compiling)]
        width = max(len(part.name) for part in rows)
        head = f"{'':{width}}  {'seconds':>9}  {'of them compiling':>18}"
        return "\n".join(
            [head, *(f"{p.name:{width}}  {p.total:9.2f}  {p.compiling:18.2f}" for p in rows)]
        )
