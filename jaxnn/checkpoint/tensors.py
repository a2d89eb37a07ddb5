"""Arrays by name in a safetensors file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
from safetensors.numpy import save as serialize

from jaxnn._checks import complaint
from jaxnn.checkpoint import atomic
from jaxnn.checkpoint.formats import SAFETENSORS, TORCH

#: Where the header of a file keeps its metadata.
_METADATA = "__metadata__"


def save(
    path: str | os.PathLike[str],
    tensors: Mapping[str, Any],
    *,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write arrays by name into a safetensors file, which is there whole or not at all.

    Args:
        path: Where the file is to be; one that is there is replaced.
        tensors: Names and arrays, of JAX or of NumPy, as `to_state_dict` makes them.
        metadata: Texts to keep besides.

    Raises:
        TypeError: A name is no text, or a value no array.
        ValueError: An array is of a type that the format does not have, or of a name that it
            needs itself: ``__metadata__``.
        OSError: There is no room, or no right to write there.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import jax.numpy as jnp
        >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
        >>> save(path, {"weight": jnp.ones((2, 3), jnp.bfloat16)})
        >>> load(path)["weight"].dtype
        dtype(bfloat16)

    Source: ``safetensors.torch.save_file``.
    """
    arrays = {name: _array(name, value) for name, value in tensors.items()}
    content = serialize(arrays, None if metadata is None else dict(metadata))
    atomic.write(path, lambda file: file.write(content))


def load(path: str | os.PathLike[str]) -> dict[str, np.ndarray]:
    """Read the arrays of a safetensors file.

    Args:
        path: The file.

    Returns:
        Names, sorted, and NumPy arrays, which cannot be written; ``jnp.asarray`` takes each to JAX.

    Raises:
        ValueError: The file is damaged, or no safetensors file.
        OSError: It cannot be read.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
        >>> save(path, {"bias": np.zeros(2)})
        >>> load(path)
        {'bias': array([0., 0.])}

    Source: ``safetensors.torch.load_file``.
    """
    content = Path(path).read_bytes()
    try:
        return deserialized(content)
    except (safetensors.SafetensorError, ValueError) as error:
        raise ValueError(f"load: {os.fspath(path)} cannot be loaded: {error}") from None


def _array(name: Any, value: Any) -> np.ndarray:
    if not isinstance(name, str):
        must = "names must be texts"
        raise TypeError(complaint("save", must, f"a {type(name).__name__}", "use str(name)"))
    if name == _METADATA:
        must, instead = "names must be others than the format's own", "use metadata={…} for texts"
        raise ValueError(complaint("save", must, repr(name), instead))
    if not (hasattr(value, "dtype") and hasattr(value, "shape")):
        must = f"{name} must be an array"
        instead = "use to_state_dict(params)"
        raise TypeError(complaint("save", must, f"a {type(value).__name__}", instead))
    array = np.asarray(value, order="C")
    if array.dtype not in (TORCH[each] for each in SAFETENSORS.values()):
        must = f"{name} must be of a type that safetensors has"
        raise ValueError(complaint("save", must, str(array.dtype), "use save_torch"))
    return array


def deserialized(content: bytes) -> dict[str, np.ndarray]:
    """The arrays in the content of a file.

    Raises:
        safetensors.SafetensorError: It is damaged.
        ValueError: An array is of a type that NumPy lacks.
    """
    found = dict(safetensors.deserialize(content))  # in another order each time
    return {name: _restored(name, found[name]) for name in sorted(found)}


def _restored(name: str, entry: Mapping[str, Any]) -> np.ndarray:
    if entry["dtype"] not in SAFETENSORS:
        raise ValueError(f"{name} is of type {entry['dtype']}, which NumPy does not have")
    dtype = TORCH[SAFETENSORS[entry["dtype"]]]
    return np.frombuffer(bytes(entry["data"]), dtype).reshape(entry["shape"])
