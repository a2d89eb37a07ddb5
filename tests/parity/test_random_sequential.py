"""A million numbers and more of every function that takes words as chance wants, and of choices."""

import numpy as np
import pytest
import torch

from jaxnn.random import Generator
from tests.random import sequential_cases
from tests.random.sequential_cases import (
    CONCENTRATIONS,
    RATES,
    TABLE,
    TRIALS,
    Case,
    draw,
    multinomial,
)
from tests.random.torch_draws import state_bytes, to_bytes
from tests.random.torch_sequential import draw as torch_draw
from tests.thoroughness import amount

SAMPLES = amount(100_003, 1_000_003)
EACH = amount(20_003, 100_003)  # of every parameter alone

FAMILIES = {
    "poisson": (sequential_cases.poisson, RATES, ("float32", "float64", "float16", "bfloat16")),
    "binomial": (sequential_cases.binomial, TRIALS, ("float32", "float64")),
    "gamma": (sequential_cases.gamma, CONCENTRATIONS, ("float32", "float64")),
}
FLOAT16_MAX = 65504
LEAST_GAMMA = 2.0**-1015  # below, torch's power may be a subnormal number, of which XLA has none


def assert_same_call(case: Case, generator: Generator, other: torch.Generator) -> None:
    actual, expected = np.asarray(draw(case, generator)), torch_draw(case, other)
    assert actual.size == expected.numel()
    if actual.tobytes() != to_bytes(expected):
        wrong = actual != expected.double().numpy().astype(actual.dtype)
        if (case.function, case.dtype) == ("gamma", "float64"):
            wrong &= expected.numpy() >= LEAST_GAMMA
        wrong = np.flatnonzero(wrong)
        assert not wrong.size, f"{case.name}: {wrong.size} wrong, first at {wrong[:3]}"
    assert generator.get_state() == state_bytes(other), f"{case.name}: the generator's bytes"


@pytest.mark.parametrize(
    ("family", "dtype"), [(f, dtype) for f, (_, _, dtypes) in FAMILIES.items() for dtype in dtypes]
)
def test_a_million_numbers(family, dtype, seed):
    make, values, _ = FAMILIES[family]
    if dtype == "float16":
        values = tuple(value for value in values if value < FLOAT16_MAX)
    generator, other = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    assert_same_call(make(dtype, *values, n=SAMPLES), generator, other)
    for value in values:
        assert_same_call(make(dtype, value, n=EACH), generator, other)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_million_shares(dtype, seed):
    generator, other = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    for categories in (1, 2, 3, 4, 5, 17, 100, 1000, 100_000):
        shape = (SAMPLES // categories, categories)
        assert_same_call(sequential_cases.dirichlet(dtype, *shape), generator, other)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
def test_a_million_choices(dtype, seed):
    generator, other = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    for shape, places, replacement in (
        ((1000,), SAMPLES, True),
        ((3, 100_000), 300_000, True),
        ((200, 5000), 1, False),
        ((200, 5000), 2, False),
        ((200, 5000), 78, False),
        ((20, 5000), 79, False),
        ((200, 5000), 5000, False),
        ((1_000_000,), 20, False),
    ):
        case = multinomial(dtype, shape, places, replacement)
        assert_same_call(case, generator, other)
    # Weights of zero tie: which of them come first is up to the sort.
    for places in (3, 60, 250, 500):
        case = multinomial(dtype, (50, 500), places, replacement=False, zeros=True)
        assert_same_call(case, generator, other)


def test_the_table_in_a_random_order(seed):
    generator, other = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    for i in np.random.default_rng(seed).permutation(len(TABLE)):
        assert_same_call(TABLE[i], generator, other)
