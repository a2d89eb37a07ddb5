"""The generator: seeds, states in torch's bytes, and its life as a pytree."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from jaxnn.random import Generator
from jaxnn.random.cpu import state as states
from tests.comparison import assert_same_bits


def first(generator: Generator) -> np.ndarray:
    return np.asarray(jaxnn.random.uniform(generator, (3,)))


@pytest.mark.parametrize(
    ("seed", "initial"),
    [
        (0, 0),
        (7, 7),
        (-1, 2**64 - 1),
        (-(2**63), 2**63),
        (2**64 - 1, 2**64 - 1),
        (2**32 + 5, 2**32 + 5),
        (np.int64(-3), 2**64 - 3),
        (np.uint8(200), 200),
    ],
)
def test_initial_seed(seed, initial):
    generator = Generator().manual_seed(seed)
    assert generator.initial_seed() == initial
    low = Generator().manual_seed(initial & 0xFFFFFFFF)
    assert_same_bits(first(generator), first(low))


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "uint8", "uint32", "int64", "uint64"])
def test_a_traced_seed_is_the_same_seed(dtype):
    value = 200 if dtype[0] == "u" else -100
    with jax.enable_x64(True):
        generator = jax.jit(lambda s: Generator().manual_seed(s))(jnp.asarray(value, dtype))
    expected = Generator().manual_seed(value)
    assert generator.initial_seed() == expected.initial_seed()
    assert generator.get_state() == expected.get_state()


def test_a_fresh_generator_has_torchs_default_seed():
    assert Generator().initial_seed() == 67280421310721
    assert_same_bits(first(Generator()), first(Generator().manual_seed(67280421310721)))


def test_seed_is_new_each_time():
    generator = Generator()
    seeds = {generator.seed() for _ in range(5)}
    assert len(seeds) == 5
    assert generator.initial_seed() in seeds


@pytest.mark.parametrize(
    ("seed", "error", "message"),
    [
        (
            2**64,
            ValueError,
            "manual_seed: seed must lie in [-2**63, 2**64 - 1]; got 18446744073709551616; "
            "use seed % 2**64",
        ),
        (
            -(2**63) - 1,
            ValueError,
            "manual_seed: seed must lie in [-2**63, 2**64 - 1]; got -9223372036854775809; "
            "use seed % 2**64",
        ),
        (
            1.5,
            TypeError,
            "manual_seed: seed must be an int or an integer scalar array; got f32[]; "
            "for several streams, jax.vmap over the seeds",
        ),
        (
            np.arange(3),
            TypeError,
            "manual_seed: seed must be an int or an integer scalar array; got i32[3]; "
            "for several streams, jax.vmap over the seeds",
        ),
    ],
)
def test_seeds_that_are_none(seed, error, message):
    with pytest.raises(error) as caught:
        Generator().manual_seed(seed)
    assert str(caught.value) == message


def test_the_state_goes_on_elsewhere(x64):
    generator = Generator().manual_seed(3)
    jaxnn.random.normal(generator, (3,))  # leaves a cached normal
    state = generator.get_state()
    assert len(state) == 5056
    expected = np.asarray(jaxnn.random.normal(generator, (30,)))
    other = Generator().set_state(state)
    assert other.initial_seed() == 3
    assert other.get_state() == state
    assert_same_bits(jaxnn.random.normal(other, (30,)), expected)
    assert other.get_state() == generator.get_state()


def broken(at: int, value: bytes) -> bytes:
    state = bytearray(Generator().get_state())
    state[at : at + len(value)] = value
    return bytes(state)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            bytes(5055),
            "set_state: a CPU generator's state has 5,056 bytes; got 5,055; "
            "pass what get_state() gave",
        ),
        (
            bytes(5056),
            "set_state: seeded must be 1, next at most 624, and left 625 - next, "
            "or 1 if next is 0; got 0, 0 and 0; pass what get_state() gave",
        ),
        (
            broken(16, b"\x71\x02"),
            "set_state: seeded must be 1, next at most 624, and left 625 - next, "
            "or 1 if next is 0; got 1, 625 and 1; pass what get_state() gave",
        ),
    ],
)
def test_bytes_that_are_no_state(data, message):
    with pytest.raises(ValueError) as caught:
        Generator().set_state(data)
    assert str(caught.value) == message


def test_devices():
    for device in ("cpu", "cuda", "cuda:1"):
        assert Generator(device).device == device


@pytest.mark.parametrize(
    ("device", "profile", "message"),
    [
        (
            "tpu",
            None,
            "Generator: device must be 'cpu' or 'cuda'; got 'tpu'; use device='cpu'",
        ),
        (
            "cuda:x",
            None,
            "Generator: device must be 'cpu' or 'cuda'; got 'cuda:x'; use device='cpu'",
        ),
        (
            "cpu",
            "A100",
            "Generator: the CPU's stream has no profile; got 'A100'; use device='cuda'",
        ),
    ],
)
def test_devices_and_profiles_that_are_none(device, profile, message):
    with pytest.raises(ValueError) as caught:
        Generator(device, profile)
    assert str(caught.value) == message


def test_repr():
    assert repr(Generator().manual_seed(-1)) == (
        "Generator(device='cpu', initial_seed=18446744073709551615)"
    )
    seen = []
    jax.eval_shape(lambda g: seen.append(repr(g)), Generator())
    assert seen == ["Generator(device='cpu', seed=u32[2])"]
    batch = jax.vmap(lambda s: Generator().manual_seed(s))(jnp.arange(3))
    assert repr(batch) == "Generator(device='cpu', seed=u32[3,2])"
    with pytest.raises(ValueError) as caught:
        batch.get_state()
    assert str(caught.value) == (
        "Generator: a generator draws from one stream; got (3,) of them; jax.vmap over the batch"
    )


def test_a_generator_passed_to_jit_advances_when_returned():
    @jax.jit
    def draw(generator: Generator) -> tuple[jax.Array, Generator]:
        return jaxnn.random.uniform(generator, (3,)), generator

    generator = Generator().manual_seed(1)
    before = generator.get_state()
    values, after = draw(generator)
    assert generator.get_state() == before
    assert_same_bits(values, first(generator))
    assert after.get_state() == generator.get_state()


def test_no_corrupted_byte_goes_unnoticed():
    generator = Generator().manual_seed(1)
    jaxnn.random.normal(generator, (5,))  # in the middle of a block, with a normal kept
    before = generator.get_state()
    refused = 0
    for at in range(len(before)):
        corrupted = bytearray(before)
        corrupted[at] ^= 0x81
        try:
            other = Generator().set_state(bytes(corrupted))
        except ValueError:
            refused += 1
        else:  # a seed, a word or a normal that might have been
            assert other.get_state() == bytes(corrupted)
    assert refused == len(before) - (8 + 4 * 624 + 8)
    with pytest.raises(ValueError):
        generator.set_state(before[:-1] + b"\1")
    assert generator.get_state() == before


def test_the_byte_that_is_wrong_is_named():
    data = bytearray(Generator().get_state())
    data[28] = 7
    with pytest.raises(ValueError) as caught:
        Generator().set_state(bytes(data))
    assert str(caught.value) == (
        "set_state: byte 28 of this state must be 0; got 7; pass what get_state() gave"
    )


@pytest.mark.parametrize(
    "clone", [copy.copy, copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))]
)
def test_copies_go_their_own_way(clone):
    generator = Generator().manual_seed(1)
    other = clone(generator)
    assert_same_bits(first(generator), first(other))
    first(generator)
    assert other.get_state() != generator.get_state()


def test_a_generator_survives_a_device_and_a_flattening():
    generator = Generator().manual_seed(1)
    leaves, structure = jax.tree.flatten(generator)
    assert all(leaf.dtype in (jnp.uint32, jnp.int32, jnp.bool_) for leaf in leaves)
    again = jax.tree.unflatten(structure, jax.device_put(leaves))
    assert again.get_state() == generator.get_state()


@pytest.mark.parametrize("drawn", [0, 1, 623, 624, 625, 1300])
def test_bytes_and_state_say_the_same(drawn):
    generator = Generator().manual_seed(1)
    jaxnn.random.uniform(generator, (drawn,))
    data = generator.get_state()
    assert states.to_bytes(states.from_bytes(data)) == data
