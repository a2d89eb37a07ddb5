"""What a file may cost its reader: memory, and time in hash tables."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

#: What torch writes makes many times its own size. Measured, at the worst lengths up to 1366: sets
#: 66 (of 77 numbers below 256, 2 bytes each), OrderedDicts 46, dicts 44, Counters 41, lists 37,
#: tuples 28. Nothing that a file of this size makes is a danger by itself.
_BYTES_PER_BYTE, _BYTES = 72, 2**22

#: 2 seconds or so, if all keys have the same hash.
_STEPS = 2**27

#: Larger integers, and longer tuples, take long to hash.
_LARGEST_KEY, _LONGEST_KEY = 2**60, 100


class Budget:
    """What is left of the bytes and steps that a file may cost.

    An instruction of a few bytes makes an object of hundreds, or copies what was made before.
    And whoever writes a file can choose numbers for keys, whose places in a hash table are known,
    such that each new one is compared with all the others. A small file could otherwise fill the
    memory, or never end.

    Args:
        size: The file's size in bytes.
    """

    def __init__(self, size: int) -> None:
        self.bytes_left = _BYTES_PER_BYTE * size + _BYTES
        self.steps_left = _STEPS
        self.chosen = 0  # keys that could be such ones

    def spend(self, size: int) -> None:
        """Take so many bytes off.

        Raises:
            ValueError: There were fewer left.
        """
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise ValueError("the file makes many times its own size of data")

    def kept(self, value: Any) -> Any:
        """An object that was made, paid for."""
        self.spend(sys.getsizeof(value))
        return value

    @contextmanager
    def growing(self, container: Any) -> Iterator[None]:
        """Pay for what a container grows by, which was `kept` before."""
        before = sys.getsizeof(container)
        yield
        self.spend(sys.getsizeof(container) - before)

    def fill(self, container: dict[Any, Any], items: Iterable[tuple[Any, Any]]) -> None:
        """Put items into a dict.

        Raises:
            ValueError: A key is no plain one, or there are too many.
        """
        for key, value in items:
            self.look_up(key, len(container))
            container[key] = value

    def add(self, container: set[Any], elements: Iterable[Any]) -> None:
        """Put elements into a set, as `fill` does."""
        for element in elements:
            self.look_up(element, len(container))
            container.add(element)

    def look_up(self, key: Any, count: int) -> None:
        """Pay for the comparisons of a new key with so many others.

        Raises:
            ValueError: The key is no plain one, or the budget is spent.
        """
        check_key(key)
        if isinstance(key, str | bytes) and key:  # whose hash is another one in each process
            return
        is_counted = isinstance(key, int) and 0 <= key <= count
        if is_counted or not key:  # each has a place of its own, unless others took it on purpose
            self.steps_left -= min(count, self.chosen)
        else:
            self.chosen += 1
            self.steps_left -= (1 + count) * (1 + len(key) if isinstance(key, tuple) else 1)
        if self.steps_left < 0:
            raise ValueError("there are too many keys that are no texts")


def check_key(key: Any) -> None:
    """Refuse what is no plain key.

    Raises:
        ValueError: It is a container, whose hash might take forever, an array or a huge number.
    """
    if isinstance(key, tuple) and len(key) > _LONGEST_KEY:
        raise ValueError(f"a key is a tuple of more than {_LONGEST_KEY}")
    for each in key if isinstance(key, tuple) else (key,):
        if isinstance(each, tuple):
            raise ValueError("a key is a tuple of tuples")
        if isinstance(each, int) and not -_LARGEST_KEY <= each <= _LARGEST_KEY:
            raise ValueError("a key is a number of more than 60 bits")
        if each is not None and not isinstance(each, str | int | float | complex | bytes):
            raise ValueError(f"a key is a {type(each).__name__}")
