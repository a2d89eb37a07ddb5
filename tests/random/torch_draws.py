"""The calls of the table, made by torch: for the golden script and the parity tests alone."""

from typing import Any

import numpy as np
import torch

from tests.random.cases import Case, arrays, probabilities

# Where torch's name of an option is another.
TORCH_NAMES = {"low": "from", "high": "to", "rate": "lambd"}


def draw(case: Case, generator: torch.Generator) -> torch.Tensor:
    """Make the call with torch."""
    options = dict(case.options)
    dtype = getattr(torch, case.dtype)
    if case.function == "permutation":
        return torch.randperm(case.n, generator=generator)
    if case.function == "bernoulli":
        return torch.empty(case.n, dtype=dtype).bernoulli_(options["p"], generator=generator)
    if case.function == "bernoulli_each":
        p = torch.from_numpy(probabilities(case).astype(np.float64)).to(dtype)
        return torch.bernoulli(p, generator=generator).bool()
    if case.function == "randint":
        return _random(case.n, dtype, generator, **options)
    if case.function == "normal_each":
        mean, std = (_tensor(x, dtype) for x in arrays(case).values())
        return torch.normal(mean, std, generator=generator)
    if case.function == "uniform" and not options:
        return torch.rand(case.n, dtype=dtype, generator=generator)
    if case.function != "normal":
        fill = getattr(torch.empty(case.n, dtype=dtype), f"{case.function}_")
        return fill(**{TORCH_NAMES.get(k, k): x for k, x in options.items()}, generator=generator)
    if options.get("contiguous") is False:
        # Every other element of a longer tensor: as far from contiguous as it takes.
        return torch.empty(2 * case.n, dtype=dtype)[::2].normal_(generator=generator)
    if not options:
        return torch.randn(case.n, dtype=dtype, generator=generator)
    empty = torch.empty(case.n, dtype=dtype)
    return empty.normal_(options["mean"], options["std"], generator=generator)


def _random(
    n: int, dtype: torch.dtype, generator: torch.Generator, low: int | None, high: int | None
) -> torch.Tensor:
    if high is not None:
        return torch.randint(low or 0, high, (n,), dtype=dtype, generator=generator)
    bounds = () if low is None else (low, None)
    return torch.empty(n, dtype=dtype).random_(*bounds, generator=generator)


def _tensor(x: Any, dtype: torch.dtype) -> Any:
    return x if isinstance(x, float) else torch.from_numpy(x.astype(np.float64)).to(dtype)


def to_bytes(tensor: torch.Tensor) -> bytes:
    """Return a tensor's memory, of the types that NumPy lacks too."""
    compact = tensor.clone(memory_format=torch.contiguous_format)
    return bytes(compact.view(torch.uint8).numpy()) if tensor.numel() else b""


def state_bytes(generator: torch.Generator) -> bytes:
    return bytes(generator.get_state().numpy())
