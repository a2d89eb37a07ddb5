"""Elements read and written at places that arrays of indices name: the kernels of all indexing."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.torch.host import hosted
from jaxnn.torch.storage import Array

#: By the name of the method of JAX's ``x.at[...]``.
_UFUNCS = {"add": np.add, "multiply": np.multiply, "max": np.maximum, "min": np.minimum}
#: Among truths, adding is "or" and multiplying is "and".
_OF_TRUTHS = {"add": "max", "multiply": "min"}

#: How each of torch's reductions writes a value to a place.
REDUCTIONS = {"sum": "add", "prod": "multiply", "mean": "add", "amax": "max", "amin": "min"}


def library(x: Array) -> Any:
    """The module whose functions take such an array: NumPy or ``jax.numpy``."""
    return np if isinstance(x, np.ndarray) else jnp


def at_least_1d(x: Array) -> Array:
    """``x``, as an array of one element where it has no dimensions."""
    return x if x.ndim else x[None]


def along(index: Array, axis: int) -> tuple[Array, ...]:
    """The place of each element of ``index`` in the array that it indexes along ``axis``."""
    of, ndim = library(index), index.ndim
    return tuple(
        index if d == axis else of.arange(n).reshape(*(1,) * d, n, *(1,) * (ndim - 1 - d))
        for d, n in enumerate(index.shape)
    )


def across(index: Array, axis: int) -> tuple[Any, ...]:
    """The place of each slice that ``index`` names along ``axis``."""
    return (*(slice(None),) * axis, at_least_1d(index))


def spread(tensors: tuple[Array, ...], dims: tuple[bool, ...]) -> tuple[Any, ...]:
    """The index tensors, each in its dimension's place, and all of the other dimensions."""
    rest = iter(tensors)
    return tuple(next(rest) if indexed else slice(None) for indexed in dims)


@hosted
def keep(x: Array) -> Array:
    """The kernel of a copy."""
    return x


def into(x: Array, places: tuple[Any, ...], values: Array, how: str = "set") -> Array:
    """``x`` with values written, added, multiplied ... at places, one after another.

    Of several values for one place the last one stays.
    """
    if x.dtype == bool:
        how = _OF_TRUTHS.get(how, how)
    if not isinstance(x, np.ndarray):
        if how != "multiply":
            return getattr(x.at[places], how)(values)
        return _multiplied(x, [None if isinstance(p, slice) else p for p in places], values)
    x = x.copy()
    # NumPy goes through arrays in the order of memory, torch in that of the indices.
    places = tuple(np.ascontiguousarray(p) if isinstance(p, np.ndarray) else p for p in places)
    if how == "set":
        x[places] = np.ascontiguousarray(values)
    else:
        _UFUNCS[how].at(x, places, values)
    return x


@jax.custom_jvp
def _multiplied(x: Array, places: list[Array | None], values: Array) -> Array:
    """None is a place for all of a dimension."""
    return x.at[_whole(places)].multiply(values)


@_multiplied.defjvp
def _multiplied_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Array, Array]:
    """Each factor's part is the product of all the others, which may be zeros."""
    x, places, values = primals
    product = _multiplied(_without_0(x), places, _without_0(values))
    at = _whole(places)
    zeros = _is_0(x).at[at].add(_is_0(values))
    own = tangents[0] * _others(x, product, zeros)
    given = tangents[2] * _others(values, product[at], zeros[at])
    return _multiplied(x, places, values), own.at[at].add(given)


def _whole(places: list[Array | None]) -> tuple[Any, ...]:
    return tuple(slice(None) if place is None else place for place in places)


def _is_0(x: Array) -> Array:
    return (x == 0).astype(np.int32)


def _without_0(x: Array) -> Array:
    return jnp.where(x == 0, 1, x)


def _others(factor: Array, product: Array, zeros: Array) -> Array:
    """The product of all other factors, from that of all which are not 0, and how many are."""
    of_others = jnp.where(factor == 0, product, product / _without_0(factor))
    return jnp.where(zeros == _is_0(factor), of_others, 0)


def reduced_into(
    x: Array, places: tuple[Any, ...], values: Array, reduce: str, include_self: bool
) -> Array:
    """``x`` with values reduced at places, together with what is there or without."""
    of = library(x)
    if not include_self:
        x = into(x, places, of.asarray(_start(reduce, x.dtype), x.dtype))
    total = into(x, places, values, REDUCTIONS[reduce])
    if reduce != "mean":
        return total
    count = of.full(x.shape, include_self, x.dtype)
    count = into(count, places, of.ones(values.shape, x.dtype), "add")
    count = of.where(count == 0, of.ones_like(count), count)
    return total // count if x.dtype.kind in "iu" else total / count


def _start(reduce: str, dtype: np.dtype) -> Any:
    """What a reduction of nothing gives."""
    if reduce in ("sum", "mean", "prod"):
        return reduce == "prod"
    if dtype.kind == "b":
        return reduce == "amin"
    if dtype.kind in "iu":
        return getattr(np.iinfo(dtype), "min" if reduce == "amax" else "max")
    return -np.inf if reduce == "amax" else np.inf


def widened(x: Array) -> Array:
    """``x`` in the type in which torch adds up: 32 bits for the floats of 16."""
    return x.astype(np.float32) if jnp.issubdtype(x.dtype, jnp.floating) and x.itemsize == 2 else x
