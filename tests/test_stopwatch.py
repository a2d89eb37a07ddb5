"""Which time goes where."""

import time

import jax
import jax.numpy as jnp

from jaxnn.stopwatch import Part, Stopwatch


def test_parts_know_what_they_took_and_what_of_it_compiling():
    watch = Stopwatch()
    with watch.part("sleep"):
        time.sleep(0.05)
    with watch.part("compile"):
        jax.jit(lambda x: jnp.sin(x) * 3)(jnp.ones(7)).block_until_ready()
    sleep, compiled = watch.parts
    assert sleep.total >= 0.05
    assert sleep.compiling == 0
    assert 0 < compiled.compiling < compiled.total


def test_the_table_ends_with_the_sum():
    watch = Stopwatch()
    watch.parts += [Part("one", 1.0, 0.5), Part("two", 2.0, 0.25)]
    assert watch.table().splitlines() == [
        "             seconds   of them compiling",
        "one             1.00                0.50",
        "two             2.00                0.25",
        "all of it       3.00                0.75",
    ]
