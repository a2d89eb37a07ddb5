"""nn.init on the adapter's tensors against torch's bits and texts, of golden/make_nn_init.py."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch
from jaxnn import initializers
from jaxnn.random import Generator
from jaxnn.torch.tensor import values
from tests.comparison import assert_same_bits
from tests.torch.init_cases import CALLS, MESSAGES, digest_of, run, said

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "nn_init.npz")


def test_every_golden_row_is_tested():
    assert GOLDEN["calls"].tolist() == CALLS
    assert GOLDEN["messages"].tolist() == MESSAGES
    assert str(GOLDEN["torch"]).startswith("2.13.0")


@pytest.mark.parametrize("i", range(len(CALLS)), ids=CALLS)
@pytest.mark.filterwarnings("ignore:mean is more than 2 std:UserWarning")
def test_writes_torchs_bits(i: int):
    tensor, generator = run(CALLS[i], torch)
    states = (values(state).tobytes() for state in (torch.get_rng_state(), generator.get_state()))
    assert digest_of(values(tensor), *states) == GOLDEN["digests"][i]


@pytest.mark.parametrize("i", range(len(MESSAGES)), ids=MESSAGES)
def test_says_what_torch_says(i: int):
    assert said(MESSAGES[i], torch) == GOLDEN["texts"][i]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(5, 7), (7, 5), (6, 2, 3, 3)])
def test_orthogonal_is_the_cores(shape: tuple[int, ...], dtype: str):
    torch.manual_seed(5)
    weight = torch.nn.init.orthogonal_(torch.empty(*shape, dtype=getattr(torch, dtype)), 1.7)
    rng = Generator().manual_seed(5)
    kernel = initializers.orthogonal(1.7)(rng, (*shape[2:], shape[1], shape[0]), dtype)
    with jax.enable_x64(True):
        assert_same_bits(values(weight), jnp.moveaxis(kernel, (-1, -2), (0, 1)))
    assert values(torch.get_rng_state()).tobytes() == rng.get_state()


def test_returns_the_tensor_that_it_writes():
    base = torch.zeros(4, 6)
    part = base[:, 1:3]
    assert torch.nn.init.ones_(part) is part
    assert base.sum().item() == 8


def test_the_old_names_say_so():
    with pytest.warns(FutureWarning, match="deprecated") as caught:
        torch.nn.init.constant(torch.empty(2), 1.0)
    assert caught[0].filename == __file__
