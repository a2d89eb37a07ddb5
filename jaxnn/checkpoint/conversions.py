"""What numbers become of another type without becoming other ones."""

from typing import Any

import jax.numpy as jnp
import numpy as np

#: Each kind of number is among those of the next one.
_KINDS = (jnp.bool_, jnp.integer, jnp.floating, jnp.complexfloating)


def misfit(value: Any, dtype: Any) -> str:
    """Why numbers cannot be taken for ones of a type; an empty text where they can.

    Rounding is no reason: float32 goes into bfloat16 and int64 into float32. But complex numbers
    do not go into real types, fractions not into integers, and no number where it is too large.
    """
    x = np.asarray(value)
    if x.dtype == dtype:
        return ""
    if not 0 <= _kind(x.dtype) <= _kind(dtype) or not np.can_cast(x.dtype, dtype, "unsafe"):
        return f"{x.dtype}, not {dtype}"
    with np.errstate(all="ignore"):
        kept = x.astype(dtype)
    fits = kept == x if jnp.issubdtype(dtype, jnp.integer) else np.isfinite(kept) == np.isfinite(x)
    return "" if fits.all() else f"{x.dtype} with numbers beyond {dtype}"


def _kind(dtype: Any) -> int:
    """The place of a type's kind among the kinds; -1 of a type without numbers."""
    return next((i for i, kind in enumerate(_KINDS) if jnp.issubdtype(dtype, kind)), -1)
