"""Write adapter_random.npz: what torch draws, and what it says of calls that it refuses.

Run with torch installed: ``python tests/golden/make_adapter_random.py``. For every row of the table
in tests/torch/random_cases.py a digest of what is drawn and one of the generators' bytes after it;
for every call in tests/torch/random_texts.py torch's words.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.torch.random_cases import TABLE, digest, draw
from tests.torch.random_texts import CALLS, outcome


def main() -> None:
    rows = [(case.name, *map(digest, draw(torch, case))) for case in TABLE]
    texts = {call: outcome(torch, call) for call in CALLS}
    np.savez_compressed(
        Path(__file__).with_name("adapter_random.npz"),
        torch_version=np.array(torch.__version__),
        draws=np.array(rows),
        texts=np.array(json.dumps(texts)),
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
