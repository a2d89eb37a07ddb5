"""The introduction's networks in both worlds, beside the digits that it prints."""

import numpy as np
import pytest

from jaxnn import torch
from jaxnn.introduction import NETWORKS, PUBLISHED, Number, compare, table
from tests.comparison import assert_close, assert_same_bits
from tests.introduction_documents import read


def test_every_number_agrees():
    numbers = compare()
    assert len(numbers) == 13 + 17
    assert [number.name for number in numbers if not number.agrees] == []


@pytest.mark.parametrize("network", NETWORKS)
def test_published_digits_are_the_documents(network):
    text = read("document_1.md") + read("document_2.md")
    for row in PUBLISHED[network].values():
        for digits in row.split():
            assert digits in text


@pytest.mark.parametrize("network", NETWORKS)
def test_both_worlds_draw_the_same_bits(network):
    on_adapter, on_core = (run() for run in NETWORKS[network])
    assert list(on_adapter) == list(on_core) == list(PUBLISHED[network])
    for name, tensor in on_adapter.items():
        computed = name in ("sum", "y", "h", "output")
        (assert_close if computed else assert_same_bits)(np.asarray(tensor), on_core[name])


def test_the_adapter_s_own_generator_goes_on_undisturbed():
    torch.manual_seed(3)
    expected = torch.randn(4).tolist()
    torch.manual_seed(3)
    compare()
    assert torch.randn(4).tolist() == expected


def test_a_number_that_differs_is_told():
    right = Number("Single neuron", "y[0, 0]", "0.1595", 0.15951, 0.15951)
    wrong = right._replace(name="bias[0, 0]", core=0.1596)
    other = right._replace(network="Stacked network")
    assert [number.agrees for number in (right, wrong, other)] == [True, False, True]
    assert table([right, wrong, other]) == (
        "Single neuron      published    adapter       core  agree\n"
        "  y[0, 0]             0.1595     0.1595     0.1595    yes\n"
        "  bias[0, 0]          0.1595     0.1595     0.1596     NO\n"
        "Stacked network    published    adapter       core  agree\n"
        "  y[0, 0]             0.1595     0.1595     0.1595    yes\n"
        "2 of 3 numbers agree with the published digits"
    )
