"""Discrete Fourier transforms of torch: what the adapter lacks says what JAX has.

>>> import jaxnn.torch as torch
>>> hasattr(torch.fft, "no_such_name")
False
"""

from typing import Any

from jaxnn.torch import lacking


def __getattr__(name: str) -> Any:
    raise lacking.function("fft", name)
