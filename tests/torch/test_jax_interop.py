"""Tensors and JAX: arrays in and out without a copy, transformations with torch's arguments."""

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch

LARGE = (512, 513)  # so large that a copy would take longer than what avoids it


def test_large_arrays_come_in_and_go_out_without_a_copy():
    array = jnp.ones(LARGE)
    x = torch.from_dlpack(array)
    assert jnp.asarray(x).unsafe_buffer_pointer() == array.unsafe_buffer_pointer()
    assert torch.tensor(jnp.arange(3)).numpy().tolist() == [0, 1, 2]


def test_arrays_never_change_though_tensors_over_them_do():
    array = jnp.zeros(LARGE)
    x = torch.asarray(array)
    x.add_(1)
    x.numpy()[0] = 2
    out = jnp.asarray(x)
    x[1] = 3
    assert (array.sum(), out[0, 0], out[1, 0]) == (0, 2, 1)


def test_a_large_array_outlives_what_it_was_made_of():
    x = torch.ones(*LARGE)
    array = jnp.asarray(x)
    del x
    torch.zeros(*LARGE)
    assert array.sum().item() == np.prod(LARGE)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.bfloat16])
def test_jax_takes_tensors_by_dlpack(dtype):
    x = torch.arange(6).view(2, 3).to(dtype)
    with jax.enable_x64(True):
        array = jax.dlpack.from_dlpack(x)
        assert (array.shape, array.dtype) == ((2, 3), dtype.numpy)
        assert torch.from_dlpack(array).tolist() == x.tolist()


def test_scan_and_jit_over_tensors():
    def step(carry, x):
        carry = carry.clone()
        carry[0] += x.sum()
        return carry, carry * 2

    carry, steps = jax.jit(lambda c, x: jax.lax.scan(step, c, x))(torch.zeros(2), torch.ones(3, 2))
    assert (carry.tolist(), steps.tolist()) == ([6, 0], [[4, 0], [8, 0], [12, 0]])


def test_a_view_written_inside_of_a_traced_function():
    def write(x):
        y = x.clone()
        y.T[0].mul_(10)
        return y

    assert jax.jit(write)(torch.ones(2, 2)).tolist() == [[10, 1], [10, 1]]
    assert torch.vmap(write)(torch.ones(1, 2, 2)).tolist() == [[[10, 1], [10, 1]]]


def test_derivatives_of_double_precision_without_jaxs_mode():
    x = torch.tensor([1 / 3], dtype=torch.float64)
    for derivative in (torch.func.grad, torch.func.jacrev, torch.func.jacfwd):
        found = derivative(lambda t: (t**3).sum())(x)
        assert found.dtype is torch.float64
        assert found.item() == pytest.approx(1 / 3, rel=1e-15)
    assert jnp.zeros(1, float).dtype == np.float32


def test_hessian_of_a_dict():
    given = {"a": torch.tensor([1.0, 2.0]), "b": torch.tensor(3.0)}
    found = torch.func.hessian(lambda d: (d["a"] ** 2).sum() * d["b"])(given)
    assert found["a"]["a"].tolist() == [[6, 0], [0, 6]]
    assert found["a"]["b"].tolist() == [2, 4]


def test_derivatives_where_a_function_has_its_edges():
    """What is double elsewhere is float32 in what JAX traces: so are torch's derivatives."""

    def slopes(function: Callable[..., Any], x: list[float]) -> list[float]:
        return torch.func.grad(lambda t: function(t).sum())(torch.tensor(x)).tolist()

    assert slopes(torch.lgamma, [1.0, 2.0]) == pytest.approx([-0.5772157, 0.4227843], rel=2e-6)
    assert slopes(torch.tanh, [10.0]) == [0.0]  # where tanh(x) is 1
    assert slopes(torch.std, [0.1] * 5) == slopes(torch.std, [3.0] * 5) == [0.0] * 5
    assert slopes(torch.sinh, [0.0, 800.0]) == [1.0, math.inf]
    assert slopes(torch.special.erfcx, [100.0]) == pytest.approx([-5.640e-5], rel=1e-3)
    cubes = [6.4939394, 0.49393941]  # 6 times the sums of 1 / k⁴ from 1 and from 2 on
    assert slopes(lambda t: torch.polygamma(2, t), [1.0, 2.0]) == pytest.approx(cubes, rel=1e-5)


