"""The first parameters of torch's layers: for the golden scripts and the parity tests alone."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn

from tests import torch_core
from tests.initializer_cases import SIZES, Initializer, Layer
from tests.layer_cases import torch_shape

_CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
_TRANSPOSES = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
# Heads do not change the parameters, so one will do.
LAYERS: dict[str, Callable[..., nn.Module]] = {
    "embedding": nn.Embedding,
    "conv": lambda i, o, window, **options: _CONVOLUTIONS[len(window) - 1](i, o, window, **options),
    "conv_transpose": lambda i, o, window, **options: _TRANSPOSES[len(window) - 1](
        i, o, window, **options
    ),
    "rnn": nn.RNN,
    "gru": nn.GRU,
    "lstm": nn.LSTM,
    "multihead_attention": lambda size, **options: nn.MultiheadAttention(size, 1, **options),
    "transformer_encoder_layer": lambda size, wide, **options: nn.TransformerEncoderLayer(
        size, 1, wide, **options
    ),
}


def initialised(case: Initializer, seed: int) -> np.ndarray:
    """What nn.init's function makes after ``torch.manual_seed(seed)``."""
    shape = torch_shape(case.shape)
    return torch_core.initialised(seed, case.name, dict(case.options), shape, case.dtype)


def parameters(case: Layer, seed: int) -> dict[str, np.ndarray]:
    """The state_dict of the layer made after ``torch.manual_seed(seed)``."""
    torch.manual_seed(seed)
    dtype = getattr(torch, case.dtype)
    layer = LAYERS[case.name](*case.arguments, **dict(case.options), dtype=dtype)
    return arrays_of(layer)


def arrays_of(layer: nn.Module) -> dict[str, np.ndarray]:
    """A state_dict as arrays."""
    return {name: torch_core.to_numpy(x) for name, x in layer.state_dict().items()}


def network(seed: int) -> nn.Sequential:
    """The network of many seeds, made after ``torch.manual_seed(seed)``."""
    torch.manual_seed(seed)
    layers: list[Any] = []
    for pair in pairwise(SIZES):
        layers += [nn.Linear(*pair), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
