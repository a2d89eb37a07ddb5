"""What `explain` says of a call, against the call."""

import itertools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import pytest

import jaxnn
from jaxnn import random
from jaxnn.random import Generator, explain

Draw = Callable[[Generator], jax.Array]


def shaped(name: str, *shapes: tuple[int, ...], dtypes: tuple[str, ...]) -> list:
    function = getattr(random, name)
    return [
        (name, shape, dtype, {}, lambda g, shape=shape, dtype=dtype: function(g, shape, dtype))
        for shape, dtype in itertools.product(shapes, dtypes)
    ]


def normal_one_by_one(g: Generator) -> jax.Array:
    return random.normal(g, (33,), contiguous=False)


# In torch's bytes: the engine's place, and whether a normal is kept.
PLACE, CACHED = slice(8, 5016), 5040

FLOATS = ("float32", "float64", "bfloat16")
CALLS = [
    *shaped("uniform", (0,), (7,), (20, 3), dtypes=(*FLOATS, "complex64")),
    *shaped("normal", (7,), (8,), (16,), (37,), dtypes=(*FLOATS, "complex128")),
    ("normal", (33,), "float32", {"contiguous": False}, normal_one_by_one),
    *shaped("log_normal", (0,), (5,), (40,), dtypes=("float32",)),
    *shaped("exponential", (9,), dtypes=("float16", "float64")),
    *shaped("cauchy", (9,), dtypes=("float32",)),
    ("geometric", (9,), "int32", {}, lambda g: random.geometric(g, 0.3, (9,))),
    ("randint", (9,), "int32", {"high": 5}, lambda g: random.randint(g, (9,), 0, 5)),
    (
        "randint",
        (9,),
        "int64",
        {"low": -3, "high": 2**40},
        lambda g: random.randint(g, (9,), -3, 2**40, "int64"),
    ),
    ("permutation", 9, "int32", {}, lambda g: random.permutation(g, 9)),
    ("permutation", 0, "int32", {}, lambda g: random.permutation(g, 0)),
    ("bernoulli", (9,), "bool", {}, lambda g: random.bernoulli(g, 0.5, (9,))),
    ("bernoulli", (9,), "float32", {"each": True}, lambda g: random.bernoulli(g, jnp.ones(9))),
    ("dropout", (9,), "float32", {}, lambda g: jaxnn.dropout(g, jnp.ones(9), 0.5)),
    (
        "multinomial",
        (2, 5),
        "float32",
        {"num_samples": 3, "replacement": True},
        lambda g: random.multinomial(g, jnp.ones((2, 5)), 3, replacement=True),
    ),
    ("multinomial", (5,), "float32", {}, lambda g: random.multinomial(g, jnp.ones(5), 1)),
]


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize(("name", "shape", "dtype", "options", "draw"), CALLS)
def test_words_and_cache_of_the_cpu_stream(cached, name, shape, dtype, options, draw):
    generator, jumped = Generator().manual_seed(1), Generator().manual_seed(1)
    for each in (generator, jumped):
        random.normal(each, (1 if cached else 2,))
    explanation = explain(name, shape, dtype, rng=generator, **options)
    draw(generator)
    assert generator.get_state()[CACHED] == explanation.cached
    jumped.jump(as_known(explanation.words))
    assert generator.get_state()[PLACE] == jumped.get_state()[PLACE]


def as_known(words: int | None) -> int:
    assert words is not None
    return words


@pytest.mark.parametrize(("name", "shape", "dtype", "options", "draw"), CALLS)
def test_words_of_the_cuda_stream(name, shape, dtype, options, draw):
    generator = Generator("cuda", profile=random.Profile(1, 256))
    explanation = explain(name, shape, dtype, rng=generator, **options)
    if explanation.words is None:
        assert ("kernel of its own" in explanation.path) != (name == "multinomial")
        return
    jumped = Generator("cuda", profile=random.Profile(1, 256)).jump(as_known(explanation.words))
    draw(generator)
    assert generator.get_state() == jumped.get_state()


@pytest.mark.parametrize("n", [256, 257, 1025, 5000])
def test_words_beyond_a_wave(n):
    generator = Generator("cuda", profile=random.Profile(1, 256))
    before = explain("normal", (n,), rng=generator)
    assert ("every card" in before.path) == (n == 256)
    random.normal(generator, (n,))
    expected = Generator("cuda", profile=random.Profile(1, 256)).jump(as_known(before.words))
    assert generator.get_state() == expected.get_state()


def test_chance_decides():
    for name in ("poisson", "binomial", "gamma", "dirichlet"):
        assert explain(name, (3,)).words is None
    assert explain("gamma", (3,)).cached is None
    assert "Words   as many as chance wants" in str(explain("gamma"))


def test_the_generator_stays_where_it_is():
    generator = Generator()
    before = generator.get_state()
    explain("normal", (100,), rng=generator)
    assert generator.get_state() == before


def test_the_overview_names_what_decides():
    text = explain()
    assert isinstance(text, str)
    for name in ("Streams", "Release", "Path", "Order", "Cache", "Cards"):
        assert f"\n{name} " in f"\n{text}"


def test_a_function_that_is_none():
    with pytest.raises(ValueError) as caught:
        explain("randn")
    assert str(caught.value).startswith("explain: function must be one of 'uniform', 'normal', ")
