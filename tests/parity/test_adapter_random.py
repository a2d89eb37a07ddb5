"""The adapter's random numbers against live torch: its whole table, its texts, and a long chain."""

import random
from typing import Any

import numpy as np
import pytest
import torch

import jaxnn.torch
from tests.thoroughness import amount
from tests.torch.random_cases import CALLS, PLACES, TABLE, Case, as_bytes, draw, states
from tests.torch.random_texts import CALLS as TEXTS
from tests.torch.random_texts import outcome

CALLS_IN_CHAIN = amount(1_500, 3_000)
SIZES = (0, 1, 15, 17, 625, 5_000)  # each compiles once a call


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_the_table(case: Case):
    assert draw(jaxnn.torch, case) == draw(torch, case)


@pytest.mark.parametrize("call", TEXTS)
def test_the_texts(call):
    assert outcome(jaxnn.torch, call) == outcome(torch, call)


#: Calls of the chain: (torch, size, generator) -> a tensor.
STEPS = {
    "rand": lambda t, n, g: t.rand(n, generator=g),
    "rand float64": lambda t, n, g: t.rand(n, dtype=t.float64, generator=g),
    "randn": lambda t, n, g: t.randn(n, generator=g),
    "randn bfloat16": lambda t, n, g: t.randn(n, dtype=t.bfloat16, generator=g),
    "randn complex": lambda t, n, g: t.randn(n, dtype=t.complex64, generator=g),
    "normal_ strided": lambda t, n, g: t.zeros(2 * n)[::2].normal_(1, 2, generator=g),
    "normal": lambda t, n, g: t.normal(t.zeros(n), t.ones(n), generator=g),
    "randint": lambda t, n, g: t.randint(-5, 2**40, (n,), generator=g),
    "randperm": lambda t, n, g: t.randperm(n, generator=g),
    "random_": lambda t, n, g: t.zeros(n, dtype=t.uint8).random_(generator=g),
    "bernoulli": lambda t, n, g: t.bernoulli(t.full((n,), 0.3), generator=g),
    "bernoulli_": lambda t, n, g: t.zeros(n).bernoulli_(0.7, generator=g),
    "exponential_": lambda t, n, g: t.zeros(n).exponential_(2, generator=g),
    "geometric_": lambda t, n, g: t.zeros(n, dtype=t.int64).geometric_(0.1, generator=g),
    "cauchy_": lambda t, n, g: t.zeros(n).cauchy_(generator=g),
    "log_normal_": lambda t, n, g: t.zeros(n).log_normal_(generator=g),
    "uniform_ transposed": lambda t, n, g: t.zeros(n, 2).T.uniform_(-1, 1, generator=g),
    "poisson": lambda t, n, g: t.poisson(t.full((n,), 12.5), generator=g),
    "binomial": lambda t, n, g: t.binomial(t.full((n,), 50.0), t.full((n,), 0.4), generator=g),
    "gamma": lambda t, n, g: t._standard_gamma(t.full((n,), 0.7), g),
    "multinomial": lambda t, n, g: t.multinomial(t.ones(n + 1), n // 2 + 1, generator=g),
    "replacement": lambda t, n, g: t.multinomial(t.ones(7), n + 2, True, generator=g),
    "dropout": lambda t, n, g: t.nn.functional.dropout(t.ones(n), 0.4),
    "alpha_dropout": lambda t, n, g: t.nn.functional.alpha_dropout(t.ones(n), 0.4, True),
}


class World:
    """One module with its default generator, two others, and a state that is kept."""

    def __init__(self, module: Any, seed: int) -> None:
        self.torch = module
        module.manual_seed(seed)
        self.generators = [None, *(module.Generator().manual_seed(seed + i) for i in (1, 2))]
        self.kept = module.get_rng_state()

    def draw(self, step: str, n: int, which: int) -> tuple[bytes, bytes]:
        drawn = STEPS[step](self.torch, n, self.generators[which])
        return as_bytes(drawn), states(self.torch, self.generators[which] or self.generators[1])

    def keep(self, which: int) -> None:
        generator = self.generators[which]
        self.kept = generator.get_state() if generator else self.torch.get_rng_state()

    def restore(self, which: int) -> None:
        generator = self.generators[which]
        (generator.set_state if generator else self.torch.set_rng_state)(self.kept)


def test_a_chain_of_calls(seed):
    ours, theirs = World(jaxnn.torch, seed), World(torch, seed)
    chance = random.Random(seed)
    for count in range(CALLS_IN_CHAIN):
        step, n, which = chance.choice([*STEPS]), chance.choice(SIZES), chance.randrange(3)
        if chance.random() < 0.1:
            act = chance.choice(["keep", "restore"])
            for world in (ours, theirs):
                getattr(world, act)(which)
        actual, expected = ours.draw(step, n, which), theirs.draw(step, n, which)
        assert actual == expected, f"call {count}: {step} of {n}"


def test_gumbel_softmax_is_within_a_few_ulp(seed):
    drawn = []
    for module in (jaxnn.torch, torch):
        module.manual_seed(seed)
        logits = module.arange(1000.0).view(10, 100) / 100
        drawn.append(np.array(module.nn.functional.gumbel_softmax(logits, tau=0.7).numpy()))
    np.testing.assert_allclose(*drawn, rtol=5e-6)


def test_every_place_lies_as_torchs():
    for place in PLACES.values():
        kinds = [place(module.zeros)[1] for module in (jaxnn.torch, torch)]
        assert kinds[0].stride() == kinds[1].stride()
        assert kinds[0].storage_offset() == kinds[1].storage_offset()
    assert len(CALLS) > 50
