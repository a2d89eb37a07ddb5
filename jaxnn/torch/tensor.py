"""The tensor: a storage, a layout and a type, and Python's protocols over them.

No operation is written out here. `operations` attaches each to the class as a method, an in-place
twin or an operator.
"""

import builtins
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.torch import dtypes, gradients, kernels, lacking, layouts, pieces, printing
from jaxnn.torch.aliases import detached
from jaxnn.torch.devices import device
from jaxnn.torch.kernels import Source
from jaxnn.torch.layouts import Layout
from jaxnn.torch.size import Size
from jaxnn.torch.storage import Array, Storage, from_array

if TYPE_CHECKING:

    def _operator(self: "Tensor", other: Any, /) -> "Tensor": ...
    def _unary_operator(self: "Tensor", /) -> "Tensor": ...
    def _assignment(self: "Tensor", index: Any, value: Any, /) -> None: ...


class Tensor:
    """A multi-dimensional array of one type that can be written in place and share its memory.

    Tensors come from ``tensor``, ``zeros``, ``randn``, ``from_numpy`` and the other functions that
    make them, and are pytrees: they go through ``jax.jit``, ``jax.grad`` and ``jax.vmap``.

    Source: ``torch.Tensor``.

    >>> import jaxnn.torch as torch
    >>> x = torch.zeros(2, 2)
    >>> x[0] += 1
    >>> x
    tensor([[1., 1.],
            [0., 0.]])
    """

    __module__ = "jaxnn.torch"
    __array_priority__ = 1000  # NumPy's operators leave `array + tensor` to the tensor.

    _storage: Storage
    _layout: Layout
    _dtype: dtypes.dtype
    _leaf: tuple[Array, Layout, Array] | None

    # What it is

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return tuple.__new__(Size, self._layout.shape)

    @property
    def dtype(self) -> dtypes.dtype:
        """The type of the elements."""
        return self._dtype

    @property
    def device(self) -> device:
        """Where the elements are."""
        return self._storage.device

    @property
    def is_cuda(self) -> builtins.bool:
        """Whether the elements are on a GPU."""
        return self.device.type == "cuda"

    @property
    def is_cpu(self) -> builtins.bool:
        """Whether the elements are on the CPU."""
        return not self.is_cuda

    @property
    def ndim(self) -> builtins.int:
        """The number of dimensions."""
        return len(self._layout.shape)

    @property
    def itemsize(self) -> builtins.int:
        """Bytes an element."""
        return self._dtype.itemsize

    @property
    def nbytes(self) -> builtins.int:
        """Bytes of all elements."""
        return self._layout.numel * self._dtype.itemsize

    @property
    def requires_grad(self) -> builtins.bool:
        """False: gradients come from ``jax.grad``, which needs no mark on a tensor."""
        return False

    @requires_grad.setter
    def requires_grad(self, value: builtins.bool) -> None:
        if value:
            raise lacking.method("requires_grad")

    @property
    def is_leaf(self) -> builtins.bool:
        """True: no tensor records where it came from."""
        return True

    @property
    def grad(self) -> None:
        """None: gradients are what ``jax.grad`` returns."""
        return

    # Python's protocols

    def __len__(self) -> builtins.int:
        if not self.ndim:
            raise TypeError("len() of a 0-d tensor")
        return self._layout.shape[0]

    def __reversed__(self) -> Self:
        return self.flip(0) if self.ndim else self

    def __delitem__(self, index: Any) -> None:
        raise TypeError("Tensor does not support deleting items")

    def __iter__(self) -> Iterator[Self]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return (wrap(self._storage, row, self._dtype) for row in pieces.unbind(self._layout))

    def __hash__(self) -> builtins.int:
        return id(self)

    def __bool__(self) -> builtins.bool:
        if self._layout.numel == 1:
            return builtins.bool(scalar(self))
        how_many = "no values" if not self._layout.numel else "more than one value"
        raise RuntimeError(f"Boolean value of Tensor with {how_many} is ambiguous")

    def __int__(self) -> builtins.int:
        return builtins.int(_real(self, "int64_t"))

    def __float__(self) -> builtins.float:
        return builtins.float(_real(self, "double"))

    def __complex__(self) -> complex:
        return complex(_only(self))

    def __index__(self) -> builtins.int:
        if self._layout.numel != 1 or self._dtype.is_floating_point or self._dtype.is_complex:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return builtins.int(scalar(self))

    def __contains__(self, element: Any) -> builtins.bool:
        if not isinstance(
            element, Tensor | builtins.bool | builtins.int | builtins.float | complex
        ):
            raise RuntimeError(
                "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
                f"{type(element)}."
            )
        return builtins.bool((self == element).any())

    def __repr__(self) -> str:
        if not isinstance(self._storage, Storage):  # what JAX put in the elements' place
            return f"Tensor({self._storage!r})"
        if is_traced(self):
            return f"Tensor({array_of(self)})"
        return printing.tensor_repr(values(self), self._dtype, self.device)

    def __format__(self, spec: str) -> str:
        return printing.tensor_format(values(self), self._dtype, spec)

    def __array__(self, dtype: Any = None, copy: builtins.bool | None = None) -> np.ndarray:
        shared = self.numpy()
        return np.array(shared, dtype, copy=copy)

    def __array_wrap__(
        self, array: np.ndarray, context: Any = None, return_scalar: builtins.bool = False
    ) -> Any:
        # What NumPy's functions make of a tensor. torch is older than its own bool.
        array = np.asarray(array)
        dtypes.from_numpy(array.dtype)
        return of_array(array.astype(np.uint8) if array.dtype == bool else array)

    def __jax_array__(self) -> Array:
        return array_of(self)

    def __dlpack__(self, *, stream: Any = None, **wanted: Any) -> Any:
        if self.is_cuda:
            return array_of(self).__dlpack__(stream=stream, **wanted)
        if stream is not None:
            raise AssertionError("stream should be None on cpu.")
        if self._dtype is dtypes.bfloat16:  # which NumPy does not lend; JAX's must not be written
            return jnp.array(array_of(self), copy=True).__dlpack__(**wanted)
        return self.numpy().__dlpack__(**wanted)

    def __dlpack_device__(self) -> tuple[builtins.int, builtins.int]:
        return array_of(self).__dlpack_device__() if self.is_cuda else (1, 0)

    def __copy__(self) -> Self:
        return wrap(self._storage, self._layout, self._dtype)

    def __deepcopy__(self, memo: dict[builtins.int, Any]) -> Self:
        return wrap(self._storage.copied(memo), self._layout, self._dtype)

    def __reduce__(self) -> tuple[Any, ...]:
        return wrap, (self._storage, self._layout, self._dtype)

    if TYPE_CHECKING:  # `operations` attaches these

        def __new__(cls, *data: Any) -> Self: ...  # noqa: D102 - the class says what it takes

        __add__ = __radd__ = __iadd__ = __sub__ = __rsub__ = __isub__ = _operator
        __mul__ = __rmul__ = __imul__ = __truediv__ = __rtruediv__ = __itruediv__ = _operator
        __floordiv__ = __rfloordiv__ = __ifloordiv__ = __mod__ = __rmod__ = __imod__ = _operator
        __pow__ = __rpow__ = __ipow__ = __matmul__ = __rmatmul__ = __imatmul__ = _operator
        __and__ = __rand__ = __iand__ = __or__ = __ror__ = __ior__ = _operator
        __xor__ = __rxor__ = __ixor__ = __lshift__ = __rshift__ = _operator
        __lt__ = __le__ = __gt__ = __ge__ = _operator
        __neg__ = __pos__ = __abs__ = __invert__ = _unary_operator
        __getitem__ = _operator
        __setitem__ = _assignment

        # Element by element, unlike Python's: so torch has it.
        def __eq__(self, other: Any, /) -> Self: ...  # pyright: ignore[reportIncompatibleMethodOverride]
        def __ne__(self, other: Any, /) -> Self: ...  # pyright: ignore[reportIncompatibleMethodOverride]

    def __getattr__(self, name: str) -> Any:
        raise lacking.attribute(self, name)


