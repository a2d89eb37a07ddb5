"""Tensors under JAX's transformations: what comes out when a trace has ended, and what may not."""

import copy

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch


def table(x):
    """A matrix that is written to after it was made."""
    y = x[None] * x[:, None]
    y[0] = 3
    return y


RESULTS = {
    "vector": lambda x: x * x,
    "matrix": table,
    "transposed": lambda x: table(x).T,
    "row": lambda x: table(x)[1],
    "view written through its base": lambda x: (lambda y: (y.T, y.mul_(2))[0])(table(x)),
}


@pytest.mark.parametrize("function", RESULTS.values(), ids=RESULTS)
def test_tensors_come_out_of_derivatives(function):
    x = torch.tensor([1.0, 2.0])
    value, tangent = jax.jvp(function, (x,), (x,))
    assert value.tolist() == function(x).tolist()
    jacobian = jax.jacfwd(lambda a: jnp.asarray(function(a)))(x)
    expected = np.asarray(jacobian) @ np.asarray(x)
    np.testing.assert_allclose(tangent.numpy(), expected, rtol=1e-6)


def test_jacobian_and_hessian_of_tensors():
    x = torch.tensor([1.0, 2.0])
    assert jax.jacfwd(lambda t: t * t)(x).tolist() == [[2, 0], [0, 4]]
    assert jax.hessian(lambda t: jnp.asarray((t * t).sum()))(x).tolist() == [[2, 0], [0, 2]]


def test_shapes_without_elements():
    made = jax.eval_shape(lambda t: t[None].double(), torch.zeros(2))
    assert (made.shape, made.dtype) == ((1, 2), torch.float64)
    assert repr(made) == "Tensor(ShapeDtypeStruct(shape=(1, 2), dtype=float64))"


def test_repr_of_what_is_no_array():
    nothing = jax.tree.map(lambda leaf: None, torch.zeros(2))
    assert repr(nothing) == "Tensor(None)"


DRAWS = {
    "seeded inside": lambda: (torch.manual_seed(0), torch.rand(2))[1],
    "own generator": lambda: torch.rand(2, generator=torch.Generator().manual_seed(0)),
    "state": lambda: (torch.set_rng_state(torch.Generator().get_state()), torch.rand(2))[1],
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_generators_outlive_traces(draw):
    def draw_and_go_on(draw):
        torch.manual_seed(1)
        return draw().tolist(), torch.rand(3).tolist()

    assert draw_and_go_on(jax.jit(draw)) == draw_and_go_on(draw)


def test_first_draw_inside_of_a_trace():
    generator = torch.Generator()
    jax.jit(lambda: torch.rand(2, generator=generator))()
    assert torch.rand(2, generator=generator).shape == (2,)


def test_no_traced_write_into_what_is_outside():
    z = torch.zeros(2)
    with pytest.raises(RuntimeError) as caught:
        jax.jit(lambda t: z.add_(t) * 1)(torch.ones(2))
    assert str(caught.value) == (
        "a function that JAX traces wrote into a tensor from outside of it, which would be left "
        "with a value that is no number. Write into a clone() made inside of the function, and "
        "return it"
    )
    assert z.tolist() == [0, 0]


def test_traced_write_into_what_was_made_inside():
    def first(t):
        y = torch.zeros(2)
        y[0] = t[0]
        return y.sum()

    assert torch.func.grad(first)(torch.ones(2)).tolist() == [1, 0]


def test_a_generator_of_a_traced_seed():
    @jax.jit
    def draw(seed):
        generator = torch.Generator()
        generator.stream.manual_seed(seed)
        return torch.randn(3, generator=generator)

    torch.manual_seed(7)
    assert draw(7).tolist() == torch.randn(3).tolist()


def test_copies():
    x = torch.arange(3)
    shared = copy.copy(x)
    both = copy.deepcopy([x, x[1:]])
    x[1] = 9
    both[1][0] = 5
    assert (shared.tolist(), both[0].tolist(), x.tolist()) == ([0, 9, 2], [0, 5, 2], [0, 9, 2])


def test_deepcopy_of_shared_memory():
    memory = np.zeros(2)
    x = copy.deepcopy(torch.from_numpy(memory))
    memory[0] = 1
    assert (x.tolist(), x.dtype) == ([0, 0], torch.float64)


def loss(x):
    y = x.clone()
    y[0] = 0
    y[:, 1].mul_(3)
    y += 1
    return (y * y).sum()


def pure_loss(x):
    y = x.at[0].set(0).at[:, 1].multiply(3) + 1
    return (y * y).sum()


def test_writes_inside_of_traced_functions():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    array = jnp.asarray(x)
    expected = jax.grad(pure_loss)(array).tolist()
    assert jax.jit(loss)(x).item() == pure_loss(array).item()
    assert jax.grad(lambda t: jnp.asarray(loss(t)))(x).tolist() == expected
    assert torch.func.grad(loss)(x).tolist() == expected
    assert jax.vmap(loss)(torch.stack([x, x + 1])).shape == (2,)
    assert x.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("index", "value"),
    [
        (lambda t: t > 2, 0),
        (lambda t: t > 2, torch.tensor(7)),
        (lambda t: t > 2, torch.tensor([[7.0]])),
        (lambda t: t[:, 0] > 2, 1.5),
        (lambda t: (slice(None), t[0] > 1), -1),
        (lambda t: (0, t[0] > 1), -1),
    ],
)
def test_a_number_assigned_to_a_mask_has_a_known_shape(index, value):
    def assign(t):
        y = t.clone()
        y[index(t)] = value
        return y * 1

    x = torch.arange(6.0).view(2, 3)
    assert jax.jit(assign)(x).tolist() == assign(x).tolist() != x.tolist()


def test_a_traced_mask_selects_an_unknown_number_of_elements():
    text = "^A mask inside of a traced function selects an unknown number of elements. "
    with pytest.raises(NotImplementedError, match=text):
        jax.jit(lambda t: t[t > 2])(torch.ones(2))


def test_grad_and_value():
    gradient, value = torch.func.grad_and_value(lambda x: (x**2).sum())(torch.tensor([1.0, 2.0]))
    assert (gradient.tolist(), value.item()) == ([2, 4], 5)


def test_64_bits_without_the_flag(x64):
    x = torch.tensor([0.1], dtype=torch.float64)
    assert x.item() == 0.1
    assert (torch.arange(3) * 2**40).tolist() == [0, 2**40, 2**41]
    assert jax.jit(lambda t: t * 3)(x).item() == 0.1 * 3
    assert torch.func.grad(lambda t: (t**3).sum())(x).dtype is torch.float64
    assert (jnp.arange(3).dtype == jnp.int64) is x64


def test_a_tensor_keeps_its_type_through_a_tree(x64):
    for dtype in (torch.float64, torch.int64, torch.bfloat16, torch.bool):
        x = torch.ones(2, 3, dtype=dtype).T
        y = jax.tree.map(lambda leaf: leaf, x)
        assert (y.dtype, y.shape, y.tolist()) == (x.dtype, x.shape, x.tolist())
