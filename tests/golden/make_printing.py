"""Record the text that torch prints for the cases of tests/torch/printing_cases.py.

Run from the repository's root: python -m tests.golden.make_printing
"""

import json
import pathlib

import torch
from torch._tensor_str import printoptions

from tests.torch.printing_cases import (
    EXPRESSIONS,
    Case,
    checksum,
    named_cases,
    outcome,
    random_case,
)

RANDOM_CASES = 5000


def as_torch(case: Case) -> torch.Tensor:
    """The case's array as a tensor, bit for bit."""
    if case.dtype != "bfloat16":
        return torch.from_numpy(case.array.copy())
    return torch.from_numpy(case.array.view("uint16").copy()).view(torch.bfloat16)


def torch_text(case: Case) -> str:
    """What torch prints."""
    torch.set_default_dtype(getattr(torch, case.default_dtype))
    try:
        with printoptions(**case.options):
            return repr(as_torch(case))
    finally:
        torch.set_default_dtype(torch.float32)


def main() -> None:
    """Write printing.json beside this file."""
    golden = {
        "torch": torch.__version__,
        "named": {case.name: torch_text(case) for case in named_cases()},
        "expressions": {each: outcome(each, torch) for each in EXPRESSIONS},
        "random": "".join(
            f"{checksum(torch_text(random_case(seed))):08x}" for seed in range(RANDOM_CASES)
        ),
    }
    path = pathlib.Path(__file__).with_name("printing.json")
    path.write_text(json.dumps(golden, indent=0) + "\n")


if __name__ == "__main__":
    main()
