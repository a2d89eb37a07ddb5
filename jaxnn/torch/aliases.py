"""Storages that show another's elements otherwise: of another type, conjugated, negated, detached.

An alias has no memory of its own. What is read from it is read from its base and then seen through
the alias; what is written into it is turned back and written into its base. So a tensor over an
alias shares its elements with the tensors over the base, as torch's ``view(dtype)``, ``real``,
``imag`` and ``conj`` do.
"""

import functools
from collections.abc import Callable
from typing import Any, Self

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxnn.torch import bits, layouts, traces
from jaxnn.torch.devices import device
from jaxnn.torch.gradients import with_tangent_of
from jaxnn.torch.layouts import Layout
from jaxnn.torch.storage import Array, Storage, setting, strided


class Alias(Storage):
    """What all aliases are: a base, and what does not depend on how it is seen."""

    __slots__ = ("base",)

    base: Storage

    def __init__(self, base: Storage, seen_as: Any) -> None:
        raise NotImplementedError

    @property
    def origin(self) -> Storage:
        """The storage that has the memory."""
        return self.base.origin

    @property
    def on_host(self) -> bool:
        """Whether the memory is shared with NumPy."""
        return self.base.on_host

    @property
    def is_constant(self) -> bool:
        """Whether derivatives were off when the elements were computed."""
        return self.base.is_constant

    @property
    def is_traced(self) -> bool:
        """Whether the elements are only known inside of a traced function."""
        return self.base.is_traced

    @property
    def address(self) -> int:
        """Where the memory begins."""
        return self.base.address

    @property
    def memory(self) -> Array:
        """What holds the base's elements now."""
        return self.base.memory

    @property
    def device(self) -> device:
        """Where the memory is."""
        return self.base.device

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.base.size

    @property
    def dtype(self) -> np.dtype:
        """The type of the elements."""
        return self.base.dtype

    def watch(self, watcher: Callable[[], Any]) -> None:
        """Call ``watcher`` after each later write on the device, until it returns None."""
        self.base.watch(watcher)

    def grow(self, size: int) -> None:
        """Make room for ``size`` elements; the new ones hold zeros."""
        self.base.grow(size)

    def shows_as(self, other: Storage) -> bool:
        """Whether another storage shows the same elements of the same memory."""
        if not isinstance(other, Alias) or self.seen_as != other.seen_as:
            return False
        return self.base.shows_as(other.base)

    @property
    def seen_as(self) -> Any:
        """What the alias makes of its base: a type or a function."""
        raise NotImplementedError

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.base, self.seen_as)

    def copied(self, copies: dict[int, Storage]) -> Self:
        """The same alias of the copy of its base."""
        return type(self)(self.base.copied(copies), self.seen_as)


