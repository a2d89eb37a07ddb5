"""What elementwise operations do at the edges of their types, in plain expected values."""

import functools
import math
from typing import Any

import numpy as np
import pytest

import jaxnn.torch as torch

EXACT = [
    *("acos", "acosh", "asin", "atanh", "cosh", "erf", "erfc", "erfinv", "exp", "exp2", "expm1"),
    *("lgamma", "log10", "log1p", "log2", "sinh", "tanh", "special.erfcx"),
]


def test_whole_numbers_wrap():
    x = torch.tensor([127, -128], dtype=torch.int8)
    assert (x + 1).tolist() == [-128, -127]
    assert (torch.tensor([3]) ** 41).tolist() == [3**41 - 2 * 2**64]
    assert x.abs().tolist() == [127, -128]


def test_every_pair_of_bytes_has_divisors_and_multiples():
    numbers = np.arange(-128, 128)
    x = torch.from_numpy(numbers.astype(np.int8))
    divisors = np.gcd(numbers[:, None], numbers)
    found = torch.gcd(x[:, None], x).to(torch.int16)
    assert found.abs().tolist() == divisors.tolist()
    assert found[1:, 1:].tolist() == divisors[1:, 1:].tolist()  # those of -128 have torch's signs
    multiples = np.lcm(numbers[:, None], numbers).astype(np.int8)
    assert torch.lcm(x[:, None], x)[1:, 1:].tolist() == multiples[1:, 1:].tolist()


def test_division_rounds_as_it_is_told_to():
    x, y = torch.tensor([-7.0, 7.0]), 2
    assert torch.div(x, y).tolist() == [-3.5, 3.5]
    assert torch.div(x, y, rounding_mode="trunc").tolist() == [-3.0, 3.0]
    assert torch.floor_divide(x, y).tolist() == [-4.0, 3.0]
    assert (x % y).tolist() == [1.0, 1.0]
    assert torch.fmod(x, y).tolist() == [-1.0, 1.0]


def test_special_functions_have_their_values():
    one = torch.ones(1, dtype=torch.float64)
    expected = {
        "bessel_j0": 0.7651976865579666,
        "bessel_y1": -0.7812128213002887,
        "modified_bessel_k0": 0.42102443824070834,
        "airy_ai": 0.13529241631288141,
        "erfcx": 0.427583576155807,
        "psi": -0.5772156649015329,
    }
    found = {name: getattr(torch.special, name)(one).item() for name in expected}
    assert found == pytest.approx(expected, rel=1e-14)


def test_polynomials_take_a_degree_an_element():
    x, n = torch.tensor([0.5, 0.5, 0.5, 0.5]), torch.tensor([0, 1, 2, -1])
    assert torch.special.chebyshev_polynomial_t(x, n).tolist() == [1.0, 0.5, -0.5, 0.0]
    assert torch.special.hermite_polynomial_he(x, 2).tolist() == [-0.75] * 4


def test_polygamma_reaches_below_zero():
    value = torch.polygamma(2, torch.tensor(-0.5, dtype=torch.float64)).item()
    assert value == pytest.approx(-0.8287966442343199, rel=1e-12)  # ψ''(½) + 2 / (½)³


def test_numbers_that_do_not_fit_are_refused():
    x = torch.zeros(2, dtype=torch.int8)
    with pytest.raises(RuntimeError, match="cannot be converted to type int8_t without overflow"):
        x.fill_(300)
    with pytest.raises(OverflowError, match="int too big to convert"):
        _ = x + 2**70
    assert x.tolist() == [0, 0]


def test_second_names_are_operations_of_their_own():
    x = torch.tensor([-1.5, 2.0])
    assert torch.absolute(x).tolist() == [1.5, 2.0]
    assert x.clip(max=1.0).tolist() == [-1.5, 1.0]
    with pytest.raises(TypeError, match=r"^multiply\(\) received an invalid combination"):
        x.multiply("a")
    assert math.isnan(torch.special.xlogy(0, torch.tensor(math.nan)).item())


@pytest.mark.parametrize("name", EXACT)
def test_single_precision_is_as_good_as_double_precision_rounded(name: str):
    function: Any = functools.reduce(getattr, name.split("."), torch)
    x = torch.linspace(-4, 4, 333)
    expected = function(x.double()).float()
    np.testing.assert_array_max_ulp(function(x).numpy(), expected.numpy(), maxulp=1)


def test_spreads_and_lengths_are_double_precision_rounded():
    x, y = torch.rand(2, 1000, generator=torch.Generator().manual_seed(0))
    for function in (torch.std, torch.var):
        expected = function(x.double().view(10, 100), 1).float()
        assert torch.equal(function(x.view(10, 100), 1), expected)
    # But for one number torch takes the mean in float32: here it is that of the least element.
    assert torch.tensor([2.0**24, 2.0**24 + 2, 2.0**24 + 2]).var().item() == 4.0
    assert torch.equal(torch.hypot(x, y), torch.hypot(x.double(), y.double()).float())
    assert torch.equal(torch.atan2(x, y), torch.atan2(x.double(), y.double()).float())


def test_the_logarithm_of_the_gamma_function_is_zero_where_it_is_one():
    for dtype in (torch.float32, torch.float64):
        assert torch.lgamma(torch.tensor([1.0, 2.0, 3.0], dtype=dtype))[:2].tolist() == [0.0, 0.0]


def test_erfcx_keeps_its_digits_far_out():
    """Against the continued fraction of Laplace: x / (x² + 1/2 / (1 + ...)) / sqrt(pi)."""
    x = [49.9, 50.1, 300.0, 1e7, 1e30]
    expected = []
    for each in x:
        tail = each
        for k in range(40, 0, -1):
            tail = each + k / 2 / tail
        expected.append(1 / (tail * math.sqrt(math.pi)))
    found = torch.special.erfcx(torch.tensor(x, dtype=torch.float64)).tolist()
    assert found == pytest.approx(expected, rel=1e-14)
    assert torch.special.erfcx(torch.tensor([math.inf, -math.inf])).tolist() == [0, math.inf]


def test_equal_compares_numbers_not_types():
    x = torch.tensor([1, 2])
    assert torch.equal(x, torch.tensor([1.0, 2.0]))
    assert x.equal(torch.tensor([1, 2], dtype=torch.uint8))
    assert not torch.equal(torch.tensor([0.1]), torch.tensor([0.1], dtype=torch.float64))
    assert not torch.equal(x, torch.tensor([1.0, 2.0, 3.0]))
