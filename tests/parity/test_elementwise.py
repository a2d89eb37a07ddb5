"""Elementwise operations against live torch, beyond its database: edges, mixed types, numbers.

Elements are compared within ``torch.testing``'s tolerances, errors by type and text.
"""

import cmath
import random
import warnings
from math import inf, nan
from operator import attrgetter
from typing import Any

import numpy as np
import pytest
import torch

import jaxnn.torch
from tests.parity.conformance.translation import Memory, named, to_torch

UNARY = """
abs acos acosh angle asin asinh atan atanh bitwise_not ceil cos cosh deg2rad digamma erf erfc erfinv
exp exp2 expm1 floor frac frexp i0 isfinite isinf isnan isneginf isposinf isreal lgamma log log10
log1p log2 logical_not logit nan_to_num neg positive rad2deg reciprocal round rsqrt sgn sigmoid sign
signbit sin sinc sinh sqrt square tan tanh trunc special.bessel_j1 special.bessel_y0
special.bessel_y1 special.entr special.erfcx special.log_ndtr special.ndtr special.ndtri
special.modified_bessel_k0 special.scaled_modified_bessel_k1 special.airy_ai
"""
BINARY = """
add sub rsub mul div floor_divide remainder fmod pow float_power maximum fmin atan2 hypot logaddexp
logaddexp2 copysign nextafter heaviside xlogy special.xlog1py gcd lcm
ldexp eq lt logical_xor bitwise_and bitwise_left_shift bitwise_right_shift clamp_max
"""
EXACT = """
acos asin atanh cosh erf erfc erfinv exp exp2 expm1 lgamma log log10 log1p log2 sigmoid sin
sinh tanh
"""
MIXED = "add sub mul div floor_divide pow float_power maximum copysign eq logical_or"
REALS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 2.0, 7.25, 100.0, 1e30, inf, -inf, nan, 0.1]
DTYPES = {
    "bool": [True, False],
    "uint8": [0, 1, 2, 3, 5, 7, 33, 64, 200, 255],
    "int8": [0, 1, 2, 3, 7, 64, 127, -1, -2, -3, -64, -128],
    "int16": [0, 1, 2, 9, 32767, -1, -5, -32768],
    "int32": [0, 1, 2, 9, 2**31 - 1, -1, -5],
    "int64": [0, 1, 2, 9, 2**63 - 1, -1, -5],
    **{f"float{bits}": REALS for bits in (16, 32, 64)},
    "bfloat16": REALS,
    "complex64": [0j, 1 + 1j, -2.5 + 0.5j, 3 - 1j, -1 + 0j],
}
# torch's choice between the two zeros depends on how many elements its vectors hold.
ZEROS_ALIKE = {"maximum", "fmin"}


def values(dtype: str, without_zero: bool = False, plain: bool = False) -> torch.Tensor:
    """Edges of a type; or, ``plain``, what complex arithmetic is defined for everywhere."""
    given = [each for each in DTYPES[dtype] if each != 0 or not (without_zero or plain)]
    given = [each for each in given if not plain or cmath.isfinite(each)]
    return torch.tensor(given, dtype=getattr(torch, dtype))


def outcome(function, *args, **kwargs) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function(*args, **kwargs)
        except Exception as error:
            return type(error), str(error).split("\nException raised")[0]


def difference(name: str, *args: Any, **kwargs: Any) -> str | None:
    """What differs between torch's function and the adapter's, or None."""
    theirs: Any = torch
    for part in name.split("."):
        theirs = getattr(theirs, part)
    expected = outcome(theirs, *args, **kwargs)
    got = outcome(named(name), *Memory()(list(args)), **kwargs)
    if isinstance(got, tuple) and "complex32" in str(got[1]):  # which JAX has not
        return None
    if isinstance(expected, tuple) and isinstance(expected[0], type):
        return None if got == expected else f"{expected} but {got}"
    if isinstance(got, tuple) and isinstance(got[0], type):
        return f"raises {got}"
    try:
        torch.testing.assert_close(to_torch(got), parts(expected), equal_nan=True)
        if name not in ZEROS_ALIKE:
            assert_zeros_alike(to_torch(got), parts(expected))
    except AssertionError as error:
        return str(error)
    return None


def parts(expected: Any) -> Any:
    """A tensor, or the list of several."""
    return list(expected) if isinstance(expected, tuple) else expected.resolve_conj()


