"""The engine against NumPy's own MT19937."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.random.cpu import mt19937


@functools.partial(jax.jit, static_argnums=(1, 2))
def draw_words(state: mt19937.State, groups: int, words: int):
    return mt19937.draw(state, groups, words, lambda w: w)


def numpy_words(generator: np.random.RandomState, n: int) -> np.ndarray:
    return generator.randint(0, 2**32, n, dtype=np.uint64).astype(np.uint32)


def assert_same_place(state: mt19937.State, generator: np.random.RandomState) -> None:
    expected = generator.get_state(legacy=False)["state"]
    np.testing.assert_array_equal(state.block, expected["key"])
    assert int(state.position) == expected["pos"]


@pytest.mark.parametrize("seed", [0, 1, 5489, 2**31, 2**32 - 1])
def test_seeding(seed):
    state = jax.jit(mt19937.seed)(jnp.uint32(seed))
    block = np.random.RandomState(seed).get_state(legacy=False)["state"]["key"]
    np.testing.assert_array_equal(state.block, block)
    assert int(state.position) == 0


def test_words_and_places_in_draws_of_many_lengths(x64):
    generator = np.random.RandomState(5)
    state = mt19937.seed(jnp.uint32(5))
    step = mt19937.WINDOWS * mt19937.N
    lengths = (0, 1, 622, 1, 1, 623, 624, 625, 0, 1248, 3, step - 1, step, step + 1, 2 * step, 5)
    for n in lengths:
        words, state = draw_words(state, n, 1)
        np.testing.assert_array_equal(words[:, 0], numpy_words(generator, n))
        if n:
            assert_same_place(state, generator)


@pytest.mark.parametrize("words_per_group", [1, 2, 4, 16, 32])
def test_groups(words_per_group):
    generator = np.random.RandomState(9)
    state = mt19937.seed(jnp.uint32(9))
    for groups in (3, mt19937.WINDOWS * mt19937.N // words_per_group + 5):
        words, state = draw_words(state, groups, words_per_group)
        expected = numpy_words(generator, groups * words_per_group)
        np.testing.assert_array_equal(words, expected.reshape(groups, words_per_group))
        assert_same_place(state, generator)


def test_every_position_of_a_block():
    blocks = np.random.RandomState(3)
    states = [mt19937.seed(jnp.uint32(3))]
    for _ in range(625):
        states.append(draw_words(states[-1], 1, 1)[1])
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *states)
    words, after = jax.vmap(lambda s: mt19937.draw(s, 700, 1, lambda w: w))(stacked)
    stream = numpy_words(blocks, 2000)
    for start, (row, position) in enumerate(zip(words, after.position, strict=True)):
        np.testing.assert_array_equal(row[:, 0], stream[start : start + 700])
        assert int(position) == (start + 699) % 624 + 1


def test_what_is_made_of_a_group_keeps_its_shape():
    state = mt19937.seed(jnp.uint32(1))
    pairs, _ = mt19937.draw(state, 5, 4, lambda w: w.reshape(-1, 2, 2))
    whole, _ = draw_words(state, 5, 4)
    np.testing.assert_array_equal(pairs, whole.reshape(5, 2, 2))