def wrap(storage: Storage, layout: Layout, dtype: dtypes.dtype) -> Any:
    """The tensor over ``storage`` with this layout.

    The result is typed ``Any``, as torch's own tensors mostly are: methods are attached to the
    class where `operations` builds them.
    """
    tensor = object.__new__(Tensor)
    tensor._storage, tensor._layout, tensor._dtype = storage, layout, dtype
    tensor._leaf = None
    if isinstance(storage, Storage) and storage.is_traced:
        if gradients.are_off_here() and not storage.is_constant:
            tensor._storage = detached(storage)
        _keep_leaf(tensor)
    return tensor


def refresh(tensor: Tensor) -> None:
    """Read a traced tensor's elements now.

    JAX asks for what a function returned when its trace has ended, when nothing can be read.
    """
    if tensor._storage.is_traced:
        tensor._leaf = (tensor._storage.memory, tensor._layout, array_of(tensor))


def _keep_leaf(tensor: Tensor) -> None:
    """Read a traced tensor's elements now, and after every write."""
    alive = weakref.ref(tensor)

    def keep() -> Tensor | None:
        kept = alive()
        if kept is not None:
            refresh(kept)
        return kept

    keep()
    tensor._storage.watch(keep)


def of_array(array: Array) -> Tensor:
    """A new tensor of a JAX or NumPy array's elements, whose memory is not shared."""
    array = np.array(array) if isinstance(array, np.ndarray) else array
    layout = layouts.contiguous(array.shape)
    return wrap(Storage(from_array(array)), layout, dtypes.from_jax(array.dtype))


