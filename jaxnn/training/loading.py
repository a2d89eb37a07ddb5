"""Checkpoints read again: the newest one that is whole, if it is of the same training."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn._checks import complaint
from jaxnn.checkpoint.tensors import deserialized
from jaxnn.training import saving
from jaxnn.training.alerts import warn
from jaxnn.training.saving import Checkpoints, Saved, plain


class _DamagedError(Exception):
    """A file can be read, and is not what was written."""


def load(
    where: Checkpoints, like: Any, differences: Callable[[dict[str, Any]], list[str]]
) -> Saved | None:
    """The newest checkpoint that is whole, or None where there is no file at all.

    A damaged one is passed over with a warning, for the one before it, and then removed: it would
    be counted among those to keep.

    Args:
        where: The folder.
        like: The tree that a checkpoint has to hold; its arrays come back where these lie.
        differences: What in a checkpoint's metadata makes it one of another training.

    Raises:
        ValueError: All are damaged, or they are of another training.
    """
    files, damaged = saving.files(Path(where.folder)), []
    for path in files:
        try:
            content = _whole(path)
        except (OSError, _DamagedError) as error:
            warn(f"fit: {path} is passed over: {error}")
            if isinstance(error, _DamagedError):
                damaged.append(path)
        else:
            saved = _restored(content, like, differences, path)
            saving.remove(damaged)
            return saved
    if files:
        must = "one checkpoint in the folder must be whole"
        came = f"{len(files)} damaged ones in {where.folder}"
        raise ValueError(complaint("fit", must, came, "use another folder to start again"))
    return None


def _whole(path: Path) -> bytes:
    """The content of a file, if it is what was written."""
    content, match = path.read_bytes(), saving.NAME.fullmatch(path.name)
    if match is None or hashlib.sha256(content).hexdigest()[:32] != match[3]:
        raise _DamagedError("it is not what was written")
    return content


def _restored(
    content: bytes, like: Any, differences: Callable[[dict[str, Any]], list[str]], path: Path
) -> Saved:
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    meta = json.loads(header["__metadata__"][saving.META])
    if meta.get("format") != saving.FORMAT:
        must, came = f"{path} must be of format {saving.FORMAT}", f"format {meta.get('format', 1)}"
        raise ValueError(complaint("fit", must, came, "use another folder to start again"))
    found, wanted = deserialized(content), dict(saving.leaves_of(like))
    for name in meta.get("pairs", ()):
        found[name] = found[name].view(saving.PAIRED).reshape(found[name].shape[:-1])
    extra = {
        k.removeprefix(saving.EXTRA): v for k, v in found.items() if k.startswith(saving.EXTRA)
    }
    arrays = {name: array for name, array in found.items() if not name.startswith(saving.EXTRA)}
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


def placed(array: np.ndarray, like: Any) -> Any:
    """An array where another one lies, and a key where that is one."""
    with jax.enable_x64(True):  # or float64 would be rounded
        there: Any = jnp.asarray(array)
    if jnp.issubdtype(like.dtype, jax.dtypes.prng_key):
        there = jax.random.wrap_key_data(there, impl=jax.random.key_impl(like))
    return jax.device_put(there, like.sharding) if like.committed else there
