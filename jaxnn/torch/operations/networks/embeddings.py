"""Integers as vectors: rows of a table, or one-hot."""

from typing import Any

import numpy as np

from jaxnn import embeddings
from jaxnn.torch import dtypes, layouts, promotion
from jaxnn.torch.gradients import no_grad
from jaxnn.torch.operations.definition.call import Call, Result, apply
from jaxnn.torch.operations.definition.core import core_call
from jaxnn.torch.operations.definition.operation import Operation, define
from jaxnn.torch.operations.indexing.selection import where
from jaxnn.torch.storage import Array
from jaxnn.torch.tensor import Tensor, is_traced, of_array, values


def _rows(indices: Array, table: Array, **_: Any) -> Array:
    return table[indices]


def _prepare_embedding(
    weight: Tensor, indices: Tensor, padding_idx: int, scale_grad_by_freq: bool, sparse: bool
) -> Call:
    if weight.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if indices.dtype not in (dtypes.int64, dtypes.int32):
        name = promotion.SCALAR_NAMES[indices.dtype]
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            f"Long, Int; but got torch.{name}Tensor instead (while checking arguments for "
            "embedding)"
        )
    if not is_traced(indices):
        array = np.asarray(values(indices))
        if ((array < 0) | (array >= weight.shape[0])).any():
            raise IndexError("index out of range in self")
    result = Result(layouts.contiguous((*indices.shape, weight.shape[1])), weight.dtype)
    options: dict[str, Any] = {"scale_grad_by_freq": scale_grad_by_freq}
    if padding_idx >= 0:
        options["padding_idx"] = padding_idx
    function = embeddings.embedding if weight.is_floating_point() else _rows
    return core_call(function, (indices, weight), result, **options)


embedding = define(
    Operation(
        "embedding",
        _prepare_embedding,
        "Rows of a table.",
        method=False,
        signatures=(
            "Tensor weight, Tensor indices, int padding_idx = -1, "
            "bool scale_grad_by_freq = False, bool sparse = False",
        ),
    )
)


def shrink_rows(weight: Tensor, indices: Tensor, max_norm: float, norm_type: float) -> None:
    """Rescale, in place, the rows that were asked for and have a larger norm.

    Source: ``torch.embedding_renorm_``.
    """
    asked = of_array(np.unique(np.asarray(values(indices))))
    with no_grad():
        rows = weight[asked]
        norms = rows.norm(norm_type, 1, keepdim=True)
        shrunk = rows * (max_norm / (norms + 1e-7))
        weight[asked] = where(norms > max_norm, shrunk, rows)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Rows of zeros with a 1 at each index.

    Source: ``torch.nn.functional.one_hot``.
    """
    if tensor.dtype is not dtypes.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not tensor.numel():
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        return tensor.new_empty(*tensor.shape, num_classes)
    if num_classes == -1 or not is_traced(tensor):
        num_classes = _checked(np.asarray(values(tensor)), num_classes)
    return _one_hot(tensor, num_classes)


def _checked(labels: np.ndarray, num_classes: int) -> int:
    if labels.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        return int(labels.max()) + 1
    if num_classes <= labels.max():
        raise RuntimeError("Class values must be smaller than num_classes.")
    return num_classes


def _one_hot(tensor: Tensor, count: int) -> Tensor:

    result = Result(layouts.contiguous((*tensor.shape, count)), dtypes.int64)
    return apply(core_call(embeddings.one_hot, (tensor,), result, num_classes=count))
