"""Ctrl-C, answered between steps."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any, Self


class Interrupts:
    """A block in which the first Ctrl-C only asks, and a second one raises where nothing tears.

    What is under way is not torn: whoever runs in the block looks at ``asked`` where it can stop.
    Signals reach the main thread only; elsewhere nothing changes.
    """

    def __init__(self) -> None:
        self.asked = False
        self._breaks = False
        self._before: Any = None

    def __enter__(self) -> Self:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    @contextlib.contextmanager
    def breakable(self) -> Iterator[None]:
        """A part of the block that may take long, and that a second Ctrl-C leaves at once."""
        self._breaks = True
        try:
            yield
        finally:
            self._breaks = False

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked and self._breaks:
            raise KeyboardInterrupt
        self.asked = True
