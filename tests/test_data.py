"""Orders against torch's, recorded by golden/make_data.py; then what torch has no say in."""

from pathlib import Path
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.data import (
    base_seed,
    batches,
    count_samples,
    distributed_order,
    epoch_order,
    random_order,
    random_split,
    subset_order,
    take_samples,
    weighted_order,
)
from jaxnn.random import Generator
from tests.comparison import assert_same_bits
from tests.layer_cases import digest
from tests.sampler_cases import CASES, Case, order, weights

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


@pytest.mark.parametrize("i", range(len(CASES)), ids=lambda i: str(CASES[i]))
def test_orders_are_the_samplers(i: int):
    generator = Generator().manual_seed(i)
    drawn = order(CASES[i], generator)
    assert drawn.dtype == np.int32
    np.testing.assert_array_equal(drawn, GOLDEN[str(CASES[i])])
    assert digest(generator.get_state()) == GOLDEN[f"{CASES[i]} state"]


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


ONE_OF_EACH = [
    Case("random_order", 7, (("num_samples", 20), ("stream", "sampler"))),
    Case("random_order", 7, (("replacement", True),)),
    Case("weighted_order", 10, (("num_samples", 4),)),
    Case("weighted_order", 10, (("num_samples", 4), ("replacement", False))),
    Case("subset_order", 40),
]


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_orders_go_through_jit_and_vmap(case: Case, x64):
    def drawn(seed: jax.Array) -> tuple[jax.Array, Generator]:
        generator = Generator().manual_seed(seed)
        return jnp.asarray(order_of(case, generator)), generator

    orders, generators = jax.jit(jax.vmap(drawn))(jnp.arange(3, dtype=jnp.int32))
    for i in range(3):
        alone = Generator().manual_seed(i)
        assert_same_bits(orders[i], order_of(case, alone))
        after = jax.tree.map(lambda x, i=i: x[i], generators)
        assert after.get_state() == alone.get_state()


def order_of(case: Case, rng: Generator) -> jax.Array:
    """`order` for traced generators, whose numbers are not known."""
    options = dict(case.options)
    if case.function == "random_order":
        return random_order(rng, case.n, **options)
    if case.function == "weighted_order":
        return weighted_order(rng, weights(case.n), **options)
    return subset_order(rng, jnp.arange(case.n, dtype=jnp.int32))


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_orders_with_a_key(case: Case):
    drawn = order(case, jax.random.key(0))
    np.testing.assert_array_equal(drawn, order(case, jax.random.key(0)))
    generators = order(case, Generator().manual_seed(0))
    assert (drawn.shape, drawn.dtype) == (generators.shape, generators.dtype)
    if case.options[:1] == (("num_samples", 20),):  # two permutations and most of a third
        assert [sorted(drawn[i : i + 7]) for i in (0, 7)] == [list(range(7))] * 2
        assert drawn[:7].tolist() != drawn[7:14].tolist()


def test_a_key_prefers_heavy_samples():
    drawn = weighted_order(jax.random.key(0), [1.0, 0.0, 3.0], 4000)
    assert abs(np.bincount(drawn, minlength=3) - np.array([1000, 0, 3000])).max() < 120


def test_weighted_order_of_traced_weights():
    traced = jax.jit(lambda w: weighted_order(Generator().manual_seed(3), w, 5))
    w = np.asarray(weights(9), np.float32)
    np.testing.assert_array_equal(traced(w), weighted_order(Generator().manual_seed(3), w, 5))


def test_the_parts_of_a_distributed_order_make_an_epoch():
    @jax.jit
    def part(rank: jax.Array, epoch: jax.Array) -> jax.Array:
        return distributed_order(10, replicas=4, rank=rank, seed=3, epoch=epoch)

    dealt = np.stack([part(rank, 2) for rank in range(4)], axis=1).ravel()
    whole = subset_order(Generator().manual_seed(3 + 2), np.arange(10))
    assert dealt.tolist() == [*whole.tolist(), *whole[:2].tolist()]


def test_base_seed_is_an_int64():
    seed = base_seed(Generator().manual_seed(0))
    assert (seed.dtype, seed.shape) == (np.int64, ())
    assert int(seed) == GOLDEN["base seed"]


ERRORS = [
    (
        lambda rng: random_order(rng, 0),
        "random_order: n must be 1 or more; got 0; use n=1",
    ),
    (
        lambda rng: random_order(rng, 3, num_samples=0),
        "random_order: num_samples must be 1 or more; got 0; use num_samples=1",
    ),
    (
        lambda rng: random_order(rng, 3, stream=cast(Any, "loader")),
        "random_order: stream must be one of 'default', 'sampler'; got 'loader'; "
        "use stream='default'",
    ),
    (
        lambda rng: weighted_order(rng, np.ones((2, 3)), 1),
        "weighted_order: weights must have one axis; got f64[2,3]; give one weight for each sample",
    ),
    (
        lambda rng: distributed_order(5, replicas=2, rank=2),
        "distributed_order: rank must be between 0 and 1; got 2; use rank=0",
    ),
    (
        lambda rng: distributed_order(5, replicas=0, rank=0),
        "distributed_order: replicas must be 1 or more; got 0; use replicas=1",
    ),
]


@pytest.mark.parametrize(("call", "text"), ERRORS, ids=range(len(ERRORS)))
def test_orders_refuse(call, text):
    rng = Generator()
    with pytest.raises(ValueError) as error:
        call(rng)
    assert str(error.value) == text
    assert rng.get_state() == Generator().get_state()


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


def test_batches_may_be_of_any_integer_and_any_array():
    drawn = list(batches(memoryview(b"\0\1\2"), cast(int, np.int8(2))))
    assert [batch.tolist() for batch in drawn] == [[0, 1], [2]]


def test_counts_are_whole_numbers():
    with pytest.raises(TypeError) as error:
        distributed_order(cast(int, 2.5), replicas=2, rank=0)
    assert str(error.value) == ("distributed_order: n must be a whole number; got 2.5; use n=1")


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


@pytest.mark.parametrize(
    "call",
    [
        lambda rng: epoch_order(rng, -1),
        lambda rng: epoch_order(rng, -1, stream="loader"),
        lambda rng: random_order(rng, 5, num_samples=cast(int, 2.5)),
        lambda rng: random_split(rng, 5, [9]),
    ],
)
def test_a_call_that_raises_leaves_the_generator_as_it_was(call):
    generator = Generator().manual_seed(1)
    before = generator.get_state()
    with pytest.raises((TypeError, ValueError)):
        call(generator)
    assert generator.get_state() == before
