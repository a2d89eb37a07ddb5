"""One operation on one of the database's samples: torch's behaviour against the adapter's.

Everything is compared that a user can see: whether it raises and which type, values within
``torch.testing``'s default tolerances, types, shapes, strides, which results share memory with which
arguments, and what became of the arguments.
"""

import copy
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch

import jaxnn.torch
from tests.parity.conformance.translation import Memory, Untranslatable, function, named, to_torch

SEED = 3


class Outcome(NamedTuple):
    """What a call gave: its result, or the type of what it raised."""

    result: Any = None
    error: BaseException | None = None


class Face(NamedTuple):
    """A way to call an operation: as function, method, in place, with ``out=``, an operator."""

    name: str
    torchs: Callable[..., Any]
    ours: Callable[..., Any]


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
    for face, torchs in variants.items():
        if torchs is not None:
            yield Face(face, torchs, _ours(op, face, torchs))
    if op.supports_out:
        yield Face("out", op.op, _ours(op, "function", op.op))


def _ours(op: Any, face: str, torchs: Any) -> Callable[..., Any]:
    """The adapter's counterpart, looked up when it is called: what lacks, fails there."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if face in ("method", "inplace"):
            found = getattr(jaxnn.torch.Tensor, torchs.__name__)
        else:
            found = function(torchs, op.name if face == "function" else face.removeprefix("alias "))
        return found(*args, **kwargs)

    return call


def compare(face: Face, sample: Any) -> str | None:
    """What differs between torch and the adapter for a sample, or None."""
    theirs = copy.deepcopy((sample.input, *sample.args)), copy.deepcopy(sample.kwargs)
    theirs = _detached(theirs)
    memory = Memory()
    try:
        ours = memory(theirs)
        expected_out = None
        if face.name == "out":
            reference = _call(face.torchs, *_copied(theirs))
            if reference.error is not None:
                return None
            expected_out = _empty_like(reference.result)
            if expected_out is None:
                return None
            ours[1]["out"] = Memory()(expected_out)
            theirs[1]["out"] = expected_out
    except Untranslatable:
        return None
    expected, got = _call(face.torchs, *theirs), _call(face.ours, *ours)
    return (
        _difference(expected, got)
        or _difference(
            Outcome(list(_tensors(theirs))), Outcome(list(_tensors(ours))), "the arguments then: "
        )
        or _sharing(theirs, expected.result, ours, got.result)
    )


def _copied(call: Any) -> Any:
    return copy.deepcopy(call)


def _detached(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        if isinstance(value, torch.Size):
            return value
        return type(value)(map(_detached, value))
    if isinstance(value, dict):
        return {key: _detached(each) for key, each in value.items()}
    return value


def _empty_like(result: Any) -> Any:
    if isinstance(result, torch.Tensor):
        return torch.empty_like(result)
    if isinstance(result, tuple) and all(isinstance(each, torch.Tensor) for each in result):
        return tuple(torch.empty_like(each) for each in result)
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


def _difference(expected: Outcome, got: Outcome, where: str = "") -> str | None:
    if expected.error is not None or got.error is not None:
        return _difference_of_errors(expected.error, got.error)
    return _difference_of_values(expected.result, got.result, where)


def _difference_of_errors(expected: Any, got: Any) -> str | None:
    if got is None:
        return f"raises nothing; torch {type(expected).__name__}: {expected}"
    if expected is None:
        return f"raises {type(got).__name__}: {got}"
    if type(got) is type(expected) or type(expected).__name__ == "OutOfMemoryError":
        return None
    return f"raises {type(got).__name__}: {got}; torch {type(expected).__name__}: {expected}"


def _difference_of_values(expected: Any, got: Any, where: str) -> str | None:
    if isinstance(expected, torch.Tensor):
        return _difference_of_tensors(expected, got, where)
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or len(expected) != len(got):
            return f"{where}{got!r} instead of {expected!r}"
        if hasattr(expected, "_fields") or hasattr(expected, "n_sequence_fields"):
            names = [n for n in dir(expected) if n in dir(got) or not n.startswith("_")]
            lacks = [n for n in names if not hasattr(got, n) and not n.startswith("n_")]
            if lacks:
                return f"{where}the result has no {lacks}"
        pairs = enumerate(zip(expected, got, strict=True))
        found = (_difference_of_values(a, b, f"{where}[{i}] ") for i, (a, b) in pairs)
        return next((each for each in found if each), None)
    try:
        torch.testing.assert_close(got, expected, equal_nan=True)
    except (AssertionError, TypeError):
        if str(got) != str(expected):
            return f"{where}{got!r} instead of {expected!r}"
    return None


def _difference_of_tensors(expected: torch.Tensor, got: Any, where: str) -> str | None:
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
    try:
        torch.testing.assert_close(
            to_torch(got),
            expected.detach().resolve_conj().resolve_neg().contiguous(),
            equal_nan=True,
            check_stride=False,
        )
    except AssertionError as error:
        return f"{where}{error}"
    return None


def _tensors(value: Any) -> Iterator[Any]:
    if isinstance(value, torch.Tensor | jaxnn.torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _tensors(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _tensors(each)


def _sharing(theirs: Any, expected: Any, ours: Any, got: Any) -> str | None:
    """Whether each result lies in the memory of the same arguments, or is one of them."""
    pairs = zip(_tensors(expected), _tensors(got), strict=True)
    for i, (a, b) in enumerate(pairs):
        for j, (x, y) in enumerate(zip(_tensors(theirs), _tensors(ours), strict=True)):
            if (a is x) != (b is y):
                return f"result {i} {'is' if a is x else 'is not'} argument {j} in torch"
            torchs = (
                a.numel() > 0 and a.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
            )
            adapters = b.numel() > 0 and b._storage is y._storage
            if torchs != adapters:
                return (
                    f"result {i} {'shares' if torchs else 'does not share'} argument {j}'s memory"
                )
    return None
