"""Make activations.npz: torch's values and gradients of every activation, at edges and between.

Run from the root of the repository: python -m tests.golden.make_activations
"""

import ml_dtypes
import numpy as np

from tests import torch_core
from tests.activation_cases import ALONG_AN_AXIS, DTYPES, ELEMENTWISE, Case

KINKS = (0.0, 0.3, 0.5, 1.0, 2.0, 3.0, 6.0, 20.0)
BETWEEN = (1e-3, 0.1, 0.75, 1.25, 1.5, 2.5, 4.0, 5.0, 8.0, 10.0, 15.0, 50.0, 88.0, 90.0, 1e3, 1e4)


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


def cotangent_of(case: Case, x: np.ndarray) -> np.ndarray:
    """Ones make a gradient the derivative; along an axis they would hide all but its sum."""
    value = torch_core.activation(case)(torch_core.to_torch(x))
    if "axis" not in dict(case.options):
        return np.ones(value.shape, x.dtype)
    return np.linspace(0.5, 1.5, value.numel()).reshape(value.shape).astype(x.dtype)


def gradient_at_nan(case: Case, dtype: str) -> np.ndarray:
    """What nan gets where it fills torch's vectors; an array's last elements may get another."""
    x = np.full(64, np.nan).astype(dtype)
    _, gradient = torch_core.value_and_gradient(case, x, np.ones_like(x))
    return gradient[:1]


def main() -> None:
    """Write the file."""
    arrays = {}
    for case in ELEMENTWISE + ALONG_AN_AXIS:
        for dtype in DTYPES:
            x = rows(dtype) if "axis" in dict(case.options) else edges(dtype)
            cotangent = cotangent_of(case, x)
            parts = x, cotangent, *torch_core.value_and_gradient(case, x, cotangent)
            for name, part in zip(("x", "cotangent", "value", "gradient"), parts, strict=True):
                arrays[f"{case}|{dtype}|{name}"] = part
            if case in ELEMENTWISE:
                arrays[f"{case}|{dtype}|gradient at nan"] = gradient_at_nan(case, dtype)
    torch_core.save_golden(__file__, arrays)


if __name__ == "__main__":
    main()