class Retyped(Alias):
    """The same bytes as elements of another type.

    Example:
        >>> halves = Retyped(Storage(jnp.float32([1, 2])), np.dtype("uint16"))
        >>> halves.flat.tolist()
        [0, 16256, 0, 16384]
    """

    __slots__ = ("_dtype",)

    def __init__(self, base: Storage, dtype: np.dtype) -> None:
        self.base, self._dtype = base, dtype

    @property
    def dtype(self) -> np.dtype:
        """The type of the elements."""
        return self._dtype

    def over(self, base: Storage) -> Self:
        """The same alias of another base."""
        return type(self)(base, self.dtype)

    @property
    def size(self) -> int:
        """The number of whole elements."""
        return self.base.nbytes // self.dtype.itemsize

    @property
    def flat(self) -> Array:
        """All elements as a ``jax.Array`` that no later write can change."""
        with setting():
            return bits.retyped(self.base.flat, self.dtype)

    def operand(self, layout: Layout) -> tuple[Array, Layout]:
        """What a kernel is to read, and the layout of it."""
        if not self.on_host:
            return self.flat, layout
        copy = np.array(self.values(layout), order="C").reshape(-1)
        return copy, layouts.contiguous(layout.shape)

    def values(self, layout: Layout) -> np.ndarray:
        """The elements for Python to read at once; not to be kept or written."""
        return strided(self._seen(self.base.values(_whole(self.base))), layout)

    def put(self, layout: Layout, values: Array) -> None:
        """Write into host memory, before this function returns."""
        np.copyto(strided(self._seen(self.base.values(_whole(self.base))), layout), values)

    def replace(self, flat: Array) -> None:
        """Take the array that holds the elements after a write on the device."""
        with setting():
            self.base.replace(bits.restored(flat, self.base.flat))

    def numpy(self, layout: Layout) -> np.ndarray:
        """A writable array over the memory itself, which is on the host from now on."""
        return strided(self._seen(self.base.numpy(_whole(self.base))), layout)

    def grow(self, size: int) -> None:
        """Make room for ``size`` elements; the new ones hold zeros."""
        self.base.grow(-(-size * self.itemsize // self.base.itemsize))

    def _seen(self, memory: np.ndarray) -> np.ndarray:
        whole = memory.view(np.uint8)[: self.size * self.itemsize]
        return whole.view(self.dtype)


class Mapped(Alias):
    """Every element conjugated or negated, by a function that is its own inverse.

    Example:
        >>> Mapped(Storage(jnp.arange(3)), np.negative).flat.tolist()
        [0, -1, -2]
    """

    __slots__ = ("function",)

    function: Callable[[Any], Any]

    def __init__(self, base: Storage, function: Callable[[Any], Any]) -> None:
        self.base, self.function = base, function

    @property
    def seen_as(self) -> Callable[[Any], Any]:
        """The function."""
        return self.function

    @property
    def flat(self) -> Array:
        """All elements as a ``jax.Array`` that no later write can change."""
        return self._on_device(self.base.flat)

    def operand(self, layout: Layout) -> tuple[Array, Layout]:
        """What a kernel is to read, and the layout of it."""
        buffer, layout = self.base.operand(layout)
        return self._on_device(buffer), layout

    def values(self, layout: Layout) -> np.ndarray:
        """The elements for Python to read at once; not to be kept or written."""
        return self.function(self.base.values(layout))

    def put(self, layout: Layout, values: Array) -> None:
        """Write into host memory, before this function returns."""
        self.base.put(layout, self.function(np.asarray(values)))

    def replace(self, flat: Array) -> None:
        """Take the array that holds the elements after a write on the device."""
        self.base.replace(self._on_device(flat))

    def numpy(self, layout: Layout) -> np.ndarray:
        """Refuse: no array over the memory shows what this alias shows.

        Raises:
            RuntimeError: always, with torch's text.
        """
        bit, way = _TEXTS[self.function]
        raise RuntimeError(
            f"Can't call numpy() on Tensor that has {bit} bit set. Use tensor.{way}().numpy() "
            "instead."
        )

    def _on_device(self, flat: Array) -> Array:
        with setting():
            return _mapped(flat, self.function)


class Detached(Alias):
    """The same elements, constant to derivatives until they are written through this alias.

    What is written here changes the numbers of the base, and none of its derivatives.

    Example:
        >>> def product(x):
        ...     return jnp.sum(x * Detached(Storage(x)).flat)
        >>> jax.grad(product)(jnp.array([3.0, 5.0])).tolist()
        [3.0, 5.0]
    """

    __slots__ = ("_own", "_seen")

    def __init__(self, base: Storage, seen_as: None = None) -> None:
        self.base = base
        self._seen = base.memory
        self._own: Array = lax.stop_gradient(base.flat)

    @property
    def is_constant(self) -> bool:
        """True: what is taken of it without derivatives has none of its base's."""
        return True

    @property
    def seen_as(self) -> None:
        """Nothing else than they are."""
        return

    @property
    def flat(self) -> Array:
        """All elements as a ``jax.Array`` that no later write can change."""
        if self._seen is not self.base.memory:  # written from elsewhere: the numbers are new
            flat = self.base.flat
            kept = flat.shape == self._own.shape
            self._own = with_tangent_of(self._own, flat) if kept else lax.stop_gradient(flat)
            self._seen = self.base.memory
        return self._own

    def shows_as(self, other: Storage) -> bool:
        """Whether another storage shows the same elements of the same memory."""
        return self.base.shows_as(other)

    @property
    def attached(self) -> Storage:
        """The same storage as derivatives see it."""
        return self.base

    def operand(self, layout: Layout) -> tuple[Array, Layout]:
        """What a kernel is to read, and the layout of it."""
        return self.base.operand(layout) if self.on_host else (self.flat, layout)

    def values(self, layout: Layout) -> np.ndarray:
        """The elements for Python to read at once; not to be kept or written."""
        return self.base.values(layout)

    def put(self, layout: Layout, values: Array) -> None:
        """Write into host memory, before this function returns."""
        self.base.put(layout, values)

    def replace(self, flat: Array) -> None:
        """Take the array that holds the elements after a write on the device."""
        self.base.replace(with_tangent_of(self.base.flat, flat))
        self._own, self._seen = flat, self.base.memory

    def numpy(self, layout: Layout) -> np.ndarray:
        """A writable array over the memory itself, which is on the host from now on."""
        return self.base.numpy(layout)


def detached(storage: Storage) -> Storage:
    """A storage whose elements JAX's derivatives take for constants.

    What is no part of a traced function is that already, and so is memory of NumPy's.
    """
    if traces.is_eager() or storage.on_host or isinstance(storage, Detached):
        return storage
    if isinstance(storage, Mapped):
        return Mapped(detached(storage.base), storage.function)
    if isinstance(storage, Retyped):
        return Retyped(detached(storage.base), storage.dtype)
    return Detached(storage)


def retyped(storage: Storage, dtype: np.dtype) -> Storage:
    """The same bytes as elements of another type; the memory itself where that is its own type."""
    base = storage.base if isinstance(storage, Retyped) else storage
    return base if base.dtype == dtype else Retyped(base, dtype)


def mapped(storage: Storage, function: Callable[[Any], Any]) -> Storage:
    """Every element under ``function``; what was so already is as it was before.

    Example:
        >>> memory = Storage(jnp.arange(3))
        >>> mapped(mapped(memory, np.negative), np.negative) is memory
        True
    """
    if not isinstance(storage, Mapped):
        return Mapped(storage, function)
    if storage.function is function:
        return storage.base
    return Mapped(mapped(storage.base, function), storage.function)


def mapped_as(storage: Storage, like: Storage) -> Storage:
    """A storage's memory under the functions under which ``like`` shows its own."""
    while isinstance(storage, Mapped):
        storage = storage.base
    while isinstance(like, Mapped):
        storage, like = Mapped(storage, like.function), like.base
    return storage


def is_mapped(storage: Storage, function: Callable[[Any], Any]) -> bool:
    """Whether the elements are shown under ``function``."""
    while isinstance(storage, Mapped):
        if storage.function is function:
            return True
        storage = storage.base
    return False


#: For each function: what torch calls the mark of such a tensor, and its way to get rid of it.
_TEXTS: dict[Callable[[Any], Any], tuple[str, str]] = {
    np.conjugate: ("conjugate", "resolve_conj"),
    np.negative: ("negative", "resolve_neg"),
}


def _whole(storage: Storage) -> Layout:
    return layouts.contiguous((storage.size,))


@functools.partial(jax.jit, static_argnums=1)
def _mapped(flat: Array, function: Callable[[Any], Any]) -> Array:
    return jnp.conj(flat) if function is np.conjugate else jnp.negative(flat)
