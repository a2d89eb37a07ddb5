"""Initialisers against torch's bits, recorded by golden/make_initializers.py and make_layers.py."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn import initializers
from jaxnn.random import Generator
from tests.activation_cases import DTYPES
from tests.comparison import assert_close, assert_same_bits
from tests.initializer_cases import INITIALIZERS, ORTHOGONALS, Initializer, digest_of, initialised
from tests.layer_cases import INITIALIZERS as SCALED
from tests.layer_cases import WIDE_DTYPES, digest

HERE = Path(__file__).parent / "golden"
GOLDEN = np.load(HERE / "initializers.npz")
GOLDEN_OF_SCALED = np.load(HERE / "layers.npz")
KEY = jax.random.key(0)


@pytest.mark.parametrize("case", range(len(INITIALIZERS)), ids=lambda i: str(INITIALIZERS[i]))
def test_has_torchs_bits(case: int):
    assert GOLDEN["names"][case] == str(INITIALIZERS[case])
    rng = Generator().manual_seed(case)
    array = initialised(INITIALIZERS[case], rng)
    assert digest_of({"": array}) == GOLDEN["digests"][case]
    assert digest(rng.get_state()) == GOLDEN["states"][case]


@pytest.mark.parametrize("dtype", WIDE_DTYPES)
@pytest.mark.parametrize("case", range(len(SCALED)))
def test_has_torchs_scale(case: int, dtype: str):
    """torch's array is (out, in, *window), ours (*window, in, out)."""
    name, options, shape = SCALED[case]
    rng = Generator().manual_seed(case)
    ours = getattr(initializers, name)(**options)(rng, shape, dtype)
    torchs = GOLDEN_OF_SCALED[f"initializer|{case}|{dtype}|result"].view(jnp.dtype(dtype))
    if torchs.ndim > 1:
        torchs = np.moveaxis(torchs, (0, 1), (-1, -2))
    assert_same_bits(ours, torchs)
    assert digest(rng.get_state()) == GOLDEN_OF_SCALED[f"initializer|{case}|{dtype}|state"]


@pytest.mark.parametrize("case", range(len(ORTHOGONALS)), ids=lambda i: str(ORTHOGONALS[i]))
def test_orthogonal_is_torchs_within_its_bound(case: int):
    shape, dtype = ORTHOGONALS[case]
    rng = Generator().manual_seed(case)
    ours = initialised(Initializer("orthogonal", (("gain", 1.7),), shape, dtype), rng)
    torchs = GOLDEN[f"orthogonal {case}"]
    assert digest(rng.get_state()) == GOLDEN[f"orthogonal {case} state"]
    normals = initialised(Initializer("normal", (), shape, dtype), Generator().manual_seed(case))
    condition = np.linalg.cond(normals.reshape(len(normals), -1).astype(np.float64))
    eps = float(np.finfo(dtype).eps)
    assert_close(ours, torchs, ulp=0, atol=1.7 * 2 * eps * condition)
    rows = ours.reshape(len(ours), -1) / dtype_of(dtype)(1.7)
    rows = rows if rows.shape[0] <= rows.shape[1] else rows.T
    assert_close(rows @ rows.T, np.eye(len(rows), dtype=dtype), ulp=0, atol=10 * eps)


def dtype_of(name: str) -> type:
    return np.dtype(name).type


CALLS = [
    (initializers.trunc_normal(), (5, 7)),
    (initializers.trunc_normal(0.5, 1.3, 2.7, 4.0), (5, 7)),
    (initializers.orthogonal(), (5, 3)),
    (initializers.sparse(0.3), (5, 7)),
    (initializers.kaiming_normal(), (5, 7)),
]
calls = pytest.mark.parametrize(("init", "shape"), CALLS, ids=range(len(CALLS)))


