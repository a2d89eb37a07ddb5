"""Expressions whose outcome, result or error, is torch's to the character.

They are lines of files, one file a family, and may use the names that `names` gives. Several
statements are separated by "; ", the last is the expression. `tests/golden/make_adapter.py`
evaluates them with torch and writes down what comes out.
"""

from pathlib import Path
from typing import Any

import numpy as np


def names(torch: Any) -> dict[str, Any]:
    """What an expression may use, made anew for each."""
    return {
        "torch": torch,
        "np": np,
        "t": torch.arange(6.0).view(2, 3),
        "i": torch.arange(6).view(2, 3),
        "b": torch.tensor([True, False, True]),
        "z": torch.zeros,
    }


def outcome(torch: Any, expression: str) -> str:
    """The text of the result, or the error's type and text."""
    *statements, last = expression.split("; ")
    given = names(torch)
    try:
        for statement in statements:
            exec(statement, given)
        return repr(eval(last, given))
    except Exception as error:
        kind = next(k for k in type(error).__mro__ if k.__module__ == "builtins")
        return f"{kind.__name__}: {str(error).split(chr(10) + 'Exception raised')[0]}"


FAMILIES = {
    path.stem: path.read_text().splitlines()
    for path in sorted(Path(__file__).with_suffix("").glob("*.txt"))
}
