"""Every distribution against the kernels in NumPy, below and above what a card does at once."""

from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from jaxnn import random
from jaxnn.random import Generator, Profile, cuda
from jaxnn.random.cuda import discrete, launch
from tests.comparison import assert_same_bits
from tests.random.cuda import model

SMALL = Profile(sms=2, threads_per_sm=600)  # 1,024 threads: many steps cost little
CARD = model.Card(*(SMALL.sms, SMALL.threads_per_sm))
# In a block, around all threads and all their lanes, and in a later step.
SIZES = (1, 257, 1024, 1025, 4096, 4097, 10_000)
N = 10_000
SEED, OFFSET = 2**63 + 2**32 + 11, 2**34 - 4  # the second step passes 2**32


def generator() -> Generator:
    return Generator("cuda", profile=SMALL).manual_seed(SEED).jump(OFFSET)


def expected(n: int, lanes: int, convert) -> tuple[np.ndarray, bytes]:
    numbers, offset = model.fill(SEED, OFFSET, n, CARD, lanes, convert)
    return numbers, np.array([SEED, offset], "<u8").tobytes()


def fused(x: np.ndarray, factor: Any, addend: Any) -> np.ndarray:
    """x * factor + addend, rounded once to x's dtype."""
    if x.dtype == np.float32:
        wide = x.astype(np.longdouble) * np.longdouble(factor) + np.longdouble(addend)
        return wide.astype(np.float32)
    exact = (
        Fraction(each) * Fraction(float(factor)) + Fraction(float(addend)) for each in x.tolist()
    )
    return np.array([float(number) for number in exact])


@pytest.mark.parametrize("n", SIZES)
def test_fractions_of_32_bits(n):
    numbers, state = expected(n, 4, model.uniform32)
    rng = generator()
    assert_same_bits(random.uniform(rng, n), np.where(numbers == 1, np.float32(0), numbers))
    assert rng.get_state() == state


def test_fractions_of_64_bits():
    numbers, state = expected(N, 2, model.uniform64)
    rng = generator()
    assert_same_bits(random.uniform(rng, N, "float64"), numbers)
    assert rng.get_state() == state


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_fractions_of_16_bits(dtype):
    numbers, state = expected(N, 4, model.uniform32)
    rounded = numbers.astype(jnp.dtype(dtype))
    zero = rounded.dtype.type(0)
    rng = generator()
    assert_same_bits(random.uniform(rng, N, dtype), np.where(rounded == 1, zero, rounded))
    assert rng.get_state() == state


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_bounds_are_rounded_to_the_dtype_first(dtype):
    dtype = jnp.dtype(dtype)
    wide = dtype == np.float64
    unit, _ = expected(1000, *((2, model.uniform64) if wide else (4, model.uniform32)))
    low, high = (np.asarray(bound).astype(dtype) for bound in (-0.3, 2.7))
    numbers = fused(unit, high - low, low).astype(dtype)
    numbers = np.where(numbers == high, low, numbers)
    assert_same_bits(random.uniform(generator(), 1000, dtype, low=-0.3, high=2.7), numbers)


@pytest.mark.parametrize("n", [1, 1025, N])
def test_normals_of_32_bits(n):
    numbers, state = expected(n, 4, model.normal32)
    rng = generator()
    np.testing.assert_allclose(random.normal(rng, n), numbers, rtol=0, atol=7e-7)
    assert rng.get_state() == state


def test_normals_of_64_bits():
    numbers, state = expected(N, 2, model.normal64)
    rng = generator()
    np.testing.assert_allclose(random.normal(rng, N, "float64"), numbers, rtol=0, atol=2e-15)
    assert rng.get_state() == state


def test_a_million_normals_are_within_the_stated_bound():
    n = 1_000_000
    numbers, _ = model.fill(5, 0, n, model.Card(108, 2048), 4, model.normal32)
    actual = random.normal(Generator("cuda").manual_seed(5), n)
    np.testing.assert_allclose(actual, numbers, rtol=0, atol=7e-7)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_normals_are_scaled_in_one_rounding(dtype):
    dtype = jnp.dtype(dtype)
    wide = np.dtype(np.float64 if dtype == np.float64 else np.float32)
    standard = np.asarray(random.normal(generator(), 1000, wide))
    numbers = fused(standard, wide.type(1.3), wide.type(0.7)).astype(dtype)
    assert_same_bits(random.normal(generator(), 1000, dtype, mean=0.7, std=1.3), numbers)


