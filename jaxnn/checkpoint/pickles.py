"""Pickles read without running anything: an interpreter that knows only containers.

A pickle is a program for a stack machine, and ``pickle.load`` runs what it names. This machine has
the instructions that build strings, numbers and containers. A name of a class or function is given
to a table, and only what stands there is ever called.
"""

import pickletools
from collections.abc import Callable
from typing import Any, BinaryIO

from jaxnn.checkpoint.budgets import Budget

_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_EMPTY: dict[str, Callable[[], Any]] = {"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_SET": set}
_LITERALS = {
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE"),
    *("BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_PUTS, _GETS = {"PUT", "BINPUT", "LONG_BINPUT"}, {"GET", "BINGET", "LONG_BINGET"}
_NOTHING = {"PROTO", "FRAME"}
_MARK = object()

#: What a place in the memo, one in a list, and a part of a storage cost, in bytes.
_MEMO, _POINTER, _STORAGE = 64, 8, 256


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
    budget: Budget,
) -> Any:
    """The value that a pickle builds; the stream is left behind its end.

    Args:
        stream: Where the pickle begins.
        find: From a module and a name to what stands for it: a `Callee`, or a plain value.
        persistent: From a persistent identifier to what it stands for.
        budget: What the pickle may cost.

    Raises:
        ValueError: The pickle is damaged, asks for something else than containers, or costs more.
    """
    machine = _Machine(find, persistent, budget)
    for opcode, argument, _ in pickletools.genops(stream):
        if opcode.name == "STOP":
            return machine.result()
        machine.run(opcode.name, argument)
    raise ValueError("the pickle has no end")


class _Machine:
    """The stack, the memo, and an instruction at a time."""

    def __init__(
        self, find: Callable[[str, str], Any], persistent: Callable[[Any], Any], budget: Budget
    ) -> None:
        self.find, self.persistent, self.budget = find, persistent, budget
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def result(self) -> Any:
        if len(self.stack) != 1:
            raise ValueError("the pickle ends with more or less than one value")
        return self.pop()

    def run(self, name: str, argument: Any) -> None:
        if name in _LITERALS:
            self.push(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _EMPTY:
            self.push(_EMPTY[name]())
        elif name in _TUPLES:
            items = [self.pop() for _ in range(_TUPLES[name])]
            self.push(tuple(reversed(items)))
        elif name in _PUTS:
            self.remember(argument)
        elif name in _GETS:
            self.stack.append(self.remembered(argument))
        elif name not in _NOTHING:
            instruction = getattr(self, f"do_{name.lower()}", None)
            if instruction is None:
                raise ValueError(f"the pickle uses the instruction {name}, which is not supported")
            instruction(argument)

    def push(self, made: Any) -> None:
        """Put an object on the stack that was not there before."""
        self.stack.append(self.budget.kept(made))

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

    def remember(self, place: int) -> None:
        if not 0 <= place <= len(self.memo) + 1:  # Python 2 began with 1
            raise ValueError("the pickle does not count the values that it remembers")
        self.budget.spend(_MEMO)
        self.memo[place] = self.top()

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
        self.remember(len(self.memo))

    def do_tuple(self, _: Any) -> None:
        self.push(tuple(self.pop_to_mark()))

    def do_list(self, _: Any) -> None:
        self.push(self.pop_to_mark())

    def do_dict(self, _: Any) -> None:
        items = self.pop_to_mark()
        self.push({})
        self.fill(items)

    def do_append(self, _: Any) -> None:
        item = self.pop()
        self.extend([item])

    def do_appends(self, _: Any) -> None:
        self.extend(self.pop_to_mark())

    def do_setitem(self, _: Any) -> None:
        value, key = self.pop(), self.pop()
        self.fill([key, value])

    def do_setitems(self, _: Any) -> None:
        self.fill(self.pop_to_mark())

    def do_additems(self, _: Any) -> None:
        items = self.pop_to_mark()
        container = self.expect(set)
        with self.budget.growing(container):
            self.budget.add(container, items)

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
            self.push(callee.make(*arguments))
        except (TypeError, OverflowError, AttributeError) as error:
            raise ValueError(f"{callee.name} was given wrong arguments: {error}") from None

    def do_build(self, _: Any) -> None:
        """Attributes of a container, which torch gives its state dicts: nothing is kept of them."""
        self.pop()
        self.expect(dict)

    def do_binpersid(self, _: Any) -> None:
        self.budget.spend(_STORAGE)
        self.push(self.persistent(self.pop()))

    def extend(self, items: list[Any]) -> None:
        """Put items at the end of the list on top of the stack."""
        container = self.expect(list)
        self.budget.spend(_POINTER * len(items))
        container.extend(items)

    def fill(self, items: list[Any]) -> None:
        """Put keys and values by turns into the dict on top of the stack."""
        if len(items) % 2:
            raise ValueError("the pickle gives a key without a value")
        pairs = zip(items[::2], items[1::2], strict=True)
        container = self.expect(dict)
        with self.budget.growing(container):
            self.budget.fill(container, pairs)

    def expect(self, kind: type) -> Any:
        """The container on top of the stack, which has to be of this kind."""
        container = self.top()
        if not isinstance(container, kind):
            raise ValueError(f"the pickle treats a {type(container).__name__} as a {kind.__name__}")
        return container
