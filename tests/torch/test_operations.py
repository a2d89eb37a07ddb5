"""Every face of every operation in the table, and its life under JAX's transformations."""

import inspect
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch
from jaxnn.torch import kernels
from jaxnn.torch.operations.operation import OPERATIONS
from jaxnn.torch.operations.signatures import Signature

# What an operation of this name is called with, if not with as many tensors as it needs.
ARGUMENTS = {
    "gather": lambda x: (x, 0, torch.zeros(2, 3, dtype=torch.int64)),
    "scatter": lambda x: (x, 0, torch.zeros(1, 3, dtype=torch.int64), x),
    "scatter_add": lambda x: (x, 0, torch.zeros(2, 3, dtype=torch.int64), x),
    "index_select": lambda x: (x, 1, torch.tensor([2, 0])),
    "index_add": lambda x: (x, 1, torch.tensor([2, 0]), x[:, :2]),
    "index_copy": lambda x: (x, 1, torch.tensor([2, 0]), x[:, :2]),
    "index_reduce": lambda x: (x, 1, torch.tensor([2, 0]), x[:, :2], "prod"),
    "index_fill": lambda x: (x, 1, torch.tensor([2, 0]), 1.5),
    "index_put": lambda x: (x, [torch.tensor([1, 0])], x),
    "put": lambda x: (x, torch.tensor([5, 0]), x[0, :2]),
    "take": lambda x: (x, torch.tensor([5, 0])),
    "take_along_dim": lambda x: (x, torch.zeros(2, 1, dtype=torch.int64), 1),
    "scatter_reduce": lambda x: (x, 0, torch.zeros(2, 3, dtype=torch.int64), x, "sum"),
    "masked_scatter": lambda x: (x, x > 0.4, x),
    "masked_select": lambda x: (x, x > 0.4),
    "searchsorted": lambda x: (x[0], x),
    "bucketize": lambda x: (x, x[0]),
    "where": lambda x: (x > 0.4, x, -x),
    "masked_fill": lambda x: (x, x > 0.4, 1.5),
    "cat": lambda x: ([x, x],),
    "stack": lambda x: ([x, x],),
    "softmax": lambda x: (x, 1),
    "log_softmax": lambda x: (x, 1),
    "logsumexp": lambda x: (x, 1),
    "cumsum": lambda x: (x, 1),
    "cumprod": lambda x: (x, 1),
    "logcumsumexp": lambda x: (x, 1),
    "cummax": lambda x: (x, 1),
    "cummin": lambda x: (x, 1),
    "topk": lambda x: (x, 2),
    "kthvalue": lambda x: (x, 2),
    "quantile": lambda x: (x, 0.4),
    "nanquantile": lambda x: (x, 0.4),
    "linalg_matrix_norm": lambda x: (x, 1),
    "renorm": lambda x: (x, 2, 0, 0.5),
    "sum_to_size": lambda x: (x, (1, 3)),
    "bincount": lambda x: (torch.tensor([3, 1, 1]),),
    "mm": lambda x: (x, x.T),
    "matmul": lambda x: (x, x.T),
    "bmm": lambda x: (x[None], x.T[None]),
    "mv": lambda x: (x, x[0]),
    "dot": lambda x: (x[0], x[1]),
    "outer": lambda x: (x[0], x[1]),
    "addmm": lambda x: (x[:, :2], x, x.T),
    "clamp": lambda x: (x, 0.3, 0.6),
    "clamp_min": lambda x: (x, 0.3),
    "clamp_max": lambda x: (x, 0.6),
    "lerp": lambda x: (x, x + 1, 0.25),
}
# The shapes of their results depend on values, which a traced function does not know.
UNTRACEABLE = {"bincount", "unique", "unique_consecutive"}
INTEGERS_ONLY = [name for name in OPERATIONS if name.startswith("bitwise")]


