"""Rows of a table, with the options that torch handles in Python."""

from jaxnn.torch.operations.networks import embeddings
from jaxnn.torch.operations.networks.embeddings import one_hot as one_hot
from jaxnn.torch.tensor import Tensor


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Rows of a table; those of a norm above ``max_norm`` are first rescaled in the table itself.

    Source: ``torch.nn.functional.embedding``.
    """
    row = -1
    if padding_idx is not None:
        count = weight.size(0)
        if not -count <= padding_idx < count:
            raise AssertionError("Padding_idx must be within num_embeddings")
        row = padding_idx % count
    if max_norm is not None:
        embeddings.shrink_rows(weight, input, max_norm, norm_type)
    return embeddings.embedding(weight, input, row, scale_grad_by_freq, sparse)
