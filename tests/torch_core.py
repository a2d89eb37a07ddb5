"""The core's functions, computed by torch: for the golden scripts and the parity tests alone."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tests import activation_cases, loss_cases
from tests.layer_cases import digest


def to_torch(x: np.ndarray) -> torch.Tensor:
    """A tensor of the same dtype; torch has its own bfloat16."""
    if x.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(x.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(x)


def to_numpy(x: torch.Tensor) -> np.ndarray:
    """An array of the same dtype."""
    x = x.detach()
    if x.dtype == torch.bfloat16:
        return x.view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return x.numpy()


def save_golden(script: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Write golden/<name>.npz for make_<name>.py; a file keeps bfloat16 as uint16."""
    name = Path(script).stem.removeprefix("make_")
    kept = {k: x.view(np.uint16) if x.dtype == ml_dtypes.bfloat16 else x for k, x in arrays.items()}
    version = np.array(torch.__version__)
    path = Path(script).parent / f"{name}.npz"
    np.savez_compressed(path, allow_pickle=False, torch=version, **kept)


def activation(case: activation_cases.Case) -> Callable[[torch.Tensor], torch.Tensor]:
    """The function of torch that the case names, with the options by their names there."""
    options = {"dim" if k == "axis" else k: v for k, v in case.options}
    function = getattr(functional, case.name)
    if case.name == "prelu":
        return lambda x: function(x, torch.tensor([options["weight"]], dtype=x.dtype))
    return lambda x: function(x, **options)


def value_and_gradient(
    case: activation_cases.Case, x: np.ndarray, cotangent: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What the activation gives, and the gradient of its sum weighted by the cotangent."""
    tensor = to_torch(x).clone().requires_grad_()
    value = activation(case)(tensor)
    (gradient,) = torch.autograd.grad(value, tensor, to_torch(cotangent))
    return to_numpy(value), to_numpy(gradient)


def loss_and_gradients(case: loss_cases.Case, arrays: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    """The loss, and the gradients of its sum in the floating ones of its arrays."""
    given = [to_torch(arrays[name]).clone() for name in case.arrays]
    floating = [given[i].requires_grad_() for i in case.differentiated(arrays)]
    named = {name: to_torch(arrays[array]) for name, array in case.named}
    if case.loss == "ctc_loss":
        given[0] = given[0].log_softmax(-1)
    loss = getattr(functional, case.loss)(*given, **named, **dict(case.options))
    gradients = torch.autograd.grad(loss.sum(), floating, materialize_grads=True)
    return [to_numpy(x) for x in (loss, *gradients)]


def linear_parameters(seed: int, sizes: Sequence[int], dtype: str) -> list[tuple]:
    """(weight, bias) of each Linear of a Sequential made after ``torch.manual_seed(seed)``."""
    torch.manual_seed(seed)
    layers = [nn.Linear(*pair, dtype=getattr(torch, dtype)) for pair in pairwise(sizes)]
    return [(to_numpy(layer.weight), to_numpy(layer.bias)) for layer in layers]


def initialised(
    seed: int, name: str, options: Mapping[str, Any], shape: Sequence[int], dtype: str
) -> np.ndarray:
    """What nn.init's function makes of an empty tensor after ``torch.manual_seed(seed)``."""
    torch.manual_seed(seed)
    tensor = torch.empty(*shape, dtype=getattr(torch, dtype))
    return to_numpy(getattr(nn.init, f"{name}_")(tensor, **options))


def dropout(seed: int, x: np.ndarray, rate: float, function: str = "dropout") -> np.ndarray:
    """What a kind of dropout leaves of ``x`` after ``torch.manual_seed(seed)``."""
    torch.manual_seed(seed)
    return to_numpy(getattr(torch, function)(to_torch(x), rate, True))


def state_digest() -> np.ndarray:
    """Where torch's default generator stands: a digest of its 5,056 bytes."""
    return np.array(digest(torch.get_rng_state().numpy().tobytes()))
