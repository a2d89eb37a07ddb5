"""Tensors and NumPy: types, results, warnings and errors as torch's; memory shared; no races."""

import importlib.util
import json
import pickle
import threading
from pathlib import Path

import numpy as np
import pytest

import jaxnn.torch as torch

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("interop_cases", HERE / "interop_cases.py")
assert _spec is not None
assert _spec.loader is not None
interop_cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(interop_cases)

OUTCOMES = json.loads((HERE.parent / "golden" / "numpy_interop.json").read_text())["outcomes"]
LINES = [
    pytest.param(line, id=f"{family}: {line}")
    for family, lines in interop_cases.FAMILIES.items()
    for line in lines
]


def test_golden_covers_every_expression():
    assert set(OUTCOMES) == {case.values[0] for case in LINES}
    assert len(OUTCOMES) > 350


@pytest.mark.parametrize("line", LINES)
def test_as_torch_made_it(line):
    assert interop_cases.outcome(torch, line) == OUTCOMES[line]


def address(array: np.ndarray) -> int:
    return array.ctypes.data


SHARED = {
    "from_numpy": torch.from_numpy,
    "as_tensor": torch.as_tensor,
    "asarray": torch.asarray,
    "from_dlpack": torch.from_dlpack,
    "frombuffer": lambda a: torch.frombuffer(a, dtype=torch.float64),
}


@pytest.mark.parametrize("share", SHARED.values(), ids=SHARED)
def test_memory_of_numpys_is_shared_both_ways(share):
    a = np.zeros(4)
    x = share(a)
    assert x.data_ptr() == address(a)
    a[1] = 1
    x[2] = 2
    x[3:].add_(3)
    assert (a.tolist(), x.tolist()) == ([0, 1, 2, 3], [0, 1, 2, 3])


LENT = {
    "numpy": lambda x: x.numpy(),
    "asarray": np.asarray,
    "from_dlpack": np.from_dlpack,
    "__array__": lambda x: x.__array__(),
    "memory of a view": lambda x: x[None].numpy()[0],
}


@pytest.mark.parametrize("lend", LENT.values(), ids=LENT)
def test_memory_of_tensors_is_shared_both_ways(lend):
    x = torch.zeros(4)
    a = lend(x)
    assert x.data_ptr() == address(a)
    a[1] = 1
    x[2] = 2
    x[3:].add_(3)
    assert (a.tolist(), x.tolist()) == ([0, 1, 2, 3], [0, 1, 2, 3])


def test_asked_for_a_copy_numpy_gets_one():
    x = torch.zeros(2)
    copy = np.array(x, copy=True)
    x.add_(1)
    assert copy.tolist() == [0, 0]
    assert address(np.asarray(x, copy=False)) == x.data_ptr()


def test_pickled_tensors_share_what_they_shared():
    x = torch.arange(6.0).view(2, 3)
    y, row = pickle.loads(pickle.dumps([x, x[1]]))
    row.zero_()
    assert y.tolist() == [[0, 1, 2], [0, 0, 0]]


# The operation is dispatched, and JAX may read its operands later; NumPy writes at once.
ROUNDS = 60


def test_no_write_of_numpys_is_seen_by_an_operation_before_it():
    a = np.ones(1 << 18, np.float32)
    x = torch.from_numpy(a)
    for number in range(ROUNDS):
        a.fill(number)
        made = [x * 2, x[::2] + 1, x.sum(), x.clone()]
        a.fill(-1)
        found = [made[0][-1].item(), made[1][-1].item(), made[2].item(), made[3][0].item()]
        assert found == [2 * number, number + 1, number * a.size, number]


def test_no_operation_misses_a_write_of_numpys_before_it():
    x = torch.zeros(1 << 18)
    for number in range(ROUNDS):
        x.add_(1)
        a = x.numpy()
        assert (a[0], a[-1]) == (number + 1, number + 1)
        a += 0.5
        x.sub_(0.5)


def test_copies_of_arrays_do_not_see_later_writes():
    for number in range(ROUNDS):
        a = np.full(1 << 18, number, np.float32)
        copies = [torch.tensor(a), torch.from_numpy(a).clone(), torch.Tensor(a)]
        a.fill(-1)
        assert [each[-1].item() for each in copies] == [number] * 3


def test_threads_that_write_and_operate_on_memory_of_their_own():
    wrong = []

    def work(number: int) -> None:
        a = np.empty(1 << 16, np.float32)
        x = torch.from_numpy(a)
        for i in range(ROUNDS):
            a.fill(number + i)
            y = x * 3
            a.fill(-1)
            x += 1
            if y[-1].item() != 3 * (number + i) or a[0] != 0:
                wrong.append((number, i))

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