@pytest.mark.parametrize("name", ["polygamma", "zeta"])
def test_derivatives_in_a_mode_without_doubles(name: str, x64: bool):
    def total(x: jax.Array) -> jax.Array:
        t: Any = torch.as_tensor(x)
        found = torch.polygamma(3, t) if name == "polygamma" else torch.special.zeta(t + 3, t)
        return jnp.asarray(found.sum())

    x = jnp.array([0.3, 0.5], jnp.float32)
    for derivative in (jax.grad(total), jax.jit(jax.grad(total)), jax.jacrev(total)):
        assert derivative(x).dtype == jnp.float32
        assert np.isfinite(derivative(x)).all()


def test_linearized_functions_take_any_direction():
    x, y = torch.tensor([1.0, 2.0]), torch.tensor(3.0)
    value, derivative = torch.func.linearize(lambda a, b: {"product": a * a * b}, x, y)
    assert value["product"].tolist() == [3, 12]
    assert derivative(torch.ones(2), torch.tensor(0.0))["product"].tolist() == [6, 12]
    assert derivative(torch.zeros(2), torch.tensor(1.0))["product"].tolist() == [1, 4]
    with pytest.raises(RuntimeError, match=r"tangent:0 with shape torch\.Size\(\[3\]\)"):
        derivative(torch.ones(3), y)
    with pytest.raises(RuntimeError, match="tangent:1 with dtype"):
        derivative(x, y.double())
    with pytest.raises(RuntimeError, match="to have the same argspec as the primals"):
        derivative(x)
    with pytest.raises(ValueError, match="Expected primal to be floating"):
        torch.func.linearize(lambda a: a, torch.arange(2))


def test_vmap_places_results_and_shares_what_is_not_mapped():
    x = torch.arange(6.0).view(2, 3)
    scaled, constant = torch.vmap(lambda a, b: (a * b, torch.ones(())), (1, None), (1, None))(x, 2)
    assert (scaled.tolist(), constant.tolist()) == ((2 * x).tolist(), 1)


def test_vmap_refuses_draws_unless_samples_may_share_them():
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    with pytest.raises(RuntimeError, match="random operation while in randomness error mode"):
        torch.vmap(lambda a: a + torch.rand(2))(torch.zeros(3))
    shared = torch.vmap(lambda a: a + torch.rand(2), randomness="same")(torch.zeros(3))
    assert shared.tolist() == [expected.tolist()] * 3


def test_compile_writes_into_arguments_and_returns_them():
    @torch.compile(mode="max-autotune")
    def update(x, rate, name):
        x[0].mul_(rate)
        return x, {name: x.sum()}

    x = torch.ones(2, 2)
    same, sums = update(x, 2, "sum")
    assert same is x
    assert (x.tolist(), sums["sum"].item()) == ([[2, 2], [1, 1]], 6)
    update(x, 3, "sum")
    assert x.tolist() == [[6, 6], [1, 1]]


def test_compile_runs_once_for_each_kind_of_call():
    traced = []

    @torch.compile
    def double(x, flag=True):
        traced.append(flag)
        return x * 2 if flag else x

    for _ in range(3):
        assert double(torch.ones(2)).tolist() == [2, 2]
        assert double(torch.ones(2), flag=False).tolist() == [1, 1]
    assert traced == [True, False]


def test_compile_runs_what_jax_cannot_trace_as_it_is():
    def absolute(x):
        return x if x.sum() > 0 else -x

    assert torch.compile(absolute)(-torch.ones(1)).tolist() == [1]
    with pytest.raises(jax.errors.JAXTypeError):
        torch.compile(absolute, fullgraph=True)(torch.ones(1))
    torch.manual_seed(0)
    expected = [torch.rand(1).item(), torch.rand(1).item()]
    torch.manual_seed(0)
    draw = torch.compile(lambda x: x + torch.rand(1))
    assert [draw(torch.zeros(1)).item(), draw(torch.zeros(1)).item()] == expected


def test_compiled_arguments_that_share_memory_stay_shared():
    x = torch.zeros(4)
    torch.compile(lambda a, b: a.add_(1).sum() + b.add_(1).sum())(x, x[:2])
    assert x.tolist() == [2, 2, 1, 1]


def test_default_device():
    assert torch.get_default_device() == torch.device("cpu")
    with torch.device("cpu") as device:
        assert torch.zeros(1).device == device
    if not torch.cuda.is_available():
        with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
            torch.set_default_device("cuda")
    torch.set_default_device(None)
    assert torch.get_default_device() == torch.device("cpu")


def test_parts_of_complex_numbers_have_derivatives():
    x = torch.tensor([1 + 2j, -3j])
    assert torch.func.grad(lambda t: (t.real * 2 + t.imag * 3).sum())(x).tolist() == [2 + 3j] * 2
