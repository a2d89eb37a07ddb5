"""No operation in the adapter's table is left without a comparison with live torch."""

from jaxnn.torch.operations.definition.operation import OPERATIONS
from tests.parity.test_conformance import OPERATIONS as DATABASE
from tests.parity.test_elementwise import UNARY
from tests.torch.operation_cases import aliases


def plain(name: str) -> str:
    """A name of the database's as the table has it."""
    return name.removeprefix("nn.functional.").replace(".", "_")


def test_every_operation_is_compared():
    in_database = {plain(op.name) for op in DATABASE.values()}
    by_other_names = {plain(alias.name) for op in DATABASE.values() for alias in op.aliases}
    compared = in_database | by_other_names | set(map(plain, UNARY.split()))
    lacking = OPERATIONS.keys() - aliases().keys() - compared
    assert lacking == {"slogdet"}  # the database has it as `linalg.slogdet` alone
