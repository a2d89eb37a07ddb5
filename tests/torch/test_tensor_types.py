"""torch's old names of tensors by type, as torch answers to them."""

import numpy as np
import pytest

import jaxnn.torch as torch

RESULTS = {
    "torch.FloatTensor": "<class 'torch.FloatTensor'>",
    "torch.FloatTensor(2, 3).shape, torch.FloatTensor(torch.Size([2, 1])).shape": (
        "(torch.Size([2, 3]), torch.Size([2, 1]))"
    ),
    "torch.FloatTensor((2, 3)), torch.LongTensor(range(3))": (
        "(tensor([2., 3.]), tensor([0, 1, 2]))"
    ),
    "torch.IntTensor([1.5, 2])": "tensor([1, 2], dtype=torch.int32)",
    "torch.FloatTensor(np.ones(2)), torch.HalfTensor([1])": (
        "(tensor([1., 1.]), tensor([1.], dtype=torch.float16))"
    ),
    "torch.FloatTensor.dtype, torch.FloatTensor.is_cuda": "(torch.float32, False)",
    "isinstance(torch.ones(1), torch.FloatTensor), isinstance(torch.ones(1), torch.LongTensor)": (
        "(True, False)"
    ),
    "torch.ones(2).type(torch.LongTensor), torch.ones(2).double().type(torch.Tensor)": (
        "(tensor([1, 1]), tensor([1., 1.]))"
    ),
    "torch.ones(2).long().new([1.5]), torch.ones(2).new(0)": "(tensor([1]), tensor([]))",
    "torch.Tensor(), torch.Tensor([1, 2]), torch.Tensor(2, 0)": (
        "(tensor([]), tensor([1., 2.]), tensor([], size=(2, 0)))"
    ),
    "torch.Tensor(torch.ones(2).long())": "tensor([1, 1])",
}
OPTIONS = (
    "TensorOptions(dtype={}, device=cpu, layout=Strided, requires_grad=false (default), "
    "pinned_memory=false (default), memory_format=(nullopt))"
)
ERRORS = {
    "torch.FloatTensor(3.5)": "TypeError: new(): data must be a sequence (got float)",
    "torch.Tensor(2.5)": "TypeError: new(): data must be a sequence (got float)",
    "torch.FloatTensor({1: 2})": "TypeError: new(): data must be a sequence (got dict)",
    "torch.FloatTensor('a')": "TypeError: new(): invalid data type 'str'",
    "torch.FloatTensor(2, 3.0)": "TypeError: new(): argument 'size' failed to unpack the object at "
    'pos 2 with error "type must be tuple of ints,but got float"',
    "torch.FloatTensor(-1)": (
        "RuntimeError: Trying to create tensor with negative dimension -1: [-1]"
    ),
    "torch.FloatTensor([[1, 2], [3]])": (
        "ValueError: expected sequence of length 2 at dim 1 (got 1)"
    ),
    "torch.FloatTensor(torch.tensor(3))": (
        f"TypeError: expected {OPTIONS.format('float')} (got {OPTIONS.format('long int')})"
    ),
    "torch.set_default_tensor_type(3)": "TypeError: invalid type object: only floating-point types "
    "are supported as the default type",
    "torch.set_default_tensor_type(torch.LongTensor)": (
        "TypeError: only floating-point types are supported as the default type"
    ),
}


@pytest.mark.parametrize(("expression", "text"), RESULTS.items())
def test_results(expression, text):
    assert repr(eval(expression, {"torch": torch, "np": np})) == text


@pytest.mark.filterwarnings("ignore:torch.set_default_tensor_type")
@pytest.mark.parametrize(("expression", "text"), ERRORS.items())
def test_errors(expression, text):
    with pytest.raises((TypeError, ValueError, RuntimeError)) as caught:
        eval(expression, {"torch": torch})
    assert f"{caught.type.__name__}: {caught.value}" == text


def test_a_tensor_of_a_tensor_shares_its_memory():
    x = torch.zeros(2)
    torch.FloatTensor(x)[0] = 1
    torch.Tensor(x)[1] = 2
    assert x.tolist() == [1, 2]


def test_the_default_type_by_its_old_name():
    for given in (torch.DoubleTensor, "torch.DoubleTensor"):
        with pytest.warns(UserWarning, match="is deprecated as of PyTorch 2.1"):
            torch.set_default_tensor_type(given)
        try:
            assert torch.Tensor([1]).dtype is torch.float64
        finally:
            torch.set_default_dtype(torch.float32)
