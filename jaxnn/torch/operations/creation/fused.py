"""``start + step * count`` on NumPy arrays with one rounding, as processors have it."""

import numpy as np

_SPLITTER = 2.0**27 + 1
"""Splits the 53 bits of a float64 in halves (Veltkamp)."""


def multiply_add(start: np.ndarray, step: np.ndarray, count: np.ndarray) -> np.ndarray:
    """``start + step * count`` in their type; of float32 and float64 it is rounded once.

    Example:
        >>> third = np.float64(1 / 3)
        >>> -1 + third * 3, multiply_add(np.float64(-1), third, np.float64(3)).item()
        (np.float64(0.0), -5.551115123125783e-17)
    """
    dtype = np.result_type(start, step, count)
    if dtype == np.float32:
        wide = (x.astype(np.float64) for x in (start, step, count))
        return multiply_add(*wide).astype(np.float32)
    if dtype != np.float64:
        return start + step * count
    product, lost = _product(step, count)
    total = start + product
    # What the sum rounded off (Knuth), and what the product did.
    part = total - start
    rest = (start - (total - part)) + (product - part) + lost
    return np.where(np.isfinite(rest), total + rest, total)


def _product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The product and what its rounding took away (Dekker)."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    lost = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, lost


def _halves(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    wide = _SPLITTER * x
    high = wide - (wide - x)
    return high, x - high
