"""What `normalization_cases` names, by torch: for the golden script and the parity tests alone."""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch.nn import functional

from tests.normalization_cases import DISTANCES, INDICES, MASK, NORMS, Case, weights_of
from tests.torch_core import to_numpy, to_torch

FUNCTIONS: dict[str, Callable[..., torch.Tensor]] = {
    "layer_norm": lambda x, w, b: functional.layer_norm(x, (3, 4), w, b),
    "rms_norm": lambda x, w: functional.rms_norm(x, (4,), w),
    "group_norm": lambda x, w, b: functional.group_norm(x, 2, w, b),
    "instance_norm": lambda x, w, b: functional.instance_norm(x, weight=w, bias=b),
    "local_response_norm": lambda x: functional.local_response_norm(x, 3, 0.5, 0.75, 2.0),
    "batch_norm": lambda x, w, b: functional.batch_norm(x, None, None, w, b, training=True),
    "batch_norm by what was seen": lambda x, mean, root: (
        (x - mean[:, None]) / torch.sqrt((root * root)[:, None] + 1e-5)
    ),
    "cosine_similarity": functional.cosine_similarity,
    "embedding": lambda table: functional.embedding(
        torch.from_numpy(INDICES), table, padding_idx=-1, scale_grad_by_freq=True
    ),
    "attention": lambda q, k, v: functional.scaled_dot_product_attention(
        q, k, v, torch.from_numpy(MASK)
    ),
    "causal attention": partial(functional.scaled_dot_product_attention, is_causal=True, scale=0.3),
}
FUNCTIONS |= {f"normalize {p}": partial(functional.normalize, p=p) for p in NORMS}
FUNCTIONS |= {
    f"pairwise_distance {p}": partial(functional.pairwise_distance, p=p) for p in DISTANCES
}
FUNCTIONS |= {
    f"pdist {p}": lambda x, p=p: functional.pdist(torch.cat([x, x[:1]]), p) for p in NORMS
}


def value_and_gradients(case: Case, given: list[np.ndarray]) -> list[np.ndarray]:
    """The result, and the gradients of its weighted sum in each of the arrays."""
    tensors = [to_torch(x).requires_grad_() for x in given]
    value = FUNCTIONS[case.name](*tensors)
    weights = to_torch(weights_of(to_numpy(value)))
    return [to_numpy(x) for x in (value, *torch.autograd.grad(value, tensors, weights))]
