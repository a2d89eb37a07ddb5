"""PyTorch itself meets the expectations of tests/torch/test_tensor_types.py."""

import numpy as np
import pytest
import torch

from tests.torch.test_tensor_types import ERRORS, RESULTS


@pytest.mark.parametrize(("expression", "text"), RESULTS.items())
def test_results(expression, text):
    assert repr(eval(expression, {"torch": torch, "np": np})) == text


@pytest.mark.filterwarnings("ignore:torch.set_default_tensor_type")
@pytest.mark.parametrize(("expression", "text"), ERRORS.items())
def test_errors(expression, text):
    with pytest.raises((TypeError, ValueError, RuntimeError)) as caught:
        eval(expression, {"torch": torch})
    assert f"{caught.type.__name__}: {caught.value}" == text
