"""First values that are compared with torch: one row for jaxnn and for torch alike."""

import functools
import hashlib
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn
from tests.activation_cases import DTYPES
from tests.layer_cases import torch_shape

FLOAT32 = ("float32",)
# A block of normals has 16 numbers, the engine's 624 words; these are above, below and between.
SHAPES = ((5, 7), (3, 2), (3, 3, 8, 40))
BOUNDS = (
    {},  # little cut off, and then more
    {"mean": 0.5, "std": 2.0, "a": -1.0, "b": 1.0},
    {"mean": 0.5, "std": 1.3, "a": 2.7, "b": 4.0},  # so little left that candidates are drawn
    {"mean": 0.37, "std": 0.77, "a": -3.0, "b": -0.3},
)
Options = tuple[tuple[str, Any], ...]


class Initializer(NamedTuple):
    """A call of an initialiser: its options, and jaxnn's shape."""

    name: str
    options: Options
    shape: tuple[int, ...]
    dtype: str

    def __str__(self) -> str:
        return f"{self.name}({_written(self.options)}){list(self.shape)} {self.dtype}"


class Layer(NamedTuple):
    """A call that makes the first parameters of a layer."""

    name: str
    arguments: tuple[Any, ...]
    options: Options
    dtype: str

    def __str__(self) -> str:
        return f"{self.name}{self.arguments}({_written(self.options)}) {self.dtype}"


def _written(options: Options) -> str:
    return ", ".join(f"{name}={value}" for name, value in options)


def _initializers() -> list[Initializer]:
    def rows(dtypes: tuple[str, ...], name: str, *shapes: tuple[int, ...], **options: Any) -> list:
        chosen = tuple(options.items())
        return [Initializer(name, chosen, shape, dtype) for shape in shapes for dtype in dtypes]

    table = rows(FLOAT32, "trunc_normal", (5,))
    for bounds in BOUNDS:
        table += rows(DTYPES, "trunc_normal", SHAPES[0], **bounds)
        table += rows(FLOAT32, "trunc_normal", *SHAPES[1:], **bounds)
    for fraction in (0.0, 0.31, 1.0):
        table += rows(FLOAT32, "sparse", (40, 30), sparsity=fraction)
    table += rows(DTYPES, "sparse", (5, 7), sparsity=0.5, std=2.0)
    table += rows(FLOAT32, "sparse", (7, 1), (0, 3), (3, 0), sparsity=0.5)
    table += rows(FLOAT32, "dirac", (3, 2, 4), (4, 3, 5, 2), (1, 2, 3, 2, 2))
    table += rows(DTYPES, "dirac", (3, 2, 6), groups=3) + rows(DTYPES, "eye", (3, 5), (5, 3))
    return table + rows(FLOAT32, "ones", (3, 2)) + rows(FLOAT32, "zeros", (3,))


def _layers() -> list[Layer]:
    def rows(dtypes: tuple[str, ...], name: str, *arguments: Any, **options: Any) -> list:
        return [Layer(name, arguments, tuple(options.items()), dtype) for dtype in dtypes]

    table = rows(FLOAT32, "embedding", 3, 2) + rows(DTYPES, "embedding", 50, 7, padding_idx=3)
    table += rows(FLOAT32, "embedding", 50, 7, padding_idx=-1)
    for name in ("conv", "conv_transpose"):
        table += rows(FLOAT32, name, 2, 3, (5,)) + rows(DTYPES, name, 6, 4, (3, 2), groups=2)
        table += rows(FLOAT32, name, 3, 5, (2, 3, 1), bias=False)
    both = {"num_layers": 2, "bidirectional": True}
    table += rows(FLOAT32, "rnn", 3, 4) + rows(DTYPES, "rnn", 7, 5, **both)
    table += rows(FLOAT32, "gru", 7, 5, bidirectional=True) + rows(FLOAT32, "gru", 7, 5, bias=False)
    table += rows(FLOAT32, "lstm", 7, 5, num_layers=3)
    table += rows(FLOAT32, "lstm", 7, 5, **both, proj_size=3)
    for options in ({"bias": False}, {"add_bias_kv": True}, {"kdim": 3, "vdim": 5}):
        table += rows(FLOAT32, "multihead_attention", 8, **options)
    table += rows(DTYPES, "transformer_encoder_layer", 8, 12)
    return table + rows(FLOAT32, "transformer_encoder_layer", 8, 12, bias=False)


INITIALIZERS = _initializers()
LAYERS = _layers()
# LAPACK is another's: bits differ, by what `orthogonal` says.
ORTHOGONALS = [(shape, dtype) for shape in SHAPES for dtype in ("float32", "float64")]

# As many seeds of one network as the speed of vmap is promised for.
SEEDS = 1000
SIZES = (64, 128, 64, 10)


def initialised(case: Initializer, rng: jaxnn.random.Generator) -> np.ndarray:
    """The array in torch's layout."""
    init = getattr(jaxnn.initializers, case.name)
    if case.name not in ("eye", "ones", "zeros"):  # which have no options
        init = init(**dict(case.options))
    return to_torchs_layout(init(rng, case.shape, case.dtype))


def parameters(case: Layer, rng: jaxnn.random.Generator | jax.Array) -> dict[str, np.ndarray]:
    """The arrays by torch's names and in torch's layout."""
    init = getattr(jaxnn, f"init_{case.name}")
    params = init(rng, *case.arguments, **dict(case.options), dtype=case.dtype)
    if isinstance(params, jaxnn.Conv):
        params = {"weight": to_torchs_layout(params.kernel), "bias": params.bias}
    elif not isinstance(params, dict):
        params = {"weight": params}
    return {name: np.asarray(x) for name, x in params.items() if x is not None}


@functools.cache
def networks() -> tuple[jaxnn.Dense, ...]:
    """The parameters of a network from each of the seeds."""

    def network(seed: jax.Array) -> tuple[jaxnn.Dense, ...]:
        return jaxnn.init_mlp(jaxnn.random.Generator().manual_seed(seed), SIZES)

    return jax.jit(jax.vmap(network))(jnp.arange(SEEDS))


def to_torchs_layout(kernel: jax.Array) -> np.ndarray:
    """(out, in, *window) of (*window, in, out)."""
    array = np.asarray(kernel)
    if array.ndim > 1:
        array = np.moveaxis(array, (-1, -2), (0, 1))
    assert array.shape == torch_shape(kernel.shape)
    return np.ascontiguousarray(array)


def digest_of(arrays: dict[str, np.ndarray]) -> str:
    """Names, shapes and bytes, short enough to be kept many times."""
    checksum = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        checksum.update(f"{name}{array.shape}{array.dtype}".encode() + array.tobytes())
    return checksum.hexdigest()
