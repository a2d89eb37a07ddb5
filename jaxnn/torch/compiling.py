"""`compile`: functions on tensors by way of ``jax.jit``, with what they write into arguments."""

import functools
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

import jax

from jaxnn.torch import trees
from jaxnn.torch.generator import default_generator
from jaxnn.torch.tensor import Tensor, array_of, of_array


def compile(
    model: Callable[..., Any] | None = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: Any = "inductor",
    mode: str | None = None,
    options: dict[str, Any] | None = None,
    disable: bool = False,
) -> Any:
    """A function compiled by ``jax.jit``, or a decorator that compiles one.

    What the function writes into tensors that it is given, is written. What it returns shares no
    memory with them, unless it is one of them. A function that JAX cannot trace, since it asks for
    the numbers in a tensor or draws random ones, runs as it is.

    Args:
        model: the function.
        fullgraph: whether to raise JAX's error where JAX cannot trace the function.
        dynamic: of no effect: JAX compiles for each shape.
        backend: of no effect, as ``mode`` and ``options``: XLA compiles.
        mode: see ``backend``.
        options: see ``backend``.
        disable: whether to leave the function as it is.

    >>> import jaxnn.torch as torch
    >>> @torch.compile
    ... def double_and_sum(x):
    ...     x.mul_(2)
    ...     return x.sum()
    >>> x = torch.ones(3)
    >>> double_and_sum(x), x
    (tensor(6.), tensor([2., 2., 2.]))

    Source: ``torch.compile``.
    """
    if model is None:
        return functools.partial(compile, fullgraph=fullgraph, disable=disable)
    return model if disable else _compiled(model, fullgraph)


class _Form(NamedTuple):
    """What a call is apart from the elements of its tensors: a function is traced once for each."""

    structure: Hashable
    others: tuple[tuple[int, type, Any], ...]
    """The arguments that are no tensors, by their places. The types tell 1 from True."""
    wide: bool
    """Whether JAX is in 64-bit mode outside of the call."""


class _Outcome(NamedTuple):
    """What a call did: as a pytree, arrays, and a structure that is known when it is traced."""

    arrays: list[Any]
    """The elements of the tensors that it returned."""
    written: dict[int, Any]
    """The elements of the tensors that it was given, by their places, where it wrote into them."""
    rest: tuple[Any, list[Any]]
    """What it returned apart from that: its structure and leaves, with a `_Place` for a tensor."""


class _Place(NamedTuple):
    """A tensor that was returned: by its place among new ones, or among the arguments."""

    is_new: bool
    place: int


jax.tree_util.register_pytree_node(
    _Outcome, lambda each: (each[:2], each.rest), lambda rest, held: _Outcome(*held, rest)
)


class _Untraceable(Exception):  # noqa: N818 - never seen outside
    """A function draws random numbers, or changes an argument's shape: it has to run each time."""


_REFUSALS = (
    _Untraceable,
    jax.errors.ConcretizationTypeError,
    jax.errors.TracerArrayConversionError,
    jax.errors.TracerIntegerConversionError,
)


def _compiled(func: Callable[..., Any], fullgraph: bool) -> Callable[..., Any]:
    drawn: list[bytes] = []
    run = jax.jit(functools.partial(_trace, func, drawn), static_argnums=0)
    refused: set[_Form] = set()

    @functools.wraps(func)
    def compiled(*args: Any, **kwargs: Any) -> Any:
        form, given = _form(args, kwargs)
        if form is None or form in refused:
            return func(*args, **kwargs)
        try:
            with trees.transforming():
                outcome = run(form, {place: array_of(each) for place, each in given.items()})
        except _REFUSALS:
            default_generator.stream.set_state(drawn[-1])
            if fullgraph:
                raise
            refused.add(form)
            return func(*args, **kwargs)
        return _deliver(outcome, given)

    return compiled


def _form(args: Any, kwargs: Any) -> tuple[_Form | None, dict[int, Tensor]]:
    """The form of a call, None if it has to run as it is, and its tensors by their places."""
    flat, structure = jax.tree.flatten((args, kwargs), is_leaf=trees.is_leaf)
    given = {place: each for place, each in enumerate(flat) if isinstance(each, Tensor)}
    others = [(i, type(each), each) for i, each in enumerate(flat) if i not in given]
    form = _Form(structure, tuple(others), trees.is_wide())
    memories = {id(each._storage.origin) for each in given.values()}
    try:
        hash(form)
    except TypeError:
        return None, given
    return form if len(memories) == len(given) else None, given


def _trace(
    func: Callable[..., Any], drawn: list[bytes], form: _Form, arrays: dict[int, Any]
) -> _Outcome:
    """Run a function on arrays; ``drawn`` is to hold where the default generator stood before."""
    given = {place: of_array(each) for place, each in arrays.items()}
    before = {place: each._storage.memory for place, each in given.items()}
    flat = given | {place: each for place, _, each in form.others}
    args, kwargs = jax.tree.unflatten(form.structure, [flat[i] for i in range(len(flat))])
    stream = default_generator.stream
    drawn[:] = [stream.get_state()]
    with jax.enable_x64(form.wide):
        returned = func(*args, **kwargs)
    moved = any(given[place]._layout.shape != each.shape for place, each in arrays.items())
    if moved or stream.get_state() != drawn[-1]:
        raise _Untraceable(f"{func} draws random numbers or changes an argument's shape")
    kept, rest = _parted(returned, {id(each): place for place, each in given.items()})
    changed = {i for i, each in given.items() if each._storage.memory is not before[i]}
    return _Outcome(kept, {place: array_of(given[place]) for place in changed}, rest)


def _parted(returned: Any, arguments: dict[int, int]) -> tuple[list[Any], tuple[Any, list[Any]]]:
    """The arrays of the tensors in what was returned, and the rest of it."""
    leaves, structure = jax.tree.flatten(returned, is_leaf=trees.is_leaf)
    arrays = []
    for i, leaf in enumerate(leaves):
        if id(leaf) in arguments:
            leaves[i] = _Place(False, arguments[id(leaf)])
        elif isinstance(leaf, Tensor):
            leaves[i] = _Place(True, len(arrays))
            arrays.append(array_of(leaf))
    return arrays, (structure, leaves)


def _deliver(outcome: _Outcome, given: dict[int, Tensor]) -> Any:
    """Write what was written, and give what was returned."""
    for place, array in outcome.written.items():
        given[place].copy_(of_array(array))

    def found(leaf: Any) -> Any:
        if not isinstance(leaf, _Place):
            return leaf
        return of_array(outcome.arrays[leaf.place]) if leaf.is_new else given[leaf.place]

    structure, leaves = outcome.rest
    return jax.tree.unflatten(structure, map(found, leaves))
