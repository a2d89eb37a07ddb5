"""The builder of view operations: tensors that share storage with their base.

A row is a name, a function from a layout to a layout (or several), torch's signatures and a line of
documentation. From it `define` makes the function, the method and the in-place twin.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from jaxnn.torch import kernels
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.signatures import Signature, bind
from jaxnn.torch.size import Size
from jaxnn.torch.tensor import Tensor, wrap

_INTS = frozenset((int,))
_TUPLES = (tuple, Size)


class View(NamedTuple):
    """A view operation.

    Attributes:
        name: torch's.
        look: takes a tensor and named arguments; returns a tensor that shares its storage, or
            several.
        signatures: torch's, of the method: without the tensor.
    """

    name: str
    look: Callable[..., Any]
    signatures: tuple[str, ...]


#: Every view operation by name.
VIEWS: dict[str, View] = {}


def define(
    name: str,
    place: Callable[..., Any],
    doc: str,
    *signatures: str,
    twin: bool = False,
    function: bool = True,
    method: bool = True,
) -> Callable[..., Any]:
    """Build a view operation from ``place``, which makes a layout (or several) from a layout.

    Args:
        name: torch's.
        place: takes a layout and the arguments by torch's names.
        doc: one line.
        signatures: torch's, of the method: without the tensor.
        twin: whether there is ``Tensor.name_``.
        function: whether there is ``torch.name``.
        method: whether there is ``Tensor.name``.
    """

    def look(input: Tensor, **values: Any) -> Any:
        return _over(input, place(input._layout, **values))

    if twin:
        attach(f"{name}_", _twin(f"{name}_", place, signatures), doc)
    return offer(name, look, doc, *signatures, function=function, method=method, place=place)


def offer(
    name: str,
    look: Callable[..., Any],
    doc: str,
    *signatures: str,
    function: bool = True,
    method: bool = True,
    place: Callable[..., Any] | None = None,
) -> Callable[..., Any]:
    """Build an operation from ``look``, which takes a tensor and the arguments by torch's names.

    Where there is a ``place`` too, it is asked first for a layout, or for None where it knows none,
    and the answer is remembered for arguments that are all integers or tuples of them.
    """
    view = VIEWS[name] = View(name, look, signatures)
    parsed = tuple(map(Signature, signatures))
    placed = _remembered(name, parsed, place)

    def face(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        if not kwargs and _are_numbers(args):
            found = placed(self._layout, *args)
            if found is not None:
                return _over(self, found)
        return look(self, **bind(name, parsed, args, kwargs))

    if method:
        attach(name, face, doc)
    return document(function_of(view, place), name, doc) if function else face


def _twin(name: str, place: Callable[..., Any], signatures: Sequence[str]) -> Callable[..., Any]:
    parsed = tuple(map(Signature, signatures))

    def in_place(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        self._layout = place(self._layout, **bind(name, parsed, args, kwargs))
        return self

    return in_place


def function_of(view: View, place: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """The function of a view operation, whose first argument is the tensor."""
    name, look, signatures = view
    parsed = tuple(Signature(f"Tensor input, {each}".rstrip(", ")) for each in signatures)
    rest = tuple(map(Signature, signatures))
    for each in rest:
        each.variadic = False  # only methods take sizes one by one
    placed = _remembered(name, rest, place)

    def function(*args: Any, **kwargs: Any) -> Any:
        if args and not kwargs and type(args[0]) is Tensor and _are_numbers(args[1:]):
            found = placed(args[0]._layout, *args[1:])
            if found is not None:
                return _over(args[0], found)
        values = bind(name, parsed, args, kwargs)
        return look(values.pop("input"), **values)

    return function


def _remembered(
    name: str, signatures: tuple[Signature, ...], place: Callable[..., Any] | None
) -> Callable[..., Any]:
    """What ``place`` answers; None where it has none or raises, so that `look` raises instead."""

    @functools.lru_cache(maxsize=4096)
    def placed(layout: Layout, *args: Any) -> Any:
        try:
            return place and place(layout, **bind(name, signatures, args, {}))
        except (IndexError, RuntimeError, TypeError, ValueError):
            return None

    return placed


def _are_numbers(args: Sequence[Any]) -> bool:
    """Whether arguments are ints and tuples of them, and not equal ones of other types."""
    for each in args:
        kind = type(each)
        if kind is not int and (kind not in _TUPLES or not _INTS.issuperset(map(type, each))):
            return False
    return True


def _over(base: Tensor, found: Any) -> Any:
    """The tensor, or the tensors, over a base's storage with these layouts."""
    if type(found) is Layout:
        return wrap(base._storage, found, base._dtype)
    return tuple(wrap(base._storage, each, base._dtype) for each in found)


def attach(
    name: str, face: Callable[..., Any], doc: str, twin: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Name a method, attach it to `Tensor` with its in-place twin, and return it."""
    faces = {name: face} if twin is None else {name: face, name + "_": twin}
    for each, method in faces.items():
        setattr(Tensor, each, document(method, each, doc, "torch.Tensor"))
    return face


def attach_property(
    name: str,
    read: Callable[[Tensor], Any],
    doc: str,
    write: Callable[[Tensor, Any], None] | None = None,
) -> None:
    """Attach an attribute to `Tensor` that is read, and perhaps written, by functions."""
    full = f"{doc}\n\nSource: ``torch.Tensor.{name}``."
    setattr(Tensor, name, property(read, write, doc=full))


def document(
    face: Callable[..., Any], name: str, doc: str, home: str = "torch"
) -> Callable[..., Any]:
    """Name and document a face of an operation as torch's."""
    face.__name__ = face.__qualname__ = name
    face.__module__ = "jaxnn.torch"
    face.__doc__ = f"{doc}\n\nSource: ``{home}.{name}``."
    return face


def copy(tensor: Tensor, layout: Layout) -> Any:
    """A new tensor of the same elements, in memory as ``layout`` says."""
    source = Source(tensor._storage, tensor._layout)
    return apply(Call(kernels.identity, (source,), (Result(layout, tensor._dtype),)))
