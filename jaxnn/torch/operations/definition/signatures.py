"""torch's signatures as it writes them itself, and its errors for arguments that do not fit.

A function that torch declares in several forms has a signature for each, and the first that fits is
taken. Where none does, the message lists them in the same notation.
"""

import functools
import keyword
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from jaxnn.torch import formats
from jaxnn.torch.operations.definition.argument_types import (
    CONVERSIONS,
    PLAIN,
    TAKES,
    contents,
    name_of_type,
    what_came,
)
from jaxnn.torch.operations.definition.arguments import NUMPY_NAMES, is_int, missing, sizes

_DEFAULTS = {"None": None, "False": False, "True": True}
_ABSENT = object()


class Parameter(NamedTuple):
    """One parameter.

    Attributes:
        name: torch's.
        target: its name in Python, in which torch's ``from`` is a word of the grammar.
        type: torch's name of its type.
        default: what stands in where it is not given, if it need not be.
        nullable: whether None stands for nothing given.
        alone: whether one int stands for a tuple of it.
        plain: the types of what it takes as it is, looked at first.
    """

    name: str
    target: str
    type: str
    default: Any
    nullable: bool
    alone: bool
    plain: frozenset[Any]

    @property
    def required(self) -> bool:
        """Whether it has to be given."""
        return self.default is _ABSENT

    def takes(self, value: Any) -> bool:
        """Whether a value is of its type."""
        if value is None:
            return self.nullable
        if type(value) in self.plain:
            return True
        return TAKES[self.type](value) or (self.alone and is_int(value))

    def shown_to_take(self, value: Any) -> bool:
        """Whether torch's message about what does not fit leaves a value of its type unmarked."""
        return self.required and self.type != "Number" and self.takes(value)

    def converted(self, function: str, value: Any) -> Any:
        """A value that it takes, in Python's type."""
        if value is None or type(value) in self.plain:
            return value
        if self.type == "tuple of ints":
            several = isinstance(value, tuple | list)
            return sizes([value] if several else [(value,)], function, self.name)
        return CONVERSIONS[self.type](value) if self.type in CONVERSIONS else value


