"""Dense, dropout and MLP: torch's bits, recorded by golden/make_layers.py, and JAX's ways."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from tests.activation_cases import DTYPES
from tests.comparison import assert_close, assert_same_bits
from tests.layer_cases import DROPOUTS, DROPS, INITIALIZERS, MLPS, digest, dropout_input

GOLDEN = np.load(Path(__file__).parent / "golden" / "layers.npz")


def generator(seed: int) -> jaxnn.random.Generator:
    """A stream that stands where ``torch.manual_seed(seed)`` leaves torch's."""
    return jaxnn.random.Generator().manual_seed(seed)


def test_every_golden_case_is_tested():
    recorded = {tuple(key.split("|")[:2]) for key in GOLDEN if key != "torch"}
    tested = {
        (name, str(i))
        for name, cases in (("mlp", MLPS), ("initializer", INITIALIZERS))
        for i in range(len(cases))
    } | {(function, str(i)) for function, i in DROPS}
    assert recorded == tested


def assert_starts_with_torchs_bits(case: int) -> None:
    """Every kernel is torch's weight transposed, and the stream stands where torch's does."""
    seed, sizes, dtype = MLPS[case]
    rng = generator(seed)
    for i, layer in enumerate(jaxnn.init_mlp(rng, sizes, dtype=dtype)):
        weight, bias = (GOLDEN[f"mlp|{case}|{i}.{name}"] for name in ("weight", "bias"))
        assert_same_bits(layer.kernel, weight.view(jnp.dtype(dtype)).T)
        assert_same_bits(layer.bias, bias.view(jnp.dtype(dtype)))
    assert digest(rng.get_state()) == GOLDEN[f"mlp|{case}|state"]


@pytest.mark.parametrize("case", range(len(MLPS)))
def test_init_mlp_starts_with_torchs_bits(case: int):
    assert_starts_with_torchs_bits(case)


@pytest.mark.parametrize("case", range(len(DTYPES)))
def test_init_mlp_starts_with_torchs_bits_in_64_bit_mode(case: int):
    with jax.enable_x64(True):
        assert_starts_with_torchs_bits(case)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("function", "case"), DROPS)
def test_dropout_drops_what_torch_drops(function: str, case: int, dtype: str):
    seed, rate, shape = DROPOUTS[case]
    rng = generator(seed)
    with jax.enable_x64(dtype == "float64"):
        left = getattr(jaxnn, function)(rng, jnp.asarray(dropout_input(shape, dtype)), rate)
    golden = f"{function}|{case}|{dtype}"
    assert_close(left, GOLDEN[f"{golden}|result"].view(jnp.dtype(dtype)), ulp=0)
    assert digest(rng.get_state()) == GOLDEN[f"{golden}|state"]


FAMILY = pytest.mark.parametrize("function", sorted({function for function, _ in DROPS}))


@FAMILY
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dropout_gives_the_same_bits_and_its_mask_as_derivative_in_a_program(function, dtype):
    """A sum that the caller makes is not contracted with the product."""
    drop = getattr(jaxnn, function)

    def left(x: jax.Array) -> jax.Array:
        return drop(generator(3), x, 0.1)

    with jax.enable_x64(True):
        x = jnp.asarray(np.random.default_rng(0).normal(size=(40, 25)), dtype)
        plain = left(x)
        assert_same_bits(jax.jit(lambda x: left(x) + 1)(x), np.asarray(plain) + np.ones((), dtype))
        slope = jax.grad(lambda x: left(x).sum())(x)
        at_zero = left(jnp.zeros_like(x))
        kept = at_zero == at_zero.max() if "alpha" in function else slope != 0
        assert_close(x * slope + at_zero, plain)
        assert_same_bits(slope != 0, kept)


