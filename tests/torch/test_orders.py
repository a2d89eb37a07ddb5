"""Orders that NumPy finds, against its own stable sort of the elements."""

from typing import Any

import numpy as np
import pytest

from jaxnn.torch.operations.reductions import orders

_rng = np.random.default_rng(0)
ROWS = {
    "repeated": _rng.integers(-9, 9, (3, 500)),
    "wide": np.stack([_rng.permutation(500), np.r_[-(2**63), 2**63 - 1, np.arange(498)]]),
    "unsigned": np.stack(
        [
            _rng.permutation(500).astype(np.uint64),
            np.arange(500, dtype=np.uint64) + np.uint64(2**63),
        ]
    ),
    "bytes": _rng.integers(0, 256, (3, 500)).astype(np.uint8),
    "flags": _rng.random((3, 500)) < 0.5,
    "single": _rng.normal(size=(3, 500)).astype(np.float32),
    "double": _rng.normal(size=(3, 500)),
    "one": np.ones((2, 1)),
}


@pytest.mark.parametrize("name", ROWS)
def test_orders_are_numpys_stable_ones(name: str):
    rows = ROWS[name]
    keys = orders.keys(rows)
    assert (orders.stable(keys) == np.argsort(rows, axis=1, kind="stable")).all()
    backwards = rows.shape[1] - 1 - np.argsort(rows[:, ::-1], axis=1, kind="stable")[:, ::-1]
    assert (orders.stable(~keys) == backwards).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keys_compare_as_numbers_do(dtype: type):
    tiny = np.finfo(dtype).smallest_subnormal
    rising = np.array([[-np.inf, -1, -tiny, 0, tiny, 1, np.inf, np.nan]], dtype)
    keys = orders.keys(rising)
    assert (np.diff(keys) > 0).all()
    assert (orders.keys(-rising)[:, [3, 7]] == keys[:, [3, 7]]).all()  # -0, and a nan with a sign


def test_the_least_and_the_kth_are_known_where_no_equal_ones_leave_a_choice():
    keys = np.array([[5, 3, 9, 3, 1, 7]])
    found = orders.least(keys, 1), orders.least(~keys, 3), orders.kth(keys, 3)
    expected: Any = [[4]], [[2, 5, 0]], [[0]]
    for places, wanted in zip(found, expected, strict=True):
        assert places is not None
        assert places.tolist() == wanted
    assert [orders.least(keys, k) for k in (0, 2, 3, 6)] == [None] * 4
    assert orders.kth(keys, 1) is None


def test_equal_elements_have_one_rank():
    keys = np.array([[5, 3, 9, 3], [1, 2, 3, 4]])
    order = orders.stable(keys)
    assert orders.ranks(keys, order).tolist() == [[1, 0, 2, 0], [0, 1, 2, 3]]
    assert orders.have_ties(keys, order)
    assert not orders.have_ties(keys[1:], order[1:])
