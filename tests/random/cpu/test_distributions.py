"""The numbers of every distribution against torch's, to the bit."""

import hashlib
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.random import Generator, cpu
from jaxnn.random.cpu import continuous, discrete
from jaxnn.random.single_math import IN_DOUBLES, WITHOUT_DOUBLES, Arithmetic
from tests.comparison import assert_same_bits
from tests.random.cases import TABLE, Case, draw

GOLDEN = Path(__file__).parents[2] / "golden"

# One call of each kind, for the ways in which JAX may run it.
KINDS = [
    Case("uniform", 20, "float32", (("low", -0.3), ("high", 2.7))),
    Case("uniform", 20, "float64", (("low", -0.3), ("high", 2.7))),
    Case("normal", 7, "float32"),
    Case("normal", 20, "float32"),
    Case("normal", 20, "float32", (("mean", 0.7), ("std", 1.3))),
    Case("normal", 7, "float64", (("mean", 0.7), ("std", 1.3))),
    Case("normal", 20, "float64"),
    Case("randint", 20, "int32", (("low", -5), ("high", 1000))),
    Case("randint", 20, "int64", (("low", -5), ("high", 2**40))),
    Case("permutation", 20, "int32"),
    Case("bernoulli", 20, "bool", (("p", 0.3),)),
    Case("exponential", 20, "float64", (("rate", 0.37),)),
    Case("cauchy", 20, "float64", (("median", 0.3), ("sigma", 1.7))),
    Case("log_normal", 7, "float32"),
    Case("log_normal", 7, "float64"),
    Case("geometric", 20, "int32", (("p", 0.3),)),
    Case("normal", 9, "complex64"),
    Case("normal_each", 20, "float32", (("mean", None), ("std", None))),
    Case("bernoulli_each", 20, "float32"),
    Case("bernoulli_each", 20, "float64"),
]
kinds = pytest.mark.parametrize("case", KINDS, ids=lambda case: case.name)


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@pytest.fixture(scope="module")
def golden():
    with np.load(GOLDEN / "random.npz") as file:
        return dict(file)


def test_every_draw_and_every_state_after_it_is_torchs(golden):
    # One generator through the whole table: each call starts where torch's ended, at all kinds of
    # positions in a block, with and without a cached normal.
    assert golden["names"].tolist() == [case.name for case in TABLE]
    assert len(TABLE) > 250
    generator = Generator().manual_seed(int(golden["seed"]))
    for i, case in enumerate(TABLE):
        numbers = np.asarray(draw(case, generator))
        assert numbers.size == case.n
        head = numbers.tobytes()[:64].hex()
        assert head == golden["heads"][i], f"{case.name}: the first numbers"
        assert digest(numbers.tobytes()) == golden["numbers"][i].tobytes(), case.name
        assert digest(generator.get_state()) == golden["states"][i].tobytes(), case.name


def sample(seed, case: Case):
    """Draw twice from a fresh generator, so that the second draw starts inside a block."""
    generator = Generator().manual_seed(seed)
    return draw(case, generator), draw(case, generator), generator


@kinds
def test_same_bits_under_jit(case, x64):
    expected = sample(3, case)
    actual = jax.jit(lambda seed: sample(seed, case))(jnp.uint32(3))
    jax.tree.map(assert_same_bits, actual, expected)


@kinds
def test_same_bits_under_vmap_over_seeds(case, x64):
    seeds = jnp.arange(100, 105, dtype=jnp.int32)
    actual = jax.vmap(lambda seed: sample(seed, case))(seeds)
    for i, seed in enumerate(seeds.tolist()):
        jax.tree.map(lambda a, e, i=i: assert_same_bits(a[i], e), actual, sample(seed, case))