class Signature:
    """A signature such as ``"Tensor input, float p = 0.5, *, torch.Generator? generator"``.

    ``?`` marks a parameter that takes None though it has to be given, ``tuple of ints[1]`` one that
    takes a single int as well, and ``Tensor~`` one that takes a number as well; messages show none
    of these. After ``|deprecated`` they do not show the signature at all.
    """

    def __init__(self, text: str) -> None:
        text, _, mark = text.partition("|")
        self.deprecated = mark == "deprecated"
        self.text = f"({text.replace('?', '').replace('~', '').replace('[1]', '')})"
        before, _, after = text.partition("*, ")
        self.has_star = "*, " in text
        listed = [_parameter(each) for each in before.split(", ") if each]
        self.places = len(listed)
        self.parameters = listed + [_parameter(each) for each in after.split(", ") if each]
        self.names = {each.name for each in self.parameters}
        needed = [place for place, each in enumerate(self.parameters, start=1) if each.required]
        self.required, self.reach = len(needed), max(needed, default=0)
        self.defaults = {each.target: each.default for each in self.parameters}
        self.variadic = self.places == 1 and self.parameters[0].type == "tuple of ints"

    def given(self, args: Sequence[Any]) -> Sequence[Any]:
        """Arguments by position, with sizes one by one (``rand(2, 3)``) taken as one."""
        return (args,) if self.variadic and args and is_int(args[0]) else args

    def fit(
        self, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> list[tuple[Parameter, Any]] | None:
        """What is given of the parameters, or None where it does not fit."""
        count = len(args)
        if count > self.places or count + len(kwargs) < self.required:
            return None
        found = list(zip(self.parameters, args, strict=False))
        if kwargs or count < self.reach:
            for each in self.parameters[count:]:
                if each.name in kwargs:
                    found.append((each, kwargs[each.name]))
                elif each.required:
                    return None
            if len(found) != count + len(kwargs):
                return None
        for each, value in found:
            if not each.takes(value):
                return None
        return found

    def values(self, function: str, found: Sequence[tuple[Parameter, Any]]) -> dict[str, Any]:
        """The values of all parameters by their names in Python, of what `fit` found."""
        values = self.defaults.copy()
        for each, value in found:
            values[each.target] = each.converted(function, value)
        return values

    def refusal(self, function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> TypeError:
        """Torch's error for the first argument that does not fit."""
        if len(args) > self.places:
            return self._too_many(function, len(args))
        for place, each in enumerate(self.parameters):
            if place >= len(args) and each.name not in kwargs:
                if each.required:
                    absent = self.parameters[place:]
                    return missing(function, *(p.name for p in absent if p.required))
                continue
            by_position = place < len(args)
            value = args[place] if by_position else kwargs[each.name]
            if not each.takes(value):
                where = f" (position {place + 1})" * by_position
                must = f"argument '{each.name}'{where} must be {each.type.rstrip('~')}"
                return TypeError(f"{function}(): {must}, {what_came(each.type, value)}")
        return self._unexpected(function, kwargs)

    def _too_many(self, function: str, count: int) -> TypeError:
        all_needed = self.required == self.places
        takes = str(self.places) if all_needed else f"from {self.required} to {self.places}"
        plural, were = "s" * (takes != "1"), "was" if count == 1 else "were"
        text = f"{function}() takes {takes} positional argument{plural} but {count} {were} given"
        return TypeError(text)

    def _unexpected(self, function: str, kwargs: Mapping[str, Any]) -> TypeError:
        for name in kwargs:
            if name not in self.names:
                return TypeError(f"{function}() got an unexpected keyword argument '{name}'")
        twice = next(each.name for each in self.parameters if each.name in kwargs)
        return TypeError(f"{function}() got multiple values for argument '{twice}'")


def _parameter(text: str) -> Parameter:
    declared, _, default = text.partition(" = ")
    kind, _, name = declared.rpartition(" ")
    value = _default(kind, default) if default else _ABSENT
    nullable = kind.endswith("?") or value is None or value is False
    # Where torch has a number in the tensor's place, it calls it self.
    target = "input" if name == "self" else name + "_" * keyword.iskeyword(name)
    kind = kind.removesuffix("?")
    alone = kind.endswith("[1]")
    kind = kind.removesuffix("[1]")
    return Parameter(name, target, kind, value, nullable, alone, PLAIN.get(kind, frozenset()))


def _default(kind: str, text: str) -> Any:
    if text in _DEFAULTS:
        return _DEFAULTS[text]
    if kind == "torch.memory_format":
        return getattr(formats, text.removeprefix("torch."))
    if kind.startswith("tuple of ints"):
        return tuple(int(each) for each in text.strip("{}").split(",") if each)
    if kind == "str":
        return text.strip('"')
    return int(text) if kind == "int" or text.isdigit() else float(text)


def bind(
    function: str, signatures: Sequence[Signature], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Arguments by name, as the first signature that they fit has them.

    Raises:
        TypeError: they fit none; with torch's text.
    """
    named = kwargs
    if not NUMPY_NAMES.keys().isdisjoint(kwargs):
        named = _with_torch_names(signatures, kwargs)
    for each in signatures:
        found = each.fit(each.given(args), named)
        if found is not None:
            return each.values(function, found)
    count = len(args) + len(kwargs)
    shown = [s for s in signatures if not s.deprecated]
    near = [s for s in shown if s.required <= count <= len(s.parameters)]
    if len(signatures) == 1 or len(near) == 1:
        [only] = near if len(near) == 1 else signatures
        raise only.refusal(function, only.given(args), kwargs)
    raise _no_fit(function, shown, args, kwargs)


def _with_torch_names(signatures: Sequence[Signature], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by name, with NumPy's names (``axis``) in the place of torch's (``dim``)."""
    known = set().union(*(each.names for each in signatures))

    def torch_name(given: str) -> str:
        own = NUMPY_NAMES.get(given, given)
        return own if given not in known and own in known and own not in kwargs else given

    return {torch_name(name): value for name, value in kwargs.items()}


def _no_fit(
    function: str, signatures: Sequence[Signature], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> TypeError:
    by_name = [f"{name}={name_of_type(value)}" for name, value in reversed(list(kwargs.items()))]
    given = ", ".join([*map(name_of_type, args), *by_name]) + ", " * (not args and bool(kwargs))
    came = f"{function}() received an invalid combination of arguments - got ({given}), "
    if len(signatures) == 1:
        [only] = signatures
        if len(args) == len(only.parameters) + only.has_star and not kwargs:
            came = came.replace(given, _marked(only, args))
        return TypeError(f"{came}but expected {only.text}")
    lines = "".join(f" * {s.text}\n{_mismatch(s, args, kwargs)}" for s in signatures)
    return TypeError(f"{came}but expected one of:\n{lines}")


def _mismatch(signature: Signature, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Why a signature of as many parameters does not fit; torch counts the star as one."""
    if len(args) + len(kwargs) != len(signature.parameters) + signature.has_star:
        return ""
    # What has a default is not found by its name here, in torch either.
    known = {each.name for each in signature.parameters if each.required}
    wrong = ", ".join(name for name in kwargs if name not in known)
    if wrong:
        return f"      didn't match because some of the keywords were incorrect: {wrong}\n"
    types = _marked(signature, args)
    return f"      didn't match because some of the arguments have invalid types: ({types})\n"


def _marked(signature: Signature, args: Sequence[Any]) -> str:
    """The types of arguments by position, those that do not fit between exclamation marks."""
    slots: list[Parameter | None] = list(signature.parameters)
    slots[signature.places : signature.places] = [None] * signature.has_star
    pairs = zip(slots, args, strict=False)
    return ", ".join(
        name_of_type(value) if slot and slot.shown_to_take(value) else f"!{contents(value)}!"
        for slot, value in pairs
    )


def taking(
    name: str, *signatures: str, method: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function of named values one that takes arguments as torch does.

    Args:
        name: by which messages call it.
        signatures: torch's, of each form.
        method: whether the tensor comes before the arguments, and is not counted as one.

    Example:
        >>> @taking("twice", "float x, *, bool negated = False")
        ... def twice(x, negated):
        ...     return -2 * x if negated else 2 * x
        >>> twice(3, negated=True)
        -6.0
        >>> twice("a")
        Traceback (most recent call last):
        TypeError: twice(): argument 'x' (position 1) must be float, not str
    """
    parsed = tuple(map(Signature, signatures))

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def face(*args: Any, **kwargs: Any) -> Any:
            return function(*args[:method], **bind(name, parsed, args[method:], kwargs))

        return face

    return decorate
