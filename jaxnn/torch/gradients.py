"""Contexts in which torch records no gradients; here nothing ever is recorded."""

import contextlib
from collections.abc import Callable
from typing import Any


class no_grad(contextlib.ContextDecorator):  # noqa: N801 - torch's name
    """A ``with`` block or decorator that changes nothing: gradients come from ``jax.grad`` only.

    Args:
        orig_func: what is decorated, where ``no_grad`` is written without parentheses.

    Source: ``torch.no_grad``.

    >>> import jaxnn.torch as torch
    >>> with torch.no_grad():
    ...     print(torch.ones(2) + 1)
    tensor([2., 2.])
    """

    __module__ = "jaxnn.torch"

    def __new__(cls, orig_func: Callable[..., Any] | None = None) -> Any:
        """Return the block, or a function as it is."""
        return orig_func if callable(orig_func) else object.__new__(cls)

    def __init__(self, *_: Any) -> None:
        """Take what ``__new__`` took."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *exception: object) -> None:
        return None


class inference_mode(no_grad):  # noqa: N801 - torch's name
    """A ``with`` block or decorator that changes nothing, like `no_grad`.

    Args:
        mode: whether to be in the mode, or the function that is decorated.

    Source: ``torch.inference_mode``.
    """

    __module__ = "jaxnn.torch"

    def __new__(cls, mode: bool | Callable[..., Any] = True) -> Any:
        """Return the block, or a function as it is."""
        return super().__new__(cls, mode if callable(mode) else None)
