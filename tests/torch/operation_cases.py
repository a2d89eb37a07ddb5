"""What the tests that go over all operations call each of them with.

A row is needed where other arguments than plain tensors are, or other values than those between 0
and 1. None of the elements is where a function has a kink, and no two of a tensor are equal.
"""

from collections.abc import Callable
from typing import Any

import jaxnn.torch as torch
from jaxnn.torch.operations.definition.operation import OPERATIONS
from jaxnn.torch.operations.definition.signatures import Signature

X = [[0.1, 0.27, 0.52], [0.76, 0.32, 0.91]]
Y = [[0.61, 0.35, 0.22], [0.46, 0.83, 0.17]]
Z = [[0.41, 0.74, 0.57], [0.12, 0.96, 0.87]]
WHOLE = [[12, 2, 3], [4, 5, 6]]
OTHER_WHOLE = [[8, 3, 1], [6, 7, 2]]

INTEGERS_ONLY = (
    *("bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor"),
    *("gcd", "lcm"),
)
POLYNOMIALS = [name for name in OPERATIONS if "_polynomial_" in name]


def _index(*elements: Any) -> torch.Tensor:
    return torch.tensor(elements)


def _square(x: torch.Tensor) -> torch.Tensor:
    return x[:, :2] + torch.eye(2, dtype=x.dtype)


def _image(x: torch.Tensor) -> torch.Tensor:
    """One image of four channels, each of one row of three."""
    return torch.stack([x, x + 1]).view(1, 4, 1, 3)


Arguments = Callable[[torch.Tensor, torch.Tensor], tuple[Any, ...]]

