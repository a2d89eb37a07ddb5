"""What torch warns of, with its texts, at the line that the user wrote."""

import pytest

import jaxnn.torch as torch


def test_an_implicit_dimension_is_warned_of():
    with pytest.warns(UserWarning, match="^Implicit dimension choice for softmax has been depr"):
        torch.nn.functional.softmax(torch.ones(2))


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


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("std", lambda: torch.tensor(1.0).std()),
        ("var", lambda: torch.var(torch.ones(1, 2), 0, keepdim=True)),
        ("std", lambda: torch.ones(2, 0).std(1, correction=0)),
        ("var_mean", lambda: torch.var_mean(torch.ones(2), correction=2)),
    ],
)
def test_a_spread_of_too_few_elements_is_warned_of(name, call):
    with pytest.warns(UserWarning, match="degrees of freedom") as caught:
        call()
    assert [(str(each.message), each.filename) for each in caught] == [
        (
            f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the "
            "reduction factor (input numel divided by output numel).",
            __file__,
        )
    ]
