"""The limits of torch's number types."""

from typing import Any

import jax.numpy as jnp

from jaxnn.torch import dtypes

__all__ = ["finfo", "iinfo"]


def _as_dtype(argument: Any, function: str) -> dtypes.dtype:
    found = dtypes.PYTHON_TYPES.get(argument, argument) if isinstance(argument, type) else argument
    if isinstance(found, dtypes.dtype):
        return found
    given = type(argument).__name__
    raise TypeError(f"{function}(): argument 'type' (position 1) must be torch.dtype, not {given}")


class finfo:  # noqa: N801 - torch's name
    """The limits of a floating-point type; of its parts, for a complex one.

    Args:
        type: the type; torch's default dtype where none is given.

    Attributes: ``bits``, ``eps`` (1 + eps is the next number after 1), ``max``, ``min`` (the most
    negative number), ``smallest_normal`` = ``tiny``, ``resolution`` (10 to the number of
    decimal digits that always survive), ``dtype`` (its name).

    Raises:
        TypeError: not a floating-point type.

    Source: ``torch.finfo``.

    >>> finfo(dtypes.float16)
    finfo(resolution=0.001, min=-65504, max=65504, eps=0.000976562, \
smallest_normal=6.10352e-05, tiny=6.10352e-05, dtype=float16)
    """

    __module__ = "jaxnn.torch"
    __hash__ = None  # type: ignore[assignment] - as torch's: compared by value, never a key

    def __init__(self, type: Any = None) -> None:
        d = _as_dtype(dtypes.get_default_dtype() if type is None else type, "finfo")
        if not (d.is_floating_point or d.is_complex):
            raise TypeError(
                "torch.finfo() requires a floating point input type. "
                "Use torch.iinfo to handle 'torch.finfo'"
            )
        limits = jnp.finfo(d.numpy)
        self.bits = limits.bits
        self.eps = float(limits.eps)
        self.max = float(limits.max)
        self.min = float(limits.min)
        self.smallest_normal = self.tiny = float(limits.smallest_normal)
        self.resolution = 10.0**-limits.precision
        self.dtype = str(limits.dtype)

    def __repr__(self) -> str:
        shown = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        numbers = ", ".join(f"{name}={getattr(self, name):g}" for name in shown)
        return f"finfo({numbers}, dtype={self.dtype})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, finfo) and self.dtype == other.dtype


class iinfo:  # noqa: N801 - torch's name
    """The limits of an integer type.

    Args:
        type: the type.

    Attributes: ``bits``, ``max``, ``min``, ``dtype`` (its name).

    Raises:
        TypeError: not an integer type.

    Source: ``torch.iinfo``.

    >>> iinfo(dtypes.int8), iinfo(dtypes.uint8).max
    (iinfo(min=-128, max=127, dtype=int8), 255)
    """

    __module__ = "jaxnn.torch"
    __hash__ = None  # type: ignore[assignment] - as torch's: compared by value, never a key

    def __init__(self, type: Any) -> None:
        d = _as_dtype(type, "iinfo")
        if d is dtypes.bool:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        if d.is_floating_point or d.is_complex:
            raise TypeError(
                "torch.iinfo() requires an integer input type. "
                "Use torch.finfo to handle 'torch.iinfo'"
            )
        limits = jnp.iinfo(d.numpy)
        self.bits = limits.bits
        self.max = int(limits.max)
        self.min = int(limits.min)
        self.dtype = str(limits.dtype)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, iinfo) and self.dtype == other.dtype