def test_memory_order_does_not_matter():
    contiguous, strided = (random.normal(generator(), 20, contiguous=c) for c in (True, False))
    assert_same_bits(contiguous, strided)


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [
        ("bool", 0, 2),
        ("uint8", 0, 200),
        ("int32", -5, 1000),
        ("int64", 7, 2**28 + 6),
        ("float16", 0, 2048),
        ("float32", -3, 100_000),
    ],
)
def test_integers_of_one_word(dtype, low, high):
    words, state = expected(5000, 4, lambda w: w % np.uint64(high - low))
    rng = generator()
    numbers = (words.astype(np.int64) + low).astype(dtype)
    assert_same_bits(random.randint(rng, 5000, low, high, dtype), numbers)
    assert rng.get_state() == state


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [("int64", 7, 2**28 + 7), ("int32", -(2**31), 2**31), ("float64", -(2**53), 2**53)],
)
def test_integers_of_two_words(dtype, low, high):
    words, state = expected(5000, 2, lambda w: model.join64(w) % np.uint64(high - low))
    rng = generator()
    numbers = (words.astype(np.int64) + low).astype(dtype)
    assert_same_bits(random.randint(rng, 5000, low, high, dtype), numbers)
    assert rng.get_state() == state


def test_all_integers_are_words_as_they_come():
    words, _ = expected(5000, 2, model.join64)
    numbers = random.randint(generator(), 5000, -(2**63), 2**63, "int64")
    assert_same_bits(numbers, words.view(np.int64))


@pytest.mark.parametrize("p", [0.0, 0.3, 0.5, 1 - 2.0**-25, 1.0])
@pytest.mark.parametrize("dtype", ["bool", "float16", "float64"])
def test_flips(p, dtype):
    wide = dtype == "float64"
    unit, state = expected(5000, *((2, model.uniform64) if wide else (4, model.uniform32)))
    rng = generator()
    flips = random.bernoulli(rng, p, 5000, dtype)
    assert_same_bits(flips, (unit < unit.dtype.type(p)).astype(dtype))
    assert rng.get_state() == state


@pytest.mark.parametrize("p", [0.0, 1e-300, 2.0**-34, 1e-7, 0.1, 0.7, 1 - 2.0**-54, 1.0])
def test_thresholds_divide_the_words(p):
    kinds = ((32, "float32", np.float32), (53, "float64", np.float64), (32, "float32", np.float64))
    for (high, low), (bits, unit, limit) in zip(discrete.threshold(p), kinds, strict=True):
        least = int(high) << 32 | int(low)
        around = np.arange(max(least - 2, 0), min(least + 3, 2**bits), dtype=np.uint64)
        scaled = around.astype(unit) * np.float64(2.0**-bits).astype(unit)
        fractions = scaled + np.float64(2.0 ** -(bits + 1)).astype(unit)
        below = fractions.astype(np.float64) < np.float64(limit(p))
        np.testing.assert_array_equal(below, around < least)


