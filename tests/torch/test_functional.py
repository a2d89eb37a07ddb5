"""``nn.functional``: the faces that torch gives in Python, and what its calls leave behind."""

from typing import Any

import jax
import jax.numpy as jnp
import pytest

import jaxnn.torch as torch
import jaxnn.torch.nn.functional as F


def test_inplace_writes_into_the_tensor_itself():
    x = torch.tensor([-2.0, 3.0])
    assert F.leaky_relu(x, 0.5, inplace=True) is x
    assert x.tolist() == [-1.0, 3.0]
    assert F.relu_(x) is x
    assert x.tolist() == [0.0, 3.0]
    assert F.threshold_(x, 1.0, 7.0).tolist() == [7.0, 3.0]


def test_a_dimension_left_out_is_warned_of():
    with pytest.warns(UserWarning, match="Implicit dimension choice for softmin"):
        shares = F.softmin(torch.zeros(2, 2))
    assert shares.tolist() == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("legacy", "expected"),
    [
        ({"size_average": True}, 2.0),
        ({"size_average": False}, 4.0),
        ({"reduce": False}, [4.0, 0.0]),
        ({"size_average": False, "reduce": True}, 4.0),
    ],
)
def test_reductions_of_old(legacy: dict[str, Any], expected: object):
    with pytest.warns(UserWarning, match="size_average and reduce args will be deprecated"):
        loss = F.mse_loss(torch.tensor([3.0, 1.0]), torch.ones(2), **legacy)
    assert loss.tolist() == expected


def test_an_unknown_reduction_is_refused():
    with pytest.raises(ValueError, match=r"^abc is not a valid value for reduction$"):
        F.l1_loss(torch.ones(2), torch.ones(2), reduction="abc")


def test_targets_of_another_size_are_warned_of():
    with pytest.warns(UserWarning, match="Using a target size"):
        loss = F.mse_loss(torch.zeros(2, 2), torch.ones(2))
    assert loss.item() == 1.0


def test_running_statistics_are_written_in_place():
    mean, var = torch.zeros(1), torch.ones(1)
    x = torch.tensor([[1.0], [3.0]])
    y = F.batch_norm(x, mean, var, training=True, momentum=0.5, eps=0.0)
    assert y.tolist() == [[-1.0], [1.0]]
    assert (mean.item(), var.item()) == (1.0, 1.5)
    assert F.batch_norm(x, mean, var, eps=0.0).tolist()[0] == [0.0]


def test_rows_that_are_too_long_are_shortened_in_the_table():
    table = torch.tensor([[3.0, 4.0], [0.3, 0.4], [6.0, 8.0]])
    rows = F.embedding(torch.tensor([0, 1]), table, max_norm=1.0)
    assert torch.allclose(rows, torch.tensor([[0.6, 0.8], [0.3, 0.4]]))
    assert torch.allclose(table[0], rows[0])
    assert table[2].tolist() == [6.0, 8.0]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("constant", [0, 0, 1, 2, 3, 0]),
        ("reflect", [3, 2, 1, 2, 3, 2]),
        ("replicate", [1, 1, 1, 2, 3, 3]),
        ("circular", [2, 3, 1, 2, 3, 1]),
    ],
)
def test_padding(mode: str, expected: list[int]):
    assert F.pad(torch.tensor([[[1, 2, 3]]]), (2, 1), mode).flatten().tolist() == expected


def test_targets_out_of_bounds_are_named():
    with pytest.raises(IndexError, match=r"^Target 3 is out of bounds\.$"):
        F.nll_loss(torch.zeros(2, 3), torch.tensor([0, 3]))


def test_probabilities_are_checked():
    with pytest.raises(RuntimeError, match="all elements of input should be between 0 and 1"):
        F.binary_cross_entropy(torch.tensor([1.5]), torch.tensor([1.0]))


def test_targets_of_ctc_may_come_one_after_the_other():
    log_probs = torch.zeros(4, 2, 3).log_softmax(2)
    lengths = (4, 3), (2, 1)
    together = F.ctc_loss(log_probs, torch.tensor([1, 2, 2]), *lengths, reduction="none")
    rows = F.ctc_loss(log_probs, torch.tensor([[1, 2], [2, 0]]), *lengths, reduction="none")
    assert together.tolist() == rows.tolist()
    assert F.ctc_loss(log_probs, torch.tensor([[1, 2], [2, 0]]), *lengths).shape == ()


def test_gradients_flow_through_jax():
    def loss(x: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(x, torch.tensor([0, 1]), reduction="sum")

    gradient = jax.grad(lambda x: jnp.asarray(loss(x)))(torch.zeros(2, 2))
    assert gradient.tolist() == [[-0.5, 0.5], [0.5, -0.5]]
