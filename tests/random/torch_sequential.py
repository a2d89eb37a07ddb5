"""The calls of the sequential table, made by torch: for the golden script and the parity tests."""

import numpy as np
import torch

from tests.random.sequential_cases import Case, arrays

FUNCTIONS = {
    "poisson": torch.poisson,
    "binomial": torch.binomial,
    # What torch.distributions draws with; torch does not export them.
    "gamma": getattr(torch, "_standard_gamma"),  # noqa: B009
    "dirichlet": getattr(torch, "_sample_dirichlet"),  # noqa: B009
    "multinomial": torch.multinomial,
}


def draw(case: Case, generator: torch.Generator) -> torch.Tensor:
    """Make the call with torch."""
    dtype = getattr(torch, case.dtype)
    tensors = [torch.from_numpy(x.astype(np.float64)).to(dtype) for x in arrays(case).values()]
    return FUNCTIONS[case.function](*tensors, **dict(case.options), generator=generator)
