"""Make layers.npz: what torch's Linear starts with, and what its dropout leaves.

Run from the root of the repository: python -m tests.golden.make_layers
"""

from tests import torch_core
from tests.activation_cases import DTYPES
from tests.layer_cases import (
    DROPOUTS,
    DROPS,
    INITIALIZERS,
    MLPS,
    WIDE_DTYPES,
    dropout_input,
    torch_shape,
)


def main() -> None:
    """Write the file."""
    arrays = {}
    for i, (seed, sizes, dtype) in enumerate(MLPS):
        for layer, parameters in enumerate(torch_core.linear_parameters(seed, sizes, dtype)):
            for name, x in zip(("weight", "bias"), parameters, strict=True):
                arrays[f"mlp|{i}|{layer}.{name}"] = x
        arrays[f"mlp|{i}|state"] = torch_core.state_digest()
    for dtype in DTYPES:
        for function, i in DROPS:
            seed, rate, shape = DROPOUTS[i]
            x = dropout_input(shape, dtype)
            arrays[f"{function}|{i}|{dtype}|result"] = torch_core.dropout(seed, x, rate, function)
            arrays[f"{function}|{i}|{dtype}|state"] = torch_core.state_digest()
    for dtype in WIDE_DTYPES:
        for i, (name, options, shape) in enumerate(INITIALIZERS):
            x = torch_core.initialised(i, name, options, torch_shape(shape), dtype)
            arrays[f"initializer|{i}|{dtype}|result"] = x
            arrays[f"initializer|{i}|{dtype}|state"] = torch_core.state_digest()
    torch_core.save_golden(__file__, arrays)


if __name__ == "__main__":
    main()
