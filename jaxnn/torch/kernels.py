"""Compiled kernels: the one place where the adapter runs anything, and their one cache.

An operation reads its operands through their layouts, computes, and stores its results, all in one
compiled function. Layouts, types and options are fixed at compilation; elements and Python numbers
are arguments. So the same operation on the same shapes never compiles twice, and ``x * 2`` and
``x * 3`` are one kernel. Kernels of few elements compile in half the time, without optimizations
that only many elements repay, where no digit that is printed depends on them.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import gradients, traces
from jaxnn.torch import storage as memory
from jaxnn.torch.layouts import Layout, is_contiguous
from jaxnn.torch.storage import Array, Storage

Options = tuple[tuple[str, Any], ...]
"""Keyword arguments of a kernel's function, fixed at compilation: hashable."""


class Source(NamedTuple):
    """An operand in memory: which elements of which storage."""

    storage: Storage
    layout: Layout
    given: Layout | None = None
    """The layout before it was expanded to the shape of other operands."""

    @property
    def origin(self) -> Layout:
        """The layout as the caller gave it."""
        return self.given or self.layout


class Sink(NamedTuple):
    """Where a result goes: over part of a storage, or (``storage`` None) into a new one."""

    layout: Layout
    dtype: np.dtype
    storage: Storage | None = None


class _Store(NamedTuple):
    """A `Sink` as far as it shapes the kernel."""

    layout: Layout
    dtype: np.dtype
    keeps: bool
    """Whether elements outside of the layout have to be carried over."""
    shaped: bool
    """Whether the values leave in the layout's shape, to be put into host memory."""


class _Kernel(NamedTuple):
    function: Callable[..., Any]
    options: Options
    compute: np.dtype | None
    sources: tuple[Layout | None, ...]
    stores: tuple[_Store, ...]
    eager: bool
    """Whether it runs at once, rather than as part of a function that JAX traces."""


#: Kernels kept, of which the one unused for longest makes room. Each occupies a few of the memory
#: mappings that a process may have (65,530 on Linux), and a process without them dies.
KEPT = 4096
#: Up to so many elements, all operands and results together, a kernel's run takes no longer for
#: being compiled quickly: at 1,024 it is as long as the call of it.
QUICK = 1024
#: The fusions that XLA's CPU compiler makes one by one, and LLVM's optimizations.
_UNOPTIMIZED = {"xla_cpu_use_fusion_emitters": False, "xla_backend_optimization_level": 0}


def run(
    function: Callable[..., Any],
    operands: Sequence[Source | complex],
    sinks: Sequence[Sink],
    compute: np.dtype | None = None,
    options: Options = (),
) -> list[Storage]:
    """Apply ``function`` to ``operands`` and store its results.

    Args:
        function: on JAX arrays; returns one array, or a tuple of as many as there are sinks. Where
            it has an attribute ``traced``, that stands in for it in what JAX traces.
        operands: memory, or Python numbers.
        sinks: where each result goes, of which shape and type.
        compute: the type to which all operands are converted first; None leaves them.
        options: further keyword arguments of the function.

    Returns:
        The storage that holds each result.
    """
    buffers, sources = [], []
    for operand in operands:
        if isinstance(operand, Source):
            buffer, layout = operand.storage.operand(operand.layout)
        else:
            buffer, layout = operand, None
        buffers.append(buffer)
        sources.append(layout)
    if all(sink.storage is None or sink.storage.on_host for sink in sinks):
        return _launch(function, options, compute, buffers, sources, sinks)
    with memory.writing:
        return _launch(function, options, compute, buffers, sources, sinks)


def _launch(
    function: Callable[..., Any],
    options: Options,
    compute: np.dtype | None,
    buffers: Sequence[Array | complex],
    sources: Sequence[Layout | None],
    sinks: Sequence[Sink],
) -> list[Storage]:
    stores, kept = [], []
    for sink in sinks:
        store = _store(sink)
        stores.append(store)
        kept.append(sink.storage.flat if sink.storage and store.keeps else None)
    eager = traces.is_eager()
    compiled = _compile(_Kernel(function, options, compute, tuple(sources), tuple(stores), eager))
    with memory.setting():
        outputs = compiled(buffers, kept)
    return [_deliver(sink, output) for sink, output in zip(sinks, outputs, strict=True)]


def read(source: Source) -> Array:
    """The elements of ``source`` as one ``jax.Array`` of its shape."""
    buffer, layout = source.storage.operand(source.layout)
    with memory.setting():
        if layout.numel == buffer.shape[0] and is_contiguous(layout):
            return memory.reshaped(jnp.asarray(buffer), layout.shape)
        return _read(buffer, layout)


_read = jax.jit(memory.read, static_argnums=1)


def identity(x: Array) -> Array:
    """The kernel of a copy: all that happens is in the reading and the storing."""
    return x