@FAMILY
def test_dropout_refuses(function: str):
    drop, rng = getattr(jaxnn, function), generator(0)
    before = rng.get_state()
    calls = [
        (
            jnp.ones((2, 3)),
            1.5,
            ValueError,
            "rate must be between 0.0 and 1.0; got 1.5; use rate=0.0",
        ),
        (
            jnp.ones((2, 3), jnp.int32),
            0.5,
            TypeError,
            "x must be floating point; got i32[2,3]; use jnp.asarray(x, jnp.float32)",
        ),
    ]
    if function.startswith("feature"):
        must = "x must have a batch axis and a channel axis; got f32[3]; give x the shape (1, c, …)"
        calls.append((jnp.ones(3), 0.5, ValueError, must))
    for x, rate, error, message in calls:
        with pytest.raises(error) as caught:
            drop(rng, x, rate)
        assert str(caught.value) == f"{function}: {message}"
    assert rng.get_state() == before


def test_alpha_dropout_keeps_mean_and_variance():
    x = jax.random.normal(jax.random.key(1), (200_000,))
    left = jaxnn.alpha_dropout(jax.random.key(0), x, 0.3)
    assert abs(float(left.mean())) < 0.02
    assert abs(float(left.var()) - 1) < 0.03


def test_feature_dropout_drops_whole_channels():
    left = jaxnn.feature_dropout(jax.random.key(0), jnp.ones((50, 40, 3, 2)), 0.25)
    np.testing.assert_array_equal(left, np.broadcast_to(left[:, :, :1, :1], left.shape))
    assert abs(float((left == 0).mean()) - 0.25) < 0.03


def test_a_hundred_seeds_in_one_call():
    seeds = jnp.arange(100)
    many = jax.jit(jax.vmap(lambda seed: jaxnn.init_mlp(generator(seed), (3, 2, 1))))(seeds)
    for i in (0, 42, 99):
        one = jaxnn.init_mlp(generator(i), (3, 2, 1))
        jax.tree.map(lambda every, x, i=i: assert_same_bits(every[i], x), many, one)


def test_with_a_key_every_array_has_its_own_randomness():
    key = jax.random.key(0)
    params = jaxnn.init_mlp(key, (4, 4, 4))
    flat = jnp.concatenate([x.ravel() for x in jax.tree.leaves(params)])
    assert len(np.unique(flat)) == flat.size
    jax.tree.map(assert_same_bits, params, jaxnn.init_mlp(key, (4, 4, 4)))
    assert (jnp.abs(flat) < 0.5).all()
    assert float(jnp.abs(flat).max()) > 0.4


def test_options_of_init_dense():
    initializers = jaxnn.initializers
    key = jax.random.key(0)
    assert jaxnn.init_dense(key, 3, 2, bias=False).bias is None
    params = jaxnn.init_dense(
        key, 3, 2, kernel_init=initializers.ones, bias_init=initializers.zeros, dtype=jnp.bfloat16
    )
    assert_same_bits(params.kernel, np.ones((3, 2), jnp.bfloat16))
    assert_same_bits(params.bias, np.zeros(2, jnp.bfloat16))
    jaxs = jaxnn.init_dense(key, 3, 2, kernel_init=jax.nn.initializers.orthogonal())
    assert_close(jaxs.kernel.T @ jaxs.kernel, np.eye(2, dtype=np.float32), atol=1e-6)


def test_without_a_bias_the_next_layer_draws_on():
    """As torch's Linear(…, bias=False): the words that a bias would take are not drawn."""
    rng = generator(0)
    first = jaxnn.init_dense(rng, 3, 2, bias=False)
    assert_same_bits(first.kernel, jaxnn.init_dense(generator(0), 3, 2).kernel)
    everything = jaxnn.random.uniform(generator(0), (8,))
    rest = jaxnn.random.uniform(rng, (2,))
    assert_same_bits(rest, everything[6:])


SIZES = [
    ((3, 2, 1), (1, 3)),
    ((784, 256, 128, 10), (64, 784)),
    ((5, 4), (5,)),
    ((5, 4, 3), (2, 6, 5)),
]


