"""Orders against torch's, recorded by golden/make_data.py; then what torch has no say in."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.data import batches, count_samples, epoch_order, random_split, take_samples
from jaxnn.random import Generator

GOLDEN = np.load(Path(__file__).parent / "golden" / "data.npz")
EPOCHS = [
    (stream, int(seed), int(n))
    for stream, seed, n in (name.split() for name in GOLDEN if len(name.split()) == 3)
    if stream in ("default", "loader")
]
SPLITS = {
    0: (0, 10, (7, 3)),
    1: (0, 10, (9, 1)),
    2: (1, 1, (0.5, 0.5)),
    3: (1, 17, (0.5, 0.3, 0.2)),
    4: (2, 1797, (0.8, 0.2)),
    5: (3, 11, (0.25, 0.25, 0.25, 0.25)),
}


def test_the_golden_file_has_every_family():
    assert len([case for case in EPOCHS if case[0] == "default"]) >= 7
    assert len([case for case in EPOCHS if case[0] == "loader"]) >= 7
    assert {f"split {index}" for index in SPLITS} <= set(GOLDEN)
    assert str(GOLDEN["torch"]).startswith("2.13.0")


@pytest.mark.parametrize(("stream", "seed", "n"), EPOCHS)
def test_epoch_order_is_the_data_loaders(stream, seed, n):
    generator = Generator().manual_seed(seed)
    orders = [epoch_order(generator, n, stream=stream) for _ in range(3)]
    np.testing.assert_array_equal(orders, GOLDEN[f"{stream} {seed} {n}"])
    assert generator.get_state() == GOLDEN[f"{stream} {seed} {n} state"].tobytes()


@pytest.mark.parametrize("stream", ["default", "loader"])
def test_epoch_order_goes_through_jit_and_scan(stream, x64):
    @jax.jit
    def orders(generator: Generator) -> tuple[jax.Array, Generator]:
        def epoch(generator, _):
            order = epoch_order(generator, 100, stream=stream)
            return generator, order

        generator, orders = jax.lax.scan(epoch, generator, length=3)
        return orders, generator

    drawn, generator = orders(Generator().manual_seed(1))
    assert drawn.dtype == jnp.int32
    np.testing.assert_array_equal(drawn, GOLDEN[f"{stream} 1 100"])
    assert generator.get_state() == GOLDEN[f"{stream} 1 100 state"].tobytes()


def test_epoch_order_under_vmap_is_one_order_for_each_seed():
    seeds = jnp.arange(4, dtype=jnp.uint32)
    drawn = jax.vmap(lambda seed: epoch_order(Generator().manual_seed(seed), 5))(seeds)
    alone = [epoch_order(Generator().manual_seed(seed), 5) for seed in range(4)]
    np.testing.assert_array_equal(drawn, alone)


def test_epoch_order_knows_two_streams():
    with pytest.raises(ValueError) as error:
        epoch_order(Generator(), 5, stream="worker")  # pyright: ignore[reportArgumentType] the point
    assert str(error.value) == (
        "epoch_order: stream must be one of 'default', 'loader'; got 'worker'; use stream='default'"
    )


def test_epoch_order_with_a_key_is_a_permutation_of_jaxs():
    key = jax.random.key(3)
    order = epoch_order(key, 50)
    assert sorted(order.tolist()) == list(range(50))
    np.testing.assert_array_equal(order, epoch_order(key, 50))
    assert order.tolist() != epoch_order(jax.random.key(4), 50).tolist()


@pytest.mark.parametrize("index", SPLITS)
def test_random_split_is_torchs(index):
    seed, n, lengths = SPLITS[index]
    generator = Generator().manual_seed(seed)
    parts = random_split(generator, np.int64(n), lengths)
    assert [len(part) for part in parts] == GOLDEN[f"split {index} sizes"].tolist()
    np.testing.assert_array_equal(jnp.concatenate(parts), GOLDEN[f"split {index}"])
    assert generator.get_state() == GOLDEN[f"split {index} state"].tobytes()


@pytest.mark.parametrize("rng", [Generator().manual_seed(0), jax.random.key(0)], ids=str)
def test_random_split_deals_pairs_out_together(rng):
    x = np.arange(20, dtype=np.float32).reshape(10, 2)
    first, second = random_split(rng, (x, {"label": np.arange(10)}), (0.7, 0.3))
    assert (first[0].shape, second[0].shape) == ((7, 2), (3, 2))
    labels = np.concatenate([first[1]["label"], second[1]["label"]])
    assert sorted(labels) == list(range(10))
    np.testing.assert_array_equal(np.concatenate([first[0], second[0]]), x[labels])


@pytest.mark.parametrize("lengths", [[2.5, 1.5], [2.0, 2.0]])
def test_random_split_refuses_counts_that_are_no_integers(lengths):
    with pytest.raises(TypeError) as error:
        random_split(jax.random.key(0), 4, lengths)
    assert str(error.value) == (
        f"random_split: counts of samples must be integers; got {lengths}; use lengths=[0.8, 0.2]"
    )


@pytest.mark.parametrize(
    ("lengths", "sum_of_them"),
    [((3, 3), "6"), ((0.5, 0.6), "1.1"), ((5, -1), "4"), ((), "0")],
)
def test_random_split_refuses_lengths_that_do_not_add_up(lengths, sum_of_them):
    with pytest.raises(ValueError) as error:
        random_split(jax.random.key(0), 4, lengths)
    assert str(error.value) == (
        "random_split: lengths must sum to 4, the number of samples, or as fractions to 1; "
        f"none negative; got {list(lengths)}, which sums to {sum_of_them}; use lengths=[0.8, 0.2]"
    )


@pytest.mark.parametrize(
    ("drop_last", "sizes"), [(False, [4, 4, 2]), (True, [4, 4])], ids=["keep", "drop"]
)
def test_batches_follow_the_epoch_order(drop_last, sizes):
    x, y = np.arange(10.0, dtype=np.float32), np.arange(10)
    generator = Generator().manual_seed(5)
    drawn = list(batches((x, y), 4, rng=generator, drop_last=drop_last))
    assert [len(batch[0]) for batch in drawn] == sizes
    order = epoch_order(Generator().manual_seed(5), 10)[: sum(sizes)]
    np.testing.assert_array_equal(np.concatenate([batch[1] for batch in drawn]), order)
    np.testing.assert_array_equal(np.concatenate([batch[0] for batch in drawn]), order)


def test_batches_without_rng_keep_the_order():
    drawn = list(batches(np.arange(5), 2))
    assert [batch.tolist() for batch in drawn] == [[0, 1], [2, 3], [4]]


def test_batches_complain_before_the_first_batch():
    with pytest.raises(ValueError) as error:
        batches(np.arange(5), 0)
    assert str(error.value) == "batches: batch_size must be 1 or more; got 0; use batch_size=32"


@pytest.mark.parametrize(
    ("data", "came"),
    [
        ((np.zeros((3, 2), np.float32), np.zeros(4, np.int32)), "f32[3,2], i32[4]"),
        ((np.zeros((0, 2), np.float32), np.zeros(0, np.int32)), "f32[0,2], i32[0]"),
        (np.float32(1.0), "f32[]"),
        ((), "no array"),
    ],
    ids=["lengths", "empty", "scalar", "nothing"],
)
def test_count_samples_refuses(data, came):
    with pytest.raises(ValueError) as error:
        count_samples("fit", data)
    assert str(error.value) == (
        "fit: every array of the data must have the same number of samples, one or more; "
        f"got {came}; make the first axis of each the one that counts samples"
    )


def test_take_samples_takes_rows():
    x = np.arange(6, dtype=np.float32).reshape(3, 2)
    taken = jax.jit(take_samples)({"x": x}, jnp.array([2, 2, 0]))
    np.testing.assert_array_equal(taken["x"], x[[2, 2, 0]])
