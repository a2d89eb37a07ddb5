"""The list of torch's names is that of the torch that is here."""

import pytest
import torch

from jaxnn.torch import __version__, lacking
from tests.golden.make_torch_names import groups


@pytest.mark.skipif(
    torch.__version__.split("+")[0] != __version__.split("+")[0], reason="names of another release"
)
def test_names_are_those_of_torch():
    assert lacking.families() == groups()
