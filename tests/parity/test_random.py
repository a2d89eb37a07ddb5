"""At least ten million samples of every random function against live torch: no bit may differ."""

import numpy as np
import pytest
import torch

from jaxnn.random import Generator
from tests.random.cases import (
    COUNTS,
    FLOATS,
    TABLE,
    Case,
    complexes,
    draw,
    normals_of_arrays,
    transformed,
    whole_ranges,
)
from tests.random.torch_draws import draw as torch_draw
from tests.random.torch_draws import state_bytes, to_bytes
from tests.thoroughness import amount

SAMPLES = amount(500_000, 10_000_000)
# Calls of several lengths, so that they start all over the blocks: prime, short, long.
LENGTHS = (*amount((499_979,), (2_500_009, 999_983)), 65_536, 1_000, 17, 5)


def rows() -> list[Case]:
    cases = []
    for dtype in FLOATS:
        cases += [
            Case("uniform", 0, dtype),
            Case("uniform", 0, dtype, (("low", -0.3), ("high", 2.7))),
            Case("normal", 0, dtype),
            Case("normal", 0, dtype, (("mean", 0.7), ("std", 1.3))),
            Case("normal", 0, dtype, (("contiguous", False),)),
            Case("bernoulli_each", 0, dtype),
        ]
        cases += transformed(0, dtype) + normals_of_arrays(0, dtype)
    for dtype in ("complex64", "complex128"):
        cases += complexes(0, dtype)
    for dtype in COUNTS:
        cases += [Case("geometric", 0, dtype, (("p", p),)) for p in (0.3, 1e-12)]
    cases += [Case("randint", 0, "int64", (("low", -5), ("high", 1000)))]
    cases += [Case("randint", 0, "int64", (("low", -(2**40)), ("high", 2**60)))]
    cases += [Case("randint", 0, "int32", (("low", 0), ("high", 10)))]
    cases += [case._replace(n=0) for case in whole_ranges()]
    cases += [Case("permutation", 0, "int64")]
    cases += [Case("bernoulli", 0, dtype, (("p", 0.3),)) for dtype in ("bool", "int8", "float32")]
    return cases


def assert_same_call(case: Case, generator: Generator, other: torch.Generator) -> None:
    actual = np.asarray(draw(case, generator))
    expected = torch_draw(case, other)
    assert actual.size == expected.numel() == case.n
    if actual.tobytes() != to_bytes(expected):
        wrong = np.flatnonzero(actual != expected.double().numpy().astype(actual.dtype))
        raise AssertionError(f"{case.name}: {wrong.size} wrong, first at {wrong[:3]}")
    assert generator.get_state() == state_bytes(other), f"{case.name}: the generator's bytes"


@pytest.mark.filterwarnings("ignore:.*is out of bounds.*:UserWarning")
@pytest.mark.parametrize("case", rows(), ids=lambda case: case.name)
def test_many_samples(case, seed):
    generator, other = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    drawn = 0
    while drawn < SAMPLES:
        for n in LENGTHS:
            assert_same_call(case._replace(n=n), generator, other)
            drawn += n


@pytest.mark.filterwarnings("ignore:.*is out of bounds.*:UserWarning")
def test_the_table_in_a_random_order(seed):
    generator, other = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    order = np.random.default_rng(seed).permutation(len(TABLE))
    for i in order:
        assert_same_call(TABLE[i], generator, other)


@pytest.mark.parametrize("drawn", [0, 1, 5, 623, 624, 625, 3000])
def test_states_are_exchanged_both_ways(drawn, seed):
    generator, other = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    for n in (drawn, 3):  # three scalar normals leave a cached one
        call = Case("normal", n, "float32", (("contiguous", False),))
        assert_same_call(call, generator, other)
    theirs = torch.Generator()
    theirs.set_state(torch.frombuffer(bytearray(generator.get_state()), dtype=torch.uint8))
    ours = Generator().set_state(state_bytes(other))
    assert ours.initial_seed() == theirs.initial_seed() == seed
    for n in (5, 700):
        assert_same_call(Case("normal", n, "float64"), ours, theirs)


@pytest.mark.parametrize("seed", [0, 1, -1, 2**63, 2**64 - 1, -(2**63), 2**32, 5 + 2**32])
def test_seeds(seed):
    generator, other = Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    assert generator.initial_seed() == other.initial_seed()
    assert generator.get_state() == state_bytes(other)
