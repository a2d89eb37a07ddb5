"""Printing against live torch: every dtype, any shape and magnitude, any options."""

from typing import Any

import numpy as np
import pytest
import torch
import torch._tensor_str as theirs
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

import jaxnn.torch as ours
from jaxnn.torch import dtypes
from jaxnn.torch.print_options import get_printoptions, printoptions, set_printoptions
from jaxnn.torch.printing import tensor_repr
from tests.golden.make_printing import as_torch, torch_text
from tests.torch.printing_cases import (
    DTYPES,
    EXPRESSIONS,
    Case,
    named_cases,
    numpy_dtype,
    outcome,
    random_case,
)
from tests.torch.test_printing import FORMATS
from tests.torch.test_printing import text as our_text

OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "precision": st.integers(0, 20),
        "threshold": st.integers(0, 2000) | st.just(float("inf")),
        "edgeitems": st.integers(0, 6),
        "linewidth": st.integers(-5, 300),
        "profile": st.sampled_from(["default", "short", "full", "no such profile"]),
        "sci_mode": st.sampled_from([None, True, False]),
    },
)
SHAPES = st_numpy.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=9) | st.tuples(
    st.integers(900, 1100)
)


@st.composite
def cases(draw) -> Case:
    """A case of any dtype; half of the arrays are of raw bits, half of hypothesis' own numbers."""
    dtype = draw(st.sampled_from(DTYPES))
    shape = draw(SHAPES)
    stored = np.dtype("float32") if dtype == "bfloat16" else numpy_dtype(dtype)
    if draw(st.booleans()) and dtype != "bool":
        seed = draw(st.integers(0, 2**32 - 1))
        size = int(np.prod(shape)) * numpy_dtype(dtype).itemsize
        array = np.frombuffer(np.random.default_rng(seed).bytes(size), numpy_dtype(dtype))
        array = array.reshape(shape)
    else:
        array = draw(st_numpy.arrays(stored, shape))
        with np.errstate(all="ignore"):
            array = array.astype(numpy_dtype(dtype))
    default = draw(st.sampled_from(["float16", "bfloat16", "float32", "float64"]))
    return Case("drawn", array, dtype, draw(OPTIONS), default)


@settings(max_examples=1000, deadline=None)
@given(cases())
def test_drawn_cases(case):
    assert our_text(case) == torch_text(case)


#: Ways to see a tensor otherwise, without any arithmetic; a number picks among them.
VIEWS = (
    lambda t, k: t.unsqueeze(k % (t.dim() + 1)),
    lambda t, k: t.unsqueeze(0).expand(2, *t.shape),
    lambda t, k: t.transpose(k % t.dim(), -1) if t.dim() else t.expand(3),
    lambda t, k: t[:: 1 + k % 3] if t.dim() else t,
    lambda t, k: t[..., k % 3 :] if t.dim() else t,
    lambda t, k: t[-1] if t.dim() and t.shape[0] else t,
)
TEXTS = (repr, lambda t: f"{t} {t.shape} {t.dtype}", lambda t: repr([t[None], {"a": t.stride()}]))


@pytest.fixture(autouse=True)
def _restore():
    """Leave the default dtype as every test expects to find it."""
    yield
    dtypes.set_default_dtype(dtypes.float32)


def seen(case: Case, module: Any, seed: int) -> Any:
    """The case's array as a tensor of ``module``, through up to three views."""
    bits = case.array.view("uint16") if case.dtype == "bfloat16" else case.array
    tensor = module.from_numpy(bits.copy())
    tensor = tensor.view(module.bfloat16) if case.dtype == "bfloat16" else tensor
    for _ in range(seed % 4):
        seed, view = divmod(seed, len(VIEWS))
        tensor = VIEWS[view](tensor, seed)
    return tensor


def test_five_thousand_tensors_and_their_views():
    for seed in range(30_000, 35_000):
        case = random_case(seed)
        both = [_texts(case, module, seed) for module in (torch, ours)]
        assert both[0] == both[1], (seed, case)


def _texts(case: Case, module: Any, seed: int) -> list[str]:
    tensor = seen(case, module, seed * 7919)
    module.set_default_dtype(getattr(module, case.default_dtype))
    module.set_printoptions(profile="default")
    module.set_printoptions(**case.options)
    try:
        return [text(tensor) for text in TEXTS]
    finally:
        module.set_default_dtype(module.float32)
        module.set_printoptions(profile="default")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions(expression):
    assert outcome(expression, ours) == outcome(expression, torch)


def test_named_cases():
    for case in named_cases():
        assert our_text(case) == torch_text(case), case


def test_random_cases_beyond_the_golden_ones():
    for seed in range(5000, 10_000):
        case = random_case(seed)
        assert our_text(case) == torch_text(case), case


@settings(max_examples=300, deadline=None)
@given(st.lists(OPTIONS, max_size=4))
def test_options_change_as_torch_s_do(calls):
    with printoptions(), theirs.printoptions():
        for options in calls:
            torch.set_printoptions(**options)
            set_printoptions(**options)
            assert get_printoptions() == theirs.get_printoptions()


@pytest.mark.parametrize(("dtype", "value", "spec", "expected"), FORMATS)
def test_format_expectations_are_torch_s(dtype, value, spec, expected):
    try:
        text = format(torch.tensor(value, dtype=getattr(torch, dtype)), spec)
    except (TypeError, ValueError) as error:
        text = f"{type(error).__name__}: {error}"
    assert text == expected


def test_views_print_as_what_they_show():
    base = np.arange(60, dtype=np.float32).reshape(3, 4, 5) / 7
    view = base.transpose(2, 0, 1)[::2, 1:]
    same = as_torch(Case("view", base, "float32", {})).permute(2, 0, 1)[::2, 1:]
    assert tensor_repr(view, dtypes.float32) == repr(same)
