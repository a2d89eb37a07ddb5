"""The notation of ``einsum``: which dimension of which operand has which subscript."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from jaxnn.torch.tensor import Tensor

ELLIPSIS = "."
"""Stands for all dimensions that an ellipsis covers."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Equation(NamedTuple):
    """The subscripts of each operand and of the result, a character each."""

    operands: list[str]
    output: str


def arguments(args: Sequence[Any]) -> tuple[str, Sequence[Tensor]]:
    """The equation as text and the operands, of either form of ``einsum``."""
    if len(args) < 2:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one "
            "operand and its subscripts list"
        )
    if isinstance(args[0], Tensor):
        return _from_lists(args)
    equation, *operands = args
    if len(operands) == 1 and isinstance(operands[0], tuple | list):
        operands = operands[0]
    for place, x in enumerate(operands):
        if not isinstance(x, Tensor):
            kind = type(x).__name__
            raise TypeError(f"expected Tensor as element {place} in argument 1, but got {kind}")
    return equation, operands


def _from_lists(args: Sequence[Any]) -> tuple[str, Sequence[Tensor]]:
    equation = ",".join(map(_letters, args[1::2]))
    if len(args) % 2:
        equation = ",".join(map(_letters, args[1:-1:2])) + "->" + _letters(args[-1])
    return equation, args[: len(args) // 2 * 2 : 2]


def _letters(subscripts: Sequence[Any]) -> str:
    return "".join("..." if each is Ellipsis else _letter(each) for each in subscripts)


def _letter(subscript: int) -> str:
    if not 0 <= subscript < len(_LETTERS):
        raise ValueError(
            "einsum(): subscript in subscript list is not within the valid range [0, 52)"
        )
    return _LETTERS[subscript]


def parse(text: str, count: int) -> Equation:
    """Read an equation of as many operands; where it has no result, all that occur once are it."""
    left, arrow, right = text.partition("->")
    operands = [""]
    for place, character in enumerate(left):
        number = len(operands) - 1
        if character == ",":
            if len(operands) == count:
                raise _fewer()
            operands.append("")
        else:
            where = f"operand {number}"
            operands[-1] = _with(operands[-1], left, place, 0, where, "", "for which an")
    if len(operands) < count:
        raise RuntimeError("einsum(): more operands were provided than specified in the equation")
    if not arrow:
        return Equation(operands, _implied(operands))
    output = ""
    for place in range(len(right)):
        output = _with(output, right, place, len(left) + 2, "output", " (...)", "but an")
    _check_output(operands, output)
    return Equation(operands, output)


def _fewer() -> RuntimeError:
    return RuntimeError("einsum(): fewer operands were provided than specified in the equation")


def _with(found: str, text: str, place: int, start: int, where: str, dots: str, again: str) -> str:
    """The subscripts with that at ``place``; an ellipsis counts where its last point stands."""
    character = text[place]
    if character == " " or (character in _LETTERS):
        return found + character.strip()
    if character != ".":
        raise RuntimeError(
            f"einsum(): invalid subscript given at index {start + place} in the equation string, "
            "subscripts must be in [a-zA-Z]"
        )
    before = len(text[: place + 1]) - len(text[: place + 1].rstrip("."))
    run = before + len(text[place + 1 :]) - len(text[place + 1 :].lstrip("."))
    if run % 3:
        raise RuntimeError(
            f"einsum(): found '.' for {where} that is not part of any ellipsis{dots}"
        )
    if before % 3 == 1 and ELLIPSIS in found:
        raise RuntimeError(
            f"einsum(): found '.' for {where} {again} ellipsis{dots} was already found"
        )
    return found + ELLIPSIS * (before % 3 == 1)


def _implied(operands: Sequence[str]) -> str:
    together = "".join(operands)
    once = [each for each in sorted(set(together) - {ELLIPSIS}) if together.count(each) == 1]
    return ELLIPSIS * (ELLIPSIS in together) + "".join(once)


def _check_output(operands: Sequence[str], output: str) -> None:
    for each in output:
        if output.count(each) > 1:
            raise RuntimeError(
                f"einsum(): output subscript {each} appears more than once in the output"
            )
        if each != ELLIPSIS and not any(each in operand for operand in operands):
            raise RuntimeError(
                f"einsum(): output subscript {each} does not appear in the equation for any input "
                "operand"
            )


Subscript = str | int
"""A letter, or the number of a dimension that an ellipsis covers."""


def resolve(
    equation: Equation, shapes: Sequence[Sequence[int]]
) -> tuple[list[list[Subscript]], list[Subscript], list[Subscript]]:
    """The subscripts of each operand's dimensions, of the result's, and all in order."""
    covered = [
        _covered(labels, len(shape), place)
        for place, (labels, shape) in enumerate(zip(equation.operands, shapes, strict=True))
    ]
    most = max(covered, default=0)
    operands = [
        _expanded(labels, range(most - count, most))
        for labels, count in zip(equation.operands, covered, strict=True)
    ]
    output = _expanded(equation.output, range(most))
    _check_sizes(operands, shapes)
    found = {each for labels in operands for each in labels} - set(output)
    rest = sorted(found, key=lambda each: (isinstance(each, str), each))
    return operands, output, [*output, *rest]


def _expanded(labels: str, covered: Sequence[int]) -> list[Subscript]:
    found: list[Subscript] = []
    for each in labels:
        found.extend(covered if each == ELLIPSIS else [each])
    return found


def _covered(labels: str, ndim: int, place: int) -> int:
    """How many dimensions of an operand its ellipsis covers."""
    count = len(labels.replace(ELLIPSIS, ""))
    if ELLIPSIS in labels:
        if count > ndim:
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({count}) is more than the "
                f"number of dimensions ({ndim}) for operand {place}"
            )
        return ndim - count
    if count != ndim:
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({count}) does not match the "
            f"number of dimensions ({ndim}) for operand {place} and no ellipsis was given"
        )
    return 0


def _check_sizes(operands: Sequence[Sequence[Subscript]], shapes: Sequence[Sequence[int]]) -> None:
    known: dict[Subscript, int] = {}
    for place, (labels, shape) in enumerate(zip(operands, shapes, strict=True)):
        own: dict[Subscript, int] = {}
        for d, (label, size) in enumerate(zip(labels, shape, strict=True)):
            if own.setdefault(label, size) != size:
                raise RuntimeError(
                    f"einsum(): subscript {label} is repeated for operand {place} but the sizes "
                    f"don't match, {size} != {own[label]}"
                )
            _check_size(label, size, known.get(label, 1), place, d)
            known[label] = size if size != 1 else known.get(label, 1)


def _check_size(label: Subscript, size: int, before: int, place: int, d: int) -> None:
    if size == before or 1 in (size, before):
        return
    if isinstance(label, int):
        raise RuntimeError(
            f"einsum(): dimension {d} covered by ellipsis in operand {place}has size {size} which "
            f"does not broadcast with previously seen ellipsis with size {before} for the "
            "respective dimension"
        )
    raise RuntimeError(
        f"einsum(): subscript {label} has size {size} for operand {place} which does not "
        f"broadcast with previously seen size {before}"
    )
