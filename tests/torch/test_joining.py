"""Tensors put together, repeated, turned and laid out on grids."""

import pytest

import jaxnn.torch as torch

A = torch.tensor([[1, 2], [3, 4]])


def test_types_join_to_the_type_that_holds_all():
    assert torch.cat([A, A.to(torch.float16)]).dtype is torch.float16
    assert torch.hstack([A, A.bool()]).dtype is torch.int64
    assert torch.cat([torch.empty(0), A]).tolist() == A.tolist()


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: torch.hstack([A, A]), [[1, 2, 1, 2], [3, 4, 3, 4]]),
        (lambda: torch.vstack([A[0], A]), [[1, 2], [1, 2], [3, 4]]),
        (lambda: torch.dstack([A[0], A[1]]), [[[1, 3], [2, 4]]]),
        (lambda: torch.column_stack([A[0], A]), [[1, 1, 2], [2, 3, 4]]),
        (lambda: torch.block_diag(A[:1], A[0, 0]), [[1, 2, 0], [0, 0, 1]]),
        (lambda: torch.cartesian_prod(A[0], A[1]), [[1, 3], [1, 4], [2, 3], [2, 4]]),
        (lambda: torch.combinations(A.ravel(), 3)[-1], [2, 3, 4]),
        (lambda: torch.rot90(A), [[2, 4], [1, 3]]),
        (lambda: torch.roll(A, 1), [[4, 1], [2, 3]]),
        (lambda: torch.roll(A, (1, 1), (0, 1)), [[4, 3], [2, 1]]),
        (lambda: A.repeat(1, 2), [[1, 2, 1, 2], [3, 4, 3, 4]]),
        (lambda: A.repeat_interleave(torch.tensor([2, 1]), 0), [[1, 2], [1, 2], [3, 4]]),
        (lambda: torch.repeat_interleave(torch.tensor([0, 2, 1])), [1, 1, 2]),
        (lambda: torch.constant_pad_nd(A, (1, -1, 0, 1), 9), [[9, 1], [9, 3], [9, 9]]),
        (lambda: torch.gradient(A[1], spacing=2)[0], [0.5, 0.5]),
    ],
)
def test_what_is_made_of_them(made, expected):
    assert made().tolist() == expected


def test_a_grid_is_views_of_its_vectors():
    x, y = torch.arange(2), torch.arange(3)
    rows, columns = torch.meshgrid(x, y, indexing="ij")
    assert (rows.stride(), columns.stride()) == ((1, 0), (0, 1))
    x.add_(5)
    assert rows[:, 0].tolist() == [5, 6]
    with pytest.warns(UserWarning, match="will be required to pass the indexing argument"):
        torch.meshgrid(x, y)


def test_shapes_that_do_not_broadcast():
    assert torch.broadcast_shapes((2, 1), 3, ()) == (2, 3)
    with pytest.raises(RuntimeError, match=r"^Attempting to broadcast a dimension of length 5"):
        torch.broadcast_shapes((2, 3), 5)


def test_what_is_not_a_tensor_is_named_by_its_place():
    for join in (torch.cat, torch.stack, torch.hstack, torch.vstack, torch.dstack):
        with pytest.raises(TypeError) as caught:
            join([A, 1])
        text = "expected Tensor as element 1 in argument 0, but got int"
        assert str(caught.value) == text
