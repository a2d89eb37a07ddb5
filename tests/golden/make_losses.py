"""Make losses.npz: torch's losses, and their gradients in predictions and floating targets.

Run from the root of the repository: python -m tests.golden.make_losses
"""

from tests import torch_core
from tests.activation_cases import DTYPES
from tests.loss_cases import CASES, inputs


def main() -> None:
    """Write the file."""
    arrays = {}
    for dtype in DTYPES:
        given = inputs(dtype)
        for case in [case for case in CASES if dtype in case.dtypes]:
            for order, part in enumerate(torch_core.loss_and_gradients(case, given)):
                arrays[f"{case}|{dtype}|{order}"] = part
    torch_core.save_golden(__file__, arrays)


if __name__ == "__main__":
    main()