def assert_zeros_alike(got: Any, expected: Any) -> None:
    if isinstance(got, list) or not got.dtype.is_floating_point:
        return
    zeros = expected == 0
    assert torch.equal(got[zeros].signbit(), expected[zeros].signbit()), "other signs of zeros"


def assert_alike(cases: dict[str, tuple[Any, ...]]) -> None:
    found = {case: difference(*call) for case, call in cases.items()}
    assert not {case: text for case, text in found.items() if text}


@pytest.mark.parametrize("dtype", ["bool", "int8", "bfloat16", "float32"])
def test_functions_of_one_tensor(dtype):
    assert_alike({name: (name, values(dtype)) for name in UNARY.split()})


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "float32"])
def test_functions_of_two_tensors(dtype):
    cases = {}
    for name in BINARY.split():
        whole = name in ("floor_divide", "remainder", "fmod") and "int" in dtype
        cases[name] = (name, values(dtype)[:, None], values(dtype, whole)[None, :])
    assert_alike(cases)


@pytest.mark.parametrize("name", MIXED.split())
def test_mixed_types_and_ranks(name):
    choose = random.Random(name)
    numbers = [True, 2, -3, 0.5, 300] + [1 + 2j] * (name != "pow")
    cases = {}
    for i in range(12):
        types = choose.choices([d for d in DTYPES if (name, d) != ("pow", "complex64")], k=2)
        number = choose.choice(numbers)
        plain = "complex64" in types or isinstance(number, complex)
        first, other = (values(each, name == "floor_divide", plain) for each in types)
        second = choose.choice([other[-2:, None], other[-1], number])
        cases[f"{i}: {first.dtype} {second}"] = (name, first, second)
    assert_alike(cases)


NUMBERS = [True, 2, -1, 300, 70000, 2**31, 2**63, 2**70, 2.5, -1.0, 1e6, 1e300, 1j, inf]
NARROW = ["uint8", "int8", "int32", "float16", "float32", "complex64", "bool"]


@pytest.mark.parametrize("name", ["add", "eq", "clamp_min", "fill", "bitwise_and"])
def test_numbers_that_do_not_fit(name):
    assert_alike(
        {
            f"{dtype} {number}": (name, values(dtype)[:3], number)
            for dtype in NARROW
            for number in NUMBERS
            if not (dtype == "float16" and isinstance(number, complex))  # JAX has no complex32
        }
    )


WITH_MESSAGES = """
add mul div divide multiply subtract eq pow bitwise_and copysign floor_divide maximum clamp lerp
addcmul round logit exp polygamma xlogy rsub fill special.zeta
"""
WRONG = {
    "nothing": (),
    "a word": ("a",),
    "a word second": (torch.ones(2), "a"),
    "a list": (torch.ones(2), [1.0, 2.0]),
    "numbers": (1, 2),
    "too many": (torch.ones(2), torch.ones(2), torch.ones(2), torch.ones(2), 1),
    "shapes": (torch.ones(2), torch.ones(3)),
}


@pytest.mark.parametrize("name", WITH_MESSAGES.split())
def test_wrong_arguments(name):
    assert_alike({case: (name, *args) for case, args in WRONG.items()})


def test_the_forms_of_old():
    x = torch.arange(3.0)
    cases = {
        "add": ("add", x, 2, x),
        "sub": ("sub", x, 2, x),
        "addcmul": ("addcmul", x, 2, x, x),
        "addcdiv": ("addcdiv", x, 2, x, x + 1),
    }
    assert_alike(cases)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_reciprocal_roots_are_rounded_as_torch_rounds_them(dtype):
    x = torch.rand(10_000, generator=torch.Generator().manual_seed(0)).to(getattr(torch, dtype))
    found = jaxnn.torch.from_numpy(x.numpy()).rsqrt()
    np.testing.assert_array_equal(found.numpy(), x.rsqrt().numpy())


@pytest.mark.parametrize("name", EXACT.split())
def test_single_precision_agrees_to_the_last_bit_nearly_always(name: str):
    x = 2 * torch.randn(10_000, generator=torch.Generator().manual_seed(0))
    expected = attrgetter(name)(torch)(x).numpy()
    found = attrgetter(name)(jaxnn.torch)(jaxnn.torch.from_numpy(x.numpy())).numpy()
    alike = (found == expected) | np.isnan(expected) & np.isnan(found)
    assert alike.mean() > 0.9
