"""What layers start with, against torch's bits, recorded by golden/make_initializers.py."""

import hashlib
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from jaxnn.random import Generator
from tests.comparison import assert_close, assert_same_bits
from tests.initializer_cases import INITIALIZERS, LAYERS, SEEDS, digest_of, networks, parameters
from tests.layer_cases import digest

GOLDEN = np.load(Path(__file__).parent / "golden" / "initializers.npz")
KEY = jax.random.key(0)


def test_every_golden_row_is_tested():
    assert GOLDEN["names"].tolist() == [str(case) for case in (*INITIALIZERS, *LAYERS)]
    assert len(LAYERS) > 30
    assert str(GOLDEN["torch"]).startswith("2.13.0")


@pytest.mark.parametrize("i", range(len(LAYERS)), ids=lambda i: str(LAYERS[i]))
def test_has_torchs_bits(i: int):
    rng = Generator().manual_seed(i)
    row = len(INITIALIZERS) + i
    assert digest_of(parameters(LAYERS[i], rng)) == GOLDEN["digests"][row]
    assert digest(rng.get_state()) == GOLDEN["states"][row]


def test_a_thousand_seeds_in_one_call_are_torchs():
    checksum = hashlib.sha256()
    layers = [(np.asarray(layer.kernel), np.asarray(layer.bias)) for layer in networks()]
    for seed in range(SEEDS):
        for kernel, bias in layers:
            checksum.update(np.ascontiguousarray(kernel[seed].T).tobytes() + bias[seed].tobytes())
    assert checksum.hexdigest() == GOLDEN["networks"]


@pytest.mark.parametrize("case", [case for case in LAYERS if case.dtype == "float32"], ids=str)
def test_with_a_key_every_array_has_its_own_randomness(case):
    params = parameters(case, KEY)
    drawn = [array.ravel() for array in params.values() if len(np.unique(array)) > 1]
    numbers = np.concatenate(drawn)
    numbers = numbers[numbers != 0]  # padding
    assert len(np.unique(numbers)) == numbers.size
    again = parameters(case, KEY)
    jax.tree.map(assert_same_bits, params, again)


def test_options_of_init_conv():
    init = jaxnn.initializers
    layer = jaxnn.init_conv(KEY, 3, 2, (5,), kernel_init=init.dirac(), bias_init=init.ones)
    assert_same_bits(layer.kernel, init.dirac()(KEY, (5, 3, 2)))
    assert_same_bits(layer.bias, np.ones(2, np.float32))
    assert jaxnn.init_conv(KEY, 3, 2, (5,), bias=False).bias is None


def test_options_of_init_embedding():
    """Fans count as of torch's weight: here fan_in is the size of a vector."""
    init = jaxnn.initializers.kaiming_normal()
    table = jaxnn.init_embedding(KEY, 5, 3, table_init=init)
    assert_same_bits(table, init(KEY, (3, 5)).T)


def test_a_transposed_kernel_is_that_of_the_convolution_it_transposes():
    """lax.conv_transpose takes it so: the gradient of the convolution with the same kernel."""
    layer = jaxnn.init_conv_transpose(KEY, 3, 2, (4,))
    x, wide = jax.random.normal(KEY, (1, 7, 3)), jnp.zeros((1, 10, 2))
    numbers = ("NWC", "WIO", "NWC")

    def convolution(y: jax.Array) -> jax.Array:
        return jax.lax.conv_general_dilated(
            y, layer.kernel, (1,), "VALID", dimension_numbers=numbers
        )

    (expected,) = jax.linear_transpose(convolution, wide)(x)
    actual = jax.lax.conv_transpose(
        x, layer.kernel, (1,), "VALID", dimension_numbers=numbers, transpose_kernel=True
    )
    assert_close(actual, expected, atol=1e-6)


ERRORS = [
    (
        lambda rng: jaxnn.init_embedding(rng, 5, 3, padding_idx=5),
        "init_embedding: padding_idx must be between -5 and 4; got 5; use padding_idx=-5",
    ),
    (
        lambda rng: jaxnn.init_conv(rng, 3, 4, (3,), groups=2),
        "init_conv: groups must divide 3 channels in and 4 channels out; got groups=2; "
        "use groups=1",
    ),
    (
        lambda rng: jaxnn.init_conv_transpose(rng, 4, 3, (3,), groups=2),
        "init_conv_transpose: groups must divide 4 channels in and 3 channels out; got groups=2; "
        "use groups=1",
    ),
    (
        lambda rng: jaxnn.init_rnn(rng, 0, 3),
        "init_rnn: input_size must be 1 or more; got 0; use input_size=1",
    ),
    (
        lambda rng: jaxnn.init_gru(rng, 3, 3, num_layers=0),
        "init_gru: num_layers must be 1 or more; got 0; use num_layers=1",
    ),
    (
        lambda rng: jaxnn.init_lstm(rng, 3, 3, proj_size=3),
        "init_lstm: proj_size must be at least 0 and less than hidden_size, 3; got 3; "
        "use proj_size=0 for none",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("call", "text"), ERRORS, ids=range(len(ERRORS)))
def test_wrong_sizes(call, text):
    rng = Generator()
    with pytest.raises(ValueError) as error:
        call(rng)
    assert str(error.value) == text
    assert rng.get_state() == Generator().get_state()


@pytest.mark.parametrize(
    "call",
    [
        lambda rng: jaxnn.init_multihead_attention(rng, 4, kdim=-3),
        lambda rng: jaxnn.init_transformer_encoder_layer(rng, 4, -3),
        lambda rng: jaxnn.init_mlp(rng, (3, 2, -1)),
    ],
)
def test_a_call_that_raises_leaves_the_generator_as_it_was(call):
    generator = Generator().manual_seed(1)
    before = generator.get_state()
    with pytest.raises(ValueError):
        call(generator)
    assert generator.get_state() == before


def test_keys_of_no_features_keep_their_size():
    params = jaxnn.init_multihead_attention(Generator().manual_seed(1), 4, kdim=0)
    assert params["k_proj_weight"].shape == (4, 0)
