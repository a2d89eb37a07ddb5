"""The parallel shuffle against the sequential one."""

import jax
import numpy as np
import pytest

from jaxnn.random.cpu import shuffle

shuffled = jax.jit(shuffle.shuffle)


def swap_in_turn(partners: np.ndarray) -> list[int]:
    order = list(range(partners.size))
    for i, j in enumerate(partners.tolist()):
        order[i], order[j] = order[j], order[i]
    return order


def drawn(n: int, seed: int) -> np.ndarray:
    places = np.arange(n)
    return (places + np.random.default_rng(seed).integers(0, n - places)).astype(np.int32)


# Around the number of steps that are compared in pairs, and around a block.
SIZES = (1, 2, 3, 17, shuffle.FEW, shuffle.FEW + 1, 1000, shuffle.BLOCK, shuffle.BLOCK + 1, 20_000)


@pytest.mark.parametrize("n", SIZES)
def test_random_partners(n, seed):
    partners = drawn(n, seed)
    assert shuffled(partners).tolist() == swap_in_turn(partners)


@pytest.mark.parametrize("n", [5, 300])
@pytest.mark.parametrize(
    "partner",
    [
        pytest.param(lambda i, n: i, id="itself"),
        pytest.param(lambda i, n: np.full(n, n - 1), id="the last"),
        pytest.param(lambda i, n: np.minimum(i + 1, n - 1), id="the next"),
        pytest.param(lambda i, n: np.where(i % 2, i, n - 1), id="itself or the last"),
    ],
)
def test_partners_all_alike(n, partner):
    partners = partner(np.arange(n), n).astype(np.int32)
    assert shuffled(partners).tolist() == swap_in_turn(partners)


def test_under_vmap():
    partners = np.stack([drawn(300, seed) for seed in range(3)])
    orders = jax.jit(jax.vmap(shuffle.shuffle))(partners)
    assert orders.tolist() == [swap_in_turn(row) for row in partners]
