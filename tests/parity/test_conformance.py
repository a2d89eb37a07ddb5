"""Every operation of torch's own database that the adapter covers, on every sample and every face.

How it is done, and how to run one operation by itself: ``conformance/README.md``. There are seventy
thousand samples; ``THOROUGH=1`` takes every one, by default a few of each operation and type.
"""

import pytest

from tests.parity.conformance.database import DTYPES, name_of, operations, results
from tests.parity.conformance.listed import LISTED, reason
from tests.parity.conformance.scope import FAMILIES
from tests.thoroughness import amount

MOST: int | None = amount(6, None)
OPERATIONS = {name_of(op): op for family in FAMILIES.values() for op in operations(family)}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OPERATIONS)
def test_behaves_as_torchs(name):
    wrong, needless = [], []
    for dtype in DTYPES:
        for face, count, differences in results(OPERATIONS[name], dtype, MOST):
            excuse = reason(name, dtype, face)
            if differences and excuse is None:
                wrong.append(f"{dtype} {face}: {len(differences)} of {count}: {differences[0]}")
            if MOST is None and count and not differences and excuse is not None:
                needless.append(f"{dtype} {face}")
    assert not wrong, "\n".join(wrong)
    assert not needless, f"listed in exceptions.json, but they pass: {needless}"


def test_lists_only_operations_in_scope():
    assert not LISTED.keys() - OPERATIONS.keys()
