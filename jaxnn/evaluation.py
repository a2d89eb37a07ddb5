"""Measures of a model over data, and how a loss is called."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from jaxnn._checks import as_arrays, complaint
from jaxnn._rng import Rng
from jaxnn.data import as_batch_size, check_pair, count_samples


def evaluate(
    function: Callable[..., Any],
    params: Any,
    data: tuple[Any, Any] | Iterable[tuple[Any, Any]],
    *,
    batch_size: int | None = None,
) -> Any:
    """The mean of a loss, or of any other measure, over all samples.

    ``sum(len(x) * function(params, x, y) for x, y in batches) / samples``

    Args:
        function: ``function(params, x, y)`` -> a scalar, or a pytree of scalars, each the mean
            over the samples given. One that takes an ``rng`` besides gets ``None``, by which `mlp`
            and `dropout` drop nothing. It is compiled once for each function (the very object) and
            shape.
        params: A pytree of arrays.
        data: ``(x, y)``, arrays or pytrees of arrays with one sample for each index of the first
            axis; or anything else that yields such pairs one after another, the batches.
        batch_size: How many samples to take at a time, where all together need too much memory.
            Batches are taken as they come.

    Returns:
        What ``function`` returns, for all the samples.

    Raises:
        ValueError: If ``x`` and ``y`` differ in their number of samples or have none, or if
            ``batch_size`` is less than 1.
        TypeError: If ``data`` is no pair or not made of numbers, or ``function`` has another
            signature or no hash.

    Examples:
        >>> import jax.numpy as jnp
        >>> def error(params, x, y):
        ...     return jnp.mean(jnp.abs(params * x - y))
        >>> x = jnp.arange(4.0)
        >>> print(evaluate(error, jnp.array(3.0), (x, 2 * x), batch_size=3))
        1.5
    """
    if is_stream(data):
        return _mean_of_batches(function, params, data)
    check_pair("evaluate", data)
    data = as_arrays("evaluate", "data", tuple(data))
    n = count_samples("evaluate", data)
    size = n if batch_size is None else as_batch_size("evaluate", batch_size)
    check_hashable("evaluate", "function", function)
    return _mean(params, jax.tree.map(jnp.asarray, data), function=function, size=min(size, n))


def trace(function: Callable[..., Any], params: Any, data: tuple[Any, Any]) -> None:
    """Trace a function as `evaluate` calls it on arrays, to find mistakes in it beforehand.

    Examples:
        >>> import jax.numpy as jnp
        >>> trace(lambda params, x, y: jnp.mean(x - y), 0.0, (jnp.ones(3), jnp.ones(3)))
    """
    size = count_samples("evaluate", data)
    _mean.eval_shape(params, data, function=function, size=size)


def is_stream(data: Any) -> bool:
    """Whether data are batches that come one after another, rather than a pair of arrays.

    Examples:
        >>> is_stream(([1.0], [2.0])), is_stream([([1.0], [2.0])])
        (False, True)
    """
    if isinstance(data, tuple | Mapping | str | bytes) or hasattr(data, "shape"):
        return False
    if isinstance(data, list) and len(data) == 2:  # x and y, or two batches
        return any(isinstance(each, tuple | list) for each in data)
    return isinstance(data, Iterable)


def _mean_of_batches(
    function: Callable[..., Any], params: Any, batches: Iterable[tuple[Any, Any]]
) -> Any:
    total, n = None, 0
    for batch in batches:
        check_pair("evaluate", batch)
        value, size = evaluate(function, params, tuple(batch)), count_samples("evaluate", batch)
        weighted = jax.tree.map(lambda v, size=size: v * size, value)
        total = weighted if total is None else jax.tree.map(jnp.add, total, weighted)
        n += size
    if not n:
        must, instead = "data must have one sample or more", "pass the batches again"
        raise ValueError(complaint("evaluate", must, "no batch", instead))
    return jax.tree.map(lambda v: v / n, total)


def call(
    function: Callable[..., Any], state: tuple[Any, ...], batch: tuple[Any, Any], rng: Rng | None
) -> Any:
    """Call a loss or measure, with ``rng`` if it takes one.

    Examples:
        >>> call(lambda params, x, y: params * x - y, (2,), (3, 4), None)
        2
    """
    takes = takes_rng(function, len(state))
    return function(*state, *batch, rng) if takes else function(*state, *batch)


def takes_rng(function: Callable[..., Any], states: int = 1) -> bool:
    """Whether to call a function as ``(params, x, y, rng)`` rather than ``(params, x, y)``.

    Args:
        function: The loss or measure.
        states: How many arguments come before ``x``: 2 where there are statistics too.

    Raises:
        TypeError: If it can be called as neither.

    Examples:
        >>> takes_rng(lambda params, x, y, rng: 0.0), takes_rng(lambda params, x, y, rate=0.5: 0.0)
        (True, False)
    """
    signature = inspect.signature(function)
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [p for p in signature.parameters.values() if p.kind in positional]
    count = states + 2
    takes = len(parameters) > count and (
        parameters[count].name == "rng" or parameters[count].default is inspect.Parameter.empty
    )
    try:
        signature.bind(*range(count + takes))
    except TypeError:
        name = getattr(function, "__name__", "loss")
        first = "params, statistics" if states == 2 else "params"
        must = f"a loss or measure must take ({first}, x, y) or ({first}, x, y, rng)"
        instead = "bind its other arguments with functools.partial"
        raise TypeError(complaint(name, must, str(signature), instead)) from None
    return takes


def check_hashable(function: str, name: str, given: Any) -> None:
    """Refuse what nothing compiled can be kept by, with a TypeError.

    Examples:
        >>> check_hashable("fit", "loss", print)
    """
    try:
        hash(given)
    except TypeError:
        must, came = f"{name} must be hashable", f"a {type(given).__name__}"
        instead = "if it is of a dataclass, let that be frozen=True or eq=False"
        raise TypeError(complaint(function, must, came, instead)) from None


@partial(jax.jit, static_argnames=("function", "size"))
def _mean(params: Any, data: tuple[Any, Any], *, function: Callable[..., Any], size: int) -> Any:
    """The mean over batches of so many samples and a rest, each weighted with its samples."""
    n = count_samples("evaluate", data)
    full, rest = divmod(n, size)
    split = full * size
    batches = jax.tree.map(lambda a: a[:split].reshape(full, size, *a.shape[1:]), data)
    values = jax.lax.map(lambda batch: call(function, (params,), batch, None), batches)
    means = jax.tree.map(lambda value: jnp.sum(value, axis=0) * (size / n), values)
    if not rest:
        return means
    last = call(function, (params,), jax.tree.map(lambda a: a[split:], data), None)
    return jax.tree.map(lambda mean, value: mean + value * (rest / n), means, last)