@calls
def test_every_seed_of_a_vmap_is_its_own(init: initializers.Initializer, shape: tuple):
    def sample(seed: jax.Array) -> tuple[jax.Array, Generator]:
        rng = Generator().manual_seed(seed)
        return init(rng, shape), rng

    seeds = jnp.arange(3)
    arrays, rngs = jax.jit(jax.vmap(sample))(seeds)
    for i, seed in enumerate(seeds):
        array, rng = sample(seed)
        if init is CALLS[2][0]:  # LAPACK's order of steps again
            assert_close(arrays[i], array, ulp=0, atol=100 * float(jnp.finfo(array.dtype).eps))
        else:
            assert_same_bits(arrays[i], array)
        assert jax.tree.map(lambda x, i=i: x[i], rngs).get_state() == rng.get_state()


@pytest.mark.parametrize("init", [init for init, _ in CALLS[:2]], ids=["normals", "candidates"])
def test_a_vmap_of_doubles_where_64_bit_mode_is_off(init: initializers.Initializer):
    @jax.jit
    def sample(seed: jax.Array) -> jax.Array:
        return init(Generator().manual_seed(seed), (3, 2), jnp.float64)

    seeds = jnp.arange(3)
    for array, seed in zip(jax.vmap(sample)(seeds), seeds, strict=True):
        assert_same_bits(array, sample(seed))


@calls
@pytest.mark.parametrize("dtype", WIDE_DTYPES)
def test_a_key_gives_the_same_array_each_time(init, shape, dtype, x64):
    array = init(KEY, shape, dtype)
    assert array.shape == shape
    assert array.dtype == dtype
    assert_same_bits(array, init(KEY, shape, dtype))
    assert not np.array_equal(array, init(jax.random.key(1), shape, dtype))


@pytest.mark.parametrize(
    ("init", "std"),
    [
        (initializers.xavier_uniform(), (2 / (400 + 100)) ** 0.5),
        (initializers.xavier_normal(gain=2.0), 2 * (2 / (400 + 100)) ** 0.5),
        (initializers.kaiming_uniform(), (2 / 400) ** 0.5),
        (initializers.kaiming_normal(mode="fan_out"), (2 / 100) ** 0.5),
        (initializers.uniform(-1.0, 1.0), 3**-0.5),
        (initializers.normal(std=0.02), 0.02),
        (initializers.trunc_normal(std=0.5, a=-1.0, b=1.0), 0.5 * 0.879626),
        (initializers.orthogonal(gain=3.0), 3 / 400**0.5),
        (initializers.sparse(0.75, std=2.0), 1.0),
    ],
)
def test_has_its_standard_deviation_with_a_key(init: initializers.Initializer, std: float):
    x = np.asarray(init(KEY, (400, 100)))
    assert x.dtype == np.float32
    assert abs(x.std() / std - 1) < 0.02
    assert abs(x.mean()) < 0.02 * std


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_key_keeps_normals_within_their_bounds(dtype: str):
    x = np.asarray(initializers.trunc_normal(0.5, 1.3, 2.7, 4.0)(KEY, (1000,), dtype), np.float64)
    assert x.min() >= np.asarray(2.7, dtype)
    assert x.max() <= 4
    assert abs(x.mean() - 3.1359) < 0.02  # by the normal distribution's density and tail


def test_a_key_puts_zeros_elsewhere_for_every_input():
    zero = np.asarray(initializers.sparse(0.3)(KEY, (50, 40))) == 0
    assert (zero.sum(axis=1) == 12).all()
    assert len(np.unique(zero, axis=0)) == 50


@pytest.mark.parametrize("dtype", DTYPES)
def test_constants(dtype: str):
    assert_same_bits(initializers.zeros(KEY, (2, 3), dtype), np.zeros((2, 3), dtype))
    assert_same_bits(initializers.ones(KEY, (3,), dtype), np.ones(3, dtype))
    assert_same_bits(initializers.constant(0.1)(KEY, (), dtype), np.array(0.1, dtype))


def test_a_dirac_kernel_passes_channels_unchanged():
    x = jax.random.normal(KEY, (2, 9, 6))
    kernel = initializers.dirac(groups=3)(KEY, (3, 2, 6))
    y = jax.lax.conv_general_dilated(
        x, kernel, (1,), "SAME", dimension_numbers=("NWC", "WIO", "NWC"), feature_group_count=3
    )
    assert_same_bits(y, x)


