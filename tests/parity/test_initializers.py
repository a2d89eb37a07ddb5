"""Initialisers, and what layers start with, against live torch: bits, and where streams stand."""

import math

import numpy as np
import pytest
import torch

from jaxnn.random import Generator
from tests import torch_core, torch_layers
from tests.comparison import assert_same_bits
from tests.initializer_cases import (
    INITIALIZERS,
    LAYERS,
    SEEDS,
    Initializer,
    Layer,
    initialised,
    networks,
    parameters,
)
from tests.layer_cases import digest, torch_shape

pytestmark = pytest.mark.filterwarnings("ignore:Initializing zero-element tensors:UserWarning")


@pytest.mark.parametrize("case", INITIALIZERS, ids=str)
def test_initializers(case: Initializer, seed: int):
    rng = Generator().manual_seed(seed)
    assert_same_bits(initialised(case, rng), torch_layers.initialised(case, seed))
    assert digest(rng.get_state()) == torch_core.state_digest()


@pytest.mark.parametrize("case", LAYERS, ids=str)
def test_layers(case: Layer, seed: int):
    rng = Generator().manual_seed(seed)
    ours, torchs = parameters(case, rng), torch_layers.parameters(case, seed)
    assert ours.keys() == torchs.keys()
    for name, array in torchs.items():
        assert_same_bits(ours[name], array)
    assert digest(rng.get_state()) == torch_core.state_digest()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("bounds", [(0.5, 1.3, 2.7, 4.0), (0.1, 3.3, -0.2, 0.3), (0, 1, -1, 1)])
def test_a_million_cut_off_normals(bounds: tuple[float, ...], seed: int):
    names = ("mean", "std", "a", "b")
    options = tuple(zip(names, bounds, strict=True))
    case = Initializer("trunc_normal", options, (1000, 1000), "float32")
    assert_same_bits(
        initialised(case, Generator().manual_seed(seed)), torch_layers.initialised(case, seed)
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "shape", [(1, 1), (5, 7), (7, 5), (8, 8), (16, 16), (64, 10), (128, 128), (3, 3, 16, 32)]
)
def test_orthogonal_within_its_bound(shape: tuple[int, ...], dtype: str, seed: int):
    """Twenty of each shape: entries within 2 eps times the condition of the normals."""
    out, *rest = torch_shape(shape)
    for i in range(seed % 1000, seed % 1000 + 20):
        rng = Generator().manual_seed(i)
        case = Initializer("orthogonal", (), shape, dtype)
        ours, torchs = initialised(case, rng), torch_layers.initialised(case, i)
        assert digest(rng.get_state()) == torch_core.state_digest()
        torch.manual_seed(i)
        normals = torch.randn(out, math.prod(rest), dtype=getattr(torch, dtype))
        bound = 2 * np.finfo(dtype).eps * np.linalg.cond(normals.double().numpy())
        assert ours.dtype == torchs.dtype
        assert np.abs(ours.astype(np.float64) - torchs).max() <= bound


def test_a_thousand_networks():
    """One vmap over as many seeds gives what torch's loop gives."""
    params = networks()
    for seed in range(SEEDS):
        network = torch_layers.arrays_of(torch_layers.network(seed))
        for i, layer in enumerate(params):
            np.testing.assert_array_equal(layer.kernel[seed].T, network[f"{2 * i}.weight"])
            assert layer.bias is not None
            np.testing.assert_array_equal(layer.bias[seed], network[f"{2 * i}.bias"])
