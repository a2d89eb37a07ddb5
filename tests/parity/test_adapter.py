"""The adapter against live torch: its own test inputs for every operation, and chains of views."""

import inspect
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.testing._internal.common_methods_invocations import op_db

import jaxnn.torch
from jaxnn.torch.operations.operation import OPERATIONS
from jaxnn.torch.operations.viewing import VIEWS

DTYPES = {getattr(torch, name): getattr(jaxnn.torch, name) for name in ("float32", "int64", "bool")}
FURTHER = {
    *("arange", "linspace", "eye", "zeros", "ones", "full", "zeros_like", "ones_like"),
    *("full_like", "view", "reshape", "flatten", "clone", "contiguous", "view_as"),
    *("reshape_as", "expand_as", "expand", "__getitem__", "allclose", "equal", "masked_select"),
    *("nonzero", "__rsub__", "__radd__", "__rmul__", "__rpow__", "__rmod__"),
    *("__rand__", "__ror__", "__rxor__", "item"),
}
COVERED = FURTHER | set(OPERATIONS) | set(VIEWS)
SAMPLES = 6
# torch's float32 sums, exp and the like differ from XLA's by rounding; integers may not differ.
RTOL, ATOL = 3e-5, 3e-5


def plain_name(op) -> str:
    return op.name.removeprefix("nn.functional.")


OPS = [
    pytest.param(op, dtype, id=f"{op.name}-{op.variant_test_name}-{dtype}")
    for op in op_db
    for dtype in DTYPES
    if plain_name(op) in COVERED
    and op.name.count(".") in (0, 2)
    and dtype in op.supported_dtypes("cpu")
]


def translated(value: Any) -> Any:
    """torch's tensors, types and sizes as the adapter's, strides and offsets included."""
    if isinstance(value, torch.Tensor):
        base = value.detach()
        size = base.untyped_storage().nbytes() // base.element_size()
        flat = jaxnn.torch.tensor(torch.as_strided(base, (size,), (1,), 0).numpy())
        return flat.as_strided(tuple(base.shape), base.stride(), base.storage_offset())
    if isinstance(value, torch.dtype):
        return getattr(jaxnn.torch, str(value).removeprefix("torch."))
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, list | tuple):
        return type(value)(translated(each) for each in value)
    if isinstance(value, dict):
        return {key: translated(each) for key, each in value.items()}
    return value


