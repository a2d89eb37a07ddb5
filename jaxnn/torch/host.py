"""Functions that NumPy runs at once where Python can read all elements: nothing is compiled.

What an index selects depends on numbers that are known only when it is used, and often the size of
the result does too: compiled, almost every use of one would be a kernel of its own. So functions
that are marked `hosted` are written for NumPy's arrays and for JAX's alike. They run here for
tensors of the CPU, and in a compiled kernel on other devices and inside traced functions.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.torch import kernels
from jaxnn.torch.kernels import Options, Sink, Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.storage import Array, Storage, from_array, strided, writing

_Function = TypeVar("_Function", bound=Callable[..., Any])

_hosted: set[Callable[..., Any]] = set()


def hosted(function: _Function) -> _Function:
    """Mark a function on arrays that takes NumPy's as well as JAX's, and does not write to them."""
    _hosted.add(function)
    return function


def runs(
    function: Callable[..., Any], operands: Sequence[Source | complex], sinks: Sequence[Sink]
) -> bool:
    """Whether `run` can stand in for a compiled kernel."""
    if function not in _hosted:
        return False
    for each in (*operands, *sinks):
        storage = each.storage if isinstance(each, (Source, Sink)) else None
        if storage is not None and not _readable(storage):
            return False
    return True


def _readable(storage: Storage) -> bool:
    return storage.on_host or (not storage.is_traced and storage.device.type == "cpu")


def run(
    function: Callable[..., Any],
    operands: Sequence[Source | complex],
    sinks: Sequence[Sink],
    options: Options = (),
) -> list[Storage]:
    """Apply ``function`` to ``operands`` and store its results, as `kernels.run` does."""
    arrays = [
        each.storage.values(each.layout) if isinstance(each, Source) else each for each in operands
    ]
    with np.errstate(all="ignore"):
        results = function(*arrays, **dict(options))
        results = results if isinstance(results, tuple) else (results,)
        return [_deliver(sink, each) for sink, each in zip(sinks, results, strict=True)]


def _deliver(sink: Sink, values: np.ndarray) -> Storage:
    values = _converted(np.asarray(values), sink.dtype)
    if sink.storage is None:
        return Storage(_owned(np.empty(sink.layout.numel, sink.dtype), sink.layout, values))
    if sink.storage.on_host:
        sink.storage.put(sink.layout, values)
    else:
        jax.block_until_ready(sink.storage.flat)
        with writing:
            sink.storage.replace(_owned(np.array(sink.storage.flat), sink.layout, values))
    return sink.storage


def _converted(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """``values`` as another type, as `kernels.convert` has it."""
    if values.dtype == dtype:
        return values
    if values.dtype.kind == "c" and dtype.kind != "c":
        values = values != 0 if dtype.kind == "b" else np.real(values)
    is_float = jnp.issubdtype(values.dtype, jnp.floating)
    if is_float and dtype.kind in "iu":
        values = values.astype(kernels.truncated(dtype))
    if values.dtype == np.float64 and dtype.itemsize == 2 and jnp.issubdtype(dtype, jnp.floating):
        values = values.astype(np.float32)
    return values.astype(dtype)


def _owned(flat: np.ndarray, layout: Layout, values: np.ndarray) -> Array:
    """``flat`` with ``values`` written into it, as an array of JAX's."""
    np.copyto(strided(flat, layout), values)
    return from_array(flat)