@pytest.mark.parametrize(("sizes", "shape"), SIZES)
def test_mlp_is_the_program_one_would_write_by_hand(sizes: tuple, shape: tuple):
    """The same operations in the same order, so that nothing is slower."""

    def by_hand(params: list, x: jax.Array) -> jax.Array:
        for kernel, bias in params[:-1]:
            x = jax.nn.sigmoid(x @ kernel + bias)
        kernel, bias = params[-1]
        return x @ kernel + bias

    params = jaxnn.init_mlp(jax.random.key(0), sizes)
    x = jnp.ones(shape)
    with jax.numpy_rank_promotion("allow"):
        expected = jax.make_jaxpr(by_hand)(params, x)
    assert str(jax.make_jaxpr(jaxnn.mlp)(params, x)) == str(expected)


def test_dropout_with_a_key_keeps_the_expected_value():
    x = jnp.ones(100_000)
    left = jaxnn.dropout(jax.random.key(0), x, 0.2)
    assert set(np.unique(left)) == {0.0, 1.25}
    assert abs(float(left.mean()) - 1) < 0.01


def test_dropout_in_the_mlp_is_that_of_torchs_sequential():
    """One dropout after each hidden activation, in order, each from the stream where it stands."""
    params = jaxnn.init_mlp(generator(0), (6, 8, 8, 2))
    x, rng, by_hand = jnp.ones((3, 6)), generator(1), generator(1)
    actual = jaxnn.mlp(params, x, dropout_rate=0.5, rng=rng)
    for layer in params[:-1]:
        x = jaxnn.dropout(by_hand, jaxnn.sigmoid(jaxnn.dense(layer, x)), 0.5)
    assert_same_bits(actual, jaxnn.dense(params[-1], x))
    assert rng.get_state() == by_hand.get_state()


def test_dropout_in_the_mlp_splits_a_key_for_its_layers():
    """Through two masks of their own a quarter comes; were they one mask, a half would."""
    layer = jaxnn.Dense(jnp.eye(256), None)
    x, key = jnp.ones((16, 256)), jax.random.key(0)
    left = jaxnn.mlp([layer] * 3, x, activation=jaxnn.identity, dropout_rate=0.5, rng=key)
    assert set(np.unique(left)) == {0.0, 4.0}
    assert abs(float((left != 0).mean()) - 0.25) < 0.03


@pytest.mark.parametrize(
    "drop",
    [jaxnn.dropout, jaxnn.feature_dropout, jaxnn.alpha_dropout, jaxnn.feature_alpha_dropout],
)
@pytest.mark.parametrize("rate", [0.0, 0.5, 1.0])
def test_nothing_is_dropped_without_a_source_of_randomness(drop, rate):
    x = jnp.array([[1.0, np.inf], [np.nan, -2.0]])
    assert_same_bits(drop(None, x, rate), x)
    with pytest.raises(ValueError, match="rate must be between"):
        drop(None, x, 2.0)


def test_an_mlp_drops_nothing_without_a_source_of_randomness():
    params = jaxnn.init_mlp(generator(0), (6, 8, 8, 2))
    x = jnp.ones((3, 6))
    assert_same_bits(jaxnn.mlp(params, x, dropout_rate=0.5), jaxnn.mlp(params, x))


def test_without_dropout_nothing_is_drawn():
    params, rng = jaxnn.init_mlp(generator(0), (3, 2, 1)), generator(5)
    before = rng.get_state()
    with_rng = jaxnn.mlp(params, jnp.ones(3), rng=rng)
    assert_same_bits(with_rng, jaxnn.mlp(params, jnp.ones(3)))
    assert rng.get_state() == before


def test_activations_of_the_mlp():
    params = jaxnn.init_mlp(jax.random.key(0), (3, 4, 2))
    x = jnp.array([1.0, -2.0, 3.0])
    actual = jaxnn.mlp(params, x, activation=jaxnn.relu, output_activation=jaxnn.softmax)
    hidden = jaxnn.relu(jaxnn.dense(params[0], x))
    assert_same_bits(actual, jaxnn.softmax(jaxnn.dense(params[1], hidden)))
