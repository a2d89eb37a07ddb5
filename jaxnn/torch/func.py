"""JAX's transformations of functions on tensors, under the names of ``torch.func``.

Each takes and returns functions of tensors and of nested tuples, lists and dicts of them, with
torch's arguments and errors. JAX's own, ``jax.grad`` and the like, take such functions as well, if
they return arrays (``jnp.asarray(loss)``).
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from jaxnn.torch import lacking, trees
from jaxnn.torch.mapping import vmap as vmap
from jaxnn.torch.tensor import Tensor, array_of, of_array

Argnums = int | tuple[int, ...]


def grad(
    func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the gradient of ``func``, which returns a tensor of one number.

    Args:
        func: what is differentiated.
        argnums: by which of its arguments; several give a tuple of gradients.
        has_aux: whether it returns a second thing, which is returned beside the gradient.

    >>> import jaxnn.torch as torch
    >>> torch.func.grad(lambda x: (x * x).sum())(torch.tensor([1.0, 2.0]))
    tensor([2., 4.])

    Source: ``torch.func.grad``.
    """
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        found, value = both(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


def grad_and_value(
    func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the gradient of ``func`` and what ``func`` gives.

    Source: ``torch.func.grad_and_value``.
    """

    @functools.wraps(func)
    def gradient_and_value(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        of_chosen, chosen = _by(func, argnums, args, kwargs)
        with trees.transforming() as call:

            def loss(given: Any) -> Any:
                value, aux = _parted(call(of_chosen, trees.tensors(given)), has_aux, _GRAD)
                return array_of(_scalar(value)), trees.arrays(aux)

            value, pullback, aux = jax.vjp(loss, trees.arrays(chosen), has_aux=True)
            (gradient,) = pullback(jnp.ones_like(value))
            found = trees.tensors(_conjugated(gradient))
            value = of_array(value)
            return found, (value, trees.tensors(aux)) if has_aux else value

    return gradient_and_value


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """What ``func`` gives for ``primals``, and the function of its products with the Jacobian.

    Returns:
        the result, a function from cotangents (in the structure of the result) to a tuple of one
        gradient for each of ``primals``, and, if ``has_aux``, what ``func`` returned second.

    Source: ``torch.func.vjp``.
    """
    _check_differentiable(primals)
    with trees.transforming() as call:

        def on_arrays(*given: Any) -> Any:
            made = call(func, *trees.tensors(given))
            value, aux = _parted(made, has_aux, _VJP)
            return trees.arrays(_only_tensors(value, _VJP)), trees.arrays(aux)

        value, pullback, aux = jax.vjp(on_arrays, *trees.arrays(primals), has_aux=True)

    def pulled_back(cotangents: Any) -> tuple[Any, ...]:
        given = _like(trees.arrays(cotangents), value)
        with trees.transforming():
            return trees.tensors(_conjugated(pullback(_conjugated(given))))

    result = trees.tensors(value)
    return (result, pulled_back, trees.tensors(aux)) if has_aux else (result, pulled_back)


def jvp(
    func: Callable[..., Any],
    primals: Any,
    tangents: Any,
    *,
    strict: bool = False,
    has_aux: bool = False,
) -> tuple[Any, ...]:
    """What ``func`` gives for ``primals``, and its derivative in the direction of ``tangents``.

    Source: ``torch.func.jvp``.
    """
    if strict:
        raise lacking.argument(
            "func.jvp", "strict", "a result that does not depend on x has derivative 0"
        )
    _check_primals(primals, tangents)
    with trees.transforming() as call:

        def on_arrays(*given: Any) -> Any:
            value, aux = _parted(call(func, *trees.tensors(given)), has_aux, _JVP)
            return trees.arrays(_only_tensors(value, _JVP)), trees.arrays(aux)

        given = trees.arrays(primals)
        along = jax.tree.map(lambda x, like: x.astype(like.dtype), trees.arrays(tangents), given)
        found = trees.tensors(jax.jvp(on_arrays, given, along, has_aux=True))
    return found if has_aux else found[:2]


def linearize(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """What ``func`` gives for ``primals``, and its derivative there, of any direction.

    Returns:
        the result, and a function from tangents, one for each of ``primals``, to the derivative:
        `jvp`'s, without computing ``func`` again.

    >>> import jaxnn.torch as torch
    >>> value, derivative = torch.func.linearize(lambda x: x * x, torch.tensor([1.0, 2.0]))
    >>> derivative(torch.tensor([1.0, 1.0]))
    tensor([2., 4.])

    Source: ``torch.func.linearize``.
    """
    for each in trees.leaves(primals):
        if not (each.dtype.is_floating_point or each.dtype.is_complex):
            raise ValueError(
                f"Expected primal to be floating point or complex, but got: {each.dtype}"
            )
    with trees.transforming() as call:

        def on_arrays(*given: Any) -> Any:
            return trees.arrays(_only_tensors(call(func, *trees.tensors(given)), "linearize"))

        value, derivative = jax.linearize(on_arrays, *trees.arrays(primals))

    def along(*tangents: Any) -> Any:
        _check_tangents(primals, tangents)
        with trees.transforming():
            return trees.tensors(derivative(*trees.arrays(tangents)))

    return trees.tensors(value), along


def jacrev(
    func: Callable[..., Any],
    argnums: Argnums = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """The function that gives the Jacobian of ``func``, by reverse differentiation.

    Args:
        func: what is differentiated.
        argnums: by which of its arguments; several give a tuple of Jacobians.
        has_aux: whether it returns a second thing, which is returned beside the Jacobian.
        chunk_size: of no effect: JAX computes all rows at once.

    >>> import jaxnn.torch as torch
    >>> torch.func.jacrev(lambda x: x * x)(torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])

    Source: ``torch.func.jacrev``.
    """
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")
    return _jacobian(jax.jacrev, func, argnums, has_aux, _VJP)


def jacfwd(
    func: Callable[..., Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    *,
    randomness: str = "error",
) -> Callable[..., Any]:
    """The function that gives the Jacobian of ``func``, by forward differentiation.

    Source: ``torch.func.jacfwd``.
    """
    return _jacobian(jax.jacfwd, func, argnums, has_aux, _JVP)


def hessian(func: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """The function that gives the second derivatives of ``func``.

    Source: ``torch.func.hessian``.
    """
    return jacfwd(jacrev(func, argnums), argnums)


def _jacobian(
    transform: Callable[..., Any],
    func: Callable[..., Any],
    argnums: Argnums,
    has_aux: bool,
    caller: str,
) -> Callable[..., Any]:
    @functools.wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        of_chosen, chosen = _by(func, argnums, args, kwargs)
        with trees.transforming() as call:

            def on_arrays(given: Any) -> Any:
                value, aux = _parted(call(of_chosen, trees.tensors(given)), has_aux, caller)
                return trees.arrays(_only_tensors(value, caller)), trees.arrays(aux)

            found, aux = trees.tensors(transform(on_arrays, has_aux=True)(trees.arrays(chosen)))
        return (found, aux) if has_aux else found

    return jacobian


_GRAD = "grad_and_value(f)(*args)"
_VJP = "vjp(f, *primals)"
_JVP = "jvp(f, primals, tangents)"


def _by(
    func: Callable[..., Any], argnums: Any, args: Sequence[Any], kwargs: dict[str, Any]
) -> tuple[Callable[[Any], Any], Any]:
    """``func`` as a function of the arguments that ``argnums`` chooses, and these."""
    if not isinstance(argnums, int | tuple):
        raise RuntimeError(f"argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    for number in numbers:
        if not -len(args) <= number < len(args):
            raise RuntimeError(f"Got argnum={number}, but only {len(args)} positional inputs")
    chosen = tuple(args[number] for number in numbers)
    _check_differentiable(chosen)

    def of_chosen(given: Any) -> Any:
        replaced = list(args)
        for number, each in zip(
            numbers, given if isinstance(argnums, tuple) else (given,), strict=True
        ):
            replaced[number] = each
        return func(*replaced, **kwargs)

    return of_chosen, chosen if isinstance(argnums, tuple) else chosen[0]


def _check_differentiable(tree: Any) -> None:
    for each in trees.leaves(tree):
        if not isinstance(each, Tensor):
            raise ValueError(f"Thing passed to transform API must be Tensor, got {type(each)}")
        if not (each.dtype.is_floating_point or each.dtype.is_complex):
            raise RuntimeError("only Tensors of floating point dtype can require gradients")


def _check_primals(primals: Any, tangents: Any) -> None:
    if not isinstance(primals, tuple):
        raise RuntimeError(
            f"{_JVP}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals)."
        )
    given = trees.structure(primals), trees.structure(tangents)
    if given[0] != given[1]:
        raise RuntimeError(
            f"{_JVP}: Expected primals and tangents to have the same python structure. For "
            "example, if primals is a tuple of 3 tensors, tangents also must be. Got primals with "
            f"structure {given[0]} and tangents with structure {given[1]}"
        )
    if not trees.leaves(primals):
        raise RuntimeError(f"{_JVP}: Expected primals to contain at least one Tensor.")
    for name, tree in (("primals", primals), ("tangents", tangents)):
        for each in trees.leaves(tree):
            if not isinstance(each, Tensor):
                raise RuntimeError(
                    f"{_JVP}: Expected {name} to only contain Tensors, got {type(each)}"
                )
    for primal, tangent in zip(trees.leaves(primals), trees.leaves(tangents), strict=True):
        if primal.shape != tangent.shape:
            raise RuntimeError(
                "Trying to set a forward gradient that has a different size than that of the "
                f"original Tensor, this is not supported. Tensor is of size {list(primal.shape)} "
                f"while the given forward gradient is of size {list(tangent.shape)}."
            )


def _check_tangents(primals: Any, tangents: Any) -> None:
    given, wanted = trees.structure(tangents), trees.structure(primals)
    if given != wanted:
        raise RuntimeError(
            f"Expected the tangents {given} to have the same argspec as the primals {wanted}"
        )
    pairs = zip(trees.leaves(primals), trees.leaves(tangents), strict=True)
    for place, (primal, tangent) in enumerate(pairs):
        for word in ("shape", "dtype"):
            had, has = getattr(primal, word), getattr(tangent, word)
            if had != has:
                raise RuntimeError(
                    f"tangent:{place} with {word} {has} in flattened pytree doesn't match the "
                    f"{word} {had} of the corresponding primal."
                )


def _parted(returned: Any, has_aux: bool, caller: str) -> tuple[Any, Any]:
    """What a function returned, as its value and what else it returned."""
    if not has_aux:
        return returned, None
    if not (isinstance(returned, tuple) and len(returned) == 2):
        raise RuntimeError(
            f"{caller}: output of function f should be a tuple: (output, aux) if has_aux is True"
        )
    for each in trees.leaves(returned[1]):
        if not isinstance(each, Tensor):
            raise RuntimeError(f"Expected tensors, got unsupported type {type(each)}")
    return returned


def _scalar(value: Any) -> Tensor:
    if not isinstance(value, Tensor):
        raise RuntimeError(f"{_GRAD}: Expected f(*args) to return a Tensor, got {type(value)}")
    if value.ndim:
        raise RuntimeError(
            f"{_GRAD}: Expected f(*args) to return a scalar Tensor, got tensor with {value.ndim} "
            "dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
        )
    if value.dtype.is_complex:
        raise RuntimeError(
            f"grad can be implicitly created only for real scalar outputs but got {value.dtype}"
        )
    return value


def _only_tensors(value: Any, caller: str) -> Any:
    for each in trees.leaves(value):
        if not isinstance(each, Tensor):
            raise RuntimeError(
                f"{caller}: expected f(*primals) to return only tensors, got unsupported type "
                f"{type(each)}"
            )
    return value


def _like(cotangents: Any, values: Any) -> Any:
    """Cotangents in the types of the values; they have to be of their shapes."""
    pairs = zip(jax.tree.leaves(cotangents), jax.tree.leaves(values), strict=True)
    for place, (given, value) in enumerate(pairs):
        if given.shape != value.shape:
            raise RuntimeError(
                f"Mismatch in shape: grad_output[{place}] has a shape of "
                f"torch.Size({list(given.shape)}) and output[{place}] has a shape of "
                f"torch.Size({list(value.shape)})."
            )
    return jax.tree.map(lambda given, value: given.astype(value.dtype), cotangents, values)


def _conjugated(tree: Any) -> Any:
    """Gradients by complex numbers as torch has them: the conjugates of JAX's."""
    return jax.tree.map(lambda x: jnp.conj(x) if jnp.iscomplexobj(x) else x, tree)


def __getattr__(name: str) -> Any:
    raise lacking.function("func", name)
