"""The operations' packages stand on one another in one direction."""

import ast
from pathlib import Path

import pytest

import jaxnn.torch.operations

ROOT = Path(jaxnn.torch.operations.__file__).parent
#: From below to above; those of one row do not know one another.
STORIES = (
    ("definition",),
    ("elements",),
    ("creation",),
    ("views", "matrices", "indexing"),
    ("reductions", "drawing", "networks"),
)
LEVELS = {name: level for level, names in enumerate(STORIES) for name in names}


def packages_used(path: Path) -> set[str]:
    """The packages of operations that a module imports from, its own aside."""
    home = jaxnn.torch.operations.__name__.split(".")
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            parts = [*node.module.split("."), *(each.name for each in node.names)]
            if parts[: len(home)] == home:
                found.add(parts[len(home)])
    return found - {path.parent.name}


def test_every_package_has_its_story():
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == LEVELS.keys()


@pytest.mark.parametrize("name", LEVELS)
def test_stands_on_what_is_below(name):
    for path in (ROOT / name).glob("*.py"):
        above = [used for used in packages_used(path) if LEVELS[used] >= LEVELS[name]]
        assert not above, f"{path.name} imports from {above}"
