"""What tells one training from another: readable values, and digests of what is too large for that.

They are the same in every process, on every device and in both modes of JAX's ``enable_x64``.
"""

import dataclasses
import functools
import hashlib
import inspect
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any

import jax
import numpy as np

from jaxnn.evaluation import is_stream
from jaxnn.optim import Optimizer
from jaxnn.training.saving import plain
from jaxnn.training.settings import Settings

_DIGEST = "sha256 "
#: Their text is all there is to them.
_PLAIN: tuple[Any, ...] = (
    types.NoneType, types.EllipsisType, bool, int, float, complex, str, bytes, range, np.dtype,
)  # fmt: skip


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
        "the code of loss, or what it captured": _digest(told(run.loss, lists=False)),
        "loss_scale": told(loss_scale),
        "monitor": name_of(settings.monitor),
        "data": _of_data(data),
        "validation": _of_data(settings.validation),
        "profile of rng": told(getattr(trees.get("rng"), "profile", None)),
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
        dtype = getattr(leaf, "dtype", array.dtype)  # of keys, which algorithm's they are
        digest.update(f"{jax.tree_util.keystr(path)} {dtype} {array.shape}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
    return _DIGEST + digest.hexdigest()[:32]


def told(value: Any, seen: dict[int, Any] | None = None, *, lists: bool = True) -> str:
    """A text about a value that is the same in every process.

    Of functions and other callables it tells names, code, what they captured and attributes; of
    objects that are neither these nor collections nor dataclasses, only the type.

    Args:
        value: Anything.
        seen: What was told already, by ``id``: it is numbered, and told once.
        lists: Whether to look into lists and sets, or only name them: they may have grown since.
    """
    seen, value = {} if seen is None else seen, _unjitted(value)
    if isinstance(value, np.ndarray | np.generic | jax.Array) and value.dtype != object:
        return of_arrays(value)
    for kind in _PLAIN:
        if isinstance(value, kind):
            return kind.__repr__(value)  # that of a subclass may hold an address
    if isinstance(value, tuple) and not callable(value):
        return f"({', '.join(told(each, seen, lists=lists) for each in value)})"
    return _told_once(value, seen, lists)


def _told_once(value: Any, seen: dict[int, Any], lists: bool) -> str:
    if id(value) in seen:
        return f"{name_of(value)} {seen[id(value)][0]}"
    seen[id(value)] = len(seen), value  # kept, so that nothing else gets this id
    if isinstance(value, frozenset) or (lists and isinstance(value, set)):
        return f"{{{', '.join(sorted(told(each, {**seen}, lists=lists) for each in value))}}}"
    inside = told(_inside(value, lists), seen, lists=lists)
    return name_of(value) + _code(value) + (f"[{inside[1:-1]}]" if inside != "()" else "")


def name_of(value: Any) -> str:
    """The qualified name of a function, or of another object's type."""
    function = _unjitted(value)
    if value is None or isinstance(value, types.ModuleType):
        return "None" if value is None else value.__name__
    if isinstance(function, functools.partial):
        return name_of(function.func)
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{getattr(named, '__module__', None)}.{named.__qualname__}"


def _unjitted(value: Any) -> Any:
    """The function that `jax.jit` was given: it does the same. Other wrappers do more."""
    inner = getattr(value, "__wrapped__", None) if isinstance(value, jax.stages.Wrapped) else None
    return value if inner is None else _unjitted(inner)


def _inside(value: Any, lists: bool) -> tuple[Any, ...]:
    """What makes a value differ from others of its name."""
    match value:
        case types.FunctionType():
            named, cells = value.__kwdefaults__ or {}, value.__closure__ or ()
            return (*(value.__defaults__ or ()), *sorted(named.items()), *map(_content, cells))
        case types.MethodType():
            return value.__func__, name_of(value.__self__), *_attributes(value.__self__)
        case functools.partial():
            return value.func, *value.args, *sorted(value.keywords.items())
        case slice():
            return value.start, value.stop, value.step
        case Enum():
            return (value.name,)
        case Mapping():
            return tuple(sorted(value.items(), key=lambda item: told(item[0])))
        case list():
            return tuple(value) if lists else ()
        case type():
            return ()
    if callable(value):
        call = inspect.getattr_static(type(value), "__call__", None)
        return *([call] if isinstance(call, types.FunctionType) else []), *_attributes(value)
    is_plain = isinstance(value, types.SimpleNamespace) or dataclasses.is_dataclass(value)
    return _attributes(value) if is_plain else ()


def _attributes(value: Any) -> tuple[Any, ...]:
    """The fields of a dataclass; of others all attributes, and the elements of a named tuple."""
    if isinstance(value, type):
        return ()
    if dataclasses.is_dataclass(value):
        names = (field.name for field in dataclasses.fields(value))
        return tuple((name, getattr(value, name, None)) for name in names)
    state: Any = object.__getstate__(value)  # with __slots__, and past what a class makes of it
    parts = state if isinstance(state, tuple) else (state,)
    named = [item for part in parts for item in (part or {}).items()]
    own = [(name, each) for name, each in named if name == "__wrapped__" or name[:2] != "__"]
    return (*(value if isinstance(value, tuple) else ()), *sorted(own, key=lambda item: item[0]))


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # of a name that was not given a value yet
        return None


def _code(value: Any) -> str:
    is_function = isinstance(value, types.FunctionType)
    return f" {_hash(_compiled(value.__code__))[:16]}" if is_function else ""


def _compiled(code: types.CodeType) -> str:
    """What a function does, as Python compiled it."""
    constants = [_compiled(x) if isinstance(x, types.CodeType) else told(x) for x in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {constants}"


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


def _digest(text: str) -> str:
    return _DIGEST + _hash(text)[:32]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_DIGEST)
