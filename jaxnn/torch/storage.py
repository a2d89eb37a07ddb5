"""A tensor's memory: flat, in one of two states, read and written through layouts.

On a device it is an immutable one-dimensional ``jax.Array``, and a write puts a new array in its
place. On the host it is memory shared with NumPy, and a write goes into it. All tensors that view
one another hold the same `Storage`, so that either write is seen through every one of them.

`read` and `write` are the same for arrays inside traced functions; the compiled kernels use them.
"""

import contextlib
import functools
import math
import threading
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.core import Tracer

from jaxnn.torch import gradients, layouts, traces
from jaxnn.torch.devices import device
from jaxnn.torch.layouts import Layout

_LEAK = (
    "a function that JAX traces wrote into a tensor from outside of it, which would be left with "
    "a value that is no number. Write into a clone() made inside of the function, and return it"
)

_CPU = device("cpu")

#: Held from the reading of what a write keeps to the replacing of it, and on the way to the host:
#: threads may write into different parts of one storage. Nothing waits for a result while it holds
#: this, since a callback of JAX's that computes the result may write too.
writing = threading.RLock()

Array = Any
"""A ``jax.Array`` or a tracer of one."""


@functools.cache
def _host_device() -> Any:
    """The CPU, where JAX would otherwise run elsewhere by default."""
    return None if jax.default_backend() == "cpu" else jax.devices("cpu")[0]


def setting() -> contextlib.AbstractContextManager[Any]:
    """How JAX runs what the adapter asks of it: in 64-bit mode, and by default on the CPU.

    Both hold inside of the ``with`` block only: the user's own settings stay as they are.
    """
    device = _host_device()
    if device is None:
        return jax.enable_x64(True)
    stack = contextlib.ExitStack()
    stack.enter_context(jax.enable_x64(True))
    stack.enter_context(jax.default_device(device))
    return stack


