"""One operation on one of the database's samples: torch's behaviour against the adapter's.

Everything is compared that a user can see: whether it raises and which type, values within
``torch.testing``'s default tolerances, types, shapes, strides, which results share memory with
which arguments, what became of the arguments, and what a write into a view does to them.
"""

import copy
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch

import jaxnn.torch
from tests.parity.conformance.scope import UNINITIALISED
from tests.parity.conformance.translation import Memory, UntranslatableError, function, to_torch

SEED = 3


class Outcome(NamedTuple):
    """What a call gave: its result, or what it raised."""

    result: Any = None
    error: Exception | None = None


class Face(NamedTuple):
    """A way to call an operation: as function, method, in place, with ``out=``, as operator."""

    name: str
    torchs: Callable[..., Any]
    ours: Callable[..., Any]
    values: bool
    """Whether torch defines the values of the result, which it does not for ``empty``."""


def faces(op: Any) -> Iterator[Face]:
    """All the faces that torch gives an operation of its database."""
    variants = {
        "function": op.op,
        "method": op.method_variant,
        "inplace": op.inplace_variant,
        "operator": op.operator_variant,
        "inplace operator": op.inplace_operator_variant,
    }
    variants.update((f"alias {alias.name}", alias.op) for alias in op.aliases)
    if op.supports_out:
        variants["out"] = op.op
    for face, torchs in variants.items():
        if torchs is not None:
            yield Face(face, torchs, _ours(op, face, torchs), op.name not in UNINITIALISED)


def _ours(op: Any, face: str, torchs: Any) -> Callable[..., Any]:
    """The adapter's counterpart, looked up when it is called: what lacks, fails there."""
    name = (
        op.name
        if face in ("function", "out")
        else face.removeprefix("alias ").removeprefix("torch.")
    )
    is_method = face in ("method", "inplace") and _is_method(torchs)

    def call(*args: Any, **kwargs: Any) -> Any:
        found = getattr(args[0], torchs.__name__) if is_method else function(torchs, name)
        return found(*args[is_method:], **kwargs)

    return call


def _is_method(torchs: Any) -> bool:
    """Whether a variant is a method of tensors, not a function such as ``elu`` with its option."""
    return hasattr(torch.Tensor, getattr(torchs, "__name__", ""))


def compare(face: Face, sample: Any) -> str | None:
    """What differs between torch and the adapter for a sample, or None."""
    theirs = _detached(copy.deepcopy(((sample.input, *sample.args), sample.kwargs)))
    memory = Memory()
    try:
        ours = memory(theirs)
        if face.name == "out":
            out = _outputs(_call(face.torchs, *copy.deepcopy(theirs)).result)
            if out is None:
                return None
            theirs[1]["out"], ours[1]["out"] = out, memory(out)
    except UntranslatableError:
        return None
    expected, got = _call(face.torchs, *theirs), _call(face.ours, *ours)
    return (
        _difference(expected, got, face.values)
        or _of_values(
            list(_tensors(theirs)), list(_tensors(ours)), "the arguments then: ", face.values
        )
        or _of_sharing(theirs, expected.result, ours, got.result)
        or _of_writes(theirs, expected.result, ours, got.result)
    )


