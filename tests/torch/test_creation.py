"""Creation: numbers that Python knows, in torch's types, layouts and last bits."""

import jax
import jax.numpy as jnp
import pytest

import jaxnn.torch as torch
from jaxnn.torch import kernels


def test_numbers_that_python_knows_take_no_kernel():
    before = kernels.count()
    torch.zeros(3, 7)
    torch.full((5,), 2.5)
    torch.arange(11)
    torch.linspace(0, 1, 13)
    torch.eye(3)
    assert kernels.count() == before


def test_they_are_constants_in_a_traced_function():
    added = jax.jit(lambda x: jnp.asarray(x + torch.linspace(0, 1, 3) + torch.ones(3)))
    assert added(jnp.zeros(3)).tolist() == [1.0, 1.5, 2.0]


@pytest.mark.parametrize(
    ("made", "hexadecimal"),
    [
        (lambda: torch.linspace(-1, 1, 7, dtype=torch.float64)[1], "-0x1.5555555555556p-1"),
        (lambda: torch.linspace(0, 1, 11)[7], "0x1.6666660000000p-1"),
        (lambda: torch.logspace(0, 1, 4, dtype=torch.float64)[1], "0x1.13c484138704fp+1"),
        (lambda: torch.arange(0, 2, 0.1)[13], "0x1.4ccccc0000000p+0"),
    ],
)
def test_ranges_have_torchs_bits(made, hexadecimal):
    assert made().item().hex() == hexadecimal


def test_linspace_is_counted_from_both_ends():
    points = torch.linspace(0.1, 0.7, 10)
    assert points[0].item() == pytest.approx(0.1)
    assert points[-1] == torch.tensor(0.7)
    assert torch.linspace(0, 10, 5, dtype=torch.int64).tolist() == [0, 2, 5, 7, 10]


@pytest.mark.parametrize(
    ("value", "dtype", "name"),
    [
        (300, "uint8", "uint8_t"),
        (1e40, "float32", "float"),
        (float("nan"), "int64", "int64_t"),
        (1j, "bfloat16", "c10::BFloat16"),
    ],
)
def test_a_number_has_to_fit_its_type(value, dtype, name):
    with pytest.raises(RuntimeError) as caught:
        torch.full((2,), value, dtype=getattr(torch, dtype))
    text = f"value cannot be converted to type {name} without overflow"
    assert str(caught.value) == text


def test_tensors_are_strided():
    assert torch.zeros(2, layout=torch.strided).layout is torch.strided
    assert isinstance(torch.strided, torch.layout)
    assert repr(torch.strided) == "torch.strided"
    with pytest.raises(TypeError, match=r"cannot create 'torch\.layout' instances"):
        torch.layout()


def test_layouts_by_format_order_and_strides():
    assert torch.empty(2, 3, 4, 5, memory_format=torch.channels_last).stride() == (60, 1, 15, 3)
    assert torch.empty_permuted((2, 3, 4), (2, 0, 1)).stride() == (3, 1, 6)
    assert torch.empty_strided((2, 3), (1, 2)).stride() == (1, 2)
    assert torch.zeros_like(torch.zeros(2, 3).T).stride() == (1, 3)


def test_out_keeps_its_strides_and_takes_the_shape():
    column = torch.zeros(4, 2)[:, 1]
    assert torch.arange(4, out=column) is column
    assert (column.tolist(), column.stride()) == ([0.0, 1.0, 2.0, 3.0], (2,))
    with pytest.warns(UserWarning, match="number of elements in the out tensor of shape"):
        assert torch.arange(2, out=column).shape == (2,)
    with pytest.raises(RuntimeError, match=r"^dtype Double does not match dtype of out parameter"):
        torch.zeros(2, out=torch.zeros(2), dtype=torch.float64)


def test_new_tensors_have_the_tensors_type():
    x = torch.zeros(2, dtype=torch.int16)
    made = [x.new_zeros(2), x.new_ones((2,)), x.new_full((2,), 7), x.new_empty(2)]
    assert {each.dtype for each in made} == {torch.int16}
    assert x.new_ones(1, dtype=torch.float64).dtype is torch.float64


def test_triangles_indices():
    assert torch.tril_indices(2, 3, -1).tolist() == [[1], [0]]
    with pytest.raises(NotImplementedError, match="triu_indices"):
        torch.triu_indices(2, 2, dtype=torch.bool)


def test_windows_rise_to_one_and_refuse_what_torch_refuses():
    names = [f"{name}_window" for name in ("bartlett", "blackman", "hamming", "hann", "kaiser")]
    for window in (getattr(torch, name) for name in names):
        assert window(8)[4].item() == pytest.approx(1, abs=1e-6)
        assert torch.allclose(window(5, False).flip(0), window(5, False))
        assert torch.equal(window(6), window(7, periodic=False)[:6])
        assert (window(0).tolist(), window(1).tolist()) == ([], [1.0])
        assert window(3, dtype=torch.float64).dtype is torch.float64
        with pytest.raises(RuntimeError, match="requires non-negative window_length, got window_l"):
            window(-1)
        with pytest.raises(RuntimeError, match="expects floating point dtypes, got: TensorOptions"):
            window(2, dtype=torch.int64)
        with pytest.raises(NotImplementedError, match="not implemented for 'ComplexFloat'"):
            window(2, dtype=torch.complex64)


def test_diagonals_are_filled_in_the_memory_that_is_shared():
    x = torch.zeros(5, 4)
    assert x[:, 1:3].fill_diagonal_(1, wrap=True).shape == (5, 2)
    assert x.tolist() == [[0, 1, 0, 0], [0, 0, 1, 0], [0] * 4, [0, 1, 0, 0], [0, 0, 1, 0]]
    with pytest.raises(RuntimeError, match="dimensions must larger than 1"):
        torch.zeros(3).fill_diagonal_(1)
    with pytest.raises(RuntimeError, match="all dimensions of input must be of equal length"):
        torch.zeros(2, 3, 2).fill_diagonal_(1)