def arguments(name: str, wide: bool = False):
    x = torch.tensor([[0.1, 0.25, 0.5], [0.75, 0.3, 0.9]])
    if name in INTEGERS_ONLY:
        x = torch.tensor([[1, 2, 3], [4, 5, 6]], dtype=torch.int32)
    if wide:
        x = x.to(torch.int64 if name in INTEGERS_ONLY else torch.float64)
    if name in ARGUMENTS:
        return ARGUMENTS[name](x)
    if OPERATIONS[name].signatures:
        return (x,) * min(Signature(each).required for each in OPERATIONS[name].signatures)
    parameters = inspect.signature(OPERATIONS[name].prepare).parameters.values()
    needed = sum(p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters)
    return (x,) * needed


def function(name: str):
    for prefix in ("linalg", "special"):
        if name.startswith(prefix + "_"):
            return getattr(getattr(torch, prefix), name.removeprefix(prefix + "_"))
    homes = (torch, torch.nn.functional, torch.Tensor)
    return next(getattr(home, name) for home in homes if hasattr(home, name))


def results(outcome) -> list:
    return list(outcome) if isinstance(outcome, tuple) else [outcome]


def assert_same(actual, expected):
    for x, y in zip(results(actual), results(expected), strict=True):
        assert (x.shape, x.dtype) == (y.shape, y.dtype)
        np.testing.assert_array_equal(x.numpy(), y.numpy())


def jitted(name: str, given: tuple):
    """The operation under ``jax.jit``: tensors are its arguments, the rest stays outside."""
    leaves, tree = jax.tree.flatten(given, is_leaf=lambda leaf: isinstance(leaf, torch.Tensor))
    tensors = [leaf for leaf in leaves if isinstance(leaf, torch.Tensor)]

    def call(tensors):
        rest = iter(tensors)
        filled = [next(rest) if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves]
        return function(name)(*jax.tree.unflatten(tree, filled))

    return jax.jit(call)(tensors)


# What these return has a size that depends on elements, or that is given by name.
SIZED_BY_ELEMENTS = {"argwhere", "masked_select", "nonzero_static"}
NAMES = sorted(OPERATIONS.keys() - SIZED_BY_ELEMENTS)


def having(face: str) -> list[str]:
    return [name for name in NAMES if getattr(OPERATIONS[name], face)]


def takes_out(name: str) -> bool:
    """Whether the function takes ``out=`` whatever else it is given."""
    return all(each.endswith(" out = None") for each in OPERATIONS[name].signatures)


@pytest.mark.parametrize("name", having("method"))
def test_method_is_function(name):
    first, *rest = arguments(name)
    assert_same(getattr(first, name)(*rest), function(name)(first, *rest))


@pytest.mark.parametrize("name", having("twin"))
def test_twin_writes_what_the_function_returns(name):
    first, *rest = arguments(name)
    expected = function(name)(first, *rest)
    target = first.clone()
    view = target.T
    assert getattr(target, name + "_")(*rest) is target
    assert_same(target, expected.to(target.dtype))
    np.testing.assert_array_equal(view.numpy(), target.T.numpy())


@pytest.mark.parametrize("name", [name for name in having("out") if takes_out(name)])
def test_out_receives_what_the_function_returns(name):
    given = arguments(name)
    expected = results(function(name)(*given))
    outs = [torch.empty(0, dtype=each.dtype) for each in expected]
    returned = function(name)(*given, out=outs[0] if len(outs) == 1 else tuple(outs))
    assert_same(tuple(outs), tuple(expected))
    assert_same(returned, tuple(expected) if len(expected) > 1 else expected[0])


@pytest.mark.parametrize("name", NAMES)
def test_is_documented(name):
    face = function(name)
    assert face.__name__ == name
    assert face.__module__ == "jaxnn.torch"
    assert face.__doc__
    assert "Source: ``torch" in face.__doc__


