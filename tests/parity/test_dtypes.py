"""The expectations of tests/torch/test_dtypes.py are torch's own."""

import numpy as np
import pytest
import torch

from tests.torch.test_dtypes import (
    EXPRESSIONS,
    LIMITS,
    NAMES,
    NUMPY_TYPES,
    TRAITS,
    limits_of,
    numpy_type,
    outcome,
    traits,
)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression(expression):
    assert outcome(expression, torch) == EXPRESSIONS[expression]


@pytest.mark.parametrize("name", NAMES)
def test_traits(name):
    assert traits(getattr(torch, name)) == TRAITS[name]


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name):
    assert limits_of(name, torch) == LIMITS[name]


@pytest.mark.parametrize("name", NUMPY_TYPES)
def test_from_numpy(name):
    try:
        theirs = repr(torch.from_numpy(np.zeros(1, numpy_type(name))).dtype)
    except (TypeError, ValueError) as error:
        theirs = f"{type(error).__name__}: {error}"
    assert theirs == NUMPY_TYPES[name]
