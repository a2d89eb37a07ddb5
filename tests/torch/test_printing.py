"""Printing, to the character, against what torch printed for the same arrays."""

import json
import pathlib
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn.torch as torch
from jaxnn.torch import dtypes
from jaxnn.torch.devices import device
from jaxnn.torch.print_options import get_printoptions, printoptions, set_printoptions
from jaxnn.torch.printing import tensor_format, tensor_repr
from tests.torch.printing_cases import (
    DTYPES,
    EXPRESSIONS,
    Case,
    checksum,
    named_cases,
    outcome,
    random_case,
)

GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden/printing.json").read_text())


@pytest.fixture(autouse=True)
def _restore():
    """Leave options and default dtype as every test expects to find them."""
    with printoptions():
        yield
    dtypes.set_default_dtype(dtypes.float32)


def text(case: Case) -> str:
    dtypes.set_default_dtype(getattr(dtypes, case.default_dtype))
    with printoptions(**case.options):
        return tensor_repr(case.array, getattr(dtypes, case.dtype))


def test_named_cases():
    ours = {case.name: text(case) for case in named_cases()}
    assert len(ours) == len(GOLDEN["named"]) == 1728
    assert ours == GOLDEN["named"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions(expression):
    assert outcome(expression, torch) == GOLDEN["expressions"][expression]


def test_random_cases():
    golden = re.findall("[0-9a-f]{8}", GOLDEN["random"])
    assert len(golden) == 5000
    cases = (random_case(seed) for seed in range(len(golden)))
    wrong = [
        f"{case.name}: {case.dtype}{list(case.array.shape)} {case.options}\n{text(case)}"
        for case, expected in zip(cases, golden, strict=True)
        if checksum(text(case)) != int(expected, 16)
    ]
    assert not wrong, f"{len(wrong)} texts differ, the first is of {wrong[0]}"


def test_every_dtype_is_among_the_random_cases():
    assert {random_case(seed).dtype for seed in range(200)} == set(DTYPES)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "int32", "bool", "complex64"])
def test_a_jax_array_prints_as_its_numpy_twin(dtype):
    for shape in ((), (5,), (3, 500), (7, 11, 13)):
        host = np.asarray(jnp.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype))
        kind = getattr(dtypes, dtype)
        assert tensor_repr(jax.device_put(host), kind) == tensor_repr(host, kind)


def test_a_summary_reads_the_edges_only():
    class Recorder:
        shape = (10_000, 10_000)
        read = ()

        def __getitem__(self, index):
            self.read += (np.broadcast_shapes(*(axis.shape for axis in index)),)
            return index[0] * 10_000 + index[1]

        def __array__(self, dtype=None, copy=None):
            raise AssertionError("read whole")

    recorder = Recorder()
    assert tensor_repr(recorder, dtypes.int64) == (
        "tensor([[       0,        1,        2,  ...,     9997,     9998,     9999],\n"
        "        [   10000,    10001,    10002,  ...,    19997,    19998,    19999],\n"
        "        [   20000,    20001,    20002,  ...,    29997,    29998,    29999],\n"
        "        ...,\n"
        "        [99970000, 99970001, 99970002,  ..., 99979997, 99979998, 99979999],\n"
        "        [99980000, 99980001, 99980002,  ..., 99989997, 99989998, 99989999],\n"
        "        [99990000, 99990001, 99990002,  ..., 99999997, 99999998, 99999999]])"
    )
    assert recorder.read == ((6, 6),)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("cpu", "tensor([1., 2.])"),
        ("cuda:0", "tensor([1., 2.], device='cuda:0')"),
        ("cuda:3", "tensor([1., 2.], device='cuda:3')"),
    ],
)
def test_device_is_named_where_it_is_not_the_cpu(where, expected):
    assert tensor_repr(np.array([1, 2], np.float32), dtypes.float32, device(where)) == expected


DEFAULT = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}
INF = float("inf")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {}),
        ({"profile": "default"}, {}),
        ({"profile": "short"}, {"precision": 2, "edgeitems": 2}),
        ({"profile": "full"}, {"threshold": INF}),
        ({"profile": "full", "threshold": 7}, {"threshold": 7}),
        ({"profile": "unknown"}, {}),
        ({"precision": 0, "linewidth": 1}, {"precision": 0, "linewidth": 1}),
        ({"sci_mode": False}, {"sci_mode": False}),
    ],
)
def test_options(options, expected):
    set_printoptions(**options)
    assert get_printoptions() == DEFAULT | expected


def test_sci_mode_is_forgotten_by_the_next_call_and_the_others_are_not():
    set_printoptions(sci_mode=True, precision=2)
    set_printoptions(edgeitems=5)
    assert get_printoptions() == DEFAULT | {"precision": 2, "edgeitems": 5}


def test_options_come_back_after_the_block_even_when_it_fails():
    with pytest.raises(KeyError), printoptions(precision=1, sci_mode=True):
        raise KeyError
    assert get_printoptions() == DEFAULT


def test_an_unknown_option_is_refused():
    with pytest.raises(TypeError) as refusal:
        set_printoptions(width=3)  # type: ignore[call-arg] - the error is what is tested
    expected = "set_printoptions() got an unexpected keyword argument 'width'"
    assert str(refusal.value) == expected


#: What torch does with f"{tensor:spec}": the text, or the exception.
FORMATS = [
    ("float32", 2.5, ".2f", "2.50"),
    ("float32", 0.1, "", "0.10000000149011612"),
    ("bfloat16", 3.5, ".3f", "3.500"),
    ("float16", 65504, "10.1e", "   6.6e+04"),
    ("float64", float("nan"), ".1f", "nan"),
    ("int64", 3, "5d", "    3"),
    ("int64", 3, ".2f", "3.00"),
    ("uint8", 255, "x", "ff"),
    ("bool", True, "", "True"),
    ("complex64", 1 + 2j, ".1f", "1.0+2.0j"),
    ("float32", [1.0], "", "tensor([1.])"),
    ("float32", [1.0], ".2f", "TypeError: unsupported format string passed to Tensor.__format__"),
    ("float32", 3.5, "d", "ValueError: Unknown format code 'd' for object of type 'float'"),
]


@pytest.mark.parametrize(("dtype", "value", "spec", "expected"), FORMATS)
def test_format(dtype, value, spec, expected):
    kind = getattr(dtypes, dtype)
    array = np.array(value).astype(kind.numpy)
    try:
        ours = tensor_format(array, kind, spec)
    except (TypeError, ValueError) as error:
        ours = f"{type(error).__name__}: {error}"
    assert ours == expected
