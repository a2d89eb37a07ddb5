"""Checkpoints of a run of `fit`: what a killed run goes on from, with the same bits."""

import contextlib
import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save as serialize

from jaxnn._checks import as_count, complaint
from jaxnn.checkpoint import atomic
from jaxnn.checkpoint.formats import SAFETENSORS, TORCH
from jaxnn.training import locks
from jaxnn.training.results import FitResult

#: The epochs and steps that are over, and the first half of the content's sha256.
NAME = re.compile(r"epoch-(\d{6,})-step-(\d{12,})-([0-9a-f]{32})\.safetensors")
#: What files hold; it is raised where older ones cannot be read any more.
FORMAT = 2
META = "jaxnn"
EXTRA = "extra "
#: The type that safetensors lacks: its numbers are held as pairs of float64.
PAIRED = np.dtype(np.complex128)
TYPES = {TORCH[name] for name in SAFETENSORS.values()} | {PAIRED}


class Checkpoints(NamedTuple):
    """Where and how often `fit` writes what it would need to go on.

    Attributes:
        folder: Where the files are; it is made where it is missing.
        seconds: How long to train at least between two of them.
        keep: How many to keep, the newest ones.

    Examples:
        >>> Checkpoints("runs/digits", seconds=10.0).keep
        3
    """

    folder: str | Path
    seconds: float = 60.0
    keep: int = 3


class CheckpointError(OSError):
    """The last checkpoint of a training could not be written.

    Attributes:
        result: What was trained, the `FitResult` that `fit` would have returned.

    Examples:
        >>> issubclass(CheckpointError, OSError)
        True
    """

    result: FitResult


class Saved(NamedTuple):
    """What a checkpoint holds.

    Attributes:
        tree: A pytree of arrays, whose structure and shapes the run that goes on has too.
        extra: Further arrays by name, of any shape.
        meta: Numbers and texts by name.
    """

    tree: Any
    extra: dict[str, np.ndarray]
    meta: dict[str, Any]


def save(where: Checkpoints, epoch: int, step: int, saved: Saved) -> None:
    """Write a checkpoint, whole or not at all, and remove the oldest ones beyond those to keep.

    Raises:
        OSError: There is no room, or no right to write there.
    """
    folder = Path(where.folder)
    arrays = {name: np.asarray(plain(leaf), order="C") for name, leaf in leaves_of(saved.tree)}
    arrays |= {EXTRA + name: np.asarray(x, order="C") for name, x in saved.extra.items()}
    pairs = [name for name, array in arrays.items() if array.dtype == PAIRED]
    arrays |= {name: arrays[name][..., None].view(np.float64) for name in pairs}
    meta = saved.meta | {"format": FORMAT, "pairs": pairs}
    content = serialize(arrays, {META: json.dumps(meta)})
    digest = hashlib.sha256(content).hexdigest()[:32]
    name = f"epoch-{epoch:06d}-step-{step:012d}-{digest}.safetensors"
    if not _is_there(folder / name, content):  # as after a training that was over
        atomic.write(folder / name, lambda file: file.write(content))
    others = [path for path in files(folder) if path.name != name]  # a later one may be damaged
    remove(others[where.keep - 1 :])


def _is_there(path: Path, content: bytes) -> bool:
    with contextlib.suppress(OSError):
        return path.read_bytes() == content
    return False


def check_types(what: str, tree: Any) -> None:
    """Refuse arrays of types that checkpoints do not hold, with a ValueError."""
    for name, leaf in leaves_of(tree):
        array = plain(leaf)
        dtype = array.dtype if hasattr(array, "dtype") else np.asarray(array).dtype
        if dtype not in TYPES:
            must = f"{what}{name} must be of a type that checkpoints hold"
            instead = "use another type, or no checkpoint"
            raise ValueError(complaint("fit", must, str(dtype), instead))


@contextlib.contextmanager
def opened(where: Checkpoints) -> Iterator[None]:
    """A block in which the folder is there, may be written to, and is no other training's.

    What a killed run left half written is removed.

    Raises:
        TypeError: If ``keep`` is no integer.
        ValueError: If ``keep`` is less than 1.
        OSError: There is no right to write there, or another training goes on there.
    """
    as_count("Checkpoints", "keep", where.keep, use=3)
    folder = Path(where.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with locks.held(folder):
        with tempfile.TemporaryFile(dir=folder):
            pass  # better now than after hours
        remove(folder.glob(".epoch-*"))
        yield


def files(folder: Path) -> list[Path]:
    """The checkpoints of a folder, newest first."""
    named = [(match, path) for path in folder.iterdir() if (match := NAME.fullmatch(path.name))]
    named.sort(key=lambda each: (int(each[0][1]), int(each[0][2]), each[0][3]), reverse=True)
    return [path for _, path in named]


def remove(paths: Iterable[Path]) -> None:
    """Remove files, or leave them for another time."""
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def leaves_of(tree: Any) -> list[tuple[str, Any]]:
    """The leaves of a tree by their paths."""
    paths, _ = jax.tree.flatten_with_path(tree)
    return [(jax.tree_util.keystr(path), leaf) for path, leaf in paths]


def plain(leaf: Any) -> Any:
    """A JAX key as the numbers in it; anything else as it is."""
    is_key = isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    return jax.random.key_data(leaf) if is_key else leaf
