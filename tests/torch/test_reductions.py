"""What is special about sorts, reductions and uniques; torch's digits are checked elsewhere."""

import jax
import jax.numpy as jnp
import pytest

import jaxnn.torch as torch
from jaxnn.torch.lacking import LackingError
from jaxnn.torch.operations.reductions import heaps, introsort

# Twenty numbers, many of them equal.
NUMBERS = torch.tensor([1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0])


def test_several_results_print_as_torchs():
    found = torch.tensor([[1.0, 3.0], [4.0, 2.0]]).max(1)
    assert repr(found) == (
        "torch.return_types.max(\nvalues=tensor([3., 4.]),\nindices=tensor([1, 0]))"
    )
    assert found.values is found[0]


@pytest.mark.parametrize("descending", [False, True])
def test_a_stable_sort_keeps_the_order_of_equal_elements(descending):
    values, places = NUMBERS.sort(stable=True, descending=descending)
    for number in range(3):
        assert places[values == number].tolist() == [
            i for i, each in enumerate(NUMBERS.tolist()) if each == number
        ]


def test_places_of_equal_elements_are_torchs():
    rising = [10, 19, 16, 13, 7, 4, 1, 6, 9, 0, 12, 3, 15, 18, 5, 8, 11, 14, 2, 17]
    assert NUMBERS.argsort().tolist() == rising
    assert NUMBERS.topk(3).indices.tolist() == [17, 5, 11]
    assert NUMBERS.kthvalue(9).indices.item() == 12
    assert NUMBERS.mode().indices.item() == 1


@pytest.mark.parametrize("length", [1, 16, 17, 100, 3000])
def test_the_librarys_sorting_sorts(length):
    rows = (jnp.arange(3 * length).reshape(3, length) * 7919 % 23).__array__()
    for row, places in zip(rows, introsort.sort(rows), strict=True):
        assert sorted(places) == list(range(length))
        assert (row[places] == sorted(row)).all()


@pytest.mark.parametrize("k", [1, 2, 7, 20])
def test_the_librarys_selecting_selects(k):
    ranks = NUMBERS.numpy()
    least = sorted(ranks)[:k]
    assert ranks[heaps.smallest(ranks, k)].tolist() == least
    assert ranks[heaps.kth(ranks, k - 1)] == least[-1]
    assert sorted(ranks[introsort.select(ranks[None], k - 1)[0, :k]]) == least


def test_what_depends_on_values_says_so_in_a_traced_function():
    for name in ("unique", "unique_consecutive", "bincount"):
        with pytest.raises(LackingError, match=f"jaxnn.torch.{name} returns as many"):
            jax.jit(lambda x, name=name: getattr(torch, name)(x))(NUMBERS)


def test_a_refused_result_leaves_its_tensor_as_it_was():
    out = torch.tensor([5, 6])
    with pytest.raises(RuntimeError, match="Expected out tensor to have dtype float, but got long"):
        torch.amax(torch.ones(2, 2), 0, out=out)
    assert out.tolist() == [5, 6]


def test_a_total_is_of_the_type_of_out():
    total = torch.zeros((), dtype=torch.float64)
    torch.sum(torch.tensor([1, 2], dtype=torch.int8), 0, out=total)
    assert total.item() == 3.0
