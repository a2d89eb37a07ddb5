"""The engine against the known answers of its authors, and against 64-bit arithmetic in NumPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.random.cuda import philox
from tests.random.cuda import model

# kat_vectors of Random123 for philox4x32-10: counter, key, words.
KNOWN_ANSWERS = [
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def words(text: str) -> np.ndarray:
    return np.array([int(word, 16) for word in text.split()], np.uint32)


def permute(key: np.ndarray, counter: np.ndarray) -> np.ndarray:
    with jax.enable_x64(True):
        permuted = jax.jit(philox.permute)(tuple(key), tuple(jnp.moveaxis(counter, -1, 0)))
    return np.stack(permuted, axis=-1)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(counter, key, answer):
    np.testing.assert_array_equal(permute(words(key), words(counter)), words(answer))


def test_many_counters(seed):
    rng = np.random.default_rng(seed)
    counter = rng.integers(0, 2**32, (10_000, 4), dtype=np.uint32)
    key = rng.integers(0, 2**32, 2, dtype=np.uint32)
    expected = model.philox(counter.astype(np.uint64), (int(key[0]), int(key[1])))
    np.testing.assert_array_equal(permute(key, counter), expected)
