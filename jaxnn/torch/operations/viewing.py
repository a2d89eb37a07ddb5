"""The builder of view operations: tensors that share storage with their base.

A row is a name, a function from a layout to a layout (or several), torch's signatures and a line of
documentation. From it `define` makes the function, the method and the in-place twin.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from jaxnn.torch import kernels
from jaxnn.torch.kernels import Source
from jaxnn.torch.layout import Layout
from jaxnn.torch.operations.call import Call, Result, apply
from jaxnn.torch.operations.signatures import Signature, bind
from jaxnn.torch.tensor import Tensor, wrap

_INTS = frozenset((int,))


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
    parsed = tuple(map(Signature, signatures))

    @functools.lru_cache(maxsize=4096)
    def place_by_numbers(layout: Layout, *numbers: int) -> Any:
        return place(layout, **bind(name, parsed, numbers, {}))

    def look(input: Tensor, **values: Any) -> Any:
        return _over(input, place(input._layout, **values))

    def face(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        if kwargs or not _INTS.issuperset(map(type, args)):
            return look(self, **bind(name, parsed, args, kwargs))
        return _over(self, place_by_numbers(self._layout, *args))

    def in_place(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        self._layout = place(self._layout, **bind(f"{name}_", parsed, args, kwargs))
        return self

    VIEWS[name] = View(name, look, signatures)
    if method:
        attach(name, face, doc, in_place if twin else None)
    if not function:
        return face
    quick = None if any(each.variadic for each in parsed) else place_by_numbers
    return document(function_of(VIEWS[name], quick), name, doc)


def offer(
    name: str,
    look: Callable[..., Any],
    doc: str,
    *signatures: str,
    function: bool = True,
    method: bool = True,
) -> Callable[..., Any]:
    """Build an operation from ``look``, which takes a tensor and the arguments by torch's names."""
    parsed = tuple(map(Signature, signatures))

    def face(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        return look(self, **bind(name, parsed, args, kwargs))

    VIEWS[name] = View(name, look, signatures)
    if method:
        attach(name, face, doc)
    return document(function_of(VIEWS[name]), name, doc) if function else face


def function_of(
    view: View, place_by_numbers: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """The function of a view operation, whose first argument is the tensor.

    ``place_by_numbers`` makes the layout where all other arguments are ints, given in order.
    """
    parsed = tuple(Signature(f"Tensor input, {each}".rstrip(", ")) for each in view.signatures)

    def function(*args: Any, **kwargs: Any) -> Any:
        if place_by_numbers and args and not kwargs and type(args[0]) is Tensor:
            numbers = args[1:]
            if _INTS.issuperset(map(type, numbers)) and _fits(parsed, len(args)):
                return _over(args[0], place_by_numbers(args[0]._layout, *numbers))
        values = bind(view.name, parsed, args, kwargs)
        return view.look(values.pop("input"), **values)

    return function


def _fits(signatures: tuple[Signature, ...], count: int) -> bool:
    return any(each.required <= count <= each.places for each in signatures)


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
