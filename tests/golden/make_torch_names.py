"""Write the public names of torch that jaxnn.torch knows to be torch's, whether it has them or not.

python tests/golden/make_torch_names.py
"""

import json
from pathlib import Path

import torch

FILE = Path(__file__).parents[2] / "jaxnn" / "torch" / "torch_names.json"


def public(names) -> list[str]:
    return sorted(name for name in names if not name.startswith("_"))


def callable_names(module) -> list[str]:
    return public(n for n in dir(module) if callable(getattr(module, n)))


def main() -> None:
    names = {
        "release": torch.__version__.split("+")[0],
        "torch": sorted({*public(torch.__all__), *callable_names(torch)}),
        "Tensor": public(dir(torch.Tensor)),
        "nn.functional": callable_names(torch.nn.functional),
        "nn": callable_names(torch.nn),
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in names.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
