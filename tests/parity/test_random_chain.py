"""Twenty thousand calls in a random order, on several generators, saved and restored between.

After every call the numbers and all 5,056 bytes of the generator must be torch's: whatever a call
leaves behind, the next ones of any kind start from it.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from torch.nn import functional

import jaxnn
from jaxnn import random
from jaxnn.random import Generator
from tests.random.torch_draws import state_bytes, to_bytes
from tests.random.torch_sequential import FUNCTIONS
from tests.thoroughness import amount
from tests.torch_core import to_numpy

CALLS = amount(2_500, 20_000)
GENERATORS = 3
LENGTHS_EACH = 3  # of every kind of call; each is a program to compile
LONGEST = 5_000

Ours = Callable[[Generator, int], jax.Array]
Theirs = Callable[[torch.Generator, int], torch.Tensor]


def dtypes(*names: str) -> list[tuple[str, torch.dtype]]:
    return [(name, getattr(torch, name)) for name in names]


def filled(dtype: torch.dtype, method: str, *options: float) -> Theirs:
    def fill(g: torch.Generator, n: int) -> torch.Tensor:
        return getattr(torch.empty(n, dtype=dtype), method)(*options, generator=g)

    return fill


def spread(n: int, low: float, high: float, dtype: str) -> tuple[jax.Array, torch.Tensor]:
    """Return the same parameters for both."""
    theirs = torch.linspace(low, high, n, dtype=torch.float64).to(getattr(torch, dtype))
    with jax.enable_x64(True):
        return jnp.asarray(to_numpy(theirs)), theirs


def of_array(
    name: str, theirs: Callable, low: float, high: float, dtype: str
) -> tuple[Ours, Theirs]:
    """Return a call whose only parameter is an array."""
    return (
        lambda g, n: getattr(random, name)(g, spread(n, low, high, dtype)[0]),
        lambda g, n: theirs(spread(n, low, high, dtype)[1], generator=g),
    )


def under_seed_of(g: torch.Generator, draw: Callable[[], torch.Tensor]) -> torch.Tensor:
    """Call what draws from the default generator alone, with a generator's state there."""
    kept = torch.get_rng_state()
    torch.set_rng_state(g.get_state())
    try:
        return draw()
    finally:
        g.set_state(torch.get_rng_state())
        torch.set_rng_state(kept)