def outcome(function, *args, **kwargs) -> tuple[Any, Any]:
    """(None, result), or (the built-in type of the error, its text)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return None, function(*args, **kwargs)
        except Exception as error:
            kind = next(k for k in type(error).__mro__ if k.__module__ == "builtins")
            return kind, str(error).split("\nException raised")[0]


def assert_same(actual: Any, expected: Any) -> None:
    if isinstance(expected, tuple | list):
        assert len(actual) == len(expected)
        for a, e in zip(actual, expected, strict=True):
            assert_same(a, e)
    elif isinstance(expected, torch.Tensor):
        assert tuple(actual.shape) == tuple(expected.shape)
        assert repr(actual.dtype) == repr(expected.dtype)
        if expected.numel():
            assert actual.stride() == expected.stride()
            assert actual.storage_offset() == expected.storage_offset()
        a, e = np.array(actual.numpy()), expected.detach().resolve_conj().numpy()
        exact = e.dtype.kind in "biu"
        np.testing.assert_allclose(a, e, rtol=0 if exact else RTOL, atol=0 if exact else ATOL)
    else:
        assert actual == expected


def faces(op) -> tuple[Any, Any]:
    name = plain_name(op)
    ours = getattr(jaxnn.torch.Tensor, name, None)
    for module in (jaxnn.torch, jaxnn.torch.nn.functional):
        if inspect.isfunction(found := vars(module).get(name)):
            ours = found
    if name == "where":  # op_db has it as a method
        return op.op, lambda x, condition, other: jaxnn.torch.where(condition, x, other)
    return op.op, ours


def test_every_operation_is_met():
    met = {plain_name(case.values[0]) for case in OPS}
    # op_db has these under other names only.
    assert sorted(set(OPERATIONS) - met) == []


@pytest.mark.parametrize(("op", "dtype"), OPS)
def test_as_torch(op, dtype):
    if (plain_name(op), dtype) in UNLIKE:
        pytest.skip(UNLIKE[plain_name(op), dtype])
    theirs, ours = faces(op)
    assert ours is not None
    samples = list(op.sample_inputs("cpu", dtype))
    for sample in samples[:: max(1, len(samples) // SAMPLES)]:
        args, kwargs = (sample.input, *sample.args), dict(sample.kwargs)
        given_args, given_kwargs = translated(args), translated(kwargs)
        expected_error, expected = outcome(theirs, *args, **kwargs)
        error, actual = outcome(ours, *given_args, **given_kwargs)
        case = f"{args} {kwargs}"
        assert (error, actual if error else None) == (
            expected_error,
            expected if expected_error else None,
        ), case
        if error is None:
            assert_same(actual, expected)


#: What is known to differ, and why it is left so.
UNLIKE = {
    (name, torch.int64): "the core's activations take floating point only"
    for name in ("softsign", "tanhshrink", "hardtanh", "relu6")
}


@st.composite
def steps(draw):
    dim = st.integers(-4, 3)
    kind = draw(st.sampled_from(sorted(STEPS)))
    return kind, draw(STEPS[kind](dim))


SIZES = st.lists(st.integers(-1, 4), max_size=4)
STEPS = {
    "view": lambda dim: st.tuples(SIZES),
    "reshape": lambda dim: st.tuples(SIZES),
    "transpose": lambda dim: st.tuples(dim, dim),
    "permute": lambda dim: st.permutations(range(3)).map(lambda order: (list(order),)),
    "t": lambda dim: st.just(()),
    "squeeze": lambda dim: st.one_of(st.just(()), st.tuples(dim)),
    "unsqueeze": lambda dim: st.tuples(dim),
    "flatten": lambda dim: st.tuples(dim, dim),
    # Of a 0-dim tensor, torch's expand(-1) makes one of a negative size: sizes only.
    "expand": lambda dim: st.tuples(st.lists(st.integers(0, 4), max_size=4)),
    "narrow": lambda dim: st.tuples(dim, st.integers(-4, 4), st.integers(0, 3)),
    "select": lambda dim: st.tuples(dim, st.integers(-4, 4)),
    "diagonal": lambda dim: st.tuples(st.integers(-2, 2), dim, dim),
    "movedim": lambda dim: st.tuples(dim, dim),
    "unflatten": lambda dim: st.tuples(dim, st.lists(st.integers(1, 3), min_size=1, max_size=2)),
    "exp": lambda dim: st.just(()),
    "clone": lambda dim: st.just(()),
    "contiguous": lambda dim: st.just(()),
}


@settings(deadline=None, max_examples=400)
@given(st.lists(st.integers(1, 4), max_size=4), st.lists(steps(), max_size=6))
def test_chains_of_views_as_torch(shape, chain):
    theirs = torch.arange(float(np.prod(shape))).reshape(shape)
    ours = jaxnn.torch.arange(float(np.prod(shape))).reshape(shape)
    for name, args in chain:
        expected_error, expected = outcome(getattr(theirs, name), *args)
        error, actual = outcome(getattr(ours, name), *args)
        assert error == expected_error, (name, args, actual, expected)
        if error is not None:
            assert actual == expected
            continue
        assert (tuple(actual.shape), actual.stride(), actual.storage_offset()) == (
            tuple(expected.shape),
            expected.stride(),
            expected.storage_offset(),
        ), (name, args)
        if name != "exp":
            assert actual.tolist() == expected.tolist()
            theirs, ours = expected, actual
    if not any(s == 0 for s, n in zip(theirs.stride(), theirs.shape, strict=True) if n > 1):
        theirs.fill_(-1)
        ours.fill_(-1)
        base_theirs = torch.as_strided(theirs, (theirs.untyped_storage().nbytes() // 4,), (1,), 0)
        base_ours = ours.as_strided(tuple(base_theirs.shape), (1,), 0)
        assert base_ours.tolist() == base_theirs.tolist()


RANDOM = {
    "uniform_": lambda module, x: x.uniform_(-2, 3),
    "normal_": lambda module, x: x.normal_(1, 2),
    "random_": lambda module, x: x.random_(7),
    "bernoulli_": lambda module, x: x.bernoulli_(0.3),
    "rand_like": lambda module, x: module.rand_like(x),
    "randn_like": lambda module, x: module.randn_like(x),
    "randint_like": lambda module, x: module.randint_like(x, 2, 9),
    "bernoulli": lambda module, x: module.bernoulli(x + 0.4),
    "normal": lambda module, x: module.normal(x + 1, x + 2),
}


@pytest.mark.parametrize("name", RANDOM)
@pytest.mark.parametrize(
    "place",
    [
        lambda module: module.zeros(3, 5),
        lambda module: module.zeros(3, 6).T,
        lambda module: module.zeros(4, 5)[:, 1:],
        lambda module: module.zeros(2, 3, 4).permute(2, 0, 1)[1:],
        lambda module: module.zeros(1, 5).permute(1, 0)[1:],
    ],
    ids=["contiguous", "transposed", "columns", "permuted", "single"],
)
def test_random_numbers_fill_memory_as_torch(name, place, seed):
    outcomes = []
    for module in (torch, jaxnn.torch):
        module.manual_seed(seed)
        drawn = RANDOM[name](module, place(module))
        state = module.get_rng_state().numpy().tobytes()
        outcomes.append((drawn.stride(), drawn.numpy().tobytes(), state))
    assert outcomes[0] == outcomes[1]