def count() -> int:
    """The number of kernels compiled so far, each for one or more sizes of storage."""
    return _compile.cache_info().misses


def convert(x: Array, dtype: np.dtype) -> Array:
    """``x`` as another type, with torch's rounding: from 64 to 16 bits by way of 32."""
    if x.dtype == np.float64 and dtype.itemsize == 2 and jnp.issubdtype(dtype, jnp.floating):
        x = lax.convert_element_type(x, np.float32)
    if x.dtype.kind == "c" and dtype.kind != "c":
        x = x != 0 if dtype.kind == "b" else jnp.real(x)
    if dtype.kind in "iu" and jnp.issubdtype(x.dtype, jnp.floating):
        x = _truncate(x, truncated(dtype))
    return lax.convert_element_type(x, dtype)


def truncated(dtype: np.dtype) -> type[np.signedinteger]:
    """The type of integers by way of which torch makes floats those of ``dtype``."""
    return np.int64 if dtype in (np.int64, np.uint64, np.uint32) else np.int32


def _truncate(x: Array, dtype: type[np.signedinteger]) -> Array:
    """As an x86 processor does it: what ``dtype`` cannot hold becomes its least number."""
    if x.dtype.itemsize == 2:  # has no number for the bounds
        x = lax.convert_element_type(x, np.float32)
    least = np.iinfo(dtype).min
    fits = (x > least - 1.0) & (x < -float(least))
    whole = lax.convert_element_type(jnp.where(fits, x, 0), dtype)
    return jnp.where(fits, whole, least)


def _store(sink: Sink) -> _Store:
    if sink.storage is None:
        return _Store(sink.layout, sink.dtype, keeps=False, shaped=False)
    if sink.storage.on_host:
        # Where in the memory the values go is not the kernel's business.
        layout = Layout(sink.layout.shape, (0,) * sink.layout.ndim)
        return _Store(layout, sink.dtype, keeps=False, shaped=True)
    keeps = not memory.covers(sink.layout, sink.storage.size)
    return _Store(sink.layout, sink.dtype, keeps=keeps, shaped=False)


@functools.lru_cache(KEPT)
def _compile(kernel: _Kernel) -> Callable[..., list[Array]]:
    quick = kernel.eager and _is_small(kernel) and not _is_delicate(kernel)
    return jax.jit(_body(kernel), compiler_options=_quick_options() if quick else None)


def _is_small(kernel: _Kernel) -> bool:
    places = [layout for layout in kernel.sources if layout is not None]
    places += [store.layout for store in kernel.stores]
    return sum(place.numel for place in places) <= QUICK


def _is_delicate(kernel: _Kernel) -> bool:
    """Whether other instructions might give other digits, as ``exp`` does in float32."""
    types = [store.dtype for store in kernel.stores]
    return kernel.function is not identity and (np.float32 in types or np.complex64 in types)


@functools.cache
def _quick_options() -> dict[str, Any] | None:
    """What makes a compilation quick, where this JAX knows of it and runs on the CPU alone."""
    if jax.default_backend() != "cpu":
        return None
    try:
        jax.jit(identity, compiler_options=_UNOPTIMIZED).lower(0).compile()
    except jax.errors.JaxRuntimeError:  # XLA has no such option
        return None
    return _UNOPTIMIZED


def _body(kernel: _Kernel) -> Callable[..., list[Array]]:
    function = kernel.function
    if not kernel.eager:
        function = getattr(function, "traced", function)

    def body(buffers: Sequence[Array], kept: Sequence[Array | None]) -> list[Array]:
        arrays = []
        for buffer, layout in zip(buffers, kernel.sources, strict=True):
            x = buffer if layout is None else memory.read(buffer, layout)
            arrays.append(x if kernel.compute is None else convert(x, kernel.compute))
        results = function(*arrays, **dict(kernel.options))
        results = results if isinstance(results, tuple) else (results,)
        stored = zip(results, kernel.stores, kept, strict=True)
        return [_stored(result, store, flat) for result, store, flat in stored]

    body.__name__ = getattr(kernel.function, "__name__", "kernel")
    return body


def _stored(result: Array, store: _Store, flat: Array | None) -> Array:
    values = jnp.broadcast_to(convert(jnp.asarray(result), store.dtype), store.layout.shape)
    if store.shaped:
        return values
    if flat is None:
        flat = jnp.zeros(store.layout.numel, store.dtype)
    return memory.write(flat, store.layout, values)


def _deliver(sink: Sink, output: Array) -> Storage:
    if sink.storage is None:
        return Storage(output)
    if sink.storage.on_host:
        sink.storage.put(sink.layout, output)
    elif gradients.are_off_here():
        sink.storage.replace(gradients.with_tangent_of(sink.storage.flat, output))
    else:
        sink.storage.replace(output)
    return sink.storage
