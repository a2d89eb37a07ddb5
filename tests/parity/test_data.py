"""Orders of samples against live torch's loader and samplers, and where the streams stand after."""

from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils import data as torch_data

from jaxnn.data import epoch_order, random_split
from jaxnn.random import Generator
from tests import torch_samplers
from tests.random.torch_draws import state_bytes
from tests.sampler_cases import CASES, Case, order

seeds = st.integers(0, 2**64 - 1)


def assert_same_order(case: Case, seed: int) -> None:
    generator = Generator().manual_seed(seed)
    drawn = order(case, generator)
    expected, state = torch_samplers.order(case, seed)
    np.testing.assert_array_equal(drawn, expected)
    if case.function != "distributed_order":  # which takes no generator
        assert generator.get_state() == state


@pytest.mark.parametrize("case", CASES, ids=str)
def test_samplers(case: Case, seed: int):
    assert_same_order(case, seed)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.sampled_from(["default", "sampler"]),
    st.booleans(),
    st.integers(1, 50),
    st.integers(1, 120),
    st.booleans(),
    seeds,
)
def test_random_orders(stream, replacement, n, num_samples, loader, seed):
    options = {"stream": stream, "replacement": replacement, "num_samples": num_samples}
    assert_same_order(Case("random_order", n, tuple(options.items()), loader), seed)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(1, 50), st.data(), st.booleans(), seeds)
def test_weighted_orders(n, data, replacement, seed):
    num_samples = data.draw(st.integers(1, 120 if replacement else n))
    options = {"num_samples": num_samples, "replacement": replacement}
    assert_same_order(Case("weighted_order", n, tuple(options.items())), seed)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(1, 60), st.integers(1, 9), st.data(), st.booleans(), st.booleans())
def test_distributed_orders(n, replicas, data, shuffle, drop_last):
    options = {
        "replicas": replicas,
        "rank": data.draw(st.integers(0, replicas - 1)),
        "seed": data.draw(st.integers(0, 2**40)),
        "epoch": data.draw(st.integers(0, 100)),
        "shuffle": shuffle,
        "drop_last": drop_last,
    }
    assert_same_order(Case("distributed_order", n, tuple(options.items())), 0)


@pytest.mark.parametrize("stream", ["default", "loader"])
@pytest.mark.parametrize(("n", "batch_size"), [(1, 1), (7, 3), (8, 4), (1000, 32)])
def test_epochs_of_a_loader(stream, n, batch_size, seed):
    """Several epochs in a row, with batches that go round and batches that do not."""
    default = torch.manual_seed(seed)
    own = torch.Generator().manual_seed(seed) if stream == "loader" else None
    everything = cast(torch_data.Dataset, range(n))
    loader = torch_data.DataLoader(everything, batch_size, shuffle=True, generator=own)
    generator = Generator().manual_seed(seed)
    for _ in range(3):
        drawn = epoch_order(generator, n, stream=stream)
        np.testing.assert_array_equal(drawn, torch.cat(list(loader)))
        assert generator.get_state() == state_bytes(own or default)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.integers(1, 200), st.lists(st.integers(1, 9), min_size=1, max_size=5), st.booleans(), seeds
)
def test_random_splits(n, shares, fractions, seed):
    lengths = [share / sum(shares) for share in shares]
    if not fractions:
        lengths = [n // len(shares)] * (len(shares) - 1)
        lengths += [n - sum(lengths)]
    generator, default = Generator().manual_seed(seed), torch.manual_seed(seed)
    parts = torch_data.random_split(cast(torch_data.Dataset, range(n)), lengths)
    for ours, torchs in zip(random_split(generator, n, lengths), parts, strict=True):
        assert ours.tolist() == list(torchs.indices)
    assert generator.get_state() == state_bytes(default)