class Storage:
    """Flat memory of one element type.

    Args:
        flat: a one-dimensional ``jax.Array``, or a NumPy array whose memory is to be shared.

    Example:
        >>> memory = np.zeros(4)
        >>> storage = Storage(memory)
        >>> storage.numpy(layouts.contiguous((2, 2)))[1, 1] = 5.0
        >>> memory.tolist()
        [0.0, 0.0, 0.0, 5.0]
    """

    __slots__ = ("_constant", "_flat", "_resizable", "_trace", "_watchers")

    def __init__(self, flat: Array) -> None:
        self._constant = gradients.are_off_here()
        self._flat: Any = lax.stop_gradient(flat) if self._constant else flat
        self._resizable = not self.on_host
        self._trace = traces.current()
        self._watchers: list[Callable[[], Any]] = []

    @property
    def on_host(self) -> bool:
        """Whether the memory is shared with NumPy."""
        return isinstance(self._flat, np.ndarray)

    @property
    def is_constant(self) -> bool:
        """Whether derivatives were off when the elements were computed."""
        return self._constant

    @property
    def is_traced(self) -> bool:
        """Whether the elements are only known inside of a traced function."""
        return isinstance(self._flat, Tracer)

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._flat.shape[0]

    @property
    def dtype(self) -> np.dtype:
        """The type of the elements."""
        return self._flat.dtype

    @property
    def itemsize(self) -> int:
        """Bytes an element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.size * self.itemsize

    @property
    def origin(self) -> "Storage":
        """The storage that has the memory: what tensors that share elements have in common."""
        return self

    def shows_as(self, other: "Storage") -> bool:
        """Whether another storage shows the same elements of the same memory."""
        return self is other.attached

    @property
    def attached(self) -> "Storage":
        """The same storage as derivatives see it."""
        return self

    @property
    def resizable(self) -> bool:
        """Whether the memory may grow: not where an array of NumPy's lies over it."""
        return self._resizable

    @property
    def address(self) -> int:
        """Where the memory begins.

        A write on the device puts the elements elsewhere. So memory of the CPU whose address was
        asked for is on the host from then on, where it stays; on another device a write moves it.
        """
        if not self.on_host:
            if self.device.type != "cpu":
                return self._flat.unsafe_buffer_pointer()
            self._move_to_host()
        return self._flat.ctypes.data

    @property
    def memory(self) -> Array:
        """What holds the elements now, whether an array of JAX's or of NumPy's."""
        return self._flat

    @property
    def flat(self) -> Array:
        """All elements as a ``jax.Array`` that no later write can change."""
        return jnp.asarray(self._flat.copy()) if self.on_host else self._flat

    @property
    def device(self) -> device:
        """Where the memory is."""
        if self.on_host or self.is_traced:
            return _CPU
        (place,) = self._flat.devices()
        return _CPU if place.platform == "cpu" else device("cuda", place.id)

    def operand(self, layout: Layout) -> tuple[Array, Layout]:
        """What a kernel is to read, and the layout of it.

        JAX reads NumPy memory when it gets to it, perhaps after a later write. So a kernel is
        never given shared memory: it gets a copy that was made before this function returned.
        """
        if not self.on_host:
            return self._flat, layout
        copy = np.array(strided(self._flat, layout), order="C").reshape(-1)
        return copy, layouts.contiguous(layout.shape)

    def values(self, layout: Layout) -> np.ndarray:
        """The elements for Python to read at once; not to be kept or written."""
        return strided(np.asarray(self._flat), layout)

    def put(self, layout: Layout, values: Array) -> None:
        """Write into host memory, before this function returns."""
        np.copyto(strided(self._flat, layout), np.asarray(values))

    def replace(self, flat: Array) -> None:
        """Take the array that holds the elements after a write on the device.

        Raises:
            RuntimeError: the storage outlives a traced function that wrote into it.
        """
        enters = isinstance(flat, Tracer) and not self.is_traced
        if enters and self._trace != traces.current():
            raise RuntimeError(_LEAK)
        self._constant = self._constant and gradients.are_off_here()
        self._flat = flat
        self._watchers = [watcher for watcher in self._watchers if watcher() is not None]

    def watch(self, watcher: Callable[[], Any]) -> None:
        """Call ``watcher`` after each later write on the device, until it returns None."""
        self._watchers.append(watcher)

    def numpy(self, layout: Layout) -> np.ndarray:
        """A writable array over the memory itself, which is on the host from now on."""
        self._move_to_host()
        self._resizable = False
        return strided(self._flat, layout)

    def _move_to_host(self) -> None:
        jax.block_until_ready(self._flat)
        with writing:
            if not self.on_host:
                self._flat = np.array(self._flat)

    def copied(self, copies: dict[int, "Storage"]) -> "Storage":
        """A storage of the same elements: one for all that ask with the same ``copies``."""
        if id(self) not in copies:
            memory = self._flat.copy() if self.on_host else self._flat
            copies[id(self)] = Storage(from_array(memory))
        return copies[id(self)]

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (np.array(self._flat),)

    def grow(self, size: int) -> None:
        """Make room for ``size`` elements; the new ones hold zeros.

        Raises:
            RuntimeError: the memory is shared with NumPy.
        """
        if size <= self.size:
            return
        if not self._resizable:
            raise RuntimeError("Trying to resize storage that is not resizable")
        self._flat = jnp.pad(self._flat, (0, size - self.size))


def moved(storage: Storage, place: device) -> Storage:
    """A storage on a device: itself where it is there already, else a copy."""
    here = storage.device
    if place == here or (place.type == here.type and place.index is None):
        return storage
    with setting():
        return Storage(jax.device_put(storage.flat, place.jax_device))


def _unpickled(flat: np.ndarray) -> Storage:
    return Storage(from_array(flat))


def strided(flat: np.ndarray, layout: Layout) -> np.ndarray:
    """The elements that ``layout`` means, as an array over the same memory."""
    shape, strides, offset = layout
    if 0 in shape:
        strides, offset = (0,) * len(shape), 0
    itemsize = flat.itemsize
    steps = [stride * itemsize for stride in strides]
    # Several times as quick as what `np.lib.stride_tricks` has for it.
    return np.ndarray(shape, flat.dtype, flat, offset * itemsize, steps)


