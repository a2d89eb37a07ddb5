"""Write the public names of torch that jaxnn.torch knows to be torch's, whether it has them or not.

python tests/golden/make_torch_names.py
"""

import json
import types
from pathlib import Path

import torch

FILE = Path(__file__).parents[2] / "jaxnn" / "torch" / "torch_names.json"


def public(names) -> list[str]:
    return sorted(name for name in names if not name.startswith("_"))


def callable_names(module) -> list[str]:
    return public(n for n in dir(module) if callable(getattr(module, n)))


def is_of_torch(thing) -> bool:
    """Whether it is torch's own, and no module that torch's file happens to import."""
    return not isinstance(thing, types.ModuleType) or thing.__name__.startswith("torch.")


def all_names(module) -> list[str]:
    return [name for name in public(dir(module)) if is_of_torch(getattr(module, name))]


def main() -> None:
    names = {
        "release": torch.__version__.split("+")[0],
        "torch": sorted({*public(torch.__all__), *all_names(torch)}),
        "Tensor": public(dir(torch.Tensor)),
        "nn.functional": callable_names(torch.nn.functional),
        "nn": all_names(torch.nn),
        "cuda": callable_names(torch.cuda),
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in names.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
