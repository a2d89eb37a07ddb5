"""Write random_sequential.npz: torch's poisson, binomial, gamma, … numbers, as digests.

Run with torch installed: ``python tests/golden/make_random_sequential.py``. Every row of the table
in tests/random/sequential_cases.py is drawn from one torch generator in turn; the file keeps the
first numbers, a digest of them all, and a digest of the generator's bytes after the call.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.random.sequential_cases import TABLE
from tests.random.torch_draws import state_bytes, to_bytes
from tests.random.torch_sequential import draw

SEED = 2147483647


def digest(data: bytes) -> np.ndarray:
    return np.frombuffer(hashlib.sha256(data).digest(), np.uint8)


def main() -> None:
    generator = torch.Generator().manual_seed(SEED)
    rows = []
    for case in TABLE:
        numbers = to_bytes(draw(case, generator))
        rows.append((numbers[:64].hex(), digest(numbers), digest(state_bytes(generator))))
    heads, numbers, states = zip(*rows, strict=True)
    np.savez_compressed(
        Path(__file__).with_name("random_sequential.npz"),
        seed=SEED,
        torch_version=np.array(torch.__version__),
        names=np.array([case.name for case in TABLE]),
        heads=np.array(heads),
        numbers=np.stack(numbers),
        states=np.stack(states),
    )


if __name__ == "__main__":
    main()
