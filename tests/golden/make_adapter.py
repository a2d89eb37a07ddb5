"""Write what torch makes of the adapter's expressions, and its whole promotion table.

python tests/golden/make_adapter.py
"""

import importlib.util
import itertools
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

HERE = Path(__file__).parent
NAMES = (
    *("float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64"),
    *("uint8", "uint16", "uint32", "uint64", "bool", "complex64", "complex128"),
)
NUMBERS = {"True": True, "1": 1, "1.5": 1.5, "1j": 1j}


def load_expressions() -> Any:
    path = HERE.parent / "torch" / "expressions.py"
    spec = importlib.util.spec_from_file_location("expressions", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def result_type(*operands) -> str:
    try:
        return repr(torch.result_type(*operands))
    except RuntimeError as error:
        return f"RuntimeError: {str(error).split(chr(10))[0]}"


def promotions() -> dict[str, Any]:
    """One row for each pair of types and ranks: the names, the ranks, and torch's result."""
    rows = []
    ranks = {"dimensions": (1,), "0-dim": ()}
    for a, b in itertools.product(NAMES, repeat=2):
        for r, s in itertools.product(ranks, repeat=2):
            x = torch.ones(ranks[r], dtype=getattr(torch, a))
            y = torch.ones(ranks[s], dtype=getattr(torch, b))
            rows.append((a, r, b, s, result_type(x, y)))
    for a, (text, number) in itertools.product(NAMES, NUMBERS.items()):
        for r in ranks:
            x = torch.ones(ranks[r], dtype=getattr(torch, a))
            rows.append((a, r, text, "number", result_type(x, number)))
    casts = [
        (a, b, str(torch.can_cast(getattr(torch, a), getattr(torch, b))))
        for a, b in itertools.product(NAMES, repeat=2)
    ]
    return {"promotion": rows, "cast": casts}


def main() -> None:
    warnings.simplefilter("ignore")
    expressions = load_expressions()
    outcomes: dict[str, Any] = {
        family: [(line, expressions.outcome(torch, line)) for line in lines]
        for family, lines in expressions.FAMILIES.items()
    }
    np.savez_compressed(HERE / "adapter.npz", torch=torch.__version__, **outcomes)
    np.savez_compressed(HERE / "promotion.npz", torch=torch.__version__, **promotions())


if __name__ == "__main__":
    main()
