"""Derivatives of the adapter against torch's autograd: of its database, at edges, of constants."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np
import pytest
import torch

import jaxnn.torch
from tests.parity.conformance.database import name_of, operations
from tests.parity.conformance.derivatives import differences
from tests.parity.conformance.scope import FAMILIES
from tests.thoroughness import amount

MOST: int | None = amount(1, None)
OPERATIONS = {name_of(op): op for family in FAMILIES.values() for op in operations(family)}
#: Those whose derivatives differ, and why; one that differs no more fails.
UNLIKE = {
    "as_strided.partial_views": "a gradient counts for all of the memory that the input is part of",
    "as_strided_scatter": "torch gives the input a gradient where the source has replaced it",
    "cov": "a difference of nearly equal numbers divides",
    "linalg.norm.subgradients_at_zero": "of equal singular values any may count for the largest",
    "linalg.svd": "JAX has no derivative of the vectors that full_matrices adds",
    "nn.functional.ctc_loss": "torch adds exp(log_probs), which log_softmax takes away again",
    "nn.functional.rrelu": "it draws for those elements that are not above 0, which a trace hides",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OPERATIONS)
def test_derivatives_are_torchs(name):
    count, wrong = differences(OPERATIONS[name], amount(40, None) if name in UNLIKE else MOST)
    if not count:
        pytest.skip("torch has no derivative of it, or draws no sample")
    if name in UNLIKE:
        assert wrong, f"listed as unlike, but it is alike: {name}"
    else:
        assert not wrong, f"{len(wrong)} of {count}: {wrong[0]}"


POINTS = (0.0, -0.0, 1.0, -1.0, 0.5, math.inf, -math.inf, 89.0, -200.0, math.nan)
UNARY = """
abs exp exp2 expm1 log log2 log10 log1p sqrt rsqrt sin cos tan asin acos atan sinh cosh tanh asinh
acosh atanh erf erfc erfinv lgamma digamma sigmoid sinc sign round reciprocal square relu i0 frac
trunc logit nan_to_num special.i0e special.i1 special.i1e special.ndtr special.log_ndtr
special.erfcx special.entr special.ndtri
"""
#: Where torch's own number is a matter of its rounding, or of its code for numbers that are none.
LEFT_OUT: dict[str, tuple[float, ...]] = {
    "digamma": (-1.0, -200.0),
    "lgamma": (-1.0, -200.0),
    "special.i1": (math.nan,),
    "special.i1e": (math.nan,),
    "special.log_ndtr": (-math.inf, -200.0),
    "special.erfcx": (math.inf, 89.0),
}
BINARY = """
atan2 hypot fmod remainder maximum minimum fmax fmin pow copysign logaddexp xlogy special.xlog1py
ldexp true_divide
"""


@pytest.mark.parametrize("name", UNARY.split())
def test_slopes_at_edges(name):
    left_out = LEFT_OUT.get(name, ())
    points = [x for x in POINTS if not any(x == y or (x != x and y != y) for y in left_out)]
    assert_slopes(name, np.array(points, np.float32))


@pytest.mark.parametrize("name", BINARY.split())
def test_slopes_at_pairs_of_edges(name):
    points = np.array([0, -0.0, 1, -1, 2.5], np.float32)
    first, second = np.meshgrid(points, points)
    assert_slopes(name, first.reshape(-1), second.reshape(-1))


EQUALS: dict[str, Callable[[Any, Any], Any]] = {
    "max": lambda of, x: x.max(0)[0] * 3,
    "min": lambda of, x: x.min(-1, keepdim=True)[0],
    "max of all": lambda of, x: x.max(),
    "amax": lambda of, x: x.amax(0),
    "cummax": lambda of, x: x.cummax(0)[0] * of.tensor([1.0, 2.0, 3.0, 4.0]),
    "cummin": lambda of, x: x.cummin(0)[0] * of.tensor([1.0, 2.0, 3.0, 4.0]),
    "median": lambda of, x: x.median() * 3,
    "median along": lambda of, x: x.median(0)[0],
    "sort": lambda of, x: x.sort(stable=True)[0] * of.tensor([1.0, 2.0, 3.0, 4.0]),
    "norm": lambda of, x: x.norm(),
    "norm of zeros": lambda of, x: (x * 0).norm() + of.linalg.vector_norm(x * 0, 3),
    "distances": lambda of, x: of.cdist(x.reshape(4, 1), x.reshape(4, 1)),
    "distances of order 3": lambda of, x: of.cdist(x.reshape(2, 2), x.reshape(2, 2), p=3.0),
    "zeta": lambda of, x: of.special.zeta(of.tensor(2.0), x * x + 0.5),
    "half precision": lambda of, x: of.logit((x * 0.1 + 0.3).to(of.bfloat16)).float(),
}


@pytest.mark.parametrize("name", EQUALS)
def test_slopes_of_equal_elements(name):
    first, second = (
        of.func.grad(lambda x, of=of: EQUALS[name](of, x).sum())(of.tensor([1.0, 2, 2, -1]))
        for of in (torch, jaxnn.torch)
    )
    assert second.tolist() == pytest.approx(first.tolist(), rel=1e-5)


SECOND: dict[str, Callable[[Any, Any], Any]] = {
    "a norm": lambda of, x: x.norm(),
    "powers": lambda of, x: x**3 + x**2 + x**1,
    "a power": lambda of, x: (x * x) ** 1.5,
    "gamma functions": lambda of, x: of.lgamma(x * x + 0.3),
    "angles": lambda of, x: of.atan2(x, of.tensor([1.0, -1.0, 2.0])),
    "lengths": lambda of, x: of.hypot(x, of.tensor([1.0, -1.0, 2.0])),
}


@pytest.mark.filterwarnings("ignore:`torch.jit.script`")
@pytest.mark.parametrize("name", SECOND)
def test_second_slopes_where_elements_are_0(name):
    first, second = (
        of.func.hessian(lambda x, of=of: SECOND[name](of, x).sum())(of.tensor([3.0, -4.0, 0.0]))
        for of in (torch, jaxnn.torch)
    )
    np.testing.assert_allclose(second.tolist(), first.tolist(), 1e-4, 1e-6)


FORWARD: dict[str, tuple[Callable[[Any, Any], Any], float]] = {
    "a square": (lambda of, x: x**2, -0.7),
    "a root of infinity": (lambda of, x: x**0.5, math.inf),
    "a power of 0": (lambda of, x: 0.0**x, -1.0),
    "a length": (lambda of, x: of.hypot(x, of.tensor(math.inf)), 1.0),
    "an angle": (lambda of, x: of.atan2(x, of.tensor(0.0)), math.inf),
    "a factor of log 0": (lambda of, x: of.xlogy(x, of.tensor(0.0)), 1.0),
    "a log of -2": (lambda of, x: of.xlogy(of.tensor(1.0), x), -2.0),
    "a sign": (lambda of, x: of.copysign(of.tensor(math.inf), x), 1.0),
}


@pytest.mark.filterwarnings("ignore:`torch.jit.script`")
@pytest.mark.parametrize("name", FORWARD)
def test_slopes_forward_with_constants(name):
    function, point = FORWARD[name]
    first, second = (
        of.func.jvp(lambda x, of=of: function(of, x), (of.tensor(point),), (of.tensor(1.0),))[1]
        for of in (torch, jaxnn.torch)
    )
    np.testing.assert_allclose(second.item(), first.item(), 1e-6)


def assert_slopes(name: str, *points: np.ndarray) -> None:
    def total(library: Any, *tensors: Any) -> Any:
        for part in name.split("."):
            found = getattr(library, part, None) or getattr(library.nn.functional, part)
            library = found
        return library(*tensors).sum()

    leaves = [torch.from_numpy(x).requires_grad_() for x in points]
    expected = torch.autograd.grad(total(torch, *leaves), leaves, materialize_grads=True)
    ours = jax.grad(lambda xs: total(jaxnn.torch, *map(jaxnn.torch.tensor, xs)).__jax_array__())(
        points
    )
    for found, wanted in zip(ours, expected, strict=True):
        np.testing.assert_allclose(found, wanted.numpy(force=True), 1e-5, 1e-6)


BLOCKS: dict[str, Callable[[Any, Any], Any]] = {
    "detach": lambda of, x: x.detach() * x,
    "detach_": lambda of, x: (y := x * 2).detach_() * x + y,
    "data": lambda of, x: x.data * x,
    "a view, detached": lambda of, x: x[1:].detach() * x[:-1],
    "a detached view's view": lambda of, x: x.detach().reshape(-1)[::2] * x[::2],
    "a copy, detached": lambda of, x: of.tensor(x.detach()) * x,
    "a number": lambda of, x: x * x.sum().item() + float(x[0]) * x,
    "a decision": lambda of, x: x * 2 if x.sum() > 0 else x * 3,
    "no_grad": lambda of, x: within(of.no_grad(), lambda: x * x) * x,
    "a view in no_grad": lambda of, x: within(of.no_grad(), lambda: x[1:]) * x[1:],
    "enable_grad in no_grad": lambda of, x: within(
        of.no_grad(), lambda: within(of.enable_grad(), lambda: x * x)
    ),
    "set_grad_enabled": lambda of, x: within(of.set_grad_enabled(False), lambda: x * x) * x,
    "set_grad_enabled, on": lambda of, x: within(of.set_grad_enabled(True), lambda: x * x) * x,
    "all of it": lambda of, x: of.no_grad()(lambda x: x * x)(x),
    "a write in no_grad": lambda of, x: _written(of, x * 1),
    "a write through a detached one": lambda of, x: _written_through(x * 1) * x,
    "a write into a detached one": lambda of, x: (x * 2).detach().mul_(x),
    "a write into what no_grad made": lambda of, x: within(of.no_grad(), lambda: x * 2).mul_(x),
    "a write into detached zeros": lambda of, x: of.zeros(3).detach().add_(x) ** 2,
    "a write into zeros of no_grad": lambda of, x: (
        within(of.no_grad(), lambda: of.zeros(3)).copy_(x) ** 2
    ),
    "a detached one that is read": lambda of, x: _read(x * 1),
    "writes into both": lambda of, x: _written_both(x * x, x),
    "a generator in no_grad": lambda of, x: sum(t * x * x for t in of.no_grad()(_generated)(x)),
    "running statistics": lambda of, x: _normalized(of, x.reshape(3, 1)),
    "rows that are made shorter": lambda of, x: of.nn.functional.embedding(
        of.tensor([0, 2]), x.reshape(3, 1) * 1, max_norm=1.0
    ),
    "a derivative within": lambda of, x: (
        within(of.no_grad(), lambda: of.func.grad(lambda y: (y * y * x).sum())(x)) * x
    ),
    "a map within": lambda of, x: within(of.no_grad(), lambda: of.vmap(of.sin)(x)) * x,
}


def within(block: Any, function: Any) -> Any:
    with block:
        return function()


def _written(of: Any, y: Any) -> Any:
    with of.no_grad():
        y.mul_(3)
        y[0] = 5
    return y * y


def _written_through(y: Any) -> Any:
    y.detach().mul_(3)
    return y


def _read(y: Any) -> Any:
    constant = y.detach()
    constant[0] = y[1] * 5
    return constant * constant


def _written_both(y: Any, x: Any) -> Any:
    constant = y.detach()
    part = constant[1:]
    y.add_(1)
    constant.add_(x)
    return (part * x[1:]).sum() + (y * x).sum()


def _generated(y: Any) -> Iterator[Any]:
    yield y * y
    yield y * y * y


def _normalized(of: Any, x: Any) -> Any:
    mean, var = of.zeros(1), of.ones(1)
    first = of.nn.functional.batch_norm(x, mean, var, training=True)
    return first**2 + of.nn.functional.batch_norm(x, mean, var) ** 3 + mean * mean


@pytest.mark.filterwarnings("ignore")  # that a tensor is copied, that a number has no gradient
@pytest.mark.parametrize("name", BLOCKS)
def test_constants_of_derivatives(name):
    derived = [
        of.func.grad(lambda x, of=of: BLOCKS[name](of, x).sum())(of.tensor([1.0, -2.0, 4.0]))
        for of in (torch, jaxnn.torch)
    ]
    assert derived[1].tolist() == pytest.approx(derived[0].tolist(), rel=1e-6)


def test_a_block_around_a_derivative_changes_nothing():
    for of in (torch, jaxnn.torch):
        with of.no_grad():
            assert of.func.grad(lambda x: (x * x).sum())(of.tensor([3.0])).tolist() == [6.0]
