"""What the core says when it is called wrongly: what must hold, what came, what to type instead."""

import operator
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jax.typing import ArrayLike

_SHORT_KINDS = {"bfloat": "bf", "float": "f", "uint": "u", "int": "i", "complex": "c"}


def describe(x: ArrayLike) -> str:
    """The dtype and shape of ``x`` in JAX's compact form, as in ``f32[1,5]``."""
    name = str(jnp.result_type(x))
    kind = next((kind for kind in _SHORT_KINDS if name.startswith(kind)), "")
    dtype = _SHORT_KINDS.get(kind, "") + name.removeprefix(kind)
    return f"{dtype}[{','.join(map(str, jnp.shape(x)))}]"


def complaint(function: str, must: str, came: str, instead: str) -> str:
    """The text of every error of the core."""
    return f"{function}: {must}; got {came}; {instead}"


def as_array(function: str, name: str, x: ArrayLike) -> jax.Array:
    """``x`` as a JAX array, or a TypeError where it is neither an array nor a number."""
    if isinstance(x, jax.Array):
        return x
    if not (hasattr(x, "dtype") or isinstance(x, int | float | complex)):
        must, instead = f"{name} must be an array or a number", f"use jnp.asarray({name})"
        raise TypeError(complaint(function, must, f"a {type(x).__name__}", instead))
    # JAX keeps a traced constant by identity, in the mode that first saw it: naming today's dtype
    # makes it a constant of its own.
    dtype = jax.dtypes.canonicalize_dtype(x.dtype) if isinstance(x, np.ndarray) else None
    return jnp.asarray(x, dtype)


def as_arrays(function: str, name: str, tree: Any, *, copy: bool = False) -> Any:
    """A pytree of JAX's or NumPy's arrays, from what has ``__array__`` or ``__dlpack__``.

    Args:
        function: Who asks.
        name: Of the pytree.
        tree: Numbers, and arrays of whatever library.
        copy: Whether the arrays that are not JAX's must have memory of their own.

    Raises:
        TypeError: Something in it is no array of numbers.
    """

    def converted(path: Any, leaf: Any) -> Any:
        array = leaf if isinstance(leaf, jax.Array) else _from_host(leaf, copy)
        if _is_numeric(array.dtype) or isinstance(leaf, jax.Array):  # such as keys
            return array
        kind = array.dtype if hasattr(leaf, "dtype") else f"a {type(leaf).__name__}"
        must, came = f"{name} must be arrays of numbers", f"{kind} at {_at(name, path)}"
        raise TypeError(complaint(function, must, came, "make numbers of it first"))

    return jax.tree.map_with_path(converted, tree)


def _from_host(leaf: Any, copy: bool) -> Any:
    """An array of another library as NumPy's, or where NumPy has no such type as JAX's."""
    try:
        array = np.asarray(leaf)
        return array.copy() if copy else array
    except TypeError:
        if not hasattr(leaf, "__dlpack__"):
            raise
        return jnp.from_dlpack(leaf, copy=copy or None)


def _is_numeric(dtype: np.dtype) -> bool:
    return jnp.issubdtype(dtype, np.number) or dtype == np.bool_


def _at(name: str, path: Any) -> str:
    return name + jax.tree_util.keystr(path)


def check_inexact(function: str, name: str, tree: Any) -> None:
    """Refuse a pytree of arrays with one that has no gradient, with a TypeError."""
    for path, leaf in jax.tree.leaves_with_path(tree):
        if not jnp.issubdtype(leaf.dtype, jnp.inexact):
            must, came = f"{name} must be floating point", f"{leaf.dtype} at {_at(name, path)}"
            instead = "keep what is not trained out of it, in statistics or in the loss"
            raise TypeError(complaint(function, must, came, instead))


def as_floating(function: str, name: str, x: ArrayLike) -> jax.Array:
    """``x`` as a JAX array, or a TypeError where it is not floating point."""
    x = as_array(function, name, x)
    if not jnp.issubdtype(x.dtype, jnp.floating):
        must, instead = f"{name} must be floating point", f"use jnp.asarray({name}, jnp.float32)"
        raise TypeError(complaint(function, must, describe(x), instead))
    return x


def check_axis(function: str, x: jax.Array, axis: int) -> None:
    """Refuse what is not one axis with a TypeError, one ``x`` does not have with a ValueError."""
    if not isinstance(axis, int | np.integer):
        instead = "use axis=-1 for the last axis"
        raise TypeError(complaint(function, "axis must be one integer", repr(axis), instead))
    if not -x.ndim <= axis < x.ndim:
        instead = "use axis=-1 for the last axis" if x.ndim else "give x a dimension first"
        raise ValueError(complaint(function, f"x must have axis {axis}", describe(x), instead))


def check_choice(function: str, name: str, value: str, choices: Sequence[str]) -> None:
    """Refuse an option that is not among ``choices``, with a ValueError."""
    if value not in choices:
        must = f"{name} must be one of {', '.join(map(repr, choices))}"
        raise ValueError(complaint(function, must, repr(value), f"use {name}={choices[0]!r}"))


def check_range(function: str, name: str, value: Any, low: Any, high: Any) -> None:
    """Refuse a number outside [``low``, ``high``], or nan, with a ValueError.

    Traced numbers pass: what they will be is not known here.
    """
    if any(isinstance(x, Tracer) for x in (value, low, high)):
        return
    # NumPy compares now; inside of a jitted program JAX would trace the comparison.
    if not np.asarray(low) <= np.asarray(value) <= np.asarray(high):
        must = f"{name} must be between {low} and {high}"
        raise ValueError(complaint(function, must, str(value), f"use {name}={low}"))


def as_count(function: str, name: str, value: Any, *, least: int = 1, use: int = 1) -> int:
    """A whole number of any type as Python's, ``least`` or more.

    Raises:
        TypeError: It is no integer.
        ValueError: It is less.
    """
    try:
        count = operator.index(value)
    except TypeError:
        must, came = f"{name} must be a whole number", _said(value)
        raise TypeError(complaint(function, must, came, f"use {name}={use}")) from None
    if count < least:
        must = f"{name} must be {least} or more"
        raise ValueError(complaint(function, must, str(count), f"use {name}={use}"))
    return count


def _said(value: Any) -> str:
    """A number as it is written, an array by its type and shape, all else by its type."""
    if isinstance(value, int | float | complex):
        return repr(value)
    is_array = isinstance(value, jax.Array | np.ndarray)
    return describe(value) if is_array else f"a {type(value).__name__}"


def check_like(function: str, name: str, x: Any, like: Any, instead: str) -> None:
    """Refuse a pytree whose arrays are not those of another by place, type and shape.

    Raises:
        ValueError: It lists them.
    """
    came, must = (
        {jax.tree_util.keystr(path): describe(leaf) for path, leaf in jax.tree.leaves_with_path(t)}
        for t in (x, like)
    )
    places = [place for place in must | came if came.get(place) != must.get(place)]
    if places or jax.tree.structure(x) != jax.tree.structure(like):
        of = ", ".join(f"{place} {came.get(place, 'missing')}" for place in places)
        wanted = ", ".join(f"{place} {must.get(place, 'missing')}" for place in places)
        text = f"{name} must have {wanted or jax.tree.structure(like)}"
        raise ValueError(complaint(function, text, of or str(jax.tree.structure(x)), instead))
