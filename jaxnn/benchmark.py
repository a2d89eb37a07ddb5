"""How long a function takes: compiled and alone, or beside others on a machine with other work."""

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import numpy as np

# One timing lasts at least so long, whatever it repeats for it: far above the clock's resolution.
SHORTEST_TIMING = 0.005


class Measurement(NamedTuple):
    """What `measure` found; seconds are those of one call.

    Examples:
        >>> print(Measurement(0.25, 0.002, 0.0001, 1e9, 50))
        2 ms ± 100 µs a call (50 timings), 1 GFLOP/s, compiled in 250 ms
    """

    compile_time: float
    median: float
    spread: float  # interquartile range
    flops: float | None  # operations a second; None where XLA does not count them
    timings: int

    def __str__(self) -> str:
        """One line for people."""
        rate = "" if self.flops is None else f", {in_units(self.flops, 'FLOP/s')}"
        return (
            f"{in_units(self.median, 's')} ± {in_units(self.spread, 's')} a call "
            f"({self.timings} timings){rate}, compiled in {in_units(self.compile_time, 's')}"
        )


class Contestant(NamedTuple):
    """One function's part in a `Comparison`; seconds are those of one call."""

    name: str
    median: float
    spread: float  # interquartile range
    ratio: float  # the median, over the rounds, of its time over the first one's


class Comparison(NamedTuple):
    """What `compare` found, in the order in which the functions were given.

    Examples:
        >>> row = Contestant("relu", 2e-6, 1e-7, 1.0)
        >>> print(Comparison((row, row._replace(name="gelu", median=5e-6, ratio=2.5)), 9))
        relu    2 µs ± 100 ns   1.00 x
        gelu    5 µs ± 100 ns   2.50 x
    """

    contestants: tuple[Contestant, ...]
    rounds: int

    def ratio(self, name: str) -> float:
        """How many times as long as the first function the one of that name takes."""
        return next(row.ratio for row in self.contestants if row.name == name)

    def __str__(self) -> str:
        """One line for each function."""
        width = max(len(row.name) for row in self.contestants)
        return "\n".join(
            f"{row.name:{width}} {in_units(row.median, 's'):>8} ± {in_units(row.spread, 's'):7} "
            f"{row.ratio:6.2f} x"
            for row in self.contestants
        )


def measure(fn: Callable, *args: Any, seconds: float = 1.0) -> Measurement:
    """Compile a function for some arguments and time calls of it, each to its end.

    Args:
        fn: A function that ``jax.jit`` takes; it may be jitted already.
        *args: What to call it with.
        seconds: About how long to go on calling it.

    Returns:
        The time to trace and compile, the median and the interquartile range of a call, and the
        floating point operations a second, as XLA counts them in what it compiled.

    Examples:
        >>> import jax.numpy as jnp
        >>> measure(jnp.sum, jnp.zeros(1000), seconds=0.01).median < 1.0
        True
    """
    jitted = fn if isinstance(fn, jax.stages.Wrapped) else jax.jit(fn)
    start = time.perf_counter()
    compiled = jitted.lower(*args).compile()
    compile_time = time.perf_counter() - start
    timer = _Timer(lambda: compiled(*args))
    timings = np.array([timer() for _ in range(_rounds(timer, seconds))])
    median = float(np.median(timings))
    operations = (compiled.cost_analysis() or {}).get("flops", 0.0)
    flops = operations / median if operations > 0 else None
    return Measurement(compile_time, median, interquartile_range(timings), flops, len(timings))


def compare(functions: Mapping[str, Callable[[], Any]], *, seconds: float = 1.0) -> Comparison:
    """Time several functions in turn, so that what else the machine does slows all of them alike.

    Every round calls each function once (a fast one many times), in alternating order. Ratios are
    taken within a round, where the conditions were the same, and only then is their median.

    Args:
        functions: Names and functions without arguments. They need not be JAX's; where the result
            is a JAX array, or a pytree of them, it is waited for.
        seconds: About how long to go on, for each function.

    Returns:
        The median and interquartile range for each, and its ratio to the first.

    Examples:
        >>> comparison = compare({"short": lambda: sum(range(100)),
        ...                       "long": lambda: sum(range(10_000))}, seconds=0.05)
        >>> comparison.ratio("long") > 2
        True
    """
    timers = [_Timer(function) for function in functions.values()]
    rounds = max(_rounds(timer, seconds) for timer in timers)
    timings = np.empty((rounds, len(timers)))
    for index in range(rounds):
        order = range(len(timers)) if index % 2 == 0 else reversed(range(len(timers)))
        for column in order:
            timings[index, column] = timers[column]()
    ratios = np.median(timings / timings[:, :1], axis=0)
    rows = zip(functions, timings.T, ratios, strict=True)
    return Comparison(
        tuple(
            Contestant(name, float(np.median(column)), interquartile_range(column), float(ratio))
            for name, column, ratio in rows
        ),
        rounds,
    )


def interquartile_range(samples: np.ndarray) -> float:
    """The distance from the first quartile to the third: the spread that outliers do not move.

    Examples:
        >>> import numpy as np
        >>> interquartile_range(np.array([1.0, 2.0, 3.0, 4.0, 1000.0]))
        2.0
    """
    low, high = np.quantile(samples, [0.25, 0.75])
    return float(high - low)


def in_units(value: float, unit: str) -> str:
    """Three figures and the fitting prefix: for seconds, bytes or operations a second.

    Examples:
        >>> in_units(0.00025, "s"), in_units(3.2e10, "FLOP/s"), in_units(0.0, "s")
        ('250 µs', '32 GFLOP/s', '0 s')
    """
    prefixes = {1e9: "G", 1e6: "M", 1e3: "k", 1.0: "", 1e-3: "m", 1e-6: "µ", 1e-9: "n"}
    if unit == "s":
        prefixes = {scale: prefix for scale, prefix in prefixes.items() if scale <= 1.0}
    # What rounds up to the next prefix takes it: 1 ms rather than 1000 µs.
    scale = next((scale for scale in prefixes if abs(value) >= 0.9995 * scale), 1.0)
    return f"{value / scale:.3g} {prefixes[scale]}{unit}"


class _Timer:
    """Times a call of a function; one too short for the clock, many calls together."""

    def __init__(self, function: Callable[[], Any]):
        self.function = function
        self.calls = 1
        self()  # compiles, fills caches
        while (duration := self() * self.calls) < SHORTEST_TIMING:
            self.calls *= 2 if duration == 0 else min(10, 1 + int(SHORTEST_TIMING / duration))

    def __call__(self) -> float:
        start = time.perf_counter()
        for _ in range(self.calls):
            jax.block_until_ready(self.function())
        return (time.perf_counter() - start) / self.calls


def _rounds(timer: _Timer, seconds: float) -> int:
    """How many timings fit into so many seconds; enough for quartiles in any case."""
    return max(5, int(seconds / (timer() * timer.calls)))