@pytest.mark.parametrize("n", [1, 1001])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_flips_with_probabilities_of_their_own(n, dtype):
    p = np.linspace(0, 1, n).astype(dtype)
    threads = np.arange(-(-n // 4), dtype=np.uint64)
    unit = model.uniform32(model.thread_words(SEED, OFFSET, threads, 0)).reshape(-1)[:n]
    rng = generator()
    with jax.enable_x64(True):
        flips = random.bernoulli(rng, jnp.asarray(p))
    assert_same_bits(flips, unit <= p)
    assert rng.get_state() == generator().jump(12).get_state()


@pytest.mark.parametrize("n", [1, 2, 1000, 1004, 5001, 10_000, 40_000])
@pytest.mark.parametrize("dtype", ["bfloat16", "float32", "float64"])
def test_what_dropout_keeps(n, dtype):
    dtype = jnp.dtype(dtype)
    keep = 1 - 0.3
    kept, offset = model.dropout(SEED, OFFSET, n, CARD, dtype.itemsize, keep)
    with jax.enable_x64(True):
        rng, x = generator(), jnp.full(n, -3, dtype)
        left = np.asarray(jaxnn.dropout(rng, x, 0.3))
    wide = np.dtype(np.float64 if dtype == np.float64 else np.float32).type
    scaled = (wide(-3) * (wide(1) / wide(keep))).astype(dtype)
    assert_same_bits(left, np.where(kept, scaled, -np.zeros((), dtype)))
    assert rng.get_state() == np.array([SEED, offset], "<u8").tobytes()


def test_nothing_drawn_takes_nothing():
    rng = generator()
    before = rng.get_state()
    for numbers in (
        random.uniform(rng, 0),
        random.normal(rng, (0, 3), "float64"),
        random.randint(rng, 0, 0, 5),
        random.bernoulli(rng, 0.5, 0),
        random.bernoulli(rng, jnp.zeros(0)),
        random.permutation(rng, 0),
    ):
        assert numbers.size == 0
    assert rng.get_state() == before


def test_cards_agree_below_one_wave_and_part_above():
    cards = ("T4", "A100", "H100 SXM")
    for n, alike in ((40_960, True), (40_961, False)):
        drawn = [random.uniform(Generator("cuda", profile=card), n) for card in cards]
        np.testing.assert_array_equal(drawn[1], drawn[2])
        assert np.array_equal(drawn[0], drawn[1]) == alike


def test_draws_beyond_a_kernels_reach_are_torchs_in_halves(monkeypatch):
    # torch does so from 2 GiB on; here from 4,000 bytes on, where 3,001 numbers take four kernels.
    monkeypatch.setattr(launch, "REACH", 4000)
    state = generator().state
    assert isinstance(state, cuda.State)
    with jax.enable_x64(True):
        drawn, state = cuda.uniform(state, 3001, np.dtype("float32"), None)
    offset = model.fill(SEED, OFFSET, 3001, CARD, 4, model.uniform32)[1]  # the whole counts, too
    parts = []
    for part in (750, 750, 750, 751):
        numbers, offset = model.fill(SEED, offset, part, CARD, 4, model.uniform32)
        parts.append(numbers)
    assert_same_bits(drawn, np.concatenate(parts))
    assert np.asarray(state.offset).tolist() == [offset % 2**32, offset >> 32]


# One call of each kind, for the ways in which JAX may run it. 5,000 numbers take several steps.
CALLS: dict[str, Any] = {
    "uniform32": lambda g: random.uniform(g, 5000),
    "uniform bounds": lambda g: random.uniform(g, 20, low=-0.3, high=2.7),
    "uniform64": lambda g: random.uniform(g, 20, "float64"),
    "normal32": lambda g: random.normal(g, 5000),
    "normal64": lambda g: random.normal(g, 20, "float64", mean=0.7, std=1.3),
    "randint": lambda g: random.randint(g, 20, -5, 2**40, "int64"),
    "flips": lambda g: random.bernoulli(g, 0.3, 20),
    "flips each": lambda g: random.bernoulli(g, jnp.linspace(0.0, 1.0, 20)),
    "dropout": lambda g: jaxnn.dropout(g, jnp.ones(5000), 0.5),
    "permutation": lambda g: random.permutation(g, 20),
}
calls = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def twice(seed, call):
    rng = Generator("cuda", profile=SMALL).manual_seed(seed)
    return call(rng), call(rng), rng


@calls
def test_same_bits_under_jit(call, x64):
    actual = jax.jit(lambda seed: twice(seed, call))(jnp.uint32(3))
    jax.tree.map(assert_same_bits, actual, twice(3, call))


@calls
def test_same_bits_under_vmap_over_seeds(call):
    actual = jax.vmap(lambda seed: twice(seed, call))(jnp.arange(100, 104, dtype=jnp.int32))
    for i in range(4):
        jax.tree.map(lambda a, e, i=i: assert_same_bits(a[i], e), actual, twice(100 + i, call))


@calls
def test_same_bits_under_scan(call):
    end, actual = jax.lax.scan(
        lambda rng, _: (rng, call(rng)), Generator("cuda", profile=SMALL), length=3
    )
    rng = Generator("cuda", profile=SMALL)
    for numbers in actual:
        assert_same_bits(numbers, call(rng))
    assert end.get_state() == rng.get_state()


def test_a_sum_in_the_callers_program_leaves_the_numbers_alone():
    shift = jnp.float32(0.1)
    actual = jax.jit(lambda g: random.normal(g, 5000) + shift)(generator())
    assert_same_bits(actual, np.asarray(random.normal(generator(), 5000)) + np.float32(0.1))


def test_a_second_call_compiles_nothing():
    rng = generator()
    for call in CALLS.values():
        call(rng)
    with jax.no_tracing():
        for call in CALLS.values():
            call(rng)
