"""What of torch is here: every public name of torch's modules, counted by family."""

import importlib
import textwrap
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jaxnn.torch import lacking

_ROOT = "jaxnn.torch"


class Family(NamedTuple):
    """The names of one family: those that are here, and those that are not."""

    present: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many names torch has."""
        return len(self.present) + len(self.absent)


class Coverage(Mapping[str, dict[str, Family]]):
    """Torch's modules, each with its families; its text is the table.

    ``coverage()["linalg"]["functions"].absent`` are the functions of ``torch.linalg`` that lack.
    """

    def __init__(self, modules: dict[str, dict[str, Family]]) -> None:
        self._modules = modules

    def __getitem__(self, module: str) -> dict[str, Family]:
        return self._modules[module]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __repr__(self) -> str:
        families = [family for module in self.values() for family in module.values()]
        here, all_names = sum(len(f.present) for f in families), sum(f.size for f in families)
        return f"<{here} of torch's {all_names} public names>"

    def __str__(self) -> str:
        return self.table()

    def table(self, names: bool = False) -> str:
        """The counts, and after each family the names that lack if ``names`` is true."""
        lines = [f"{'':36}here   of"]
        for module, families in self.items():
            lines.append(f"torch.{module}" if module != "torch" else module)
            for title, family in sorted(families.items()):
                lines.append(f"  {title:32}{len(family.present):6}{family.size:5}")
                if names and family.absent:
                    lines.append(_wrapped(family.absent))
        return "\n".join(lines)


def _wrapped(names: tuple[str, ...]) -> str:
    return textwrap.fill(" ".join(names), 88, initial_indent="    - ", subsequent_indent="      ")


def coverage(names: bool = False) -> Coverage:
    """Print which of torch's public names are here, in a table; return it as a mapping.

    Args:
        names: whether to print the names that lack, and not only how many.

    >>> found = coverage()  # doctest: +ELLIPSIS
                                        here   of
    torch
      creation                        ...
    >>> "add" in found["torch"]["elementwise"].present
    True
    """
    found = Coverage({module: _families(module) for module in lacking.families()})
    print(found.table(names))  # noqa: T201 - printing is what it is for
    return found


def _families(module: str) -> dict[str, Family]:
    owner = _owner(module)
    result = {}
    for title, names in lacking.families()[module].items():
        present = tuple(name for name in names if hasattr(owner, name))
        result[title] = Family(present, tuple(name for name in names if name not in present))
    return result


def _owner(module: str) -> object:
    """Our module of this name, or the class Tensor; None where there is none."""
    root = importlib.import_module(_ROOT)
    if module == "torch":
        return root
    if module == "Tensor":
        return root.Tensor
    try:
        return importlib.import_module(f"{_ROOT}.{module}")
    except ModuleNotFoundError:
        return None
