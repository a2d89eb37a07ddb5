"""Make checkpoints/: files that torch's own ``torch.save`` wrote, and what is in them.

``zip.pt`` and ``legacy.pt`` hold one training's state dict, optimizer and whatever else people put
beside them; ``values.npz`` holds the numbers.
"""

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

FOLDER = Path(__file__).with_name("checkpoints")


def training() -> dict[str, Any]:
    """A checkpoint as torch's tutorials make it, with the types and layouts that there are."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.BatchNorm1d(3), nn.Linear(3, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model(torch.randn(4, 2)).sum().backward()
    optimizer.step()
    base = torch.arange(12.0).reshape(3, 4)
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epoch": 3,
        "name": "digits",
        "losses": [0.5, 0.25],
        "shape": torch.Size([2, 3]),
        "device": torch.device("cpu"),
        "dtype": torch.float64,
        "nothing": None,
        "large": 10**30,
        "raw": b"\x00\xff",
        "labels": {1, 2},
        "base": base,
        "transposed": base.t(),
        "row": base[1],
        "steps": base[:, ::2],
        "expanded": torch.ones(1).expand(3),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 2),
        "bfloat16": torch.arange(3, dtype=torch.bfloat16),
        "float16": torch.arange(3, dtype=torch.float16),
        "int64": torch.arange(3),
        "uint8": torch.arange(3, dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
        "complex": torch.tensor([1 + 2j]),
        "conjugate": torch.tensor([1 + 2j]).conj(),
        "parameter": nn.Parameter(torch.ones(2)),
        "ordered": OrderedDict([("b", 1), ("a", 2)]),
    }


def arrays(value: Any, path: str = "") -> dict[str, np.ndarray]:
    """The numbers of every tensor, by the path to it; 16-bit floats of either kind as float32."""
    if isinstance(value, torch.Tensor):
        plain = value.detach().resolve_conj()
        return {path: (plain.float() if plain.dtype == torch.bfloat16 else plain).numpy()}
    items = value.items() if isinstance(value, dict) else []
    return {
        name: found
        for key, child in items
        for name, found in arrays(child, f"{path}/{key}").items()
    }


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    value = training()
    torch.save(value, FOLDER / "zip.pt")
    torch.save(value, FOLDER / "legacy.pt", _use_new_zipfile_serialization=False)
    golden: dict[str, Any] = {"torch": np.array(torch.__version__)} | arrays(value)
    np.savez_compressed(FOLDER / "values.npz", **golden)


if __name__ == "__main__":
    main()
