"""The clock is replaced by one that the functions under test move themselves."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import benchmark
from jaxnn.benchmark import compare, in_units, interquartile_range, measure


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """A list with the time in it, which `time.perf_counter` reads."""
    now = [0.0]
    monkeypatch.setattr(benchmark.time, "perf_counter", lambda: now[0])
    return now


def sleeper(clock: list[float], *durations: float):
    """A function whose calls last the given times, one after the other, over and over."""
    calls = iter(range(10**9))

    def sleep() -> None:
        clock[0] += durations[next(calls) % len(durations)]

    return sleep


def test_compare_reports_medians_and_ratios_to_the_first(clock):
    comparison = compare({"one": sleeper(clock, 0.01), "three": sleeper(clock, 0.03)}, seconds=0.3)
    one, three = comparison.contestants
    assert (one.name, three.name) == ("one", "three")
    assert one.median == pytest.approx(0.01)
    assert three.median == pytest.approx(0.03)
    assert one.ratio == 1.0
    assert comparison.ratio("three") == pytest.approx(3.0)
    assert comparison.rounds == 30


def test_compare_takes_ratios_within_a_round(clock):
    """What slows a round of both alike must not show in the ratio."""
    slow = [0.01, 0.02, 0.04]
    comparison = compare(
        {"one": sleeper(clock, *slow), "two": sleeper(clock, *(2 * s for s in slow))}, seconds=0.6
    )
    assert comparison.ratio("two") == pytest.approx(2.0)
    assert comparison.contestants[0].spread > 0.01


def test_compare_alternates_the_order(clock):
    order = []

    def named(name: str):
        def function() -> None:
            order.append(name)
            clock[0] += 0.01

        return function

    compare({"a": named("a"), "b": named("b")}, seconds=0.05)
    rounds = "".join(order)[-10:]
    assert rounds in ("abbaabbaab", "baabbaabba")


def test_a_short_function_is_called_many_times_for_one_timing(clock):
    calls = []

    def function() -> None:
        calls.append(None)
        clock[0] += 1e-6

    (row,) = compare({"short": function}, seconds=0.05).contestants
    assert row.median == pytest.approx(1e-6)
    assert len(calls) >= 5 * benchmark.SHORTEST_TIMING / 1e-6


def test_compare_waits_for_jax_arrays():
    x = jnp.ones((512, 512))
    multiply = jax.jit(lambda x: x @ x @ x @ x)
    comparison = compare({"waits": lambda: multiply(x)}, seconds=0.02)
    # 3 * 2 * 512**3 operations cannot be done within the time of a dispatch.
    assert comparison.contestants[0].median > 1e-4


@pytest.mark.parametrize("wrap", [lambda fn: fn, jax.jit], ids=["plain", "jitted"])
def test_measure_counts_the_operations_of_a_product(wrap):
    x = jnp.ones((64, 64))
    found = measure(wrap(lambda a, b: a @ b), x, x, seconds=0.02)
    assert found.compile_time > 0
    assert found.timings >= 5
    assert found.flops is not None
    assert found.flops * found.median == pytest.approx(2 * 64**3, rel=0.01)


def test_measure_leaves_out_a_rate_that_xla_does_not_count():
    found = measure(lambda x: x, jnp.ones(3), seconds=0.01)
    assert found.flops is None
    assert "FLOP" not in str(found)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "s", "0 s"),
        (12.345, "s", "12.3 s"),
        (1234.0, "s", "1.23e+03 s"),
        (0.99996e-3, "s", "1 ms"),
        (0.9994e-3, "s", "999 µs"),
        (3e-9, "s", "3 ns"),
        (2.5e12, "FLOP/s", "2.5e+03 GFLOP/s"),
        (2.5e6, "FLOP/s", "2.5 MFLOP/s"),
    ],
)
def test_in_units(value, unit, text):
    assert in_units(value, unit) == text


def test_interquartile_range_is_that_of_numpy(seed):
    samples = np.random.default_rng(seed).normal(size=101)
    expected = np.subtract(*np.percentile(samples, [75, 25]))
    assert interquartile_range(samples) == pytest.approx(expected)
