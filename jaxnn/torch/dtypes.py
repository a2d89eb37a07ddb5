"""torch's data types: objects that name a NumPy type, print as torch's.

The module's names shadow Python's ``bool``, ``int`` and ``float``, as torch's own do; inside it
the built-in types go by ``builtins``.
"""

import builtins
from typing import Any, Self

import jax.numpy as jnp
import numpy as np

__all__ = [
    "bfloat16",
    "bool",
    "cdouble",
    "cfloat",
    "complex64",
    "complex128",
    "double",
    "dtype",
    "float",
    "float16",
    "float32",
    "float64",
    "get_default_dtype",
    "half",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "long",
    "set_default_dtype",
    "short",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]


class dtype:  # noqa: N801 - torch's name
    """The type of a tensor's elements; there is one object for each type, and no way to make more.

    Attributes: ``numpy`` (the ``numpy.dtype`` that stores it), ``itemsize`` (bytes an element),
    ``is_floating_point``, ``is_complex``, ``is_signed``.

    Source: ``torch.dtype``.

    >>> float32
    torch.float32
    >>> float32.itemsize, float32.is_floating_point, float32.numpy
    (4, True, dtype('float32'))
    """

    __slots__ = ("_floating", "_name", "_numpy")
    __module__ = "jaxnn.torch"

    _name: str
    _numpy: np.dtype
    _floating: builtins.bool

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Refuse: the sixteen types below are all there are."""
        raise TypeError("cannot create 'torch.dtype' instances")

    @property
    def numpy(self) -> np.dtype:
        """The NumPy type of the same elements (for ``bfloat16`` the one that JAX registers)."""
        return self._numpy

    @property
    def itemsize(self) -> builtins.int:
        """Bytes an element."""
        return self._numpy.itemsize

    @property
    def is_floating_point(self) -> builtins.bool:
        """Whether elements are real floating-point numbers."""
        return self._floating

    @property
    def is_complex(self) -> builtins.bool:
        """Whether elements are complex numbers."""
        return self._numpy.kind == "c"

    @property
    def is_signed(self) -> builtins.bool:
        """Whether elements can be negative."""
        return self._numpy.kind not in "ub"

    def __repr__(self) -> str:
        return f"torch.{self._name}"

    def __reduce__(self) -> str:
        return self._name


def _make(name: str, numpy: Any = None) -> dtype:
    new = object.__new__(dtype)
    new._name = name
    new._numpy = np.dtype(name if numpy is None else numpy)
    new._floating = jnp.issubdtype(new._numpy, jnp.floating)
    return new


float16 = half = _make("float16")
bfloat16 = _make("bfloat16", jnp.bfloat16)
float32 = float = _make("float32")
float64 = double = _make("float64")
int8 = _make("int8")
int16 = short = _make("int16")
int32 = int = _make("int32")
int64 = long = _make("int64")
uint8 = _make("uint8")
uint16 = _make("uint16")
uint32 = _make("uint32")
uint64 = _make("uint64")
bool = _make("bool")
complex64 = cfloat = _make("complex64")
complex128 = cdouble = _make("complex128")

#: Every type, in the order in which torch's message about NumPy arrays names those it takes.
DTYPES = (
    *(float64, float32, float16, complex64, complex128, int64, int32, int16, int8),
    *(uint64, uint32, uint16, uint8, bool, bfloat16),
)

#: What Python's number types mean where torch takes a dtype: ``zeros(2, dtype=float)``.
PYTHON_TYPES = {
    builtins.bool: bool,
    builtins.int: int64,
    builtins.float: float64,
    builtins.complex: complex128,
}

_BY_NUMPY = {each.numpy: each for each in DTYPES}


def from_jax(numpy_dtype: Any) -> dtype:
    """The torch type of a ``jax.Array``'s dtype, ``bfloat16`` included.

    >>> from_jax(jnp.zeros(1, jnp.bfloat16).dtype)
    torch.bfloat16
    """
    return _BY_NUMPY[np.dtype(numpy_dtype)]


def from_numpy(numpy_dtype: np.dtype) -> dtype:
    """The torch type of a NumPy array's dtype, where torch can take such an array.

    Raises:
        ValueError: the bytes are not in the machine's order.
        TypeError: torch has no such type, or (``bfloat16``) does not take it from NumPy.

    Source: the checks of ``torch.from_numpy``.

    >>> from_numpy(np.dtype("int16"))
    torch.int16
    """
    if not numpy_dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. "
            "Conversion between byte orders is currently not supported."
        )
    found = _BY_NUMPY.get(numpy_dtype)
    if found is None or found is bfloat16:
        scalar = numpy_dtype.type
        *supported, last = (each._name for each in DTYPES if each is not bfloat16)
        raise TypeError(
            f"can't convert np.ndarray of type {scalar.__module__}.{scalar.__name__}. "
            f"The only supported types are: {', '.join(supported)}, and {last}."
        )
    return found


_default_dtype = float32


def get_default_dtype() -> dtype:
    """The type of tensors made from Python floats, ``torch.float32`` unless it was set.

    >>> get_default_dtype()
    torch.float32
    """
    return _default_dtype


def set_default_dtype(d: dtype) -> None:
    """Set the type of tensors made from Python floats.

    Args:
        d: a real floating-point type.

    Raises:
        TypeError: ``d`` is something else.

    >>> set_default_dtype(float64)
    >>> get_default_dtype()
    torch.float64
    >>> set_default_dtype(float32)
    """
    if not isinstance(d, dtype):
        reason = "only floating-point types are supported as the default type"
        raise TypeError(f"invalid dtype object: {reason}")
    if not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    global _default_dtype
    _default_dtype = d
