"""Jumps against drawing, against each other, and their polynomial against the stream."""

import jax
import numpy as np
import pytest

import jaxnn
from jaxnn.random import Generator
from jaxnn.random.cpu import jump_ahead


def drawn(words: int, start: int = 5) -> Generator:
    generator = Generator().manual_seed(3)
    jaxnn.random.uniform(generator, (start,))
    jaxnn.random.uniform(generator, (words,))
    return generator


def jumped(words: int, start: int = 5) -> Generator:
    generator = Generator().manual_seed(3)
    jaxnn.random.uniform(generator, (start,))
    return generator.jump(words)


@pytest.mark.parametrize("n", [0, 1, 618, 619, 620, 623, 624, 625, 1248, 19936, 20600, 1_000_003])
@pytest.mark.parametrize("start", [0, 5])
def test_a_jump_is_so_many_words_drawn(n, start, x64):
    assert jumped(n, start).get_state() == drawn(n, start).get_state()


def test_jumps_add_up():
    far = 10**30
    once, twice = jumped(2 * far), jumped(far).jump(far)
    assert once.get_state() == twice.get_state()
    assert jumped(far).jump(7).get_state() == jumped(far + 7).get_state()


def test_the_cached_normal_stays():
    generator = Generator().manual_seed(3)
    jaxnn.random.normal(generator, (1,))
    generator.jump(10)
    assert generator.get_state()[5040]


def test_under_jit():
    generator = jax.jit(lambda g: g.jump(10**12))(drawn(0))
    assert generator.get_state() == jumped(10**12).get_state()


def test_backwards_there_is_no_jump():
    with pytest.raises(ValueError) as caught:
        Generator().jump(-1)
    assert str(caught.value) == "jump: n must be 0 or more; got -1; use jump(0)"


def test_the_polynomial_is_the_engines():
    # Berlekamp and Massey: the shortest recurrence that a bit of the stream obeys.
    words = np.asarray(jaxnn.random.randint(Generator(), (2 * jump_ahead.DEGREE + 64,), 0, 2))
    connection, before, length, gap, window = 1, 1, 0, 1, 0
    for n, bit in enumerate(words.tolist()):
        window = window << 1 | bit
        if not (connection & window).bit_count() % 2:
            gap += 1
            continue
        last = connection
        connection ^= before << gap
        gap += 1
        if 2 * length <= n:
            length, before, gap = n + 1 - length, last, 1
    assert length == jump_ahead.DEGREE
    powers = {jump_ahead.DEGREE - i for i in range(length + 1) if connection >> i & 1}
    assert powers == {jump_ahead.DEGREE, *jump_ahead.LOWER_POWERS}
