"""What is there of ``torch.nn``: `functional`."""

from typing import Any

from jaxnn.torch import lacking
from jaxnn.torch.nn import functional as functional


def __getattr__(name: str) -> Any:
    raise lacking.function("nn", name)
