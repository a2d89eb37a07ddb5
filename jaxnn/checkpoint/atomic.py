"""Files that are there whole or not at all."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO


def write(path: str | os.PathLike[str], writer: Callable[[BinaryIO], object]) -> None:
    """Write a file aside, make the disk keep it, and only then give it its name.

    Whatever happens in between, ``path`` is the old file or the new one, never a part of one.

    Args:
        path: Where the file is to be; of a link, what it points to.
        writer: Writes the content into a file that is open.

    Raises:
        OSError: There is no room, no right to write there, or a device.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():  # to rename something to it would remove it
        raise OSError(errno.EINVAL, "no file can be written there", os.fspath(path))
    with _aside(path) as (descriptor, temporary):
        with os.fdopen(descriptor, "wb") as file:
            writer(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Make the disk keep the names in a folder, where the system can be asked to."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _aside(path: Path) -> Iterator[tuple[int, str]]:
    """A new file beside ``path``, gone if it was not renamed."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        os.chmod(temporary, 0o666 & ~_umask())
        yield descriptor, temporary
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    """The rights that new files are not given; the system tells them only to who sets them."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
