"""torch's whole promotion table: every pair of types in every rank."""

from pathlib import Path

import numpy as np
import pytest

import jaxnn.torch as torch
from jaxnn.torch import dtypes, promotion

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "promotion.npz")
NUMBERS = {"True": True, "1": 1, "1.5": 1.5, "1j": 1j}


def ranked(name: str, rank: str):
    if rank == "number":
        return promotion.number_type(NUMBERS[name]), rank
    return getattr(dtypes, name), rank


def outcome(*operands) -> str:
    try:
        return repr(promotion.combine(operands))
    except NotImplementedError as error:
        return str(error)
    except RuntimeError as error:
        return f"RuntimeError: {error}"


NO_COMPLEX32 = (
    "jaxnn.torch has no complex32, the complex type of torch.float16: JAX has none. "
    "Use x.float(), whose complex type is torch.complex64"
)


def test_the_table_is_whole():
    assert len(GOLDEN["promotion"]) == 15 * 15 * 4 + 15 * 4 * 2
    assert len(GOLDEN["cast"]) == 15 * 15


@pytest.mark.parametrize("first", sorted(set(GOLDEN["promotion"][:, 0])))
def test_promotion(first):
    rows = [row for row in GOLDEN["promotion"].tolist() if row[0] == first]
    wrong = [
        (a, r, b, s, expected, found)
        for a, r, b, s, expected in rows
        if (found := outcome(ranked(a, r), ranked(b, s)))
        != (NO_COMPLEX32 if expected == "torch.complex32" else expected)
    ]
    assert not wrong


def test_casts():
    wrong = [
        (a, b)
        for a, b, allowed in GOLDEN["cast"].tolist()
        if str(promotion.can_cast(getattr(dtypes, a), getattr(dtypes, b))) != allowed
    ]
    assert not wrong


@pytest.mark.parametrize("source", [torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize(
    ("dtype", "beyond"),
    [(torch.uint8, 0), (torch.int16, 0), (torch.int32, -(2**31)), (torch.int64, -(2**63))],
)
def test_what_no_integer_type_holds(source, dtype, beyond):
    x = torch.tensor([torch.inf, -torch.inf, torch.nan, 7.5], dtype=source)
    into = torch.zeros(4, dtype=dtype)
    into[torch.arange(4)] = x.to(dtype)
    assert x.to(dtype).tolist() == into.copy_(x).tolist() == [beyond] * 3 + [7]


def test_floats_become_small_integers_by_way_of_int32():
    x = torch.tensor([3e9, -3e9, -(2.0**31), 2.0**31, 70000, -129])
    assert x.int().tolist() == [-(2**31)] * 4 + [70000, -129]
    assert x.short().tolist() == [0] * 4 + [4464, -129]
    x[torch.tensor([0])] = -1
    assert x.byte().tolist() == [255, 0, 0, 0, 112, 127]
