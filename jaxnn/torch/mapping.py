"""`vmap`: a function of single samples as one of batches, with torch's arguments and errors."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax

from jaxnn.torch import trees
from jaxnn.torch.generator import default_generator
from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.tensor import Tensor, array_of, of_array

_RANDOM = (
    "vmap: called random operation while in randomness error mode. Please either use the 'same' or "
    "'different' randomness flags on vmap or perform the randomness operation out of vmap"
)


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """``func`` mapped over a dimension of its arguments.

    Args:
        func: a function of tensors; what is given by keyword is not mapped over.
        in_dims: over which dimension of each argument, None for one that is passed as it is; one
            number for all, or in the structure of the arguments.
        out_dims: which dimension of each result the mapped one becomes, likewise.
        randomness: "same" lets all samples share what one draw gives; "error" refuses draws from
            the default generator.
        chunk_size: of no effect: JAX maps over all samples at once.

    Raises:
        ValueError: the dimensions do not fit the arguments, or a result is no tensor.

    >>> import jaxnn.torch as torch
    >>> torch.vmap(torch.dot)(torch.ones(2, 3), torch.ones(2, 3))
    tensor([3., 3.])

    Source: ``torch.func.vmap``.
    """
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(
            "Only allowed values for randomness are 'error', 'different', or 'same'. "
            f"Got {randomness}"
        )
    if randomness == "different":
        raise NotImplementedError(
            "jaxnn.torch has no vmap(..., randomness='different'). In the core, map over "
            "generators: jax.vmap(f)(x, generators), where f draws with jaxnn.random"
        )
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")
    name = getattr(func, "__name__", None) or repr(func)

    @functools.wraps(func)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        dims = _in_dims(name, in_dims, args)
        stream = default_generator.stream
        before = stream.get_state()
        result = _map(func, name, args, kwargs, dims, out_dims)
        if randomness == "error" and stream.get_state() != before:
            stream.set_state(before)
            raise RuntimeError(_RANDOM)
        return result

    return mapped


def _map(
    func: Callable[..., Any], name: str, args: Any, kwargs: Any, dims: list[Any], out_dims: Any
) -> Any:
    given, structure = jax.tree.flatten(args, is_leaf=trees.is_leaf)
    over = [place for place, dim in enumerate(dims) if dim is not None]
    kept: dict[str, Any] = {}
    with trees.transforming() as call:

        def of_arrays(*samples: Any) -> Any:
            filled = dict(zip(over, map(of_array, samples), strict=True))
            own = [filled.get(place, each) for place, each in enumerate(given)]
            result = call(func, *jax.tree.unflatten(structure, own), **kwargs)
            kept["dims"] = _out_dims(name, out_dims, result)
            values, kept["structure"] = jax.tree.flatten(result, is_leaf=trees.is_leaf)
            return _apart(values, kept["dims"])

        operands = [array_of(given[place]) for place in over]
        in_axes = tuple(dims[place] for place in over)
        made = _vmapped(of_arrays, name, in_axes)(*operands)
    return jax.tree.unflatten(kept["structure"], _together(made, kept["dims"]))


def _vmapped(function: Callable[..., Any], name: str, in_axes: Any) -> Callable[..., Any]:
    mapped = jax.vmap(function, in_axes, out_axes=(0, None))

    def call(*operands: Any) -> Any:
        try:
            return mapped(*operands)
        except ValueError as error:
            if not ("out_axes" in str(error) and "None" in str(error)):
                raise
            text = (
                f"vmap({name}, ...): `{name}` can not return a BatchedTensor when out_dim is None"
            )
            raise ValueError(text) from None

    return call


def _apart(values: Sequence[Tensor], dims: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The arrays of results that are mapped, and of those that are the same for all samples."""
    arrays = [array_of(each) for each in values]
    pairs = list(zip(arrays, dims, strict=True))
    return [a for a, dim in pairs if dim is not None], [a for a, dim in pairs if dim is None]


def _together(made: tuple[list[Any], list[Any]], dims: Sequence[Any]) -> list[Any]:
    mapped, same = map(iter, made)
    return [
        of_array(next(same)) if dim is None else of_array(next(mapped)).movedim(0, dim)
        for dim in dims
    ]


def _in_dims(name: str, in_dims: Any, args: tuple[Any, ...]) -> list[Any]:
    """The dimension of each leaf of the arguments, counted from the front."""
    if not isinstance(in_dims, int | tuple):
        raise ValueError(
            f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): expected `in_dims` to be int or a "
            f"(potentially nested) tuple matching the structure of inputs, got: {type(in_dims)}."
        )
    if not args:
        raise ValueError(
            f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are "
            "trying to vmap over a function with no inputs. The latter is unsupported."
        )
    where = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): "
    dims = trees.spread(in_dims, args)
    if dims is None:
        raise ValueError(
            f"{where}in_dims is not compatible with the structure of `inputs`. in_dims has "
            f"structure {trees.structure(in_dims)} but inputs has structure "
            f"{trees.structure(args)}."
        )
    given = trees.leaves(args)
    wrapped = [_in_dim(where, dim, each) for dim, each in zip(dims, given, strict=True)]
    _check_sizes([x.shape[d] for x, d in zip(given, wrapped, strict=True) if d is not None])
    return wrapped


def _in_dim(where: str, dim: Any, value: Any) -> int | None:
    if dim is None:
        return None
    if not isinstance(dim, int):
        raise ValueError(
            f"{where}Got in_dim={dim} for an input but in_dim must be either an integer dimension "
            "or None."
        )
    if not isinstance(value, Tensor):
        raise ValueError(
            f"{where}Got in_dim={dim} for an input but the input is of type {type(value)}. We "
            "cannot vmap over non-Tensor arguments, please use None as the respective in_dim"
        )
    if not -value.ndim <= dim < value.ndim:
        raise ValueError(
            f"{where}Got in_dim={dim} for some input, but that input is a Tensor of dimensionality "
            f"{value.ndim} so expected in_dim to satisfy -{value.ndim} <= in_dim < {value.ndim}."
        )
    return dim % value.ndim


def _check_sizes(sizes: list[int]) -> None:
    if len(set(sizes)) > 1:
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension"
        )


def _out_dims(name: str, out_dims: Any, result: Any) -> list[Any]:
    """The dimension of each leaf of a result, counted from the front."""
    dims = trees.spread(out_dims, result)
    if dims is None:
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with "
            f"the structure of `outputs`. out_dims has structure {trees.structure(out_dims)} but "
            f"outputs has structure {trees.structure(result)}."
        )
    if not all(dim is None or isinstance(dim, int) for dim in dims):
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims}): `out_dims` must be an int, None or a python "
            "collection of ints representing where in the outputs the vmapped dimension should "
            "appear."
        )
    for each in trees.leaves(result):
        if not isinstance(each, Tensor):
            raise ValueError(
                f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(each)}. Did "
                "you mean to set out_dims= to None for output?"
            )
    values = trees.leaves(result)
    return [d if d is None else wrap_dim(d, x.ndim + 1) for d, x in zip(dims, values, strict=True)]
