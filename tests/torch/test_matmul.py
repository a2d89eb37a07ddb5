"""Products: added to a tensor, contracted by an equation, in several matrices."""

import jax
import jax.numpy as jnp
import pytest

import jaxnn.torch as torch

A = torch.arange(6.0).reshape(2, 3)
NAN = float("nan")


def test_where_beta_is_0_the_bias_does_not_count():
    bias = torch.full((2, 2), NAN)
    assert torch.addmm(bias, A, A.T, beta=0).tolist() == (A @ A.T).tolist()
    stacked = A.expand(2, 2, 3)
    assert torch.addbmm(bias, stacked, stacked.mT, beta=0).tolist() == (2 * A @ A.T).tolist()


def test_weights_of_integers_lose_their_fractions():
    ones = torch.ones(2, 2, dtype=torch.int64)
    assert torch.addmm(ones, ones, ones, beta=2.9, alpha=1.5).tolist() == [[4, 4], [4, 4]]
    with pytest.raises(RuntimeError, match=r"^For integral input tensors, argument alpha must not"):
        torch.addr(ones, ones[0], ones[0], alpha=1.5)


@pytest.mark.parametrize("name", ["mm", "matmul"])
def test_out_has_to_be_of_the_products_type(name):
    out = torch.ones(2, 2, dtype=torch.float64)
    with pytest.raises(RuntimeError) as caught:
        getattr(torch, name)(A, A.T, out=out)
    assert str(caught.value) == "Expected out tensor to have dtype float, but got double instead"
    assert out.tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("equation", "operands", "expected"),
    [
        ("ii", [A[:, :2]], 4.0),
        ("ij->ji", [A], A.T.tolist()),
        ("Ba,ca", [A, A[:1]], [[5.0], [14.0]]),
        ("...i,...i->...", [A, A], [5.0, 50.0]),
        ("i,j,k->", [A[0], A[1], A[0]], 108.0),
        ("ij,j", [A, A[0]], [5.0, 14.0]),
    ],
)
def test_einsum(equation, operands, expected):
    assert torch.einsum(equation, *operands).tolist() == expected


def test_einsum_of_lists_of_subscripts():
    assert torch.einsum(A, [0, 1], A, [2, 1], [2, 0]).tolist() == (A @ A.T).T.tolist()
    assert torch.einsum(A, [..., 0], [0, ...]).tolist() == A.T.tolist()


def test_an_einsum_without_sums_is_a_view():
    x = torch.zeros(2, 2)
    torch.einsum("ii->i", x).fill_(1)
    assert x.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("equation", "text"),
    [
        ("i.j", "found '.' for operand 0 that is not part of any ellipsis"),
        ("i1", "invalid subscript given at index 1 in the equation string, subscripts must be in "
         "[a-zA-Z]"),
        ("ij->ii", "output subscript i appears more than once in the output"),
        ("ii", "subscript i is repeated for operand 0 but the sizes don't match, 3 != 2"),
        ("ij,jk", "fewer operands were provided than specified in the equation"),
    ],
)  # fmt: skip
def test_equations_that_mean_nothing(equation, text):
    with pytest.raises(RuntimeError) as caught:
        torch.einsum(equation, A)
    assert str(caught.value) == f"einsum(): {text}"


def test_products_inside_traced_functions():
    def loss(x):
        y = torch.einsum("ij,kj->ik", x, x)
        return jnp.asarray(torch.trace(torch.addmm(y, y, y, beta=0.5)))

    gradient = jax.jit(jax.grad(loss))(A)
    assert gradient.shape == A.shape


def test_in_place_triangle_through_a_view():
    x = torch.ones(2, 2)
    x.T.triu_(1)
    assert x.tolist() == [[0, 0], [1, 0]]