@kinds
def test_same_bits_under_scan(case, x64):
    def step(generator: Generator, _):
        return generator, draw(case, generator)

    end, actual = jax.lax.scan(step, Generator().manual_seed(3), length=4)
    generator = Generator().manual_seed(3)
    for numbers in actual:
        assert_same_bits(numbers, draw(case, generator))
    assert end.get_state() == generator.get_state()


@kinds
def test_same_bits_with_64_bit_mode_on_and_off(case):
    with jax.enable_x64(False):
        off = sample(3, case)
    with jax.enable_x64(True):
        on = sample(3, case)
    jax.tree.map(assert_same_bits, off, on)


ENDING_IN_A_PRODUCT = [
    *(Case("normal", n, dtype) for n in (7, 20, 50_000) for dtype in ("float32", "float64")),
    Case("exponential", 1000, "float64", (("rate", 0.37),)),
    Case("normal_each", 1000, "float64", (("mean", 0.0), ("std", None))),
]


@pytest.mark.parametrize("case", ENDING_IN_A_PRODUCT, ids=lambda case: case.name)
def test_a_sum_in_the_callers_program_leaves_the_numbers_alone(case):
    # XLA may fuse what follows with the last product, as that of Box-Muller, into one rounding.
    def shifted(generator: Generator, shift: jax.Array) -> jax.Array:
        return draw(case, generator) + shift

    with jax.enable_x64(True):
        shift = jnp.asarray(0.1, case.dtype)
        actual = jax.jit(shifted)(Generator(), shift)
        expected = np.asarray(draw(case, Generator())) + np.asarray(shift)
    assert_same_bits(actual, expected)


def test_a_second_call_compiles_nothing():
    generator = Generator()
    for case in KINDS:
        draw(case, generator)
    with jax.no_tracing():
        for case in KINDS:
            draw(case, generator)


@pytest.mark.slow
@pytest.mark.parametrize("curve", ["radius", "cosine", "sine"])
@pytest.mark.parametrize(
    "arithmetic", [IN_DOUBLES, WITHOUT_DOUBLES], ids=["in doubles", "without doubles"]
)
def test_box_muller_for_every_input(arithmetic: Arithmetic, curve: str):
    with np.load(GOLDEN / "box_muller.npz") as golden:
        digests, word = golden[curve], int(golden["radius_word"])
    each = (1 << 24) // len(digests)

    @jax.jit
    def normals(inputs: jax.Array) -> jax.Array:
        unit = inputs.astype(jnp.float32) * 2.0**-24
        fixed = jnp.float32(0.0 if curve == "radius" else word * 2.0**-24)
        u, v = (1 - unit, fixed) if curve == "radius" else (1 - fixed, unit)
        return continuous.box_muller32(arithmetic, *jnp.broadcast_arrays(u, v))

    for i, expected in enumerate(digests):
        with jax.enable_x64(True):
            cosine, sine = normals(jnp.arange(i * each, (i + 1) * each, dtype=jnp.uint32))
        values = np.asarray(sine if curve == "sine" else cosine)
        # The generator gives +0 where the product is -0: it adds a mean of zero.
        values = np.where(values == 0, np.float32(0), values)
        assert digest(values.tobytes()) == expected.tobytes(), f"{curve} of inputs {i * each} on"


def test_long_permutations_are_shuffled_inside_out(monkeypatch):
    # torch does so from 214,748,364 on; here from 10 on, against the algorithm written plainly.
    n = 1000
    state = cpu.from_seed(jnp.array([1, 0], jnp.uint32))
    words = np.random.RandomState(1).randint(0, 2**32, 2 * n, dtype=np.uint64).tolist()
    expected = [0] * n
    for i in range(n):
        j = (words[2 * i] << 32 | words[2 * i + 1]) % (i + 1)
        expected[i] = expected[j]
        expected[j] = i
    monkeypatch.setattr(discrete, "LONG_PERMUTATION", 10)
    with jax.enable_x64(True):
        order, _ = discrete.permutation(state, n, np.dtype("int32"))
    assert order.tolist() == expected
