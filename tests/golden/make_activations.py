"""Make activations.npz: torch's values and gradients of every activation, at edges and between."""

from collections.abc import Callable
from pathlib import Path

import ml_dtypes
import numpy as np
import torch
from torch.nn import functional

from tests.activation_cases import ALONG_AN_AXIS, DTYPES, ELEMENTWISE, Case

KINKS = (0.0, 0.3, 0.5, 1.0, 2.0, 3.0, 6.0, 20.0)
BETWEEN = (1e-3, 0.1, 0.75, 1.25, 1.5, 2.5, 4.0, 5.0, 8.0, 10.0, 15.0, 50.0, 90.0, 1e3, 1e4)


def edges(dtype: str) -> np.ndarray:
    """Kinks and their neighbours, what lies between, the tiny, the huge, ±inf and nan."""
    info = ml_dtypes.finfo(dtype)
    kinks = np.array(KINKS, dtype)
    neighbours = [np.nextafter(kinks, np.array(end, dtype)) for end in (np.inf, -np.inf)]
    rest = np.array([*BETWEEN, 2 * float(info.tiny), float(info.max) / 8, np.inf], dtype)
    normal = np.concatenate([kinks, *neighbours, rest])
    # torch keeps subnormal numbers, XLA on a CPU takes them for 0.
    normal = normal[(normal == 0) | (np.abs(normal) >= info.tiny)]
    return np.concatenate([normal, -normal, np.array([np.nan], dtype)])


def rows(dtype: str) -> np.ndarray:
    """A matrix with ordinary, equal, far apart and infinite entries along either axis."""
    inf, nan = np.inf, np.nan
    table = [
        [0.5, -1.25, 2.0, 0.75, -3.0, 1.5],
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        [0.0, 1e4, -1e4, 50.0, -50.0, 0.0],
        [1.0, -inf, 2.0, -inf, 0.0, 0.5],
        [1.0, -inf, 2.0, 0.5, inf, 0.0],
        [nan, -inf, 0.5, 1.0, 2.0, 3.0],
    ]
    return np.array(table, dtype)


def to_torch(x: np.ndarray) -> torch.Tensor:
    """A tensor of the same dtype; torch has its own bfloat16."""
    if x.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(x.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(x)


def to_numpy(x: torch.Tensor) -> np.ndarray:
    """Bits that an .npz file can keep, bfloat16 as uint16."""
    return x.view(torch.uint16).numpy() if x.dtype == torch.bfloat16 else x.numpy()


def torch_function(case: Case) -> Callable[[torch.Tensor], torch.Tensor]:
    """The function of torch that the case names, with the options by their names there."""
    options = {"dim" if k == "axis" else k: v for k, v in case.options}
    function = getattr(functional, case.name)
    if case.name == "prelu":
        return lambda x: function(x, torch.tensor([options["weight"]], dtype=x.dtype))
    return lambda x: function(x, **options)


def torchs_value_and_gradient(
    case: Case, x: torch.Tensor, cotangent: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """What torch gives, and the gradient of its sum weighted by the cotangent."""
    x = x.clone().requires_grad_()
    value = torch_function(case)(x)
    (gradient,) = torch.autograd.grad(value, x, cotangent)
    return value.detach(), gradient


def cotangent_of(case: Case, value: torch.Tensor) -> torch.Tensor:
    """Ones make a gradient the derivative; along an axis they would hide all but its sum."""
    if "axis" not in dict(case.options):
        return torch.ones_like(value)
    return torch.linspace(0.5, 1.5, value.numel()).reshape(value.shape).to(value.dtype)


def main() -> None:
    """Write the file."""
    arrays = {"torch": np.array(torch.__version__)}
    for case in ELEMENTWISE + ALONG_AN_AXIS:
        for dtype in DTYPES:
            x = to_torch(rows(dtype) if "axis" in dict(case.options) else edges(dtype))
            cotangent = cotangent_of(case, torch_function(case)(x))
            value, gradient = torchs_value_and_gradient(case, x, cotangent)
            parts = {"x": x, "cotangent": cotangent, "value": value, "gradient": gradient}
            arrays |= {f"{case}|{dtype}|{part}": to_numpy(t) for part, t in parts.items()}
    np.savez_compressed(Path(__file__).parent / "activations.npz", allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
