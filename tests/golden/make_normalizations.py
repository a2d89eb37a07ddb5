"""Make normalizations.npz: torch's normalizations, distances, embeddings and attention.

Run from the root of the repository: python -m tests.golden.make_normalizations
"""

from tests import torch_core, torch_normalizations
from tests.normalization_cases import CASES, WIDE_DTYPES, inputs


def main() -> None:
    """Write the file."""
    arrays = {}
    for dtype in WIDE_DTYPES:
        for case in CASES:
            parts = torch_normalizations.value_and_gradients(case, inputs(case, dtype))
            arrays |= {f"{case}|{dtype}|{order}": part for order, part in enumerate(parts)}
    torch_core.save_golden(__file__, arrays)


if __name__ == "__main__":
    main()