def _detached(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return value if isinstance(value, torch.Size) else type(value)(map(_detached, value))
    if isinstance(value, dict):
        return {key: _detached(each) for key, each in value.items()}
    return value


def _outputs(result: Any) -> Any:
    """Tensors to be given as ``out=`` where a call gave ``result``."""
    if isinstance(result, torch.Tensor):
        return torch.empty_like(result)
    if isinstance(result, tuple) and all(isinstance(each, torch.Tensor) for each in result):
        return tuple(map(torch.empty_like, result))
    return None


def _call(what: Callable[..., Any], args: Any, kwargs: Any) -> Outcome:
    torch.manual_seed(SEED)
    jaxnn.torch.manual_seed(SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Outcome(what(*args, **kwargs))
        except Exception as error:  # whatever torch raises is what is to be compared
            return Outcome(error=error)


def _difference(expected: Outcome, got: Outcome, values: bool) -> str | None:
    theirs, ours = expected.error, got.error
    if theirs is None and ours is None:
        return _of_values(expected.result, got.result, values=values)
    # By name, too: an exception class of torch's own, such as that of singular matrices, is ours.
    if type(theirs) is type(ours) or type(theirs).__name__ == type(ours).__name__:
        return None
    raised = "nothing" if ours is None else f"{type(ours).__name__}: {ours}"
    torchs = "nothing" if theirs is None else f"{type(theirs).__name__}: {theirs}"
    return f"raises {raised}; torch {torchs}"


def _of_values(expected: Any, got: Any, where: str = "", values: bool = True) -> str | None:
    if isinstance(expected, torch.Tensor):
        return _of_tensors(expected, got, where, values)
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or len(expected) != len(got):
            return f"{where}{got!r} instead of {expected!r}"
        pairs = enumerate(zip(expected, got, strict=True))
        found = (_of_values(a, b, f"{where}[{i}] ", values) for i, (a, b) in pairs)
        return next(filter(None, found), _of_fields(expected, got, where))
    same = expected == got or (expected != expected and got != got)
    return None if same or str(got) == str(expected) else f"{where}{got!r} instead of {expected!r}"


def _of_fields(expected: Any, got: Any, where: str) -> str | None:
    """A result with named fields, such as max's ``values`` and ``indices``, is to have them."""
    if not isinstance(expected, torch.Size) and hasattr(expected, "n_sequence_fields"):
        lacks = [n for n in type(expected).__match_args__ if not hasattr(got, n)]
        return f"{where}the result has no {lacks}" if lacks else None
    return None


def _of_tensors(expected: torch.Tensor, got: Any, where: str, values: bool) -> str | None:
    if not isinstance(got, jaxnn.torch.Tensor):
        return f"{where}a {type(got).__name__} instead of a tensor"
    for name, ours, theirs in (
        ("dtype", str(got.dtype), str(expected.dtype)),
        ("shape", tuple(got.shape), tuple(expected.shape)),
        ("stride", got.stride(), expected.stride()),
        ("offset", got.storage_offset(), expected.storage_offset()),
    ):
        if ours != theirs:
            return f"{where}{name} {ours} instead of {theirs}"
    if not values:
        return None
    plain = expected.detach().resolve_conj().resolve_neg()
    if plain.ndim > 64:  # more than can be compared
        plain, got = plain.reshape(-1), got.reshape(-1)
    try:
        torch.testing.assert_close(to_torch(got), plain, equal_nan=True)
    except AssertionError as error:
        return f"{where}{error}"
    return None


def _tensors(value: Any) -> Iterator[Any]:
    if isinstance(value, torch.Tensor | jaxnn.torch.Tensor):
        yield value
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _tensors(each)


def _memory(x: Any) -> Any:
    return x.untyped_storage().data_ptr() if isinstance(x, torch.Tensor) else x._storage.origin


def _relations(arguments: Any, result: Any) -> list[str]:
    """How each result is related to each argument: the same tensor, in its memory, or neither."""

    def relation(x: Any, y: Any) -> str:
        if x is y:
            return "is"
        return "shares" if x.numel() and _memory(x) == _memory(y) else "does not share"

    return [
        f"result {i} {relation(x, y)} argument {j}"
        for i, x in enumerate(_tensors(result))
        for j, y in enumerate(_tensors(arguments))
    ]


def _of_sharing(theirs: Any, expected: Any, ours: Any, got: Any) -> str | None:
    pairs = zip(_relations(ours, got), _relations(theirs, expected), strict=True)
    return next((f"{a} instead of: {b}" for a, b in pairs if a != b), None)


def _of_writes(theirs: Any, expected: Any, ours: Any, got: Any) -> str | None:
    """What differs once ones were written through each result that is a view of an argument."""
    arguments = {_memory(x) for x in _tensors(theirs)}
    results = zip(_tensors(expected), _tensors(got), strict=True)
    views = [(a, b) for a, b in results if _memory(a) in arguments]
    for a, b in views:
        written = _difference(
            _call(torch.Tensor.fill_, (a, 1), {}), _call(b.fill_, (1,), {}), values=True
        )
        if written:
            return f"written through: {written}"
    after = list(_tensors(theirs)), list(_tensors(ours))
    return _of_values(*after, "the arguments, written through: ") if views else None
