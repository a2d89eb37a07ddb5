"""Checkpoints of a run of `fit`: what a killed run goes on from, with the same bits."""

import contextlib
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save as serialize

from jaxnn._checks import complaint
from jaxnn.checkpoint import atomic
from jaxnn.checkpoint.tensors import deserialized
from jaxnn.training import locks
from jaxnn.training.alerts import warn
from jaxnn.training.results import FitResult

#: The epochs and steps that are over, and the first half of the content's sha256.
_NAME = re.compile(r"epoch-(\d{6,})-step-(\d{12,})-([0-9a-f]{32})\.safetensors")
#: What files hold; it is raised where older ones cannot be read any more.
_FORMAT = 2
_META = "jaxnn"
_EXTRA = "extra "


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
    arrays = {name: np.asarray(plain(leaf), order="C") for name, leaf in _leaves(saved.tree)}
    arrays |= {_EXTRA + name: np.asarray(x, order="C") for name, x in saved.extra.items()}
    content = serialize(arrays, {_META: json.dumps(saved.meta | {"format": _FORMAT})})
    digest = hashlib.sha256(content).hexdigest()[:32]
    name = f"epoch-{epoch:06d}-step-{step:012d}-{digest}.safetensors"
    atomic.write(folder / name, lambda file: file.write(content))
    for old in _files(folder)[where.keep :]:
        with contextlib.suppress(OSError):  # another time then
            old.unlink()


@contextlib.contextmanager
def opened(where: Checkpoints) -> Iterator[None]:
    """A block in which the folder is there, may be written to, and is no other process's.

    What a killed run left half written is removed.

    Raises:
        ValueError: If ``keep`` is less than 1.
        OSError: There is no right to write there, or another process trains there.
    """
    if where.keep < 1:
        must = "keep must be 1 or more"
        raise ValueError(complaint("Checkpoints", must, str(where.keep), "use keep=3"))
    folder = Path(where.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with locks.held(folder):
        with tempfile.TemporaryFile(dir=folder):
            pass  # better now than after hours
        for left in folder.glob(".epoch-*"):
            with contextlib.suppress(OSError):
                left.unlink()
        yield


def load(
    where: Checkpoints, like: Any, differences: Callable[[dict[str, Any]], list[str]]
) -> Saved | None:
    """The newest checkpoint that is whole, or None where there is no file at all.

    A damaged one is passed over with a warning, for the one before it.

    Args:
        where: The folder.
        like: The tree that a checkpoint has to hold; its arrays come back where these lie.
        differences: What in a checkpoint's metadata makes it one of another training.

    Raises:
        ValueError: All are damaged, or they are of another training.
    """
    files = _files(Path(where.folder))
    for path in files:
        try:
            content = _whole(path)
        except OSError as error:
            warn(f"fit: {path} is passed over: {error}")
        else:
            return _restored(content, like, differences, path)
    if files:
        must = "one checkpoint in the folder must be whole"
        came = f"{len(files)} damaged ones in {where.folder}"
        raise ValueError(complaint("fit", must, came, "use another folder to start again"))
    return None


def _files(folder: Path) -> list[Path]:
    """The checkpoints of a folder, newest first."""
    named = [(match, path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    named.sort(key=lambda each: (int(each[0][1]), int(each[0][2]), each[0][3]), reverse=True)
    return [path for _, path in named]


def _whole(path: Path) -> bytes:
    """The content of a file, if it is what was written."""
    content, match = path.read_bytes(), _NAME.fullmatch(path.name)
    if match is None or hashlib.sha256(content).hexdigest()[:32] != match[3]:
        raise OSError("it is not what was written")
    return content


def _restored(
    content: bytes, like: Any, differences: Callable[[dict[str, Any]], list[str]], path: Path
) -> Saved:
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    meta = json.loads(header["__metadata__"][_META])
    if meta.get("format") != _FORMAT:
        must, came = f"{path} must be of format {_FORMAT}", f"format {meta.get('format', 1)}"
        raise ValueError(complaint("fit", must, came, "use another folder to start again"))
    found, wanted = deserialized(content), dict(_leaves(like))
    extra = {k.removeprefix(_EXTRA): v for k, v in found.items() if k.startswith(_EXTRA)}
    arrays = {name: array for name, array in found.items() if not name.startswith(_EXTRA)}
    faults = sorted(differences(meta) + _mismatches(arrays, wanted))
    if faults:
        must = f"the checkpoint {path} must be one of this training"
        instead = "use another folder, or the arguments that it was written with"
        raise ValueError(complaint("fit", must, "; ".join(faults), instead))
    leaves = [placed(arrays[name], leaf) for name, leaf in wanted.items()]
    return Saved(jax.tree.unflatten(jax.tree.structure(like), leaves), extra, meta)


def _mismatches(arrays: dict[str, np.ndarray], wanted: dict[str, Any]) -> list[str]:
    """Where arrays are not of the names, shapes and types that are wanted."""
    faults = [f"{name} is missing" for name in wanted if name not in arrays]
    faults += [f"{name} is one too many" for name in arrays if name not in wanted]
    for name in wanted.keys() & arrays.keys():
        came, must = arrays[name], np.asarray(plain(wanted[name]))
        if (came.shape, came.dtype) != (must.shape, must.dtype):
            faults.append(f"{name} is {came.dtype}{came.shape}, not {must.dtype}{must.shape}")
    return faults


def _leaves(tree: Any) -> list[tuple[str, Any]]:
    """The leaves of a tree by their paths."""
    paths, _ = jax.tree.flatten_with_path(tree)
    return [(jax.tree_util.keystr(path), leaf) for path, leaf in paths]


def plain(leaf: Any) -> Any:
    """A JAX key as the numbers in it; anything else as it is."""
    is_key = isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    return jax.random.key_data(leaf) if is_key else leaf


def placed(array: np.ndarray, like: Any) -> Any:
    """An array where another one lies, and a key where that is one."""
    if isinstance(like, np.ndarray):
        return array
    with jax.enable_x64(True):  # or float64 would be rounded
        there: Any = jnp.asarray(array)
    if jnp.issubdtype(like.dtype, jax.dtypes.prng_key):
        there = jax.random.wrap_key_data(there, impl=jax.random.key_impl(like))
    return jax.device_put(there, like.sharding) if like.committed else there
