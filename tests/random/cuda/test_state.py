"""Seeds, offsets, bytes and cards: what a CUDA generator is between two draws."""

import copy
import pickle
import struct

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import random
from jaxnn.random import PROFILES, Generator, Profile
from jaxnn.random.engines import distribution
from tests.comparison import assert_same_bits


def offset(generator: Generator) -> int:
    return struct.unpack("<QQ", generator.get_state())[1]


def test_a_fresh_generator_has_torchs_default_seed():
    assert Generator("cuda").get_state() == struct.pack("<QQ", 67280421310721, 0)


@pytest.mark.parametrize("value", [0, 7, 2**32 + 5, 2**64 - 1, -1])
def test_all_bits_of_a_seed_decide_the_stream(value):
    generator = Generator("cuda").manual_seed(value)
    assert generator.get_state() == struct.pack("<QQ", value % 2**64, 0)
    assert generator.initial_seed() == value % 2**64
    low_half_alone = Generator("cuda").manual_seed(value % 2**32)
    same = np.array_equal(random.uniform(generator, (8,)), random.uniform(low_half_alone, (8,)))
    assert same == (0 <= value < 2**32)


def test_a_seed_starts_at_offset_0_on_the_same_card():
    generator = Generator("cuda:0", profile="T4")
    random.uniform(generator, (8,))
    assert offset(generator.manual_seed(3)) == 0
    assert generator.profile == PROFILES["T4"]
    assert generator.device == "cuda:0"


def test_the_state_goes_on_elsewhere(x64):
    generator = Generator("cuda", profile="L4").manual_seed(-3)
    random.normal(generator, (3,))
    state = generator.get_state()
    expected = random.normal(generator, (30,))
    other = Generator("cuda", profile="L4").set_state(state)
    assert other.initial_seed() == 2**64 - 3
    assert_same_bits(random.normal(other, (30,)), expected)
    assert other.get_state() == generator.get_state()


def test_eight_bytes_are_a_seed():
    generator = Generator("cuda").set_state((5).to_bytes(8, "little"))
    assert generator.get_state() == struct.pack("<QQ", 5, 0)


@pytest.mark.parametrize("length", [0, 1, 7, 9, 15, 17, 5056])
def test_states_of_a_wrong_length(length):
    generator = Generator("cuda").manual_seed(1)
    before = generator.get_state()
    with pytest.raises(ValueError) as caught:
        generator.set_state(bytes(length))
    assert str(caught.value) == (
        "set_state: a CUDA generator's state has 16 bytes, or 8 without offset; "
        f"got {length}; pass what get_state() gave"
    )
    assert generator.get_state() == before


@pytest.mark.parametrize("value", [1, 2, 3, 5, 2**64 - 1])
def test_offsets_within_a_step(value):
    with pytest.raises(ValueError) as caught:
        Generator("cuda").set_state(struct.pack("<QQ", 1, value))
    assert str(caught.value) == (
        f"set_state: the offset must be a multiple of 4; got {value}; pass what get_state() gave"
    )


@pytest.mark.parametrize("start", [0, 4, 2**32 - 4, 2**32, 2**64 - 8])
@pytest.mark.parametrize("n", [0, 4, 2**32 - 4, 2**33 + 8, 2**64 + 4])
def test_jumps_add_to_the_offset(start, n):
    generator = Generator("cuda").set_state(struct.pack("<QQ", 1, start))
    assert offset(generator.jump(n)) == (start + n) % 2**64


def test_a_jump_passes_over_draws():
    drawn, jumped = (Generator("cuda", profile=Profile(1, 512)) for _ in range(2))
    random.uniform(drawn, (100,))  # 4 words of each thread
    random.uniform(drawn, (2049,))  # 8: four numbers of 512 threads, and one
    jumped.jump(12)
    assert_same_bits(random.uniform(drawn, (9,)), random.uniform(jumped, (9,)))


@pytest.mark.parametrize(
    ("n", "message"),
    [
        (-4, "jump: n must be 0 or more; got -4; use jump(0)"),
        (
            5,
            "jump: n must be a multiple of 4 in a CUDA stream, whose threads take 4 words at a "
            "time; got 5; use jump(8)",
        ),
    ],
)
def test_jumps_that_are_none(n, message):
    generator = Generator("cuda").manual_seed(1)
    before = generator.get_state()
    with pytest.raises(ValueError) as caught:
        generator.jump(n)
    assert str(caught.value) == message
    assert generator.get_state() == before


def test_cards():
    assert Generator("cuda").profile == PROFILES["A100"]
    assert Generator().profile is None
    own = Profile(sms=42, threads_per_sm=2048)
    assert Generator("cuda", profile=own).profile == own
    assert {name: profile.threads for name, profile in PROFILES.items()} | {
        "T4": 40_960,
        "L4": 89_088,
        "H100 SXM": 270_336,
        "A10G": 122_880,
    } == {name: profile.threads for name, profile in PROFILES.items()}


def test_a_card_that_is_not_known():
    with pytest.raises(ValueError) as caught:
        Generator("cuda", profile="Voodoo 2")
    assert str(caught.value) == (
        f"Generator: profile must be one of {', '.join(map(repr, PROFILES))}; got 'Voodoo 2'; "
        "use profile='P100'"
    )


@pytest.mark.parametrize(("sms", "threads_per_sm"), [(0, 2048), (108, 255)])
def test_a_profile_that_is_none(sms, threads_per_sm):
    with pytest.raises(ValueError) as caught:
        Profile(sms, threads_per_sm)
    assert str(caught.value) == (
        "Profile: sms must be at least 1 and threads_per_sm at least 256; got "
        f"{sms} and {threads_per_sm}; see torch.cuda.get_device_properties(0)"
    )


@pytest.mark.parametrize(
    "clone", [copy.copy, copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))]
)
def test_copies_go_their_own_way(clone):
    generator = Generator("cuda", profile="T4").manual_seed(1)
    other = clone(generator)
    random.uniform(generator, (3,))
    assert (offset(generator), offset(other)) == (4, 0)
    assert other.profile == generator.profile


def test_a_generator_is_a_pytree_of_two_pairs_of_words():
    generator = Generator("cuda", profile="T4").manual_seed(2**32 + 1)
    leaves, structure = jax.tree.flatten(generator)
    assert [leaf.tolist() for leaf in leaves] == [[1, 1], [0, 0]]
    assert all(leaf.dtype == jnp.uint32 for leaf in leaves)
    again = jax.tree.unflatten(structure, leaves)
    assert (again.profile, again.get_state()) == (generator.profile, generator.get_state())


def test_repr():
    assert repr(Generator("cuda:1").manual_seed(-1)) == (
        "Generator(device='cuda:1', initial_seed=18446744073709551615)"
    )


def test_what_is_not_there_says_what_is():
    # What torch makes by kernels whose sums and orders no source tells.
    with pytest.raises(NotImplementedError) as caught:
        distribution(Generator("cuda").state, "multinomial")
    assert str(caught.value) == (
        "the cuda stream has no multinomial yet; Generator(device='cpu') has it"
    )
