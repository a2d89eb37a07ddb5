"""Mixed precision: a function computed in half precision, its parameters kept in float32."""

import functools
import inspect
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, ParamSpec, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike

from jaxnn._checks import complaint
from jaxnn.normalizations import Statistics
from jaxnn.random import Generator

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def mixed_precision(
    function: Callable[Arguments, Result],
    dtype: DTypeLike = jnp.bfloat16,
    *,
    argnums: int | Sequence[int] = (0, 1),
) -> Callable[Arguments, Result]:
    """A network, or a loss, that is computed in half precision from parameters in float32.

    ``mixed(params, x, …) = float32(function(dtype(params), dtype(x), …))``

    Gradients pass the casts backwards: they are float32, as the parameters are, and so is the state
    of an optimizer.

    Wrap the network rather than the loss: the loss is then computed from outputs in float32, as
    under torch's autocast, while that of a wrapped loss is rounded to ``dtype``, 2.3026 to 2.2969
    by bfloat16. For float16, whose smallest number is 6e-8, use a `jaxnn.training.LossScale` too.

    torch's autocast chooses a dtype for each operation: products have ``dtype``, while softmax,
    norms and losses return float32. Here all between arguments and results has ``dtype``, and what
    is delicate is computed in float32 within the functions of jaxnn and rounded once.

    Args:
        function: ``function(params, x, …)`` -> a pytree of arrays, such as logits.
        dtype: bfloat16 or float16 usually; float32 to compare with.
        argnums: Which arguments to cast, counted from 0, as `jax.grad` has it: params and x. They
            are ``(0, 2)`` for ``function(params, statistics, x)``.

    Returns:
        The same function: of the same signature, with Generators advanced as ever, but computed in
        ``dtype``. Of those arguments floating-point arrays are cast; integers, keys, Generators and
        the `Statistics` of `batch_norm` stay as they are. Results in fewer than 32 bits leave in
        float32. Two made of the same function, dtype and argnums are equal, so that what was
        compiled for one serves the other.

    Raises:
        TypeError: ``dtype`` is not floating point.
        ValueError: ``function`` has no such argument.

    Example:
        >>> import jax, jax.numpy as jnp, jaxnn
        >>> network = jaxnn.mixed_precision(jaxnn.mlp, jnp.bfloat16)
        >>> def loss(params, x, y):
        ...     return jaxnn.mse_loss(network(params, x), y)
        >>> params = jaxnn.init_mlp(jax.random.key(0), (3, 2, 1))
        >>> gradient = jax.grad(loss)(params, jnp.ones((5, 3)), jnp.ones((5, 1)))
        >>> gradient[0].kernel.dtype, network(params, jnp.ones(3)).dtype
        (dtype('float32'), dtype('float32'))

    Source: torch.autocast; https://arxiv.org/abs/1710.03740.
    """
    if not jnp.issubdtype(dtype, jnp.floating):
        must, came = "dtype must be floating point", str(jnp.dtype(dtype))
        raise TypeError(complaint("mixed_precision", must, came, "use dtype=jnp.bfloat16"))
    positions = tuple(map(operator.index, np.atleast_1d(argnums)))
    _check_argnums(function, positions)
    return Mixed(function, jnp.dtype(dtype), positions)


@dataclass(unsafe_hash=True)  # equal where it does the same, and nothing changes it
class Mixed:
    """What `mixed_precision` returns."""

    function: Callable[..., Any]
    dtype: Any
    argnums: tuple[int, ...]

    def __post_init__(self) -> None:
        functools.update_wrapper(self, self.function, updated=())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function with some arguments cast, and widen what it returns."""
        parameters = _positional(self.function)
        names = [parameters[i].name for i in self.argnums if i < len(parameters)]
        given = [_cast(a, self.dtype) if i in self.argnums else a for i, a in enumerate(args)]
        named = {key: _cast(a, self.dtype) if key in names else a for key, a in kwargs.items()}
        return _widened(self.function(*given, **named))


def _check_argnums(function: Callable[..., Any], argnums: tuple[int, ...]) -> None:
    kinds = [p.kind for p in inspect.signature(function).parameters.values()]
    count = len(_positional(function))
    takes_any = Parameter.VAR_POSITIONAL in kinds
    if not all(i >= 0 and (i < count or takes_any) for i in argnums):
        must = f"argnums must be among the {count} arguments that have a position"
        instead = f"use argnums={tuple(range(min(count, 2)))}"
        raise ValueError(complaint("mixed_precision", must, str(argnums), instead))


def _positional(function: Callable[..., Any]) -> list[Parameter]:
    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return [p for p in inspect.signature(function).parameters.values() if p.kind in kinds]


def _is_floating(leaf: Any) -> bool:
    return hasattr(leaf, "dtype") and jnp.issubdtype(leaf.dtype, jnp.floating)


def _cast(tree: Any, dtype: Any) -> Any:
    """The floating-point arrays of a tree in ``dtype``, but what is remembered or drawn from."""

    def cast(leaf: Any) -> Any:
        return jnp.asarray(leaf, dtype) if _is_floating(leaf) else leaf

    stays = (Generator, Statistics)
    return jax.tree.map(cast, tree, is_leaf=lambda node: isinstance(node, stays))


def _widened(tree: Any) -> Any:
    """The floating-point arrays of a tree in float32 at least."""

    def widened(leaf: Any) -> Any:
        is_narrow = _is_floating(leaf) and jnp.finfo(leaf.dtype).bits < 32
        return leaf.astype(jnp.float32) if is_narrow else leaf

    return jax.tree.map(widened, tree)
