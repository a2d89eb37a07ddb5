"""What is there of ``torch.cuda``: whether JAX has GPUs, and how many."""

from typing import Any

import jax

from jaxnn.torch import lacking


def device_count() -> int:
    """The number of GPUs that JAX has.

    Source: ``torch.cuda.device_count``.
    """
    try:
        return len(jax.devices("gpu"))
    except RuntimeError:  # JAX has no such backend
        return 0


def is_available() -> bool:
    """Whether JAX has a GPU.

    >>> import jaxnn.torch as torch
    >>> device = "cuda" if torch.cuda.is_available() else "cpu"

    Source: ``torch.cuda.is_available``.
    """
    return device_count() > 0


def __getattr__(name: str) -> Any:
    raise lacking.function("cuda", name)
