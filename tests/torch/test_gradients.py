"""What is constant to derivatives: detached tensors, and what is computed in ``no_grad``."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch


def _slopes(function):
    return torch.func.grad(lambda x: function(x).sum())(torch.tensor([1.0, -2.0, 4.0])).tolist()


def _in(block, function):
    with block:
        return function()


def _written(x):
    y = x * 1
    with torch.no_grad():
        y.mul_(3)
        y[0] = 5
    return y * y


def _written_through(x):
    y = x * 1
    y.detach().mul_(3)
    return y * x


def _generated(x):
    yield x
    yield x * x


#: Functions, and their slopes at 1, -2 and 4 as torch gives them.
SLOPES = {
    "detach": (lambda x: x.detach() * x, [1, -2, 4]),
    "detach_": (lambda x: (x * 2).detach_() * x, [2, -4, 8]),
    "data": (lambda x: x.data * x, [1, -2, 4]),
    "a view": (lambda x: x[1:].detach() * x[:-1], [-2, 4, 0]),
    "a view's view": (lambda x: x.detach().reshape(-1)[::2] * x[::2], [1, 0, 4]),
    "another type": (lambda x: x.detach().view(torch.int32).view(torch.float32) * x, [1, -2, 4]),
    "a sign": (lambda x: torch.complex(x, x).conj().detach().imag * x, [-1, 2, -4]),
    "no_grad": (lambda x: _in(torch.no_grad(), lambda: x * x) * x, [1, 4, 16]),
    "a view in no_grad": (lambda x: _in(torch.no_grad(), lambda: x[1:]) * x[1:], [0, -2, 4]),
    "enable_grad in it": (
        lambda x: _in(torch.no_grad(), lambda: _in(torch.enable_grad(), lambda: x * x)),
        [2, -4, 8],
    ),
    "inference_mode": (lambda x: _in(torch.inference_mode(), lambda: x * x) * x, [1, 4, 16]),
    "set_grad_enabled": (
        lambda x: _in(torch.set_grad_enabled(False), lambda: x * 3) * x,
        [3, -6, 12],
    ),
    "a decorator": (torch.no_grad()(lambda x: x * x), [0, 0, 0]),
    "a write in no_grad": (_written, [10, -12, 24]),
    "a write through a detached one": (_written_through, [4, -8, 16]),
    "a write into it": (lambda x: (x * 2).detach().mul_(x), [2, -4, 8]),
    "a write into what no_grad made": (
        lambda x: _in(torch.no_grad(), lambda: x * 2).mul_(x),
        [2, -4, 8],
    ),
    "a write into zeros of no_grad": (
        lambda x: _in(torch.no_grad(), lambda: torch.zeros(3)).copy_(x) * x,
        [2, -4, 8],
    ),
    "a generator": (lambda x: sum(t * x for t in torch.no_grad()(_generated)(x)), [3, 0, 24]),
    "a number": (lambda x: x * x.sum().item() + float(x[0]) * x, [4, 4, 4]),
    "a map": (lambda x: _in(torch.no_grad(), lambda: torch.vmap(torch.square)(x)) * x, [1, 4, 16]),
}  # fmt: skip


@pytest.mark.parametrize("name", SLOPES)
def test_constants_have_no_slope(name):
    function, expected = SLOPES[name]
    assert _slopes(function) == expected


@pytest.mark.parametrize("name", sorted(SLOPES.keys() - {"a number"}))
def test_compiled_functions_have_the_same_slopes(name):
    function, expected = SLOPES[name]
    slope = jax.jit(jax.grad(lambda x: jnp.asarray(function(torch.tensor(x)).sum())))
    assert slope(jnp.array([1.0, -2.0, 4.0])).tolist() == expected


def test_a_block_around_a_derivative_changes_nothing():
    with torch.no_grad():
        assert torch.func.grad(lambda x: (x * x).sum())(torch.tensor([3.0])).tolist() == [6.0]
        assert jax.grad(lambda x: jnp.asarray(torch.tensor(x) * 2))(1.0) == 2.0


def test_a_detached_tensor_shares_its_memory_where_nothing_is_traced():
    x = torch.zeros(3)
    y = x.detach()
    y += 1
    assert x.tolist() == [1, 1, 1]
    assert y.untyped_storage() == x.untyped_storage()
    assert y.is_set_to(x)


def test_a_detached_tensor_shares_its_memory_in_a_trace():
    def function(x):
        y = x * 1
        detached = y.detach()
        y += 1
        detached[0] = 9
        assert detached.is_set_to(y)
        assert y.is_set_to(detached)
        assert detached.untyped_storage() == y.untyped_storage()
        return y + 0 * detached

    assert jax.jit(function)(torch.zeros(2)).tolist() == [9, 1]


def test_a_detached_tensor_follows_its_memory():
    shared = np.zeros(2, np.float32)
    outside = torch.from_numpy(shared)

    def function(x):
        constant = outside.detach()
        shared[0] = 5
        y = x * 1
        before = y.detach()
        y.resize_(3)
        y[2] = 7
        return before * x + constant * x, y

    result, grown = jax.jit(function)(torch.ones(2))
    assert result.tolist() == [6, 1]
    assert grown.tolist() == [1, 1, 7]


def test_a_function_returns_a_detached_tensor():
    assert jax.jit(lambda x: (x + 1).detach())(torch.zeros(2)).tolist() == [1, 1]
    assert jax.jit(lambda x: (x + 1).detach_())(torch.zeros(2)).tolist() == [1, 1]
    tangent = torch.func.jvp(lambda x: x.detach(), (torch.ones(2),), (torch.ones(2),))[1]
    assert tangent.tolist() == [0, 0]


def test_a_generator_is_sent_to_thrown_into_and_closed():
    @torch.no_grad()
    def generator():
        try:
            while True:
                try:
                    sent = yield torch.is_grad_enabled()
                    seen.append(sent)
                except ValueError:
                    seen.append("thrown")
        finally:
            seen.append(torch.is_grad_enabled())

    seen = []
    steps = generator()
    assert next(steps) is False
    assert torch.is_grad_enabled()
    assert steps.send(3) is False
    assert steps.throw(ValueError()) is False
    steps.close()
    assert seen == [3, "thrown", False]
    assert torch.is_grad_enabled()


def test_statistics_outside_of_a_derivative_are_updated():
    mean, var = torch.zeros(1), torch.ones(1)

    def loss(x):
        y = torch.nn.functional.batch_norm(x, mean, var, training=True)
        return (y * torch.tensor([[1.0], [2.0], [4.0]])).sum()

    torch.func.grad(loss)(torch.tensor([[1.0], [2.0], [6.0]]))
    assert mean.item() == pytest.approx(0.3)
    assert var.item() == pytest.approx(1.6)


def test_a_number_of_a_compiled_function_is_not_known():
    with pytest.raises(jax.errors.ConcretizationTypeError):
        jax.jit(lambda x: x.sum().item())(torch.ones(2))