@pytest.mark.parametrize(
    ("nonlinearity", "gain"),
    [
        (("linear",), 1.0),
        *(((f"conv{axes}d",), 1.0) for axes in (1, 2, 3)),
        *(((f"conv_transpose{axes}d",), 1.0) for axes in (1, 2, 3)),
        (("sigmoid",), 1.0),
        (("tanh",), 5 / 3),
        (("relu",), 2**0.5),
        (("leaky_relu",), (2 / 1.0001) ** 0.5),
        (("leaky_relu", 0.5), 1.6**0.5),
        (("selu",), 0.75),
    ],
)
def test_gains(nonlinearity: tuple, gain: float):
    assert_close(np.float64(initializers.calculate_gain(*nonlinearity)), np.float64(gain), ulp=1)


ERRORS = [
    (
        lambda rng: initializers.eye(rng, (2, 3, 4)),
        "eye: a kernel must have two axes; got shape (2, 3, 4); use shape (in, out)",
    ),
    (
        lambda rng: initializers.sparse(0.5)(rng, (4,)),
        "sparse: a kernel must have two axes; got shape (4,); use shape (in, out)",
    ),
    (
        lambda rng: initializers.sparse(1.5),
        "sparse: sparsity must be between 0.0 and 1.0; got 1.5; use sparsity=0.0",
    ),
    (
        lambda rng: initializers.dirac()(rng, (2, 3)),
        "dirac: a kernel must have 3 to 5 axes; got shape (2, 3); use shape (*window, in, out)",
    ),
    (
        lambda rng: initializers.dirac(groups=2)(rng, (2, 3, 5)),
        "dirac: groups must divide the 5 output channels; got groups=2; use groups=1",
    ),
    (
        lambda rng: initializers.orthogonal()(rng, (4,)),
        "orthogonal: a kernel must have two axes or more; got shape (4,); use shape (in, out)",
    ),
    (
        lambda rng: initializers.trunc_normal(std=0.0),
        "trunc_normal: std must be above 0; got 0.0; use constant(mean) for a spread of 0",
    ),
    (
        lambda rng: initializers.trunc_normal(a=1.0, b=0.0),
        "trunc_normal: a must be between -inf and 0.0; got 1.0; use a=-inf",
    ),
]
WRONG_DTYPES = [
    (initializers.orthogonal(), jnp.float16, "orthogonal: dtype must be float32 or float64; "
     "got float16; convert the float32 kernel"),
    (initializers.trunc_normal(), jnp.int32, "trunc_normal: dtype must be float16, bfloat16, "
     "float32 or float64; got int32; use dtype=jnp.float32"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "text"), ERRORS, ids=range(len(ERRORS)))
def test_wrong_shapes_and_options(call, text):
    rng = Generator()
    with pytest.raises(ValueError) as error:
        call(rng)
    assert str(error.value) == text
    assert rng.get_state() == Generator().get_state()


@pytest.mark.parametrize(("init", "dtype", "text"), WRONG_DTYPES, ids=["half", "integer"])
def test_wrong_dtypes(init, dtype, text):
    rng = Generator()
    with pytest.raises(TypeError) as error:
        init(rng, (3, 2), dtype)
    assert str(error.value) == text
    assert rng.get_state() == Generator().get_state()


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda x: initializers.trunc_normal(std=x),
            "trunc_normal: std must be known when the program is traced; got f32[]; "
            "pass a Python number",
        ),
        (
            initializers.sparse,
            "sparse: sparsity must be known when the program is traced; got f32[]; "
            "pass a Python number",
        ),
    ],
    ids=["trunc_normal", "sparse"],
)
def test_traced_options(make, text):
    with pytest.raises(TypeError) as error:
        jax.jit(lambda x: make(x)(KEY, (3, 2)))(0.5)
    assert str(error.value) == text


def test_orthogonal_doubles_under_jit_where_64_bit_mode_is_off():
    init = jax.jit(lambda key: initializers.orthogonal()(key, (5, 3), jnp.float64))
    kernel = np.asarray(init(KEY))
    assert kernel.dtype == np.float64
    assert_close(kernel.T @ kernel, np.eye(3), ulp=0, atol=1e-15)
