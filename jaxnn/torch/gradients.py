"""Whether gradients are recorded, which in JAX means: whether derivatives see what is computed.

A block of `no_grad` within a function that JAX differentiates makes constants of what is computed
in it, in forward derivatives too, which torch's blocks leave alone. A block around ``jax.grad``, or
around a call of what it returns, changes nothing: as in torch, a derivative that is asked for is
not switched off from outside.
"""

import contextlib
import functools
import inspect
import threading
from collections.abc import Callable
from typing import Any, Self

import jax

from jaxnn.torch import traces


class _Flags(threading.local):
    """What is on in a thread."""

    grad = True
    inference = False
    since: Any = None  # the trace in which gradients were switched off


_FLAGS = _Flags()


def is_grad_enabled() -> bool:
    """Whether torch would record gradients here.

    Source: ``torch.is_grad_enabled``.
    """
    return _FLAGS.grad


def is_inference_mode_enabled() -> bool:
    """Whether a block of `inference_mode` is open.

    Source: ``torch.is_inference_mode_enabled``.
    """
    return _FLAGS.inference


def are_off_here() -> bool:
    """Whether gradients were switched off in the function that JAX is tracing."""
    return not _FLAGS.grad and _FLAGS.since == traces.current()


@jax.custom_jvp
def with_tangent_of(old: Any, new: Any) -> Any:
    """``new``, whose derivative is that of ``old``: what was written where nothing is recorded."""
    return new


@with_tangent_of.defjvp
def _with_tangent_of_jvp(primals: tuple[Any, Any], tangents: tuple[Any, Any]) -> tuple[Any, Any]:
    return with_tangent_of(*primals), tangents[0]


class _Block(contextlib.ContextDecorator):
    """A block in which flags have other values, and which changes nothing else."""

    def __init__(self, **flags: bool) -> None:
        self._flags = flags
        self._before: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self._before.append(_exchange(self._flags))
        return self

    def __exit__(self, *exception: object) -> None:
        _exchange(self._before.pop())

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Decorate a function; of a generator, every step is within the block."""
        return self._stepwise(func) if inspect.isgeneratorfunction(func) else super().__call__(func)

    def _stepwise(self, func: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(func)
        def stepped(*args: Any, **kwargs: Any) -> Any:
            steps = func(*args, **kwargs)
            advance, given = steps.send, None
            while True:
                try:
                    with self:
                        made = advance(given)
                except StopIteration as end:
                    return end.value
                try:
                    advance, given = steps.send, (yield made)
                except GeneratorExit:
                    with self:
                        steps.close()
                    raise
                except BaseException as error:
                    advance, given = steps.throw, error

        return stepped


def _exchange(flags: dict[str, Any]) -> dict[str, Any]:
    """Set flags, and return what they were."""
    if "grad" in flags and "since" not in flags:
        flags = {**flags, "since": None if flags["grad"] else traces.current()}
    before = {name: getattr(_FLAGS, name) for name in flags}
    for name, value in flags.items():
        setattr(_FLAGS, name, value)
    return before


class no_grad(_Block):  # noqa: N801 - torch's name
    """A ``with`` block or decorator in which everything is constant to derivatives.

    Args:
        orig_func: what is decorated, where ``no_grad`` is written without parentheses.

    Source: ``torch.no_grad``.

    >>> import jaxnn.torch as torch
    >>> with torch.no_grad():
    ...     print(torch.ones(2) + 1, torch.is_grad_enabled())
    tensor([2., 2.]) False
    >>> @torch.no_grad()
    ... def target(x):
    ...     return x * x
    >>> torch.func.grad(lambda x: (x * target(x)).sum())(torch.tensor([3.0]))
    tensor([9.])
    """

    __module__ = "jaxnn.torch"

    def __new__(cls, orig_func: Callable[..., Any] | None = None) -> Any:
        """Return the block, or a function decorated with it."""
        block = super().__new__(cls)
        if orig_func is None:
            return block
        block.__init__()
        return block(orig_func)

    def __init__(self, orig_func: Callable[..., Any] | None = None) -> None:
        super().__init__(grad=False)


class enable_grad(no_grad):  # noqa: N801 - torch's name
    """A ``with`` block or decorator that ends `no_grad` for what is in it.

    Args:
        orig_func: what is decorated, where ``enable_grad`` is written without parentheses.

    Source: ``torch.enable_grad``.
    """

    __module__ = "jaxnn.torch"

    def __init__(self, orig_func: Callable[..., Any] | None = None) -> None:
        _Block.__init__(self, grad=True)


class inference_mode(no_grad):  # noqa: N801 - torch's name
    """A ``with`` block or decorator that does what `no_grad` does.

    Args:
        mode: whether to be in the mode, or the function that is decorated.

    Source: ``torch.inference_mode``.
    """

    __module__ = "jaxnn.torch"

    def __new__(cls, mode: bool | Callable[..., Any] = True) -> Any:
        """Return the block, or a function decorated with it."""
        return super().__new__(cls, mode if callable(mode) else None)

    def __init__(self, mode: bool | Callable[..., Any] = True) -> None:
        flags = {"grad": False, "inference": True} if mode else {"inference": False}
        _Block.__init__(self, **flags)


class set_grad_enabled(_Block):  # noqa: N801 - torch's name
    """Switch gradients on or off, from now on or for a ``with`` block.

    Args:
        mode: whether they are to be on.

    Source: ``torch.set_grad_enabled``.
    """

    __module__ = "jaxnn.torch"

    def __init__(self, mode: bool) -> None:
        super().__init__(grad=mode)
        self._outside = _exchange(self._flags)

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Decorate a function: what was set by writing so is set in it only."""
        _exchange(self._outside)
        return super().__call__(func)

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        _exchange(self._outside)
