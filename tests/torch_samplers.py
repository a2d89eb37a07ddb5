"""The orders of torch's samplers: for the golden script and the parity tests alone."""

from typing import Any, cast

import numpy as np
import torch
from torch.utils.data import (
    DataLoader,
    Dataset,
    DistributedSampler,
    RandomSampler,
    Sampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)

from tests.sampler_cases import Case, subset, weights


def order(case: Case, seed: int) -> tuple[np.ndarray, bytes]:
    """A complete order, i64[n], and the state of the generator in whose place jaxnn's stands."""
    default = torch.manual_seed(seed)
    options = dict(case.options)
    own = options.pop("stream", "default") == "sampler"
    generator = torch.Generator().manual_seed(seed) if own else None
    indices = _sampler(case, options, generator)
    if case.loader:
        # From whichever generator the sampler draws, the loader draws its own seed too.
        everything = cast(Dataset, range(10_000))
        indices = DataLoader(everything, 16, sampler=indices, generator=generator)
        indices = [int(i) for batch in indices for i in batch]
    drawn = np.array(list(indices), np.int64)
    return drawn, (generator or default).get_state().numpy().tobytes()


def _sampler(case: Case, options: dict[str, Any], generator: torch.Generator | None) -> Sampler:
    if case.function == "random_order":
        return RandomSampler(range(case.n), **options, generator=generator)
    if case.function == "weighted_order":
        return WeightedRandomSampler(cast(Any, weights(case.n)), **options)
    if case.function == "subset_order":
        return SubsetRandomSampler(subset(case.n).tolist())
    epoch, replicas = options.pop("epoch", 0), options.pop("replicas")
    sampler = DistributedSampler(cast(Dataset, range(case.n)), replicas, **options)
    sampler.set_epoch(epoch)
    return sampler
