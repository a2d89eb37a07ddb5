"""Which integers a draw may give, and how torch draws from that many."""

import functools
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from jaxnn._checks import complaint

LOWEST = -(2**63)
# From this many values on, torch takes a 64-bit draw for each number.
LONG_RANGE = 1 << 28


class Range(NamedTuple):
    """The integers low, low + 1, …, as many as ``span``.

    Attributes:
        low: the least.
        span: how many there are, up to 2**64.
        long: whether each takes two words of a CPU stream instead of one.
    """

    low: int
    span: int
    long: bool


@functools.cache
def integer_range(low: int | None, high: int | None, dtype: np.dtype) -> Range:
    """Return what `randint` draws from, or raise a ValueError where that is nothing.

    Args:
        low: the least, or None for 0.
        high: one more than the greatest, or None for all that the dtype counts to.
        dtype: of the result.
    """
    if high is None:
        return _all_of(dtype) if low is None else _from(low, dtype)
    low, high = _within(low or 0, high, dtype)
    return Range(low, high - low, high - low >= LONG_RANGE)


def _all_of(dtype: np.dtype) -> Range:
    if _is_long_unsigned(dtype):
        raise _without_high(dtype)
    # By the dtype's width alone: 2**31 values of int32 take one word each.
    return Range(0, _greatest(dtype) + 1, dtype.itemsize == 8)


def _from(low: int, dtype: np.dtype) -> Range:
    if dtype == np.uint64:
        raise _without_high(dtype)
    if low == LOWEST and (dtype == np.int64 or (_is_float(dtype) and dtype != np.float16)):
        return Range(0, 2**64, True)  # a 64-bit draw as it is, its sign bit included
    greatest = _greatest(dtype)
    if _is_float(dtype) and low >= greatest:
        must = f"low must be below {greatest}, up to which {dtype} holds all integers"
        raise ValueError(complaint("randint", must, str(low), "use another dtype"))
    low, _ = _within(low, greatest + 1, dtype)
    span = greatest + 1 - low
    return Range(low, span, span >= LONG_RANGE)


def _without_high(dtype: np.dtype) -> ValueError:
    bits = min(8 * dtype.itemsize, 63)
    must = f"high must be given for {dtype}"
    return ValueError(complaint("randint", must, "None", f"use low=0 and high=2**{bits}"))


def _within(low: int, high: int, dtype: np.dtype) -> tuple[int, int]:
    """Check two bounds, and for floats take in those that rounding would break."""
    if low >= high:
        instead = "make high one more than the greatest value wanted"
        raise ValueError(
            complaint("randint", "low must be below high", f"{low} and {high}", instead)
        )
    least, greatest = limits(dtype)
    if low < least or high - 1 > greatest:
        must = f"low and high - 1 must lie in what {dtype} holds, {least:g} to {greatest:g}"
        instead = "use another dtype"
        raise ValueError(complaint("randint", must, f"{low} and {high}", instead))
    return _inner_bounds(low, high, dtype) if _is_float(dtype) else (low, high)


def _inner_bounds(low: int, high: int, dtype: np.dtype) -> tuple[int, int]:
    """Return bounds moved one step inwards where rounding would carry a value past them."""

    def spacing(x: int) -> int:
        return 1 << (abs(x).bit_length() - 1 - jnp.finfo(dtype).nmant)

    if (first := int(dtype.type(low + 1))) < low:
        low = first + spacing(low + 1)
    if (last := int(dtype.type(high - 1))) >= high:
        high = last - spacing(high - 1)
    return low, high


def limits(dtype: np.dtype) -> tuple[float, float]:
    """Return the least and the greatest number of a dtype, up to 2**63 - 1."""
    if dtype == np.bool_:
        return 0, 1
    if _is_float(dtype):
        return float(jnp.finfo(dtype).min), float(jnp.finfo(dtype).max)
    return int(np.iinfo(dtype).min), min(int(np.iinfo(dtype).max), 2**63 - 1)


def _greatest(dtype: np.dtype) -> int:
    """Return the number up to which a dtype counts without a gap, at most 2**63 - 1."""
    return 2 ** (jnp.finfo(dtype).nmant + 1) if _is_float(dtype) else int(limits(dtype)[1])


def _is_float(dtype: np.dtype) -> bool:
    return jnp.issubdtype(dtype, jnp.floating)


def _is_long_unsigned(dtype: np.dtype) -> bool:
    return jnp.issubdtype(dtype, jnp.unsignedinteger) and dtype.itemsize > 1
