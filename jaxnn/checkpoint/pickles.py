"""Pickles read without running anything: an interpreter that knows only containers.

A pickle is a program for a stack machine, and ``pickle.load`` runs what it names. This machine has
the instructions that build strings, numbers and containers. A name of a class or function is given
to a table, and only what stands there is ever called.
"""

import pickletools
from collections.abc import Callable
from typing import Any, BinaryIO

#: Beyond this, integers can be made to collide in a dict's hash table.
_LARGEST_KEY = 2**60

_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY: dict[str, Callable[[], Any]] = {
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_SET": set,
    "EMPTY_TUPLE": tuple,
}
_LITERALS = {
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE"),
    *("BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_PUTS, _GETS = {"PUT", "BINPUT", "LONG_BINPUT"}, {"GET", "BINGET", "LONG_BINGET"}
_NOTHING = {"PROTO", "FRAME"}
_MARK = object()


class Callee:
    """A name that the table knows, which stands on the stack until it is called.

    Args:
        name: Module and name, for messages.
        make: What a call of it makes of the arguments.
    """

    def __init__(self, name: str, make: Callable[..., Any]) -> None:
        self.name, self.make = name, make


def read(
    stream: BinaryIO,
    find: Callable[[str, str], Any],
    persistent: Callable[[Any], Any],
) -> Any:
    """The value that a pickle builds; the stream is left behind its end.

    Args:
        stream: Where the pickle begins.
        find: From a module and a name to what stands for it: a `Callee`, or a plain value.
        persistent: From a persistent identifier to what it stands for.

    Raises:
        ValueError: The pickle is damaged, or asks for something else than containers.
    """
    machine = _Machine(find, persistent)
    for opcode, argument, _ in pickletools.genops(stream):
        if opcode.name == "STOP":
            return machine.result()
        machine.run(opcode.name, argument)
    raise ValueError("the pickle has no end")


class _Machine:
    """The stack, the memo, and an instruction at a time."""

    def __init__(self, find: Callable[[str, str], Any], persistent: Callable[[Any], Any]) -> None:
        self.find, self.persistent = find, persistent
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def result(self) -> Any:
        if len(self.stack) != 1:
            raise ValueError("the pickle ends with more or less than one value")
        return self.pop()

    def run(self, name: str, argument: Any) -> None:
        if name in _LITERALS:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _EMPTY:
            self.stack.append(_EMPTY[name]())
        elif name in _TUPLES:
            items = [self.pop() for _ in range(_TUPLES[name])]
            self.stack.append(tuple(reversed(items)))
        elif name in _PUTS:
            self.memo[argument] = self.top()
        elif name in _GETS:
            self.stack.append(self.remembered(argument))
        elif name not in _NOTHING:
            instruction = getattr(self, f"do_{name.lower()}", None)
            if instruction is None:
                raise ValueError(f"the pickle uses the instruction {name}, which is not supported")
            instruction(argument)

    def top(self) -> Any:
        if not self.stack or self.stack[-1] is _MARK:
            raise ValueError("the pickle takes more values than it has made")
        return self.stack[-1]

    def pop(self) -> Any:
        top = self.top()
        self.stack.pop()
        return top

    def pop_to_mark(self) -> list[Any]:
        items = []
        while self.stack and self.stack[-1] is not _MARK:
            items.append(self.stack.pop())
        if not self.stack:
            raise ValueError("the pickle closes a list that it has not opened")
        self.stack.pop()
        return items[::-1]

    def remembered(self, place: int) -> Any:
        if place not in self.memo:
            raise ValueError("the pickle recalls a value that it has not made")
        return self.memo[place]

    def do_mark(self, _: Any) -> None:
        self.stack.append(_MARK)

    def do_pop(self, _: Any) -> None:
        if not self.stack:
            raise ValueError("the pickle takes more values than it has made")
        self.stack.pop()

    def do_pop_mark(self, _: Any) -> None:
        self.pop_to_mark()

    def do_dup(self, _: Any) -> None:
        self.stack.append(self.top())

    def do_memoize(self, _: Any) -> None:
        self.memo[len(self.memo)] = self.top()

    def do_tuple(self, _: Any) -> None:
        self.stack.append(tuple(self.pop_to_mark()))

    def do_list(self, _: Any) -> None:
        self.stack.append(self.pop_to_mark())

    def do_dict(self, _: Any) -> None:
        self.stack.append(_with_items({}, self.pop_to_mark()))

    def do_append(self, _: Any) -> None:
        item = self.pop()
        self.expect(list).append(item)

    def do_appends(self, _: Any) -> None:
        items = self.pop_to_mark()
        self.expect(list).extend(items)

    def do_setitem(self, _: Any) -> None:
        value, key = self.pop(), self.pop()
        _with_items(self.expect(dict), [key, value])

    def do_setitems(self, _: Any) -> None:
        items = self.pop_to_mark()
        _with_items(self.expect(dict), items)

    def do_additems(self, _: Any) -> None:
        items = self.pop_to_mark()
        self.expect(set).update(map(check_key, items))

    def do_global(self, argument: str) -> None:
        module, _, name = argument.partition(" ")
        self.stack.append(self.find(module, name))

    def do_stack_global(self, _: Any) -> None:
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise ValueError("the pickle names something by what is no text")
        self.stack.append(self.find(module, name))

    def do_reduce(self, _: Any) -> None:
        arguments, callee = self.pop(), self.pop()
        if not isinstance(callee, Callee) or not isinstance(arguments, tuple):
            raise ValueError("the pickle calls something that is no function")
        try:
            self.stack.append(callee.make(*arguments))
        except (TypeError, OverflowError, AttributeError) as error:
            raise ValueError(f"{callee.name} was given wrong arguments: {error}") from None

    def do_build(self, _: Any) -> None:
        """Attributes of a container, which torch gives its state dicts: nothing is kept of them."""
        self.pop()
        self.expect(dict)

    def do_binpersid(self, _: Any) -> None:
        self.stack.append(self.persistent(self.pop()))

    def expect(self, kind: type) -> Any:
        """The container on top of the stack, which has to be of this kind."""
        container = self.top()
        if not isinstance(container, kind):
            raise ValueError(f"the pickle treats a {type(container).__name__} as a {kind.__name__}")
        return container


def check_key(key: Any) -> Any:
    """A key of a dict or an element of a set, if it is a plain one.

    Raises:
        ValueError: It is a container, whose hash might take forever, or an array.
    """
    if isinstance(key, tuple):
        for each in key:
            if isinstance(each, tuple):
                raise ValueError("a key in the pickle is a tuple of tuples")
            check_key(each)
        return key
    if isinstance(key, int) and abs(key) > _LARGEST_KEY:
        raise ValueError("a key in the pickle is a number of more than 60 bits")
    if key is None or isinstance(key, str | int | float | complex | bytes):
        return key
    raise ValueError(f"a key in the pickle is a {type(key).__name__}")


def _with_items(container: dict[Any, Any], items: list[Any]) -> dict[Any, Any]:
    if len(items) % 2:
        raise ValueError("the pickle gives a key without a value")
    container.update(zip(map(check_key, items[::2]), items[1::2], strict=True))
    return container
