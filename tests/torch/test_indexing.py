"""Indexing: views and copies, the order of writes, and the same numbers eagerly and when traced."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch
from jaxnn.torch import kernels

X = [[0.5, 1.5, -2.0], [3.0, 0.25, 5.0]]
INDEX = torch.tensor([[0, 1, 1], [1, 1, 0]])
ROWS = torch.tensor([1, 1, 0])
SLICES = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])

# Every operation that NumPy runs eagerly and a compiled kernel inside of a traced function.
CALLS = {
    "x[rows]": lambda x: x[ROWS],
    "x[:, rows]": lambda x: x[:, ROWS],
    "x[rows, None, rows]": lambda x: x[ROWS, None, ROWS],
    "index_put": lambda x: x.index_put((ROWS,), SLICES),
    "index_put accumulate": lambda x: x.index_put((ROWS,), SLICES, accumulate=True),
    "gather": lambda x: x.gather(0, INDEX),
    "take": lambda x: x.take(INDEX - 3),
    "take_along_dim": lambda x: x.take_along_dim(INDEX[:, :1], 1),
    "index_select": lambda x: x.index_select(1, ROWS),
    "scatter": lambda x: x.scatter(0, INDEX, SLICES),
    "scatter value": lambda x: x.scatter(1, INDEX, 2.5),
    "scatter_add": lambda x: x.scatter_add(0, INDEX, SLICES),
    **{
        f"scatter_reduce {how} {own}": (
            lambda x, how=how, own=own: x.scatter_reduce(0, INDEX, SLICES, how, include_self=own)
        )
        for how in ("sum", "prod", "mean", "amax", "amin")
        for own in (True, False)
    },
    "index_add": lambda x: x.index_add(0, ROWS, SLICES, alpha=2),
    "index_copy": lambda x: x.index_copy(0, ROWS, SLICES),
    "index_fill": lambda x: x.index_fill(1, ROWS, 7),
    "put": lambda x: x.put(INDEX, SLICES[:2]),
    "masked_fill": lambda x: x.masked_fill(x > 1, 7),
    "masked_scatter": lambda x: x.masked_scatter(x > 1, SLICES),
    "where": lambda x: torch.where(x > 1, x, 0),
    "nonzero_static": lambda x: torch.nonzero_static(x > 1, size=5),
    "searchsorted": lambda x: torch.searchsorted(SLICES[0], x, right=True),
    "bucketize": lambda x: torch.bucketize(x, SLICES[0]),
    "isin": lambda x: torch.isin(x, torch.tensor([5.0, 0.25])),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_traced_as_eager(call):
    eager = call(torch.tensor(X))
    traced = jax.jit(lambda array: call(torch.asarray(array)))(jnp.array(X))
    assert traced.dtype is eager.dtype
    np.testing.assert_array_equal(traced.numpy(), eager.numpy())


@pytest.mark.parametrize("write", [lambda x: x[ROWS], lambda x: x.gather(0, INDEX)])
def test_the_gradient_of_what_is_taken_twice(write):
    def total(array):
        return jnp.asarray(write(torch.asarray(array)).sum())

    counts = np.asarray(jax.grad(total)(jnp.array(X)))
    assert counts.sum() == np.asarray(write(torch.tensor(X)).numpy()).size
    assert counts.max() > 1


def test_nothing_is_compiled_where_elements_can_be_read():
    x = torch.tensor(X)
    before = kernels.count()
    x[torch.tensor([1])] = x[torch.tensor([0])]
    x[0, 1:] = 7.0
    x[x > 1] = 0.5
    assert x[[1, 0], [0, 2]].tolist() == [0.5, 0.5]
    assert kernels.count() == before


def test_views_share_and_copies_do_not():
    x = torch.tensor(X)
    for view in (x[0], x[:, ::2], x[..., None], x[()]):
        assert view._storage is x._storage
    for copy in (x[[0]], x[ROWS], x[x > 0], x[True]):
        assert copy._storage is not x._storage


@pytest.mark.parametrize(
    ("index", "shape"),
    [
        ((slice(None), ROWS), (2, 3, 4)),
        ((ROWS, slice(None), ROWS), (3, 3)),
        ((slice(None), ROWS, None, ROWS), (3, 2, 1)),
        ((None, ROWS, ROWS), (1, 3, 4)),
        ((..., INDEX), (2, 3, 2, 3)),
        ((True, 0), (1, 3, 4)),
    ],
)
def test_where_the_dimensions_of_the_index_go(index, shape):
    assert torch.zeros(2, 3, 4)[index].shape == shape


def test_strides_follow_the_order_in_memory():
    x = torch.arange(24.0).view(4, 3, 2).permute(2, 1, 0)
    assert x[torch.tensor([1, 0])].stride() == (12, 1, 3)
    assert torch.arange(5)[torch.tensor([[0, 1], [2, 3]]).t()].stride() == (1, 2)


def test_the_last_of_several_values_stays():
    x = torch.zeros(2)
    x[[0, 0, 1, 0]] = torch.tensor([1.0, 2.0, 3.0, 4.0])
    assert x.tolist() == [4, 3]
    assert x.scatter(0, torch.tensor([1, 1]), torch.tensor([5.0, 6.0])).tolist() == [4, 6]
    columns = torch.zeros(1)
    columns[torch.zeros(2, 2, dtype=torch.int64)] = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).t()
    assert columns.tolist() == [4]


def test_sums_of_16_bits():
    index, ones = torch.zeros(600, dtype=torch.int64), torch.ones(600, dtype=torch.bfloat16)
    x = torch.zeros(1, dtype=torch.bfloat16)
    assert x.scatter_add(0, index, ones).item() == 600  # added up in 32 bits
    assert x.index_put((index,), ones, accumulate=True).item() == 256  # or one by one


REFUSED = {
    "x[2]": "index 2 is out of bounds for dimension 0 with size 2",
    "x[[0, 5]]": "index 5 is out of bounds for dimension 0 with size 2",
    "x[torch.tensor([1], dtype=torch.int16)]": (
        "tensors used as indices must be long, int, byte or bool tensors"
    ),
    "x[[True]]": (
        "The shape of the mask [1] at index 0 does not match the shape of the indexed tensor "
        "[2, 3] at index 0"
    ),
    "x.take(torch.tensor([6]))": "out of range: tried to access index 6 on a tensor of 6 elements.",
    "x.index_select(0, ROWS + 1)": "index out of range in self",
    "x.index_copy(0, ROWS - 1, SLICES)": (
        "index_copy_(): index -1 is out of bounds for dimension 0 with size 2"
    ),
}


@pytest.mark.parametrize("expression", REFUSED)
def test_misplaced_indices(expression):
    scope = {"x": torch.tensor(X), "torch": torch, "ROWS": ROWS, "SLICES": SLICES}
    with pytest.raises(IndexError) as caught:
        eval(expression, scope)
    assert str(caught.value) == REFUSED[expression]


def test_writes_from_their_own_memory():
    x = torch.arange(5.0)
    with pytest.raises(RuntimeError, match="refer to a single memory location"):
        x[1:] = x[:-1]
    with pytest.raises(RuntimeError, match="refer to a single memory location"):
        x.index_add_(0, torch.arange(5), x)
    x[1:] = x[:-1].clone()
    assert x.tolist() == [0, 0, 1, 2, 3]


def test_indices_of_numpy_share_no_fate():
    memory = np.arange(4.0)
    x = torch.from_numpy(memory)
    x[np.array([True, False, True, False])] = -1.0
    x[torch.tensor([3])] += 10
    assert memory.tolist() == [-1, 1, -1, 13]


def test_bisection_goes_torchs_way():
    unsorted = torch.tensor([1.0, float("nan"), 2.0, 0.0])
    assert torch.searchsorted(unsorted, torch.tensor([1.5, float("nan")])).tolist() == [2, 4]
    order = torch.tensor([1, 0])
    assert torch.searchsorted(torch.tensor([3, 1]), 2, sorter=order).item() == 1