@pytest.mark.parametrize("wide", [False, True], ids=["32 bits", "64 bits"])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in UNTRACEABLE])
def test_same_inside_jit_and_with_x64(name, wide, x64):
    given = arguments(name, wide)
    # XLA fuses as it likes: a jitted sum may differ in its last bits.
    outside = function(name)(*given)
    inside = jitted(name, given)
    for x, y in zip(results(inside), results(outside), strict=True):
        assert (x.shape, x.dtype) == (y.shape, y.dtype)
        np.testing.assert_allclose(x.numpy(), y.numpy(), rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_second_call_compiles_nothing(name):
    def call():
        return function(name)(*arguments(name))

    call()
    before = kernels.count()
    call()
    assert kernels.count() == before


def test_numbers_are_arguments_of_the_kernel():
    x = torch.ones(2)
    _ = x * 2.0
    before = kernels.count()
    assert [(x * number).tolist() for number in (3.0, 4.5)] == [[3, 3], [4.5, 4.5]]
    assert kernels.count() == before


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


def test_importing_never_imports_torch():
    code = "import sys, jaxnn.torch, jaxnn.torch.nn.functional; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (
            "x.sort()",
            "jaxnn.torch has no Tensor.sort. On arrays it is jax.numpy.sort: "
            "jax.numpy.sort(jnp.asarray(tensor), ...).",
        ),
        (
            "torch.sort",
            "jaxnn.torch has no sort. On arrays it is jax.numpy.sort: "
            "jax.numpy.sort(jnp.asarray(x), ...).",
        ),
        (
            "x.backward()",
            "jaxnn.torch has no Tensor.backward. Gradients are JAX's: jax.grad(loss)(params), "
            "where loss takes tensors or arrays and returns jnp.asarray(result).",
        ),
        (
            "torch.zeros(2, requires_grad=True)",
            "jaxnn.torch has no Tensor.requires_grad. Gradients are JAX's: "
            "jax.grad(loss)(params), where loss takes tensors or arrays and returns "
            "jnp.asarray(result).",
        ),
        (
            "torch.nn.functional.conv2d",
            "jaxnn.torch.nn.functional has no conv2d. Take the array, jnp.asarray(x), and use "
            "jax.numpy or jaxnn on it.",
        ),
    ],
)
def test_what_is_lacking_says_what_to_do(expression, text):
    with pytest.raises(NotImplementedError) as caught:
        eval(expression, {"torch": torch, "x": torch.zeros(2)})
    assert str(caught.value) == text


def test_out_of_another_size_is_warned_of():
    out = torch.zeros(3)
    with pytest.warns(UserWarning, match="^An output with one or more elements was resized since"):
        torch.add(torch.ones(2, 3), 2, out=out)
    assert out.tolist() == [[3, 3, 3], [3, 3, 3]]


WARNED = (
    "Use of {} on expanded tensors is deprecated. Please clone() the tensor before performing this "
    "operation. This also applies to advanced indexing e.g. tensor[{}"
)
PUT = WARNED.format("index_put_", "indices] = tensor")
FILL = WARNED.format("masked_fill_", "mask] = scalar")
BYTES = "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead."


@pytest.mark.parametrize(
    ("index", "value", "texts"),
    [
        ([0, 1], 7, [PUT]),
        (torch.ones(2, 3) > 0, 7, [PUT, FILL]),
        (torch.ones(2, 3) > 0, torch.ones(6), [PUT]),
        (torch.ones(2, 3).byte(), torch.ones(6), [BYTES, PUT]),
    ],
)
def test_writes_by_index_that_are_warned_of(index, value, texts):
    with pytest.warns(UserWarning, match="deprecated") as caught:
        torch.ones(3).expand(2, 3)[index] = value
    assert [(str(each.message), each.filename) for each in caught] == [
        (text, __file__) for text in texts
    ]


def test_a_generator_of_a_traced_seed():
    @jax.jit
    def draw(seed):
        generator = torch.Generator()
        generator.stream.manual_seed(seed)
        return torch.randn(3, generator=generator)

    torch.manual_seed(7)
    assert draw(7).tolist() == torch.randn(3).tolist()
