"""The builder: from one row of a table, every face that torch gives an operation.

A row is a name, a line of documentation, the faces it has, and `prepare`: a function with torch's
arguments that checks them and says what is to be computed, as a `Call`. From it `define` makes the
function, the method, the in-place twin, the ``out=`` form and the operators.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from jaxnn.torch.operations.definition import declaration
from jaxnn.torch.operations.definition.arguments import of_method, operand, require_tensor, taking
from jaxnn.torch.operations.definition.call import apply, apply_in_place, apply_out
from jaxnn.torch.tensor import Tensor, of_array

_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
_SLOTS = ("add", "mul", "and", "or", "xor")
"""Operators whose reflected form is a slot of the class in torch, and not a function."""


@dataclass(frozen=True)
class Operation:
    """A row: torch's name for an operation, how to prepare it, and the faces it has.

    Attributes:
        name: torch's name.
        prepare: takes torch's arguments, the tensor first; returns the `Call`; with
            signatures perhaps the result itself.
        doc: one line.
        function: whether there is ``torch.name``; else `define` returns it for internal use.
        method: whether there is ``Tensor.name``.
        twin: whether there is ``Tensor.name_``.
        out: whether the function takes ``out=``.
        operator: the binary operator's name, as in ``add`` of ``__add__``.
        numbers: whether the first argument may be a Python number.
        sequence: whether the first argument is a sequence of tensors.
        signatures: torch's, of the function; without them `prepare`'s own parameters are torch's.
        out_type: what the type of ``out=`` means, where there are signatures.
    """

    name: str
    prepare: Callable[..., Any]
    doc: str
    function: bool = True
    method: bool = True
    twin: bool = False
    out: bool = True
    operator: str | None = None
    numbers: bool = False
    sequence: bool = False
    signatures: tuple[str, ...] = ()
    out_type: declaration.OutType = "cast"


#: Every operation by name: the table that the tests go through.
OPERATIONS: dict[str, Operation] = {}


def define(operation: Operation) -> Callable[..., Any]:
    """Build the faces of an operation, attach them to `Tensor`, and return the function."""
    name = operation.name
    operation.prepare.__name__ = operation.prepare.__qualname__ = name
    if not operation.signatures:
        operation = replace(operation, prepare=taking(name, operation.prepare))
    OPERATIONS[name] = operation
    if operation.method:
        setattr(Tensor, name, _named(_method(operation), operation, name))
    if operation.twin:
        setattr(Tensor, name + "_", _named(_twin(operation), operation, name + "_"))
    if operation.operator is not None:
        for face in _operators(operation):
            setattr(Tensor, face.__name__, face)
    return _named(_function(operation), operation, name)


def _named(face: Callable[..., Any], operation: Operation, name: str) -> Callable[..., Any]:
    face.__name__ = face.__qualname__ = name
    face.__module__ = "jaxnn.torch"
    home = "torch" if operation.function and name == operation.name else "torch.Tensor"
    public = name.replace("special_", "special.")
    in_place = "\n\nWrites into the tensor itself and returns it." * (name != operation.name)
    face.__doc__ = f"{operation.doc}{in_place}\n\nSource: ``{home}.{public}``."
    return face


def _function(operation: Operation) -> Callable[..., Any]:
    prepare, name = operation.prepare, operation.name
    if operation.signatures:
        return declaration.function(name, operation.signatures, prepare, operation.out_type)
    lenient = operation.numbers or operation.sequence

    def function(*args: Any, **kwargs: Any) -> Any:
        out = kwargs.pop("out", None) if operation.out else None
        if args and not lenient and not isinstance(args[0], Tensor):
            args = (require_tensor(args[0], name, "input", 1), *args[1:])
        call = prepare(*args, **kwargs)
        return apply(call) if out is None else apply_out(call, out)

    return function


def _method(operation: Operation) -> Callable[..., Any]:
    prepare = operation.prepare
    if operation.signatures:
        return declaration.method(operation.name, operation.signatures, prepare)

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        try:
            return apply(prepare(self, *args, **kwargs))
        except TypeError as error:
            raise of_method(error) from None

    return method


def _twin(operation: Operation) -> Callable[..., Any]:
    prepare = operation.prepare
    if operation.signatures:
        return declaration.twin(operation.name, operation.signatures, prepare, operation.out_type)

    def twin(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        try:
            return apply_in_place(prepare(self, *args, **kwargs), self)
        except TypeError as error:
            raise of_method(error, "_") from None

    return twin


def _refuse_owner(operation: Operation, owner: Any) -> Any:
    """What ``Tensor.__radd__(2, 3)`` gives, which depends on how torch made the method."""
    if operation.operator == "truediv":
        return owner.reciprocal()  # as torch begins it
    if operation.operator in _SLOTS:
        raise TypeError(
            f"descriptor '__r{operation.operator}__' for 'torch._C.TensorBase' objects doesn't "
            f"apply to a '{type(owner).__name__}' object"
        )
    return NotImplemented


def _operators(operation: Operation) -> list[Callable[..., Any]]:
    prepare, numbers = operation.prepare, operation.numbers
    name = operation.operator
    whole = name in ("eq", "ne")  # which NumPy leaves to the tensor

    def forward(self: Tensor, other: Any) -> Any:
        right = of_array(other) if whole and isinstance(other, np.ndarray) else operand(other)
        if right is None or not (numbers or isinstance(right, Tensor)):
            return NotImplemented
        return apply(prepare(self, right))

    def reflected(self: Tensor, other: Any) -> Any:
        left = operand(other)
        if not isinstance(self, Tensor):
            return _refuse_owner(operation, self)
        if left is None and name == "truediv" and isinstance(other, np.ndarray):
            return self.reciprocal() * other  # alone among the operators, in torch too
        return NotImplemented if left is None else apply(prepare(left, self))

    def in_place(self: Tensor, other: Any) -> Any:
        right = operand(other)
        return NotImplemented if right is None else apply_in_place(prepare(self, right), self)

    faces = {"": forward}
    if operation.numbers and name not in _COMPARISONS:
        faces["r"] = reflected
        if operation.twin:
            faces["i"] = in_place
    for prefix, face in faces.items():
        face.__name__ = face.__qualname__ = f"__{prefix}{name}__"
    return list(faces.values())
