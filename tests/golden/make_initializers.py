"""Make initializers.npz: what torch's nn.init and its layers start with, as digests.

Run from the root of the repository: python -m tests.golden.make_initializers
"""

import hashlib
import warnings

import numpy as np

from tests import torch_core, torch_layers
from tests.initializer_cases import INITIALIZERS, LAYERS, ORTHOGONALS, SEEDS, digest_of
from tests.initializer_cases import Initializer as InitializerCase


def main() -> None:
    """Write the file."""
    rows = []
    for i, case in enumerate(INITIALIZERS):
        arrays = {"": torch_layers.initialised(case, i)}
        rows.append((str(case), digest_of(arrays), str(torch_core.state_digest())))
    for i, case in enumerate(LAYERS):
        arrays = torch_layers.parameters(case, i)
        rows.append((str(case), digest_of(arrays), str(torch_core.state_digest())))
    names, digests, states = (np.array(column) for column in zip(*rows, strict=True))
    golden = {"names": names, "digests": digests, "states": states}
    for i, (shape, dtype) in enumerate(ORTHOGONALS):
        case = InitializerCase("orthogonal", (("gain", 1.7),), shape, dtype)
        golden[f"orthogonal {i}"] = torch_layers.initialised(case, i)
        golden[f"orthogonal {i} state"] = torch_core.state_digest()
    networks = hashlib.sha256()
    for seed in range(SEEDS):
        for array in torch_layers.arrays_of(torch_layers.network(seed)).values():
            networks.update(array.tobytes())
    golden["networks"] = np.array(networks.hexdigest())
    torch_core.save_golden(__file__, golden)


if __name__ == "__main__":
    warnings.filterwarnings("ignore", "Initializing zero-element tensors", UserWarning)
    main()