def array_of(tensor: Tensor) -> Array:
    """The elements as a ``jax.Array`` of the tensor's shape; no later write changes it."""
    return kernels.read(Source(tensor._storage, tensor._layout))


def values(tensor: Tensor) -> np.ndarray:
    """The elements for Python to read at once; not to be kept or written."""
    return tensor._storage.values(tensor._layout)


def scalar(tensor: Tensor) -> Any:
    """The only element, as a Python number; where JAX differentiates, it has no derivative."""
    if is_traced(tensor):
        return array_of(tensor).reshape(()).item()
    return values(tensor).item()


def is_traced(tensor: Tensor) -> bool:
    """Whether the elements are only known inside of a traced function."""
    return tensor._storage.is_traced


def _real(tensor: Tensor, kind: str) -> Any:
    number = _only(tensor)
    if not isinstance(number, complex):
        return number
    if number.imag:
        raise RuntimeError(f"value cannot be converted to type {kind} without overflow")
    return number.real


def _only(tensor: Tensor) -> Any:
    if tensor._layout.numel != 1:
        raise ValueError("only one element tensors can be converted to Python scalars")
    return scalar(tensor)


def _flatten(tensor: Tensor) -> tuple[tuple[Any], None]:
    if not isinstance(tensor._storage, Storage):
        return (tensor._storage,), None
    if tensor._leaf is not None:
        flat, layout, leaf = tensor._leaf
        if flat is tensor._storage.memory and layout is tensor._layout:
            return (leaf,), None
    return (array_of(tensor),), None


def _unflatten(_: None, leaves: tuple[Any]) -> Any:
    """A tensor of a leaf. JAX also passes what is no array, which is kept as it is."""
    (leaf,) = leaves
    if isinstance(leaf, Tensor):  # one tree in another's place, as in a Jacobian
        return leaf
    if not isinstance(leaf, jax.Array | np.ndarray):
        layout = layouts.contiguous(getattr(leaf, "shape", ()))
        dtype = getattr(leaf, "dtype", None) or dtypes.get_default_dtype().numpy
        return wrap(leaf, layout, dtypes.from_jax(dtype))
    return of_array(leaf)


jax.tree_util.register_pytree_node(Tensor, _flatten, _unflatten)
