"""Numbers that take as many words as chance wants, and choices, against torch's, to the bit."""

import hashlib
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import random
from jaxnn.random import Generator
from tests.comparison import assert_same_bits
from tests.random import sequential_cases
from tests.random.sequential_cases import TABLE, Case, draw

GOLDEN = Path(__file__).parents[2] / "golden" / "random_sequential.npz"

# One call of each kind, for the ways in which JAX may run it.
KINDS = [
    sequential_cases.poisson("float32", *sequential_cases.RATES, n=20),
    sequential_cases.binomial("float32", *sequential_cases.TRIALS, n=20),
    sequential_cases.gamma("float64", 0.3, 1.5, n=7),
    sequential_cases.dirichlet("float32", 2, 5),
    sequential_cases.multinomial("float32", (2, 9), 5, replacement=False),
    sequential_cases.multinomial("float32", (2, 9), 5, replacement=True),
]
kinds = pytest.mark.parametrize("case", KINDS, ids=lambda case: case.name)


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_every_draw_and_every_state_after_it_is_torchs():
    # One generator through the whole table: each call starts where torch's ended, at all kinds of
    # positions in a block, with and without a cached normal.
    with np.load(GOLDEN) as file:
        golden = dict(file)
    assert golden["names"].tolist() == [case.name for case in TABLE]
    assert len(TABLE) > 90
    generator = Generator().manual_seed(int(golden["seed"]))
    for i, case in enumerate(TABLE):
        numbers = np.asarray(draw(case, generator)).tobytes()
        assert numbers[:64].hex() == golden["heads"][i], f"{case.name}: the first numbers"
        assert digest(numbers) == golden["numbers"][i].tobytes(), case.name
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
def test_same_bits_under_vmap_over_seeds(case):
    seeds = jnp.arange(100, 103, dtype=jnp.int32)
    actual = jax.vmap(lambda seed: sample(seed, case))(seeds)
    for i, seed in enumerate(seeds.tolist()):
        jax.tree.map(lambda a, e, i=i: assert_same_bits(a[i], e), actual, sample(seed, case))


@kinds
def test_same_bits_under_scan(case):
    def step(generator: Generator, _):
        return generator, draw(case, generator)

    end, actual = jax.lax.scan(step, Generator().manual_seed(3), length=3)
    generator = Generator().manual_seed(3)
    for numbers in actual:
        assert_same_bits(numbers, draw(case, generator))
    assert end.get_state() == generator.get_state()


def test_the_second_call_is_not_traced_again():
    generator = Generator()
    for case in KINDS:
        draw(case, generator)
    with jax.no_tracing():
        for case in KINDS:
            draw(case, generator)


@pytest.mark.parametrize("shape", [(3, 1), (1, 4), (3, 4), (4,)])
def test_binomial_broadcasts_as_torch_does(shape):
    count, prob = jnp.full(shape, 9.0), jnp.full((3, 4), 0.5)
    expected = random.binomial(Generator(), jnp.full((3, 4), 9.0), prob)
    with jax.numpy_rank_promotion("allow"):
        assert_same_bits(random.binomial(Generator(), count, prob), expected)


def test_parameters_known_only_when_the_program_runs_end_the_loop():
    wrong = jnp.asarray([-1.0, jnp.nan, jnp.inf, 2.0])
    draws = {
        "poisson": lambda x: random.poisson(Generator(), x),
        "count": lambda x: random.binomial(Generator(), x, jnp.full(4, 0.3)),
        "prob": lambda x: random.binomial(Generator(), jnp.full(4, 5.0), x),
    }
    nans = {
        name: np.isnan(np.asarray(jax.jit(draw)(wrong))).tolist() for name, draw in draws.items()
    }
    assert nans == {
        "poisson": [True, True, True, False],
        "count": [False, True, True, False],  # torch has 0 of fewer than no trials,
        "prob": [False, True, False, False],  # and takes what lies outside for 0 or 1
    }
