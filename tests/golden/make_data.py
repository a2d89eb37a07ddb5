"""Make data.npz: the orders in which torch's loader, samplers and random_split deal samples out.

Run from the root of the repository: python -m tests.golden.make_data
"""

from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, random_split

from tests.layer_cases import digest
from tests.sampler_cases import CASES
from tests.torch_samplers import order

# (seed, samples); a block of the engine has 624 words, so the larger ones cross several.
EPOCHS = [(0, 1), (0, 2), (0, 5), (1, 100), (42, 700), (2**40 + 7, 1797), (123456789, 5000)]
SPLITS = [
    (0, 10, (7, 3)),
    (0, 10, (9, 1)),
    (1, 1, (0.5, 0.5)),
    (1, 17, (0.5, 0.3, 0.2)),
    (2, 1797, (0.8, 0.2)),
    (3, 11, (0.25, 0.25, 0.25, 0.25)),
]
EPOCHS_IN_A_ROW = 3


def loader_orders(seed: int, n: int, stream: str) -> tuple[np.ndarray, bytes]:
    """Three epochs' orders, i64[3, n], and the state of the generator that was drawn from."""
    default = torch.manual_seed(seed)
    own = torch.Generator().manual_seed(seed) if stream == "loader" else None
    loader = DataLoader(cast(Dataset, range(n)), batch_size=7, shuffle=True, generator=own)
    orders = [torch.cat(list(loader)).numpy() for _ in range(EPOCHS_IN_A_ROW)]
    return np.stack(orders), (own or default).get_state().numpy().tobytes()


def split_indices(seed: int, n: int, lengths: tuple) -> tuple[list[list[int]], bytes]:
    """The indices of each part, and the state of the generator."""
    generator = torch.Generator().manual_seed(seed)
    parts = random_split(cast(Dataset, range(n)), lengths, generator)
    return [list(part.indices) for part in parts], generator.get_state().numpy().tobytes()


def main() -> None:
    """Write the file."""
    golden: dict[str, Any] = {"torch": np.array(torch.__version__)}
    for stream in ("default", "loader"):
        for seed, n in EPOCHS:
            orders, state = loader_orders(seed, n, stream)
            golden[f"{stream} {seed} {n}"] = orders.astype(np.int16)
            golden[f"{stream} {seed} {n} state"] = np.frombuffer(state, np.uint8)
    for index, (seed, n, lengths) in enumerate(SPLITS):
        parts, state = split_indices(seed, n, lengths)
        golden[f"split {index}"] = np.concatenate(parts).astype(np.int16)
        golden[f"split {index} sizes"] = np.array([len(part) for part in parts])
        golden[f"split {index} state"] = np.frombuffer(state, np.uint8)
    torch.manual_seed(0)
    golden["base seed"] = torch.empty((), dtype=torch.int64).random_().numpy()
    for i, case in enumerate(CASES):
        indices, state = order(case, i)
        golden[str(case)] = indices.astype(np.int16)
        golden[f"{case} state"] = np.array(digest(state))
    np.savez_compressed(Path(__file__).with_name("data.npz"), **golden)


if __name__ == "__main__":
    main()
