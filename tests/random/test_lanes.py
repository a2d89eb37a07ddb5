"""Lanes of a stream: what they draw beside one another is what one would draw alone."""

import jax
import numpy as np
import pytest

from jaxnn.random import Generator, uniform
from tests.comparison import assert_same_bits


@pytest.mark.parametrize("start", [0, 5])
@pytest.mark.parametrize(("count", "apart"), [(1, 10), (3, 700), (2, 624), (4, 100_000)])
def test_lanes_draw_what_one_draws(start, count, apart, seed):
    generator = Generator().manual_seed(seed)
    uniform(generator, (start,))
    before = generator.get_state()
    rows = jax.vmap(lambda g: uniform(g, (apart,)))(generator.lanes(count, apart))
    assert generator.get_state() == before
    assert_same_bits(rows.reshape(-1), uniform(generator, (count * apart,)))


def test_lanes_that_start_together():
    rows = jax.vmap(lambda g: uniform(g, (4,)))(Generator().lanes(2, apart=0))
    assert_same_bits(rows[0], rows[1])


def test_lanes_of_the_cuda_stream():
    lanes = Generator("cuda").lanes(3, apart=4)
    rows = jax.vmap(lambda g: uniform(g, (5,)))(lanes)
    generator = Generator("cuda")
    assert_same_bits(rows, np.stack([uniform(generator, (5,)) for _ in range(3)]))


@pytest.mark.parametrize(
    ("count", "apart", "message"),
    [
        (0, 1, "lanes: count must be 1 or more; got 0; use count=1"),
        (1, -1, "lanes: apart must be 0 or more; got -1; use apart=0"),
    ],
)
def test_errors(count, apart, message):
    with pytest.raises(ValueError) as caught:
        Generator().lanes(count, apart)
    assert str(caught.value) == message