def kinds() -> dict[str, tuple[Ours, Theirs]]:
    """Return every kind of call, for jaxnn and for torch, by name."""
    found: dict[str, tuple[Ours, Theirs]] = {}
    for name, dtype in dtypes("float32", "float64", "float16", "bfloat16"):
        found |= {
            f"uniform {name}": (
                lambda g, n, d=name: random.uniform(g, n, d, low=-0.3, high=2.7),
                filled(dtype, "uniform_", -0.3, 2.7),
            ),
            f"normal {name}": (
                lambda g, n, d=name: random.normal(g, n, d, mean=0.7, std=1.3),
                filled(dtype, "normal_", 0.7, 1.3),
            ),
            f"normal one by one {name}": (
                lambda g, n, d=name: random.normal(g, n, d, contiguous=False),
                lambda g, n, d=dtype: torch.empty(2 * n, dtype=d)[::2].normal_(generator=g),
            ),
            f"exponential {name}": (
                lambda g, n, d=name: random.exponential(g, n, d, rate=1.7),
                filled(dtype, "exponential_", 1.7),
            ),
            f"cauchy {name}": (
                lambda g, n, d=name: random.cauchy(g, n, d, median=0.5, sigma=2.0),
                filled(dtype, "cauchy_", 0.5, 2.0),
            ),
            f"log_normal {name}": (
                lambda g, n, d=name: random.log_normal(g, n, d, mean=0.1, std=0.5),
                filled(dtype, "log_normal_", 0.1, 0.5),
            ),
            f"bernoulli each {name}": (
                lambda g, n, d=name: random.bernoulli(g, p(n, d)[0], dtype=d),
                lambda g, n, d=name: torch.bernoulli(p(n, d)[1], generator=g),
            ),
            f"dropout {name}": (
                lambda g, n, d=name: jaxnn.dropout(g, spread(n, -1, 1, d)[0], 0.3),
                lambda g, n, d=name: under_seed_of(
                    g, lambda: functional.dropout(spread(n, -1, 1, d)[1], 0.3)
                ),
            ),
        }
    for name, dtype in dtypes("float32", "float64"):
        found |= {
            f"poisson {name}": of_array("poisson", torch.poisson, 0, 25, name),
            f"gamma {name}": of_array("gamma", FUNCTIONS["gamma"], 0.1, 9, name),
            f"binomial {name}": (
                lambda g, n, d=name: random.binomial(g, np.full(n, 40, d), p(n, d)[0]),
                lambda g, n, d=name, t=dtype: torch.binomial(
                    torch.full((n,), 40.0, dtype=t), p(n, d)[1], generator=g
                ),
            ),
            f"multinomial race {name}": (
                lambda g, n, d=name: random.multinomial(g, weights(n, d)[0], 1),
                lambda g, n, d=name: torch.multinomial(weights(n, d)[1], 1, generator=g),
            ),
            f"multinomial {name}": (
                lambda g, n, d=name: random.multinomial(g, weights(n, d)[0], 9, replacement=True),
                lambda g, n, d=name: torch.multinomial(weights(n, d)[1], 9, True, generator=g),
            ),
        }
    for name, dtype in dtypes("int64", "int32", "uint8", "bool", "float32"):
        high = 2 if name == "bool" else 100
        found[f"randint {name}"] = (
            lambda g, n, d=name, h=high: random.randint(g, n, 0, h, d),
            filled(dtype, "random_", 0, high),
        )
    found |= {
        "randint of 64 bits": (
            lambda g, n: random.randint(g, n, -(2**40), 2**62, "int64"),
            filled(torch.int64, "random_", -(2**40), 2**62),
        ),
        "geometric": (
            lambda g, n: random.geometric(g, 0.2, n, "int32"),
            filled(torch.int32, "geometric_", 0.2),
        ),
        "bernoulli": (
            lambda g, n: random.bernoulli(g, 0.3, n),
            filled(torch.bool, "bernoulli_", 0.3),
        ),
        "permutation": (
            lambda g, n: random.permutation(g, n, "int64"),
            lambda g, n: torch.randperm(n, generator=g),
        ),
        "complex uniform": (
            lambda g, n: random.uniform(g, n, "complex64"),
            lambda g, n: torch.rand(n, dtype=torch.complex64, generator=g),
        ),
        "complex normal": (
            lambda g, n: random.normal(g, n, "complex128"),
            lambda g, n: torch.randn(n, dtype=torch.complex128, generator=g),
        ),
    }
    return found


def p(n: int, dtype: str) -> tuple[jax.Array, torch.Tensor]:
    return spread(n, 0, 1, dtype)


def weights(n: int, dtype: str) -> tuple[jax.Array, torch.Tensor]:
    return spread(n + 9, 0.1, 2, dtype)


def calls(rng: np.random.Generator) -> list[tuple[str, int, Ours, Theirs]]:
    """Return every kind with a few lengths from 0 on, of which many are short."""
    lengths = np.exp(rng.uniform(0, np.log(LONGEST + 1), (len(kinds()), LENGTHS_EACH))) - 1
    return [
        (name, int(n), *pair)
        for row, (name, pair) in zip(lengths, kinds().items(), strict=True)
        for n in (*row, rng.choice((0, 1, 15, 16, 17, LONGEST)))
    ]


@pytest.mark.filterwarnings("ignore:.*is out of bounds.*:UserWarning")
def test_a_chain_of_calls(seed):
    rng = np.random.default_rng(seed)
    table = calls(rng)
    seeds = rng.integers(0, 2**63, GENERATORS).tolist()
    ours = [Generator().manual_seed(each) for each in seeds]
    theirs = [torch.Generator().manual_seed(each) for each in seeds]
    saved: list[tuple[bytes, torch.Tensor]] = []
    for step in range(CALLS):
        which, chance = rng.integers(GENERATORS), rng.random()
        generator, other = ours[which], theirs[which]
        if chance < 0.02:
            saved.append((generator.get_state(), other.get_state()))
        elif chance < 0.04 and saved:
            state, other_state = saved[rng.integers(len(saved))]
            generator.set_state(state)
            other.set_state(other_state)
        else:
            name, n, draw, torch_draw = table[rng.integers(len(table))]
            actual, expected = np.asarray(draw(generator, n)), torch_draw(other, n)
            assert actual.tobytes() == to_bytes(expected), f"call {step}, {name}({n})"
        assert generator.get_state() == state_bytes(other), f"the state after call {step}"
