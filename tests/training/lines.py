"""A line to fit, which compiles in no time, for what `fit` does around its steps."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn import optim
from jaxnn.training import FitResult, fit

X = np.linspace(-1, 1, 10, dtype=np.float32)
Y = 3 * X + 1
LINE = {"slope": jnp.float32(0), "offset": jnp.float32(0)}
SGD = optim.sgd(0.1, momentum=0.5)


def line_loss(params: Any, x: Any, y: Any) -> jax.Array:
    return jnp.mean((params["slope"] * x + params["offset"] - y) ** 2)


def fit_line(**options: Any) -> FitResult:
    """`fit` in three epochs of three steps, with whatever is different."""
    settings: dict[str, Any] = {
        "loss": line_loss, "params": LINE, "data": (X, Y), "optimizer": SGD, "epochs": 3,
        "batch_size": 4, "rng": jax.random.key(0), "progress": False,
    }  # fmt: skip
    return fit(**settings | options)


def assert_same(a: FitResult, b: FitResult) -> None:
    """Bit for bit, whatever was trained."""
    np.testing.assert_array_equal(a.losses, b.losses)
    jax.tree.map(np.testing.assert_array_equal, a.params, b.params)
    jax.tree.map(np.testing.assert_array_equal, a.opt_state, b.opt_state)
