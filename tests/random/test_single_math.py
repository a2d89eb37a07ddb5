"""float32 in doubles and without: the same bits, and which of them runs where."""

import functools
import inspect
import re
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.random import Generator, cpu, exact_math, normal, single_math
from jaxnn.random.cpu.continuous import box_muller32
from jaxnn.random.single_math import IN_DOUBLES, WITHOUT_DOUBLES, by_platform
from tests.comparison import assert_same_bits

ROUND = 1 << 20  # triples at a time


def fma_in_numpy(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Round once: exact products, sums in double that are made odd where they are inexact."""
    product, addend = a.astype(np.float64) * b, c.astype(np.float64)
    total = product + addend
    part = total - product
    error = (product - (total - part)) + (addend - part)
    even = total.view(np.int64) % 2 == 0
    odd = np.nextafter(total, np.copysign(np.inf, error))
    return np.where((error != 0) & even, odd, total).astype(np.float32)


def hard_triples(
    rng: np.random.Generator, n: int, addend: float | None = None
) -> tuple[np.ndarray, ...]:
    """Operands from the whole range in which float32 suffices; cancellations; ties, or nearly.

    With an addend, all the others are chosen for that.
    """

    def spread(least: int, most: int) -> np.ndarray:
        return rng.choice([-1, 1], n) * rng.uniform(1, 2, n) * 2.0 ** rng.integers(least, most, n)

    def short(bits: int) -> np.ndarray:
        return 1 + rng.integers(0, 1 << bits, n) * 2.0**-bits

    a, b, c = (spread(*ends).astype(np.float32) for ends in ((-39, 60), (-39, 60), (-101, 120)))
    c = c if addend is None else np.full_like(c, addend)
    kind = rng.integers(0, 4, n)
    near = -(a.astype(np.float64) * b) * (1 + rng.integers(-4, 5, n) * 2.0**-23)
    # Half a unit in the last place of c: exactly, or short of that by what the product's rounding
    # hides, or in numbers of 12 bits somewhere near.
    half = np.ldexp(rng.choice([-1.0, 1.0], n), np.frexp(c)[1] - 25)
    little = rng.integers(0, 4, n) * 2.0**-14
    a = np.where(kind == 2, 1 + little, np.where(kind == 3, short(11), a))
    b = np.where(kind == 2, half * (1 - little), np.where(kind == 3, half * short(11), b))
    c = np.where((kind == 1) & (addend is None), near, c)
    with np.errstate(over="ignore", under="ignore"):
        a, b, c = (x.astype(np.float32) for x in (a, b, c))
    c[(rng.integers(0, 50, n) == 0) & (addend is None)] = 0
    size = np.abs(a.astype(np.float64) * b)
    fits = (size >= 2.0**-79) & ((c == 0) | (np.abs(c) >= 2.0**-102))
    return np.where(fits, a, np.float32(1)), np.where(fits, b, np.float32(1)), c


def check_triples(seed: int, rounds: int) -> None:
    rng = np.random.default_rng(seed)
    fma = jax.jit(WITHOUT_DOUBLES.fma)
    ties = 0
    for _ in range(rounds):
        a, b, c = hard_triples(rng, ROUND)
        assert_same_bits(fma(a, b, c), fma_in_numpy(a, b, c))
        tail = (a.astype(np.float64) * b + c).view(np.int64) % (1 << 29)
        ties += np.count_nonzero(tail == 1 << 28)
    assert ties > rounds * ROUND // 100


def test_a_million_fused_steps_without_doubles(seed, x64):
    check_triples(seed, 1)


@pytest.mark.slow
def test_ten_million_fused_steps_without_doubles(seed):
    check_triples(seed, 10)


@pytest.mark.parametrize("constant", [1.0, -0.3, 1e5])
def test_a_fused_step_takes_a_constant_addend(constant, seed):
    # XLA's simplifier would undo an error-free sum with a constant, where it sees that it is one:
    # in a function of its own it does not.
    inlined = inspect.unwrap(WITHOUT_DOUBLES.near_fma)
    a, b, c = hard_triples(np.random.default_rng(seed), 1 << 16, constant)

    @jax.jit
    def step(a: jax.Array, b: jax.Array) -> jax.Array:
        return inlined(a, b, jnp.float32(constant))

    assert_same_bits(step(a, b), fma_in_numpy(a, b, c))


@pytest.mark.parametrize("constant", [1.0, -0.3, 1e5])
def test_a_fused_step_takes_a_constant_factor(constant, seed):
    a, _, c = hard_triples(np.random.default_rng(seed), 1 << 16)
    b = np.full_like(a, constant)
    actual = jax.jit(lambda a, c: WITHOUT_DOUBLES.fma(a, np.float32(constant), c))(a, c)
    assert_same_bits(actual, fma_in_numpy(a, b, c))


def test_a_fused_step_takes_products_in_a_loop(seed):
    # There a compiler would contract the products with the sums that take their errors.
    rng = np.random.default_rng(seed)
    b, c = rng.uniform(-3, 3, (2, 1 << 12)).astype(np.float32)
    scales = rng.uniform(0.3, 0.7, 8).astype(np.float32)

    @jax.jit
    def steps(b: jax.Array, c: jax.Array, scales: jax.Array) -> jax.Array:
        def step(i: jax.Array, x: jax.Array) -> jax.Array:
            return WITHOUT_DOUBLES.near_fma(x * scales[i], b * scales[i], c * scales[i])

        return jax.lax.fori_loop(0, len(scales), step, b)

    x = b
    for scale in scales:
        x = fma_in_numpy(x * scale, b * scale, c * scale)
    assert_same_bits(steps(b, c, scales), x)


def test_box_muller_is_the_same_without_doubles(seed):
    words = np.random.default_rng(seed).integers(1, 1 << 24, (2, 1 << 12, 8)).astype(np.float32)
    u, v = words * np.float32(2.0**-24)
    u[0], v[0], v[1] = 1, 0, np.arange(8) / 8
    with jax.enable_x64(True):
        expected = jax.jit(functools.partial(box_muller32, IN_DOUBLES))(u, v)
    with jax.enable_x64(False):
        actual = jax.jit(functools.partial(box_muller32, WITHOUT_DOUBLES))(u, v)
    assert_same_bits(actual, expected)


def draws(seed: jax.Array) -> tuple[jax.Array, jax.Array]:
    state = cpu.from_seed(jnp.stack([seed, jnp.zeros_like(seed)]))
    with jax.enable_x64(True):
        pair = jnp.float64(-0.3), jnp.float64(2.7)
        numbers, state = cpu.normal(state, 20, np.dtype("float32"), pair)
        return numbers, cpu.uniform(state, 100, np.dtype("float32"), pair)[0]


def batch(seeds: jax.Array) -> tuple[jax.Array, jax.Array]:
    return jax.vmap(draws)(seeds)


def scan(seeds: jax.Array) -> tuple[jax.Array, jax.Array]:
    return jax.lax.scan(lambda _, seed: (None, draws(seed)), None, seeds)[1]


def test_draws_without_doubles_have_the_same_bits(monkeypatch):
    seeds = jnp.arange(2, 5, dtype=jnp.uint32)
    expected = jax.jit(lambda seeds: batch(seeds))(seeds)
    # Treat this machine as one without doubles.
    monkeypatch.setattr(single_math, "PLATFORMS_WITHOUT_DOUBLES", (jax.default_backend(),))
    for program in (batch, scan):
        lowered = jax.jit(program).lower(seeds)
        assert not any("xf64" in name for name in wide_types(lowered)), "arrays of doubles"
        jax.tree.map(assert_same_bits, lowered.compile()(seeds), expected)


def wide_types(lowered: jax.stages.Lowered) -> set[str]:
    """The 64-bit types of all that a program computes."""

    def types(operation: Any) -> Iterator[str]:
        yield from (str(result.type) for result in operation.results)
        for block in (block for region in operation.regions for block in region.blocks):
            yield from (str(argument.type) for argument in block.arguments)
            for inner in block.operations:
                yield from types(inner.operation)

    module: Any = lowered.compiler_ir()
    return {name for name in types(module.operation) if re.search("[fi]64", name)}


@pytest.mark.parametrize("n", [20, 1000, 200_003])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_tpus_normals_know_no_64_bit_type(n, dtype):
    def program(generator: Generator) -> tuple[jax.Array, Generator]:
        return normal(generator, (n,), jnp.dtype(dtype)), generator

    traced = jax.jit(program).trace(Generator())
    assert wide_types(traced.lower(lowering_platforms=("tpu",))) == set()
    assert any("f64" in name for name in wide_types(traced.lower(lowering_platforms=("cpu",))))


def test_the_arithmetic_is_chosen_for_where_a_program_runs():
    def which(arithmetic: single_math.Arithmetic, x: jax.Array) -> jax.Array:
        return jnp.sin(x) if arithmetic is WITHOUT_DOUBLES else jnp.cos(x)

    traced = jax.jit(functools.partial(by_platform, which)).trace(jnp.float32(1))
    for platform, sine in {"cpu": False, "cuda": False, "rocm": False, "tpu": True}.items():
        text = traced.lower(lowering_platforms=(platform,)).as_text()
        assert ("stablehlo.sine" in text, "stablehlo.cosine" in text) == (sine, not sine), platform


def test_fused_steps_have_the_derivative_of_what_they_round():
    with jax.enable_x64(True):
        for fma, dtype in ((single_math.fma32, np.float32), (exact_math.fma64, np.float64)):
            gradient = jax.grad(fma, argnums=(0, 1, 2))(dtype(2), dtype(3), dtype(5))
            assert gradient == (3, 2, 1)
