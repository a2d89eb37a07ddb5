"""Expressions of tensors, NumPy and functions whose outcome (result, warning, error) is torch's.

They stand in `interop/*.txt`, a line each: statements separated by "; ", of which the last is the
expression. `tests/golden/make_numpy_interop.py` evaluates them with torch and writes down what
comes out.
"""

import array
import copy
import operator
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from tests.torch.statements import told


def names(torch: Any) -> dict[str, Any]:
    """What an expression may use, made anew for each."""
    return {
        "torch": torch,
        "np": np,
        "array": array,
        "copy": copy,
        "operator": operator,
        "pickle": pickle,
        "t": torch.arange(6.0).view(2, 3),
        "i": torch.arange(3),
        "b": torch.tensor([True, False, True]),
        "s": torch.tensor(2.5),
        "a": np.arange(3.0),
        "f": np.arange(3, dtype=np.float32),
        "k": np.arange(3),
        "F": torch.func,
        "x": torch.tensor([1.0, 2.0]),
        "q": lambda x: (x * x).sum(),
    }


def outcome(torch: Any, expression: str) -> str:
    """The text of the result and its type, or of the error, after that of every warning."""
    text, caught = told(expression, names(torch), described)
    said = [
        f"{each.category.__name__}: {str(each.message).split(' (Triggered')[0]}"
        for each in caught
        # Neither NumPy's of torch's older protocol, nor torch's of its own insides.
        if not any(part in str(each.message) for part in ("__array_", "jit.script"))
    ]
    return "\n".join([*said, text.split("\nException raised")[0]])


def described(value: Any) -> str:
    """A value's text, with its type where the text alone does not tell it."""
    if isinstance(value, tuple | list):
        return f"{type(value).__name__}({', '.join(map(described, value))})"
    dtype = getattr(value, "dtype", "")
    return f"{type(value).__name__} {dtype} {value!r}"


FAMILIES = {
    path.stem: path.read_text().splitlines()
    for path in sorted((Path(__file__).parent / "interop").glob("*.txt"))
}
