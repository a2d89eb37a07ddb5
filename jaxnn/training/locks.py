"""A folder for one training at a time."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where nobody removes a file that another process has open
    fcntl = None

from jaxnn._checks import complaint


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """A block in which no other training has the folder; the system ends it for who is killed.

    Raises:
        BlockingIOError: Another training has it.
        OSError: There is no right to write there.
    """
    with (folder / ".lock").open("ab") as file:
        _lock(file.fileno(), folder)
        try:
            yield
        finally:
            _unlock(file.fileno())


def _lock(descriptor: int, folder: Path) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        must = f"the folder {folder} must be of one training at a time"
        instead = "wait for it, or use another folder"
        came = "another one that goes on there"
        raise BlockingIOError(complaint("fit", must, came, instead)) from None
    except OSError:  # a file system without locks
        pass


def _unlock(descriptor: int) -> None:
    """Processes that were forked in between, such as a loader's, would hold it further."""
    if fcntl is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
