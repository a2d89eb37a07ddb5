"""The adapter's dealings with NumPy, DLPack and functions of tensors, against live torch."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import jaxnn.torch
from tests.torch import interop_cases

LINES = [
    pytest.param(line, id=f"{family}: {line}")
    for family, lines in interop_cases.FAMILIES.items()
    for line in lines
]


@pytest.fixture(autouse=True, scope="module")
def every_warning():
    """What an expression warns of must not depend on those before it."""
    torch.set_warn_always(True)
    yield
    torch.set_warn_always(False)


@pytest.mark.parametrize("line", LINES)
def test_every_expression(line):
    assert interop_cases.outcome(jaxnn.torch, line) == interop_cases.outcome(torch, line)


NAMES = (
    *("float16", "float32", "float64", "complex64", "complex128"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"),
)


@pytest.mark.parametrize("name", NAMES)
def test_torch_and_the_adapter_share_memory_by_dlpack(name):
    theirs = torch.ones(2, 3, dtype=getattr(torch, name)).T
    ours = jaxnn.torch.from_dlpack(theirs)
    assert (ours.data_ptr(), ours.stride()) == (theirs.data_ptr(), theirs.stride())
    back = torch.from_dlpack(ours)
    assert back.data_ptr() == theirs.data_ptr()
    ours[0, 0] = 0
    assert theirs[0, 0] == 0
    theirs[1] = 0
    assert ours.tolist() == back.tolist() == theirs.tolist()


def test_a_capsule_of_torchs():
    theirs = torch.zeros(3)
    ours = jaxnn.torch.from_dlpack(theirs.__dlpack__())
    theirs[1] = 5
    assert (ours.tolist(), ours.data_ptr()) == ([0, 5, 0], theirs.data_ptr())


def test_bfloat16_comes_and_goes_as_a_copy():
    theirs = torch.tensor([1.5, -2.0], dtype=torch.bfloat16)
    ours = jaxnn.torch.from_dlpack(theirs)
    assert (ours.dtype, ours.tolist()) == (jaxnn.torch.bfloat16, [1.5, -2.0])
    back = torch.from_dlpack(ours)
    back[0] = 7
    assert (back.dtype, ours.tolist()) == (torch.bfloat16, [1.5, -2.0])


def test_one_memory_from_torch_by_the_adapter_to_jax():
    theirs = torch.ones(1000, 1000)
    ours = jaxnn.torch.from_dlpack(jnp.from_dlpack(theirs))
    assert jnp.asarray(ours).unsafe_buffer_pointer() == theirs.data_ptr()


UFUNCS = (
    *("add", "subtract", "multiply", "true_divide", "floor_divide", "maximum", "power"),
    *("less", "equal", "logical_and", "arctan2", "bitwise_xor", "left_shift"),
)
OPERANDS = ("tensor", "array", "0-dim tensor", "float64", "int", "float")


def operand(module, kind: str, name: str):
    array = np.array([[1, 2, 0], [0, 1, 1]]).astype(name)
    made = {
        "tensor": lambda: module.tensor(array),
        "array": lambda: array[0].copy(),
        "0-dim tensor": lambda: module.tensor(array[0, 1].item()),
        "float64": lambda: np.float64(1.5),
        "int": lambda: 2,
        "float": lambda: 0.5,
    }
    return made[kind]()


@settings(max_examples=400)
@given(
    ufunc=st.sampled_from(UFUNCS),
    kinds=st.tuples(st.sampled_from(OPERANDS), st.sampled_from(OPERANDS)),
    names=st.tuples(st.sampled_from(NAMES[:11]), st.sampled_from(NAMES[:11])),
)
@pytest.mark.filterwarnings("ignore")
def test_ufuncs_of_any_two_operands(ufunc, kinds, names):
    def made(module):
        a, b = (operand(module, *each) for each in zip(kinds, names, strict=True))
        with np.errstate(all="ignore"):
            try:
                result = getattr(np, ufunc)(a, b)
            except Exception as error:
                return type(error)
        return type(result).__name__, str(result.dtype), np.asarray(result).tolist()

    theirs, ours = made(torch), made(jaxnn.torch)
    assert repr(ours) == repr(theirs)


@settings(max_examples=60)
@given(
    dims=st.tuples(st.sampled_from((0, 1, -1, None)), st.sampled_from((0, 1, -1, None))),
    out=st.sampled_from((0, 1, -1)),
)
def test_vmap_over_any_dimensions(dims, out):
    def made(module):
        a, b = (module.arange(9.0).view(3, 3) + n for n in (0, 1))
        mapped = module.vmap(lambda x, y: x * 2 + y.sum(), in_dims=dims, out_dims=out)
        try:
            result = mapped(a, b)
        except (ValueError, IndexError) as error:
            return type(error)
        return result.tolist(), tuple(result.shape)

    assert made(jaxnn.torch) == made(torch)


def test_derivatives_by_complex_numbers_are_torchs():
    def made(module):
        x = module.tensor([1 + 2j, -3j])
        return module.func.grad(lambda t: (t * t.conj() + t).real.sum())(x).tolist()

    assert made(jaxnn.torch) == made(torch)
    assert jax.config.read("jax_enable_x64") is False