#: By name: from two tensors of two rows and three columns, all arguments.
ARGUMENTS: dict[str, Arguments] = {
    # shapes
    "addbmm": lambda x, y: (x[:, :2], x[None], y.T[None]),
    "addmm": lambda x, y: (x[:, :2], x, y.T),
    "addmv": lambda x, y: (x[:, 0], x, y[0]),
    "addr": lambda x, y: (x, x[:, 0], y[0]),
    "baddbmm": lambda x, y: (x[None, :, :2], x[None], y.T[None]),
    "bilinear": lambda x, y: (x, y, torch.stack([x.T @ y, y.T @ x])),
    "bmm": lambda x, y: (x[None], y.T[None]),
    "dot": lambda x, y: (x[0], y[0]),
    "ger": lambda x, y: (x[0], y[0]),
    "linear": lambda x, y: (x, y, x[:, 0]),
    "matmul": lambda x, y: (x, y.T),
    "mm": lambda x, y: (x, y.T),
    "mv": lambda x, y: (x, y[0]),
    "outer": lambda x, y: (x[0], y[0]),
    "prelu": lambda x, y: (-x, y[0]),
    "vdot": lambda x, y: (x[0], y[0]),
    "det": lambda x, y: (_square(x),),
    "inverse": lambda x, y: (_square(x),),
    "logdet": lambda x, y: (_square(x),),
    "matrix_power": lambda x, y: (_square(x), 3),
    "slogdet": lambda x, y: (_square(x),),
    # values
    "acosh": lambda x, y: (x + 1,),
    **dict.fromkeys(INTEGERS_ONLY, lambda x, y: (torch.tensor(WHOLE), torch.tensor(OTHER_WHOLE))),
    "bitwise_not": lambda x, y: (torch.tensor(WHOLE),),
    "ldexp": lambda x, y: (x, torch.tensor([1, 2, 3])),
    "polygamma": lambda x, y: (2, x),
    "mvlgamma": lambda x, y: (x + 2, 2),
    **dict.fromkeys(POLYNOMIALS, lambda x, y: (x, torch.tensor([2, 3, 4]))),
    "special_zeta": lambda x, y: (x + 1.5, y),
    # dimensions, sizes and numbers
    "channel_shuffle": lambda x, y: (_image(x), 2),
    "clamp": lambda x, y: (x, 0.3, 0.6),
    "clamp_max": lambda x, y: (x, 0.6),
    "clamp_min": lambda x, y: (x, 0.3),
    "constant_pad_nd": lambda x, y: (x, (1, 2)),
    "combinations": lambda x, y: (x[0],),
    "cummax": lambda x, y: (x, 1),
    "cummin": lambda x, y: (x, 1),
    "cumprod": lambda x, y: (x, 1),
    "cumsum": lambda x, y: (x, 1),
    "fill": lambda x, y: (x, 1.5),
    "flip": lambda x, y: (x, (0, 1)),
    "glu": lambda x, y: (x, 0),
    "kthvalue": lambda x, y: (x, 2),
    "lerp": lambda x, y: (x, y, 0.25),
    "linalg_matrix_norm": lambda x, y: (x, 1),
    "log_softmax": lambda x, y: (x, 1),
    "logcumsumexp": lambda x, y: (x, 1),
    "logsumexp": lambda x, y: (x, 1),
    "nanquantile": lambda x, y: (x, 0.4),
    "pixel_shuffle": lambda x, y: (_image(x), 2),
    "pixel_unshuffle": lambda x, y: (_image(x).view(1, 1, 2, 6), 2),
    "quantile": lambda x, y: (x, 0.4),
    "renorm": lambda x, y: (x, 2, 0, 0.5),
    "repeat": lambda x, y: (x, (2, 1, 2)),
    "repeat_interleave": lambda x, y: (x, 2),
    "roll": lambda x, y: (x, 1),
    "softmax": lambda x, y: (x, 1),
    "sum_to_size": lambda x, y: (x, (1, 3)),
    "threshold": lambda x, y: (x, 0.3, 0.6),
    "tile": lambda x, y: (x, (2, 1, 2)),
    "topk": lambda x, y: (x, 2),
    # normalizations
    "batch_norm": lambda x, y: (x, y[0], x[1], None, None, True, 0.1, 1e-5, False),
    "group_norm": lambda x, y: (_image(x), 2),
    "instance_norm": lambda x, y: (_image(x), None, None, None, None, True, 0.1, 1e-5, False),
    "layer_norm": lambda x, y: (x, (3,), y[0]),
    "native_layer_norm": lambda x, y: (x, (3,), y[0], x[1], 1e-5),
    "rms_norm": lambda x, y: (x, (3,), y[0]),
    # sequences
    "cat": lambda x, y: ([x, y],),
    "column_stack": lambda x, y: ([x, y],),
    "dstack": lambda x, y: ([x, y],),
    "hstack": lambda x, y: ([x, y],),
    "row_stack": lambda x, y: ([x, y],),
    "stack": lambda x, y: ([x, y],),
    "vstack": lambda x, y: ([x, y],),
    # indices and masks
    "bincount": lambda x, y: (_index(3, 1, 1),),
    "bucketize": lambda x, y: (x, _index(0.2, 0.4, 0.8).to(x.dtype)),
    "embedding": lambda x, y: (x, _index(1, 0, 1)),
    "gather": lambda x, y: (x, 0, _index([0, 1, 0], [1, 1, 0])),
    "index_add": lambda x, y: (x, 1, _index(2, 0), y[:, :2]),
    "index_copy": lambda x, y: (x, 1, _index(2, 0), y[:, :2]),
    "index_fill": lambda x, y: (x, 1, _index(2, 0), 1.5),
    "index_put": lambda x, y: (x, [_index(1, 0)], y),
    "index_reduce": lambda x, y: (x, 1, _index(2, 0), y[:, :2], "mean"),
    "index_select": lambda x, y: (x, 1, _index(2, 0)),
    "masked_fill": lambda x, y: (x, x > 0.4, 1.5),
    "masked_scatter": lambda x, y: (x, x > 0.4, y),
    "masked_select": lambda x, y: (x, x > 0.4),
    "put": lambda x, y: (x, _index(5, 0), y[0, :2]),
    "scatter": lambda x, y: (x, 0, _index([1, 0, 1]), y),
    "scatter_add": lambda x, y: (x, 0, _index([0, 1, 0], [0, 0, 0]), y),
    "scatter_reduce": lambda x, y: (x, 0, _index([0, 1, 0], [0, 0, 0]), y, "sum"),
    "searchsorted": lambda x, y: (x[0], y),
    "take": lambda x, y: (x, _index(5, 0)),
    "take_along_dim": lambda x, y: (x, _index([2], [0]), 1),
    "where": lambda x, y: (x > 0.4, x, y),
}


def aliases() -> dict[str, str]:
    """Names of operations that another name had before, with that other name."""
    first: dict[Any, str] = {}
    names = {name: first.setdefault(row.prepare, name) for name, row in OPERATIONS.items()}
    return {name: original for name, original in names.items() if name != original}


def arguments(name: str) -> tuple[Any, ...]:
    """Arguments in float64, or in int64 where an operation takes integers only."""
    x, y, z = (torch.tensor(each, dtype=torch.float64) for each in (X, Y, Z))
    if name in ARGUMENTS:
        return ARGUMENTS[name](x, y)
    return (x, y, z)[: min(Signature(each).required for each in OPERATIONS[name].signatures)]


def function(name: str) -> Callable[..., Any]:
    """The operation where torch has it."""
    for home in ("linalg", "special"):
        if name.startswith(home + "_"):
            return getattr(getattr(torch, home), name.removeprefix(home + "_"))
    homes = (torch, torch.nn.functional, torch.Tensor)
    return next(getattr(home, name) for home in homes if hasattr(home, name))
