"""The adapter's nn.init against live torch: bits, generators and texts."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import jaxnn.torch
from jaxnn.torch.tensor import values
from tests import torch_core
from tests.comparison import assert_same_bits
from tests.torch.init_cases import CALLS, MESSAGES, run, said

pytestmark = pytest.mark.filterwarnings("ignore:mean is more than 2 std:UserWarning")


def assert_same_program(program: str) -> None:
    tensor, generator = run(program, torch)
    ours, our_generator = run(program, jaxnn.torch)
    assert_same_bits(values(ours), torch_core.to_numpy(tensor))
    for state, torchs in (
        (jaxnn.torch.get_rng_state(), torch.get_rng_state()),
        (our_generator.get_state(), generator.get_state()),
    ):
        np.testing.assert_array_equal(values(state), torchs.numpy())


@pytest.mark.parametrize("program", CALLS)
def test_writes_the_same(program: str):
    assert_same_program(program)


@pytest.mark.parametrize("program", MESSAGES)
def test_says_the_same(program: str):
    assert said(program, jaxnn.torch) == said(program, torch)


DRAWN = [
    "uniform_({}, -1.0, 2.0{})", "normal_({}, 0.5, 2.0{})", "xavier_uniform_({}, 0.5{})",
    "xavier_normal_({}, 0.5{})", "kaiming_uniform_({}, 0.3, 'fan_out'{})", "kaiming_normal_({}{})",
    "trunc_normal_({}, 0.0, 1.0, -1.0, 0.5{})", "trunc_normal_({}, 0.0, 1.0, 0.8, 2.0{})",
    "sparse_({}, 0.4, 1.0{})",
]  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.sampled_from(DRAWN),
    st.integers(1, 30),
    st.integers(1, 30),
    st.sampled_from(["", ".t()", "[:, ::2]", "[1:].t()"]),
    st.sampled_from(["", ", generator=g"]),
    st.sampled_from(["float32", "float64", "float16", "bfloat16"]),
)
def test_any_layout(call: str, rows: int, columns: int, view: str, source: str, dtype: str):
    """Slices and transposes are filled in the order of memory, by the scalar path of normals."""
    tensor = f"t({rows + 1}, {columns}, dtype=torch.{dtype}){view}"
    assert_same_program(f"init.{call.format(tensor, source)}")
