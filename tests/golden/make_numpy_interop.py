"""What torch makes of the expressions of `tests/torch/interop_cases.py`. Run with torch installed.

    python -m tests.golden.make_numpy_interop

Writes `numpy_interop.json` beside this file, with the versions of torch and NumPy.
"""

import json
from pathlib import Path

import numpy as np
import torch

from tests.torch import interop_cases

HERE = Path(__file__).parent


def main() -> None:
    """Evaluate every expression and write what comes out."""
    torch.set_warn_always(True)  # else what an expression says depends on those before it
    made = {
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
        "outcomes": {
            line: interop_cases.outcome(torch, line)
            for lines in interop_cases.FAMILIES.values()
            for line in lines
        },
    }
    (HERE / "numpy_interop.json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
