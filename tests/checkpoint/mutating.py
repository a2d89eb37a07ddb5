"""Load many damaged files, in a process of its own whose memory ends soon.

What comes of them goes to stdout as JSON; anything else that is printed, or an end of the process,
is a file that did something.
"""

import collections
import io
import json
import pickletools
import resource
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from jaxnn.checkpoint import load, load_torch, save
from tests.checkpoint.test_torch_files import FOLDER

#: How much more memory there is than before the first file, in bytes.
ROOM = 2**26


class Format(NamedTuple):
    """How files of a format are loaded, one of them, and where its numbers begin.

    Args:
        load: Loads a file.
        original: One that is whole.
        data: Where the bytes of the arrays begin, for which there is no checksum; None where there
            are checksums.
    """

    load: Callable[[Path], Any]
    original: bytes
    data: int | None


def formats(folder: Path) -> dict[str, Format]:
    """The formats by name."""
    path = folder / "x.safetensors"
    save(path, load_torch(FOLDER / "zip.pt")["model"])
    content, legacy = path.read_bytes(), (FOLDER / "legacy.pt").read_bytes()
    return {
        "zip": Format(load_torch, (FOLDER / "zip.pt").read_bytes(), None),
        "legacy": Format(load_torch, legacy, _after_pickles(legacy, 5)),
        "safetensors": Format(load, content, 8 + int.from_bytes(content[:8], "little")),
    }


def _after_pickles(content: bytes, count: int) -> int:
    stream = io.BytesIO(content)
    for _ in range(count):
        for _ in pickletools.genops(stream):
            pass
    return stream.tell()


def mutated(original: bytes, rng: np.random.Generator) -> bytes:
    """A file with a bit turned, some bytes changed, cut out, doubled, or all cut off at a place."""
    data = bytearray(original)
    start, stop = sorted(rng.integers(len(data), size=2))
    stop = min(stop, start + 64)
    kind = rng.integers(5)
    if kind == 4:
        data[start] ^= 1 << rng.integers(8)
    elif kind == 0:
        for place in rng.integers(len(data), size=rng.integers(1, 9)):
            data[place] = rng.integers(256)
    elif kind == 1:
        del data[start:stop]
    elif kind == 2:
        data[start:start] = data[start:stop]
    else:
        del data[start:]
    return bytes(data)


def outline(value: Any) -> Any:
    """What a value is without the numbers in its arrays; it holds nothing but data."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.strides
    if isinstance(value, dict):
        return type(value).__name__, [(repr(k), outline(child)) for k, child in value.items()]
    if type(value) in (list, tuple):
        return type(value).__name__, [outline(child) for child in value]
    plain = (str, bytes, bytearray, int, float, complex, set, np.dtype)
    assert value is None or isinstance(value, plain), type(value)
    return repr(value)


def numbers(value: Any) -> list[bytes]:
    """The numbers in its arrays."""
    if isinstance(value, np.ndarray):
        return [value.tobytes()]
    children = value.values() if isinstance(value, dict) else value
    is_container = type(value) in (list, tuple) or isinstance(value, dict)
    return [each for child in children for each in numbers(child)] if is_container else []


def outcome(of: Format, whole: Any, content: bytes, path: Path) -> str:
    """What comes of a file: it is refused with a reason, or what differs is known."""
    path.write_bytes(content)
    try:
        loaded = of.load(path)
    except ValueError as error:
        assert "cannot be loaded: " in str(error)  # noqa: PT017 - either outcome is right
        return "refused"
    described = outline(loaded)
    if described == outline(whole) and numbers(loaded) == numbers(whole):
        return "equal"
    assert of.data is not None, "a checksum was passed over"
    if content[: of.data] != of.original[: of.data]:
        return "of another header"
    assert described == outline(whole)
    return "of other numbers"


def outcomes(of: Format, count: int, rng: np.random.Generator, path: Path) -> dict[str, int]:
    """How often each outcome came, and the most memory that was used, beyond the file's size."""
    path.write_bytes(of.original)
    whole = of.load(path)
    tracemalloc.start()
    files = (mutated(of.original, rng) for _ in range(count))
    counts = collections.Counter(outcome(of, whole, content, path) for content in files)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {**counts, "memory": peak - 4 * len(of.original)}


def main(folder: str, count: str, seed: str) -> None:
    """Print the outcomes of each format."""
    known, rng = formats(Path(folder)), np.random.default_rng(int(seed))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
    path = Path(folder) / "x"
    came = {name: outcomes(of, int(count), rng, path) for name, of in known.items()}
    sys.stdout.write(json.dumps(came))


if __name__ == "__main__":
    main(*sys.argv[1:])
