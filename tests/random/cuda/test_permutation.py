"""Permutations against torch's algorithm in NumPy, with many equal keys too."""

import numpy as np
import pytest

from jaxnn import random
from jaxnn.random import Generator
from jaxnn.random.cuda import randperm
from tests.random.cuda import model

T4 = model.Card(40, 1024)


def both(value: int, n: int) -> tuple[np.ndarray, bytes, np.ndarray, bytes]:
    generator = Generator("cuda", profile="T4").manual_seed(value)
    order = random.permutation(generator, n, "int64")
    expected, offset = model.permutation(value, 0, n, T4)
    state = np.array([value, offset], "<u8").tobytes()
    return np.asarray(order), generator.get_state(), expected, state


# Keys of 32 bits are compared as signed ones (21,500), keys of more are drawn from 64 (30,500).
@pytest.mark.parametrize("n", [1, 2, 3, 10, 1000, 21_500, 30_500, 90_000])
def test_order_and_state(n, seed):
    order, state, expected, expected_state = both(seed, n)
    np.testing.assert_array_equal(order, expected)
    assert state == expected_state


def test_rows_of_equal_keys_are_shuffled(monkeypatch, seed):
    # Keys of 2 bits for 60 numbers: rows of about 15, whose threads draw four times each.
    monkeypatch.setattr(randperm, "key_bits", lambda n: 2)
    monkeypatch.setattr(model, "key_bits", lambda n: 2)
    order, _, expected, _ = both(seed, 60)
    np.testing.assert_array_equal(order, expected)


def test_keys_are_as_long_as_torchs():
    # Around the n from which on keys are signed, are drawn from 64 bits, and have all of these.
    lengths = {1: 3, 21_272: 31, 21_273: 32, 30_083: 32, 30_084: 33, 1_394_115_657: 63}
    assert {n: randperm.key_bits(n) for n in lengths} == lengths


def test_permutations_that_torch_does_not_make():
    generator = Generator("cuda")
    before = generator.get_state()
    with pytest.raises(NotImplementedError) as caught:
        random.permutation(generator, 1_394_115_658, "int64")
    assert str(caught.value) == (
        "the cuda stream has no permutation of 1,394,115,658; Generator(device='cpu') has it"
    )
    assert generator.get_state() == before
