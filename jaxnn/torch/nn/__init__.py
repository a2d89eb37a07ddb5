"""What is there of ``torch.nn``: `functional` and `init`."""

from typing import Any

from jaxnn.torch import lacking
from jaxnn.torch.nn import functional as functional
from jaxnn.torch.nn import init as init


def __getattr__(name: str) -> Any:
    raise lacking.function("nn", name)
