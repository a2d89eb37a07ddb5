"""What tells one training from another: readable values, and digests of what is too large for that.

They are the same in every process, on every device and in both modes of JAX's ``enable_x64``.
"""

import functools
import hashlib
import inspect
from collections.abc import Mapping
from types import CodeType
from typing import Any

import jax
import numpy as np

from jaxnn.evaluation import is_stream
from jaxnn.optim import Optimizer
from jaxnn.training.saving import plain
from jaxnn.training.settings import Settings

_DIGEST = "sha256 "


def of_training(settings: Settings, data: Any, loss_scale: Any, **trees: Any) -> dict[str, Any]:
    """All that has to be the same in a run that goes on, by name.

    Args:
        settings: Of the run; how long it is to be, and who is told, may change.
        data: As `fit` takes them.
        loss_scale: As `fit` takes it.
        trees: Its arrays before the first step, by their names as arguments.
    """
    run = settings.run
    return {
        "batch_size": run.batch_size,
        "drop_last": run.drop_last,
        "networks": run.networks,
        "loss": name_of(run.loss),
        "the code of loss, or what it captured": _digest(_code(run.loss), told(run.loss)),
        "loss_scale": told(loss_scale),
        "monitor": name_of(settings.monitor),
        "data": _of_data(data),
        "validation": _of_data(settings.validation),
        **{name: of_arrays(tree) for name, tree in trees.items()},
        **_of_optimizer(run.optimizer),
    }


def differences(saved: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What is not the same, for people."""
    pairs = {name: (saved.get(name), value) for name, value in wanted.items()}
    return [
        f"{name} differs" if any(map(_is_digest, pair)) else f"{name} is {pair[0]}, not {pair[1]}"
        for name, pair in pairs.items()
        if pair[0] != pair[1]
    ]


def of_arrays(tree: Any) -> str:
    """A digest of a pytree of arrays: their places in it, types, shapes and bytes."""
    digest = hashlib.sha256()
    for path, leaf in jax.tree.leaves_with_path(tree):
        array = np.asarray(plain(leaf), order="C")
        digest.update(f"{jax.tree_util.keystr(path)} {array.dtype} {array.shape}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
    return _DIGEST + digest.hexdigest()[:32]


def told(value: Any, seen: dict[int, Any] | None = None) -> str:
    """A text about a value that is the same in every process.

    Of functions it tells their names and, once, what they captured, as far as that cannot have
    changed since: lists and dictionaries are only named.
    """
    seen = {} if seen is None else seen
    if value is None or isinstance(value, bool | int | float | complex | str | bytes):
        return repr(value)
    if isinstance(value, np.ndarray | np.generic | jax.Array) and value.dtype != object:
        return of_arrays(value)
    if isinstance(value, tuple):
        return f"({', '.join(told(each, seen) for each in value)})"
    function = _unwrapped(value)
    if isinstance(function, functools.partial):
        bound = (*function.args, *sorted(function.keywords.items()))
        return told(function.func, seen) + told(bound, seen)
    captured = () if id(function) in seen else _captured(function)
    seen[id(function)] = function
    return name_of(function) + (f"[{told(captured, seen)}]" if captured else "")


def name_of(value: Any) -> str:
    """The qualified name of a function, or of another object's type."""
    if value is None:
        return "None"
    function = _unwrapped(value)
    if isinstance(function, functools.partial):
        return name_of(function.func)
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"


def _unwrapped(value: Any) -> Any:
    """The function in what `jax.jit` and other decorators made of it."""
    return inspect.unwrap(value) if callable(value) else value


def _captured(function: Any) -> tuple[Any, ...]:
    """The values that a function took from where it was made."""
    defaults = getattr(function, "__defaults__", None) or ()
    named = getattr(function, "__kwdefaults__", None) or {}
    cells = getattr(function, "__closure__", None) or ()
    return (*defaults, *sorted(named.items()), *map(_content, cells))


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # of a name that was not given a value yet
        return None


def _code(value: Any) -> str:
    """What a function does, as Python compiled it."""
    function = _unwrapped(value)
    while isinstance(function, functools.partial):
        function = _unwrapped(function.func)
    code = getattr(function, "__code__", None)
    return "" if code is None else _compiled(code)


def _compiled(code: CodeType) -> str:
    constants = [_compiled(x) if isinstance(x, CodeType) else _constant(x) for x in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {constants}"


def _constant(value: Any) -> str:
    return repr(sorted(map(repr, value)) if isinstance(value, frozenset) else value)


def _of_optimizer(optimizer: Any) -> dict[str, Any]:
    if isinstance(optimizer, Optimizer):
        given = optimizer.hyperparameters
        return {f"{name} of optimizer": told(value) for name, value in given.items()}
    return {"optimizer": _digest(told(tuple(optimizer)))}


def _of_data(data: Any) -> str:
    """Arrays by what is in them; of a function its name, of a stream nothing."""
    if data is None or callable(data):
        return name_of(data)
    return "a stream" if is_stream(data) else of_arrays(data)


def _digest(*texts: str) -> str:
    return _DIGEST + hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_DIGEST)
