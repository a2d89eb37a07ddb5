"""torch's whole promotion table: every pair of types in every rank."""

from pathlib import Path

import numpy as np
import pytest

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
