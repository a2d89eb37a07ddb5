"""Every operation of the table: its faces, and its life under JAX's transformations.

All is asked in float64 while JAX's own 64-bit mode is off, but for the derivatives.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch
from jaxnn.torch import kernels
from jaxnn.torch.operations.definition.operation import OPERATIONS
from tests.torch.operation_cases import POLYNOMIALS, aliases, arguments, function

#: What follows its arguments can only be given by name.
BY_NAME = {"nonzero_static"}
NAMES = sorted(OPERATIONS.keys() - aliases().keys() - BY_NAME)
#: Their results have sizes that depend on elements, which a traced function does not know.
SIZED_BY_ELEMENTS = {"argwhere", "bincount", "masked_select", "unique", "unique_consecutive"}
TRACEABLE = [name for name in NAMES if name not in SIZED_BY_ELEMENTS]
#: JAX expands these only as it compiles, with the types that the caller's 64-bit mode has.
EXPANDED_BY_JAX = {
    *("i0", "igamma", "igammac", "special_i0e", "special_modified_bessel_i0"),
    *("special_modified_bessel_k0", "special_scaled_modified_bessel_k0"),
}
#: Their results are no floating-point numbers, or torch has no derivative of them.
WITHOUT_DERIVATIVE = {
    *("all", "any", "argmax", "argmin", "argsort", "bitwise_and", "bitwise_left_shift"),
    *("bitwise_not", "bitwise_or", "bitwise_right_shift", "bitwise_xor", "bucketize"),
    *("count_nonzero", "eq", "gcd", "ge", "gt", "histc", "histogram", "isclose", "isfinite"),
    *("isin", "isinf", "isnan", "isneginf", "isposinf", "isreal", "lcm", "le", "logical_and"),
    *("logical_not", "logical_or", "logical_xor", "lt", "ne", "nextafter", "searchsorted"),
    *("signbit", *POLYNOMIALS),
}


def results(outcome: Any) -> list[torch.Tensor]:
    return list(outcome) if isinstance(outcome, tuple) else [outcome]


def as_method(name: str, given: tuple[Any, ...]) -> Any:
    """What the method of the first tensor makes of the others; `polygamma` has a number first."""
    place = next(i for i, each in enumerate(given) if isinstance(each, torch.Tensor))
    return getattr(given[place], name)(*given[:place], *given[place + 1 :])


def assert_same(actual: Any, expected: Any, tolerance: float = 0.0) -> None:
    for x, y in zip(results(actual), results(expected), strict=True):
        assert (x.shape, x.dtype) == (y.shape, y.dtype)
        np.testing.assert_allclose(x.numpy(), y.numpy(), rtol=tolerance, atol=tolerance)


def of_tensors(name: str):
    """The operation as a function of its tensors alone, and these."""
    given = arguments(name)
    leaves, tree = jax.tree.flatten(given, is_leaf=lambda leaf: isinstance(leaf, torch.Tensor))
    places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, torch.Tensor)]

    def call(*tensors):
        filled = dict(enumerate(leaves)) | dict(zip(places, tensors, strict=True))
        return function(name)(*jax.tree.unflatten(tree, filled.values()))

    return call, [leaves[i] for i in places]


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_is_documented(name):
    face = function(name)
    assert face.__name__ == name
    assert face.__module__.startswith("jaxnn.torch")
    assert "Source: ``torch." in (face.__doc__ or "")


@pytest.mark.parametrize(("name", "original"), aliases().items())
def test_alias_is_the_kernel_of_the_original(name, original):
    given = arguments(original)
    expected = function(original)(*given)
    before = kernels.count()
    assert_same(function(name)(*given), expected)
    assert kernels.count() == before


@pytest.mark.parametrize("name", NAMES)
def test_function_and_method_are_one_kernel(name):
    given = arguments(name)
    expected = function(name)(*given)
    before = kernels.count()
    assert_same(function(name)(*given), expected)
    if OPERATIONS[name].method:
        assert_same(as_method(name, given), expected)
    assert kernels.count() == before


def test_numbers_are_arguments_of_the_kernel():
    x = torch.ones(2)
    _ = x * 2.0
    before = kernels.count()
    assert [(x * number).tolist() for number in (3.0, 4.5)] == [[3, 3], [4.5, 4.5]]
    assert kernels.count() == before


@pytest.mark.parametrize("name", [name for name in NAMES if OPERATIONS[name].twin])
def test_twin_writes_what_the_function_returns(name):
    given = arguments(name)
    expected = function(name)(*given).numpy()
    target = next(each for each in given if isinstance(each, torch.Tensor))
    view = target[None]
    assert as_method(name + "_", given) is target
    np.testing.assert_array_equal(target.numpy(), expected.astype(target.numpy().dtype))
    np.testing.assert_array_equal(view[0].numpy(), target.numpy())


@pytest.mark.parametrize("name", TRACEABLE)
def test_jit_of_vmap_is_a_call_for_each(name):
    call, tensors = of_tensors(name)
    others = [x * 1.0625 if x.is_floating_point() else x for x in tensors]
    stacked = [torch.stack(each) for each in zip(tensors, others, strict=True)]
    with jax.enable_x64(name in EXPANDED_BY_JAX):
        together = jax.jit(jax.vmap(call))(*stacked)
    for i, given in enumerate((tensors, others)):
        assert_same(tuple(each[i] for each in results(together)), call(*given), 1e-12)


def total(outcome: Any) -> jax.Array:
    """One number that hangs on every element of every result that has a derivative."""
    arrays = [jnp.ravel(jnp.asarray(x)) for x in results(outcome)]
    flat = jnp.concatenate([x.real + x.imag for x in arrays if x.dtype.kind in "fc"])
    return jnp.dot(flat, np.cos(np.arange(1.0, flat.size + 1)))


@pytest.mark.parametrize("name", sorted(set(TRACEABLE) - WITHOUT_DERIVATIVE))
def test_gradients_are_slopes(name):
    call, tensors = of_tensors(name)

    def along(step):
        moved = (x + step * torch.sin(7 * x) if x.is_floating_point() else x for x in tensors)
        return total(call(*moved))

    with jax.enable_x64(True):
        differentiated = jax.jit(jax.value_and_grad(along))
        gradient = differentiated(0.0)[1]
        slope = (differentiated(1e-6)[0] - differentiated(-1e-6)[0]) / 2e-6
    np.testing.assert_allclose(gradient, slope, rtol=1e-7, atol=1e-8)