def read(flat: Array, layout: Layout) -> Array:
    """The elements that ``layout`` means, as an array of its shape.

    Example:
        >>> read(jnp.arange(6), Layout((3, 2), (1, 3))).tolist()
        [[0, 3], [1, 4], [2, 5]]
    """
    if not layout.numel:
        return jnp.zeros(layout.shape, flat.dtype)
    place = _Place(layout)
    if place.dense:
        block = lax.slice(flat, [layout.offset], [layout.offset + place.numel])
        kept = lax.transpose(block.reshape(place.packed), place.to_index_order)
    else:
        kept = flat.at[place.indices()].get(mode="promise_in_bounds")
    return lax.broadcast_in_dim(kept, layout.shape, place.dims)


def write(flat: Array, layout: Layout, values: Array) -> Array:
    """``flat`` with the elements that ``layout`` means replaced by ``values`` of its shape.

    Example:
        >>> write(jnp.zeros(4), Layout((2,), (2,), 1), jnp.ones(2)).tolist()
        [0.0, 1.0, 0.0, 1.0]
    """
    if not layout.numel:
        return flat
    place = _Place(layout)
    values = values.reshape([layout.shape[d] for d in place.dims])
    if not place.dense:
        at = flat.at[place.indices()]
        return at.set(values, mode="promise_in_bounds", unique_indices=True)
    block = lax.transpose(values, place.to_memory_order).reshape(place.numel)
    if block.shape == flat.shape:
        return block
    return lax.dynamic_update_slice(flat, block, [np.int32(layout.offset)])


@functools.lru_cache(maxsize=4096)
def covers(layout: Layout, size: int) -> bool:
    """Whether a write through ``layout`` leaves none of ``size`` elements as it was."""
    return layout.numel == size and layouts.is_dense(layout)


class _Place:
    """How the elements of a layout lie in memory, its repeated and single indices aside."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        sized = zip(layout.shape, layout.strides, strict=True)
        self.dims = [d for d, (size, stride) in enumerate(sized) if size > 1 and stride]
        self.shape = [layout.shape[d] for d in self.dims]
        self.strides = [layout.strides[d] for d in self.dims]
        self.numel = math.prod(self.shape)
        self.dense = layouts.is_dense(Layout(tuple(self.shape), tuple(self.strides)))
        self.to_memory_order = sorted(range(len(self.dims)), key=lambda d: -self.strides[d])
        self.packed = [self.shape[d] for d in self.to_memory_order]
        self.to_index_order = [self.to_memory_order.index(d) for d in range(len(self.dims))]

    def indices(self) -> Array:
        """The flat index of every element, computed where it is used rather than stored."""
        wide = self.layout.extent > np.iinfo(np.int32).max
        dtype = np.dtype(np.int64 if wide else np.int32)
        index = jnp.full(self.shape, self.layout.offset, dtype)
        for d, stride in enumerate(self.strides):
            index += lax.broadcasted_iota(dtype, self.shape, d) * dtype.type(stride)
        return index


def from_array(array: Array) -> jax.Array:
    """An array's elements in the order of their indices, flat, with their type kept.

    A NumPy array has to be the callee's own from then on: JAX may keep its memory.
    """
    with setting():
        if not isinstance(array, np.ndarray):
            return reshaped(array, (array.size,))
        if array.nbytes < _LARGE:
            return _reshaped(array, (array.size,))
        return jax.device_put(array.reshape(-1), may_alias=True)


def reshaped(array: Array, shape: tuple[int, ...]) -> Array:
    """``array.reshape(shape)``, over the same memory if that is large and the CPU's.

    XLA copies what it reshapes. An array of JAX's never changes, so two may have one memory.
    """
    if array.shape == shape:
        return array
    if isinstance(array, Tracer) or array.nbytes < _LARGE or array.sharding.device_set != _cpu():
        return _reshaped(array, shape)
    (place,) = array.devices()
    return jax.device_put(np.asarray(array).reshape(shape), place, may_alias=True)


_reshaped = jax.jit(lax.reshape, static_argnums=1)

#: From so many bytes on, a copy takes longer than what avoids it.
_LARGE = 2**18


@functools.cache
def _cpu() -> set[Any]:
    return {jax.devices("cpu")[0]}
