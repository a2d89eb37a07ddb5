"""Nested tuples, lists and dicts of tensors: as arrays, as tensors, and in the words of errors."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np

from jaxnn.torch.storage import setting
from jaxnn.torch.tensor import Tensor, array_of, of_array


def is_leaf(value: Any) -> bool:
    """Whether torch takes a value as one thing; JAX looks into tensors and sees nothing in None."""
    return value is None or isinstance(value, Tensor)


def leaves(tree: Any) -> list[Any]:
    """Everything in ``tree`` that is no tuple, list or dict."""
    return jax.tree.leaves(tree, is_leaf=is_leaf)


def arrays(tree: Any) -> Any:
    """``tree`` with arrays in the place of tensors."""
    return jax.tree.map(
        lambda x: array_of(x) if isinstance(x, Tensor) else x, tree, is_leaf=is_leaf
    )


def tensors(tree: Any) -> Any:
    """``tree`` with tensors in the place of arrays."""
    return jax.tree.map(lambda x: of_array(x) if isinstance(x, jax.Array) else x, tree)


def level(tree: Any) -> tuple[list[Any], Any] | None:
    """What a tuple, list or dict holds, and what it is apart from that; None for a leaf."""
    if is_leaf(tree):
        return None
    held, kind = jax.tree.flatten(tree, is_leaf=lambda x: x is not tree)
    return None if jax.tree_util.treedef_is_leaf(kind) else (held, kind)


def spread(prefix: Any, tree: Any) -> list[Any] | None:
    """One value of ``prefix`` for each leaf of ``tree``; None where they do not match.

    Example:
        >>> spread((0, None), ([1, 2], 3))
        [0, 0, None]
    """
    here, there = level(prefix), level(tree)
    if here is None:
        return [prefix] * len(leaves(tree))
    if there is None or here[1] != there[1]:
        return None
    parts = [spread(a, b) for a, b in zip(here[0], there[0], strict=True)]
    return None if None in parts else [each for part in parts if part is not None for each in part]


def structure(tree: Any, indent: int = 0) -> str:
    """The structure of ``tree`` as torch's messages write it.

    Example:
        >>> structure(({"a": 2},))
        "TreeSpec(tuple, None, [TreeSpec(dict, ['a'], [*])])"
    """
    found = level(tree)
    if found is None:
        return "*"
    keys = sorted(tree) if isinstance(tree, dict) else None
    inner = indent + 2
    held = f",\n{' ' * inner}".join(structure(each, inner) for each in found[0])
    return f"TreeSpec({type(tree).__name__}, {keys}, [{held}])"


def is_wide() -> bool:
    """Whether JAX is in 64-bit mode here."""
    return jax.dtypes.canonicalize_dtype(np.float64) == np.float64


@contextlib.contextmanager
def transforming() -> Iterator[Callable[..., Any]]:
    """How JAX transforms functions of tensors of any type, and calls the user's as he set it.

    Yields:
        what calls a function as outside of the ``with`` block.
    """
    wide = is_wide()

    def call(func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with jax.enable_x64(wide):
            return func(*args, **kwargs)

    with setting():
        yield call
