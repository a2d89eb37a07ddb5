"""Checkpoints of a run of `fit`: what a killed run goes on from, with the same bits."""

import contextlib
import hashlib
import json
import re
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save as serialize

from jaxnn._checks import complaint
from jaxnn.checkpoint import atomic
from jaxnn.checkpoint.tensors import deserialized

#: The epochs and steps that are over, and the first half of the content's sha256.
_NAME = re.compile(r"epoch-\d{6}-step-\d{12}-([0-9a-f]{32})\.safetensors")
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
    arrays = {name: np.asarray(_plain(leaf), order="C") for name, leaf in _leaves(saved.tree)}
    arrays |= {_EXTRA + name: np.asarray(x, order="C") for name, x in saved.extra.items()}
    content = serialize(arrays, {_META: json.dumps(saved.meta)})
    digest = hashlib.sha256(content).hexdigest()[:32]
    name = f"epoch-{epoch:06d}-step-{step:012d}-{digest}.safetensors"
    atomic.write(folder / name, lambda file: file.write(content))
    for old in _files(folder)[where.keep :]:
        with contextlib.suppress(OSError):  # another time then
            old.unlink()


def prepare(where: Checkpoints) -> None:
    """Make the folder, and remove what a killed run left half written.

    Raises:
        ValueError: If ``keep`` is less than 1.
        OSError: There is no right to write there.
    """
    if where.keep < 1:
        must = "keep must be 1 or more"
        raise ValueError(complaint("Checkpoints", must, str(where.keep), "use keep=3"))
    folder = Path(where.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".epoch-*"):
        with contextlib.suppress(OSError):
            left.unlink()


def load(where: Checkpoints, like: Saved) -> Saved | None:
    """The newest checkpoint that is whole, or None where there is no file at all.

    A damaged one is passed over with a warning, for the one before it.

    Args:
        where: The folder.
        like: What a checkpoint has to hold; its metadata must be among the checkpoint's.

    Raises:
        ValueError: All are damaged, or they are of another training.
    """
    files = _files(Path(where.folder))
    for path in files:
        try:
            content = _whole(path)
        except OSError as error:
            warnings.warn(f"fit: {path} is passed over: {error}", stacklevel=3)
        else:
            return _restored(content, like, path)
    if files:
        must = "one checkpoint in the folder must be whole"
        came = f"{len(files)} damaged ones in {where.folder}"
        raise ValueError(complaint("fit", must, came, "use another folder to start again"))
    return None


def _files(folder: Path) -> list[Path]:
    """The checkpoints of a folder, newest first."""
    return sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)


def _whole(path: Path) -> bytes:
    """The content of a file, if it is what was written."""
    content, match = path.read_bytes(), _NAME.fullmatch(path.name)
    if match is None or hashlib.sha256(content).hexdigest()[:32] != match[1]:
        raise OSError("it is not what was written")
    return content


def _restored(content: bytes, like: Saved, path: Path) -> Saved:
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    meta = json.loads(header["__metadata__"][_META])
    found, wanted = deserialized(content), dict(_leaves(like.tree))
    extra = {k.removeprefix(_EXTRA): v for k, v in found.items() if k.startswith(_EXTRA)}
    arrays = {name: array for name, array in found.items() if not name.startswith(_EXTRA)}
    faults = [f"{name} is missing" for name in wanted if name not in arrays]
    faults += [f"{name} is one too many" for name in arrays if name not in wanted]
    for name in wanted.keys() & arrays.keys():
        came, must = arrays[name], np.asarray(_plain(wanted[name]))
        if (came.shape, came.dtype) != (must.shape, must.dtype):
            faults.append(f"{name} is {came.dtype}{came.shape}, not {must.dtype}{must.shape}")
    faults += [f"{k} is {meta.get(k)}, not {v}" for k, v in like.meta.items() if meta.get(k) != v]
    if faults:
        must = f"the checkpoint {path} must be one of this training"
        instead = "use another folder, or the arguments that it was written with"
        raise ValueError(complaint("fit", must, "; ".join(sorted(faults)), instead))
    leaves = [_like(wanted[name], arrays[name]) for name in wanted]
    return Saved(jax.tree.unflatten(jax.tree.structure(like.tree), leaves), extra, meta)


def _leaves(tree: Any) -> list[tuple[str, Any]]:
    """The leaves of a tree by their paths."""
    paths, _ = jax.tree.flatten_with_path(tree)
    return [(jax.tree_util.keystr(path), leaf) for path, leaf in paths]


def _plain(leaf: Any) -> Any:
    """A JAX key as the numbers in it; anything else as it is."""
    return jax.random.key_data(leaf) if _is_key(leaf) else leaf


def _like(leaf: Any, array: np.ndarray) -> Any:
    if _is_key(leaf):
        return jax.random.wrap_key_data(jnp.asarray(array), impl=jax.random.key_impl(leaf))
    if isinstance(leaf, np.ndarray):
        return array
    with jax.enable_x64(True):  # or float64 would be rounded
        return jnp.asarray(array)


def _is_key(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
