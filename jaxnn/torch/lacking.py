"""What torch has and the adapter lacks: errors that name it and the way to do it in JAX.

Torch's public names are in ``torch_names.json``, so that a name that torch has never heard of stays
an ``AttributeError`` with torch's text.
"""

import dis
import functools
import json
import sys
from importlib import resources
from typing import Any

from jaxnn.torch.remedies import remedy


class LackingError(NotImplementedError, AttributeError):
    """Something of torch's that jaxnn.torch lacks; ``hasattr`` says False of it."""


class LackingImportError(NotImplementedError, ImportError):
    """The same, where ``from ... import`` asks: Python itself would not say how else to do it."""


def attribute(owner: Any, name: str) -> Exception:
    """The error for an attribute that a tensor has not."""
    if name in torch_names("Tensor"):
        return method(name)
    return AttributeError(f"'{type(owner).__name__}' object has no attribute '{name}'")


def method(name: str) -> LackingError:
    """The error for a method of torch's tensors that the adapter lacks."""
    return LackingError(f"jaxnn.torch has no Tensor.{name}. {remedy('Tensor', name)}.")


def function(module: str, name: str) -> Exception:
    """The error for a name that ``module`` ("torch", "nn.functional") has not."""
    full = "torch" if module == "torch" else f"torch.{module}"
    if name in torch_names(module):
        error = LackingImportError if _is_imported() else LackingError
        return error(f"jaxnn.{full} has no {name}. {remedy(module, name)}.")
    return AttributeError(f"module '{full}' has no attribute '{name}'")


def _is_imported() -> bool:
    """Whether it is a ``from ... import`` that asks, by way of a module's ``__getattr__``."""
    asking = sys._getframe(3)
    return asking.f_code.co_code[asking.f_lasti] == dis.opmap["IMPORT_FROM"]


def argument(operation: str, name: str, instead: str) -> LackingError:
    """The error for an argument of an operation that the adapter does not take.

    >>> str(argument("svd", "driver", "JAX chooses its own"))
    'jaxnn.torch takes no driver= for svd. JAX chooses its own.'
    """
    return LackingError(f"jaxnn.torch takes no {name}= for {operation}. {instead}.")


def torch_names(owner: str) -> frozenset[str]:
    """The public names of one of torch's modules or classes, whether they are here or not."""
    return _names()[owner]


@functools.cache
def _names() -> dict[str, frozenset[str]]:
    return {owner: frozenset().union(*found.values()) for owner, found in families().items()}


@functools.cache
def families() -> dict[str, dict[str, list[str]]]:
    """The public names of torch's modules and of its tensors, in families."""
    text = resources.files("jaxnn.torch").joinpath("torch_names.json").read_text()
    found = json.loads(text)
    del found["release"]
    return found
