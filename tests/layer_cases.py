"""What the golden script, its tests and the parity tests initialise and drop."""

import hashlib

import numpy as np

from tests.activation_cases import DTYPES

WIDE_DTYPES = ("float32", "float64")
# (seed, sizes, dtype): odd and even counts, one block of 16 and many, nothing at all.
MLPS = [
    *((42, (17, 5, 4), dtype) for dtype in DTYPES),
    *(
        (seed, sizes, dtype)
        for seed, sizes in ((0, (3, 2, 1)), (1, (1, 1)), (2**40 + 7, (64, 48, 10)), (7, (2, 0, 3)))
        for dtype in WIDE_DTYPES
    ),
]
# (name, options, jaxnn's shape): under 16 numbers and over, convolutions of one and two axes.
INITIALIZERS = [
    ("uniform", {}, (4, 2)),
    ("uniform", {"a": -2.0, "b": 0.3}, (5, 7)),
    ("normal", {}, (5, 7)),
    ("normal", {"mean": 1.0, "std": 0.02}, (3, 2)),
    ("normal", {}, (5,)),
    ("constant", {"val": 0.3}, (2, 3)),
    ("xavier_uniform", {}, (5, 7)),
    ("xavier_uniform", {"gain": 5 / 3}, (3, 3, 2, 4)),
    ("xavier_normal", {}, (5, 7)),
    ("kaiming_uniform", {}, (5, 7)),
    ("kaiming_uniform", {"mode": "fan_out", "nonlinearity": "relu"}, (3, 2, 4)),
    ("kaiming_normal", {"nonlinearity": "tanh"}, (3, 3, 2, 4)),
    ("kaiming_normal", {"mode": "fan_out", "a": 0.2}, (5, 7)),
    ("kaiming_normal", {"nonlinearity": "selu"}, (2, 3)),
    ("xavier_uniform", {}, (0, 3)),
]
# (seed, rate, shape)
DROPOUTS = [
    (0, 0.5, (7,)),
    (1, 0.1, (5, 13)),
    (2, 0.9, (4, 3, 5)),
    (3, 1 / 3, (640,)),
    (4, 0.0, (5,)),
    (5, 1.0, (5,)),
    (6, 0.5, ()),
    (7, 0.5, (0, 3)),
    (8, 0.9999999, (5,)),  # float16 cannot hold what would be multiplied by
]
# (function, index of the row above): those of whole channels need two axes.
DROPS = [
    (function, i)
    for function in ("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout")
    for i, (_, _, shape) in enumerate(DROPOUTS)
    if len(shape) > 1 or not function.startswith("feature")
]


def digest(state: bytes) -> str:
    """A generator's state, short enough to be kept many times."""
    return hashlib.sha256(state).hexdigest()


def torch_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """(out, in, *window) for (*window, in, out)."""
    return shape if len(shape) < 2 else (shape[-1], shape[-2], *shape[:-2])


def dropout_input(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Numbers of both signs, the first infinite."""
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)
    x.reshape(-1)[:1] = np.inf
    return x
